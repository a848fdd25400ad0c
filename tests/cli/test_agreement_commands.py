"""`tanba agreement`: made from a SYSTEM.yaml without a register, compared with an earlier version."""

import json
from pathlib import Path

import jsonschema
import pytest

from tanba.cli import main
from tanba.strings import LANGUAGES

ROOT = Path(__file__).parent.parent.parent
SYSTEM = str(ROOT / "examples/systems/chat-assistant.yaml")
DAY = ["--on", "2026-11-22"]
Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", ["md", "html"])
def test_it_is_made_in_three_languages_and_both_forms(language: str, form: str, tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / f"agreement.{form}"
    assert main(["agreement", "make", SYSTEM, "--lang", language, "--to", form, "-o", str(path), *DAY]) == 0
    text = path.read_text()
    assert {"kk": "ТОЛТЫРЫЛМАҒАН", "ru": "НЕ ЗАПОЛНЕНО", "en": "GAP"}[language] in text
    assert {"kk": "230-VIII Заң, 15-бап", "ru": "230-VIII", "en": "Law 230-VIII, art. 15(2)(5)"}[language] in text
    assert str(path) in capsys.readouterr().out


def test_json_follows_its_schema_and_versions_are_compared(tmp_path: Path, capsys: Capture) -> None:
    schema = json.loads((ROOT / "spec/schema/agreement.json").read_text())
    for name, more in (("old", []), ("new", ["--contact", "1414", "--organisation", "Qarlygash", "--effective", "2026-12-01"])):
        assert main(["agreement", "make", SYSTEM, "--to", "json", "-o", str(tmp_path / name), *DAY, *more]) == 0
        jsonschema.Draft202012Validator(schema).validate(json.loads((tmp_path / name).read_text()))
    capsys.readouterr()
    assert main(["agreement", "diff", str(tmp_path / "old"), str(tmp_path / "new"), "--lang", "en"]) == 1
    shown = capsys.readouterr().out
    assert "[-GAP: where a user turns-]" in shown.replace("[- GAP", "[-GAP") or "{+" in shown
    assert "1414" in shown
    assert main(["agreement", "diff", str(tmp_path / "new"), str(tmp_path / "new"), "--lang", "en"]) == 0
    assert "same" in capsys.readouterr().out


@pytest.mark.parametrize("written", ["", "{}", "[" * 50_000, '{"schema": "tanba.agreement/1", "sections": [{}]}'])
def test_what_is_no_agreement_is_refused(written: str, tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "x.json"
    path.write_text(written)
    assert main(["agreement", "diff", str(path), str(path), "--lang", "en"]) == 2
    assert "is not a user agreement" in capsys.readouterr().err


def test_a_day_that_is_none_is_refused(capsys: Capture) -> None:
    assert main(["agreement", "make", SYSTEM, "--effective", "soon", "--lang", "en"]) == 2
    assert "not a date" in capsys.readouterr().err
