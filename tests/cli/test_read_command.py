"""`tanba documents read`: an edited DOCX, difference by difference, and back into the SYSTEM.yaml."""

import json
import shutil
from pathlib import Path

import jsonschema
import pytest

from hostile_docx import HOSTILE_FILES
from tanba.cli import main
from tanba.strings import LANGUAGES, t
from word_edits import edited

ROOT = Path(__file__).parent.parent.parent
Capture = pytest.CaptureFixture[str]
DAY = ["--on", "2026-11-22"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "examples/systems/credit-scorer.yaml", "scorer.yaml")
    with Path("scorer.yaml").open("a") as file:
        file.write("# a remark of the officer\n")
    assert main(["documents", "make", "passport", "scorer.yaml", "--lang", "kk", "-o", "p.docx", *DAY]) == 0
    return tmp_path


def change(**texts: str) -> None:
    Path("p.docx").write_bytes(edited(Path("p.docx").read_bytes(), {f"passport/{name}@kk": text for name, text in texts.items()}))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_can_be_taken_goes_into_the_file_and_its_comments_stay(language: str, folder: Path, capsys: Capture) -> None:
    before = Path("scorer.yaml").read_text()
    assert main(["documents", "read", "p.docx", "scorer.yaml", "--lang", language, *DAY]) == 0
    assert t("edited.nothing", language) in capsys.readouterr().out
    change(department="Тәуекелдер бөлімі", risk="жоғары")
    assert main(["documents", "read", "p.docx", "scorer.yaml", "--lang", language, *DAY]) == 1
    shown = capsys.readouterr().out
    assert t("edited.ready", language) in shown
    assert t("edited.reason_computed", language) in shown
    assert f"{t('edited.was', language)}: Retail risk" in shown
    assert Path("scorer.yaml").read_text() == before
    assert main(["documents", "read", "p.docx", "scorer.yaml", "--apply", "--lang", language, *DAY]) == 1
    assert t("edited.taken", language) in capsys.readouterr().out
    after = Path("scorer.yaml").read_text()
    assert after == before.replace("department: Retail risk", 'department: {kk: "Тәуекелдер бөлімі", ru: "Retail risk", en: "Retail risk"}')
    assert main(["documents", "read", "p.docx", "scorer.yaml", "--apply", "--lang", language, *DAY]) == 1
    assert Path("scorer.yaml").read_text() == after


def test_a_conflict_shows_all_three_and_writes_nothing(folder: Path, capsys: Capture) -> None:
    change(department="Құжатта")
    Path("scorer.yaml").write_text(Path("scorer.yaml").read_text().replace("Retail risk", "Тізілімде"))
    before = Path("scorer.yaml").read_text()
    assert main(["documents", "read", "p.docx", "scorer.yaml", "--apply", "--lang", "en", *DAY]) == 1
    shown = capsys.readouterr().out
    for wanted in ("The data have changed since.", "Retail risk", "Тізілімде", "Құжатта", "the data changed too"):
        assert wanted in shown
    assert Path("scorer.yaml").read_text() == before


def test_differences_as_json_follow_their_schema(folder: Path, capsys: Capture) -> None:
    change(department="б", risk="в", channels="г, д")
    capsys.readouterr()
    assert main(["documents", "read", "p.docx", "scorer.yaml", "--format", "json", *DAY]) == 1
    value = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator(json.loads((ROOT / "spec/schema/document-edits.json").read_text())).validate(value)
    assert {each["field"]: each["value"] for each in value["edits"] if not each["reason"]} == {"department": "б", "channels": ["г", "д"]}


@pytest.mark.parametrize("name", ["zip bomb", "billion laughs", "outside entity", "macro", "empty"])
def test_a_hostile_file_is_refused_and_nothing_is_written(name: str, folder: Path, capsys: Capture) -> None:
    Path("p.docx").write_bytes(HOSTILE_FILES[name][0]())
    before = Path("scorer.yaml").read_text()
    assert main(["documents", "read", "p.docx", "scorer.yaml", "--apply", "--lang", "en", *DAY]) == 2
    assert HOSTILE_FILES[name][1] in capsys.readouterr().err
    assert Path("scorer.yaml").read_text() == before


def test_without_a_file_nothing_is_written_back_from_the_command_line(folder: Path, capsys: Capture) -> None:
    assert main(["documents", "read", "p.docx", "--system", "x", "--apply", "--lang", "en"]) == 2
    assert "only a file is written back" in capsys.readouterr().err
