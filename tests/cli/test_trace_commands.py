"""`tanba trace` as a person uses it."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from decision_house import BIN, House
from tanba.cli import main
from tanba.errors import COULD_NOT_CHECK, FINDING, FINE, MISUSE
from tanba.trace import Decision
from tanba.workspace import current

ROOT = Path(__file__).parent.parent.parent
Run = Callable[..., tuple[int, str, str]]
ORIGIN = ("--system", "credit-scorer", "--organisation", BIN)
ID = "019a0b3e-7d10-7c45-8f6a-2b7c1d4e5f60"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)

    def call(*arguments: object, lang: str = "en") -> tuple[int, str, str]:
        code = main(["trace", *map(str, arguments), "--lang", lang])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


def lines(path: Path, *values: Any) -> Path:
    path.write_text("".join(f"{value if isinstance(value, str) else json.dumps(value)}\n" for value in values))
    return path


def validate(name: str, value: Any) -> None:
    schema = json.loads((ROOT / f"spec/schema/{name}.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(value)


@pytest.fixture
def filled(run: Run, tmp_path: Path) -> Run:
    values: list[dict[str, Any]] = [
        {
            "id": ID,
            "outcome": "refused",
            "subject": "client-42",
            "inputs": {"income": 1},
            "outputs": "no",
            "time": "2026-11-22T09:30:00+05:00",
        },
        {"outcome": "granted", "subject": "client-7", "model": "2", "human": "always_final_choice", "changed": True},
    ]
    assert run("record", lines(tmp_path / "a.jsonl", *values), *ORIGIN, "--keep")[0] == FINE
    assert run("drain")[0] == FINE
    return run


def test_from_recording_to_proof_and_erasure(filled: Run) -> None:
    code, out, _ = filled("list", *ORIGIN, "--subject", "client-42")
    assert (code, out) == (FINE, f"2026-11-22 09:30:00  {ID}  credit-scorer  refused\n")
    code, out, _ = filled("show", ID)
    assert "In the ledger: position 0, place 0" in out
    assert 'inputs: {"income":1}' in out
    assert filled("prove", ID, "-o", "p.json", "--contents")[0] == FINE
    code, out, _ = filled("check", "p.json")
    assert code == COULD_NOT_CHECK
    assert "refused" in out
    assert filled("erase", "--subject", "client-42", "--organisation", BIN)[1] == "Decisions whose content was erased: 1.\n"
    code, out, _ = filled("show", ID)
    assert "Content erased" in out
    assert "refused" not in out
    filled("prove", ID, "-o", "q.json")
    code, out, _ = filled("check", "q.json")
    assert code == COULD_NOT_CHECK
    assert "erased" in out
    assert "No decisions found." in filled("list", *ORIGIN, "--subject", "client-42")[1]


def test_a_proof_is_enough_for_who_trusts_the_ledger_and_accepts_what_lacks(filled: Run, capsys: pytest.CaptureFixture[str]) -> None:
    main(["ledger", "status", "--format", "json"])
    Path("policy").write_text(f"log {json.loads(capsys.readouterr().out)['key']}\nquorum none\n")
    filled("prove", ID, "-o", "p.json")
    assert filled("check", "p.json", "--policy", "policy", "--accept", "unwitnessed,untimed")[0] == FINE
    proof = Path("p.json").read_text()
    Path("p.json").write_text(proof.replace('"outcome":"refused"', '"outcome":"granted"'))
    code, out, _ = filled("check", "p.json", "--policy", "policy")
    assert code == FINDING
    assert "does not open its commitment" in out
    Path("p.json").write_text("{}")
    assert filled("check", "p.json")[0] == MISUSE


def test_json_follows_its_schema(filled: Run) -> None:
    listed = [json.loads(line) for line in filled("list", "--json")[1].splitlines()]
    assert len(listed) == 2
    for each in listed:
        validate("decision-view", each)
        validate("decision", each["record"])
    shown = json.loads(filled("show", ID, "--json")[1])
    validate("decision-view", shown)
    assert shown["contents"] == {"inputs": '{"income":1}', "outputs": "no"}
    stats = json.loads(filled("stats", "--json")[1])
    validate("decision-stats", stats)
    assert (stats["count"], stats["changed"], stats["waiting"]) == (2, {"": 1, "1": 1}, 0)
    validate("drained", json.loads(filled("drain", "--json")[1]))
    for contents in ((), ("--contents",)):
        filled("prove", ID, "-o", "p.json", *contents)
        proof = json.loads(Path("p.json").read_text())
        validate("decision-proof", proof)
        validate("decisions", proof["batch"])
    filled("erase", "--subject", "client-42", "--organisation", BIN)
    validate("decision-view", json.loads(filled("show", ID, "--json")[1]))
    filled("prove", ID, "-o", "p.json")
    validate("decision-proof", json.loads(Path("p.json").read_text()))


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_three_languages(filled: Run, lang: str) -> None:
    for words in (("list",), ("show", ID), ("stats",), ("drain",), ("prove", ID), ("list", "--outcome", "none")):
        code, out, err = filled(*words, lang=lang)
        assert (code, err) == (FINE, "")
        assert out
        assert "{" not in out or words[0] == "show"


def test_a_bad_line_is_named_and_the_others_are_recorded(run: Run, tmp_path: Path) -> None:
    bad = [
        "not json",
        "[]",
        {"outcom": "x"},
        {"outcome": ""},
        {"outcome": "x", "time": "now"},
        {"outcome": "x", "sources": "y"},
        "1" * 5000,
    ]
    path = lines(tmp_path / "a.jsonl", {"outcome": "granted"}, *bad, "", {"outcome": "<script>alert(1)</script>"})
    code, out, err = run("record", path, *ORIGIN)
    assert code == MISUSE
    assert out == "Decisions recorded: 2.\n"
    assert [line.split(":")[2] for line in err.splitlines() if line.startswith("tanba: ")] == [str(n) for n in range(2, 9)]


def test_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"outcome":"granted"}\n')))
    assert run("record", *ORIGIN)[1] == "Decisions recorded: 1.\n"


def test_a_suspended_system_records_nothing_but_the_attempt(run: Run, tmp_path: Path) -> None:
    house = House(current().create())
    house.stop("credit-scorer")
    code, _, err = run("record", lines(tmp_path / "a.jsonl", {"outcome": "granted"}), *ORIGIN)
    assert code == FINDING
    assert "is suspended" in err
    run("drain")
    assert "suspended" in run("list")[1]
    house.close()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", ID), "no decision has the id"),
        (("show", "x"), "no decision has the id"),
        (("prove", ID), "no decision has the id"),
        (("list", "--since", "yesterday"), "is not a moment"),
        (("record", "none.jsonl", *ORIGIN), "cannot be read"),
        (("record", "--system", "No such"), "does not name a system"),
        (("record", "--system", "a", "--organisation", "1"), "is not a BIN"),
        (("check", "none.json"), "cannot be read"),
        (("receive", "--port", "99999999"), "cannot listen"),
    ],
)
def test_bad_input_ends_in_words(run: Run, words: tuple[str, ...], said: str) -> None:
    code, _, err = run(*words)
    assert code == MISUSE
    assert said in err
    assert "Traceback" not in err


def test_damage_is_told(run: Run) -> None:
    house = House(current().create())
    tracer = house.tracer("credit-scorer")
    tracer.record(Decision("granted"))
    tracer._spool.append(b"something else")
    house.close()
    code, out, _ = run("drain")
    assert code == COULD_NOT_CHECK
    assert "set aside: 1" in out
