"""`tanba incident` and `tanba suspend`: from a file, in the register, and with bad input."""

import json
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest

from tanba.cli import main
from tanba.strings import LANGUAGES

ROOT = Path(__file__).parent.parent.parent
FILE = str(ROOT / "examples/incidents/open-applications.yaml")
AT = ["--now", "2026-11-26T20:00"]


def validate(name: str, value: object) -> None:
    jsonschema.Draft202012Validator(json.loads((ROOT / f"spec/schema/{name}.json").read_text())).validate(value)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_clocks_in_three_languages(lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["incident", "clocks", FILE, *AT, "--lang", lang]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert len(shown) == 4
    assert "2026-11-27 23:59" in shown[0]


def test_a_clock_that_is_overdue_is_a_finding(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["incident", "clocks", FILE, "--now", "2026-11-28T00:00", "--lang", "en"]) == 1
    assert "late, until 2026-11-27 23:59" in capsys.readouterr().out


@pytest.mark.parametrize("to", ["breach", "users", "vendor", "order"])
@pytest.mark.parametrize("form", ["md", "html", "text"])
def test_drafts_need_no_register(to: str, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["incident", "draft", FILE, "--to", to, "--format", form, "--lang", "ru"]) == 0
    assert "credit-scorer" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("what: x\naware: 2126-01-01T00:00\n", "is not a time that has come"),
        ("what: x\n", "is not a moment"),
        ("- x\n", "expected a mapping"),
        ("what: x\naware: 2026-11-26\nseverity: huge\n", "is not known"),
        ("what: [x]\naware: 2026-11-26\n", "not a text"),
    ],
)
def test_bad_files_get_one_error_with_their_name(text: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "incident.yaml"
    path.write_text(text)
    for command in (["clocks", str(path)], ["draft", str(path), "--to", "users"]):
        assert main(["incident", *command, "--lang", "en"]) == 2
        shown = capsys.readouterr().err
        assert said in shown
        assert str(path) in shown
        assert "Traceback" not in shown


@pytest.mark.parametrize("command", [["list"], ["show", "1"], ["draft", "1", "--to", "users"], ["new", FILE, "--by", "a@tanba.example"]])
def test_without_a_register_the_file_is_enough_or_it_is_said(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["incident", *command, "--lang", "en"]) == 2
    assert "there is no register" in capsys.readouterr().err


def tanba(*words: str) -> tuple[int, str]:
    done = subprocess.run([sys.executable, "-m", "tanba", *words, "--lang", "en"], capture_output=True, text=True)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def test_a_register_of_its_own() -> None:
    code = "from pathlib import Path\nfrom tanba.web import example, start\nstart.prepare()\nexample.load_example(Path(%r))"
    subprocess.run([sys.executable, "-c", code % str(ROOT / "examples")], check=True)
    officer = "d.akhmetov@qarlygash-group.example"
    aware = time.strftime("%Y-%m-%dT00:00", time.gmtime())
    flags = ("--what", "Labels were missing", "--aware", aware, "--severity", "minor", "--personal-data", "no", "--persons", "3")
    assert tanba("incident", "new", *flags, "--by", officer)[1].startswith("Incident No. 3 is entered.")
    assert "may write" in tanba("incident", "new", *flags, "--by", "nobody@tanba.example")[1]
    assert "no system of the register" in tanba("incident", "new", *flags, "--system", "x", "--by", officer)[1]
    assert "name a file, or say" in tanba("incident", "new", "--by", officer)[1]
    code_, listed = tanba("incident", "list", "--json")
    validate("incidents", json.loads(listed))
    assert [row["number"] for row in json.loads(listed)["incidents"]] == [1, 3]  # the second example is closed
    assert code_ == 0
    shown = json.loads(tanba("incident", "show", "1", "--json")[1])
    validate("incident-shown", shown)
    assert shown["persons"] == 312
    assert {clock["name"]: clock["state"] for clock in shown["clocks"]}["vendor"] == "stopped"
    assert "there is no incident 9" in tanba("incident", "show", "9")[1]
    assert "Qarlygash Group JSC" in tanba("incident", "draft", "1", "--to", "breach")[1]


# stops


@pytest.mark.parametrize("missing", ["--reason", "--by"])
def test_a_stop_says_why_and_by_whom(missing: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = {"--reason": "x", "--by": "A"}
    del words[missing]
    assert main(["suspend", "scorer", *(word for pair in words.items() for word in pair), "--lang", "en"]) == 2
    assert f"{missing.removeprefix('--')} is missing" in capsys.readouterr().err
    assert main(["suspend", "--list"]) == 0


def test_stop_list_and_lift(capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--reason", "Reads emotions", "--by", "A. Officer", "--lang", "en"]
    assert main(["suspend", "scorer", *given]) == 0
    assert main(["suspend", "scorer", *given]) == 2
    assert "is stopped already" in capsys.readouterr().err
    assert main(["suspend", "--list", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    validate("suspensions", told)
    assert [(row["system"], row["organisation"], row["by"]) for row in told["stopped"]] == [("scorer", None, "A. Officer")]
    assert main(["suspend", "scorer", "--lift", *given]) == 0
    assert main(["suspend", "scorer", "--lift", *given]) == 2
    capsys.readouterr()
    assert main(["ledger", "status", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["size"] == 2
