"""`tanba documents template` and `fill`: a company's own form from the command line."""

import json
from pathlib import Path

import docx
import jsonschema
import pytest

from company_form import PATH
from hostile_docx import HOSTILE_FILES, plain_docx
from tanba.cli import main
from tanba.strings import LANGUAGES

ROOT = Path(__file__).parent.parent.parent
SYSTEM = str(ROOT / "examples/systems/credit-scorer.yaml")
DAY = ["--on", "2026-11-22"]
Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize("language", LANGUAGES)
def test_unknown_fields_are_listed_with_their_place_and_the_exit_code_says_so(language: str, tmp_path: Path, capsys: Capture) -> None:
    form = tmp_path / "form.docx"
    form.write_bytes(plain_docx("{{ passport.purpse }} {{ passport.risk }}", header="{{ 7*7 }}"))
    assert main(["documents", "template", "check", str(form), "--lang", language, *DAY]) == 1
    shown = capsys.readouterr().out
    assert "{{ passport.purpse }}" in shown
    assert "passport.purpose" in shown
    assert "{{ 7*7 }}" in shown
    assert main(["documents", "fill", str(form), SYSTEM, "--lang", language, "-o", str(tmp_path / "out.docx"), *DAY]) == 2
    assert not (tmp_path / "out.docx").exists()


def test_what_was_found_as_json_follows_its_schema(tmp_path: Path, capsys: Capture) -> None:
    form = tmp_path / "form.docx"
    form.write_bytes(plain_docx("{{ passport.purpse }} {{ passport.risk }}"))
    schema = jsonschema.Draft202012Validator(json.loads((ROOT / "spec/schema/document-template.json").read_text()))
    for path, code in ((form, 1), (PATH, 0)):
        assert main(["documents", "template", "check", str(path), "--format", "json", *DAY]) == code
        value = json.loads(capsys.readouterr().out)
        schema.validate(value)
        assert "passport.risk" in value["used"]
        assert bool(value["problems"]) is bool(code)


@pytest.mark.parametrize("name", ["zip bomb", "billion laughs", "macro", "DDE", "remote picture", "no zip"])
def test_a_hostile_form_is_refused_with_its_file_and_a_hint(name: str, tmp_path: Path, capsys: Capture) -> None:
    form = tmp_path / "form.docx"
    form.write_bytes(HOSTILE_FILES[name][0]())
    for verb in (["template", "check", str(form)], ["fill", str(form), SYSTEM]):
        assert main(["documents", *verb, "--lang", "en", *DAY]) == 2
        said = capsys.readouterr().err
        assert f"tanba: {form}: " in said
        assert HOSTILE_FILES[name][1] in said
        assert len(said.splitlines()) == 2
    assert main(["documents", "template", "check", str(tmp_path / "none.docx")]) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fields_that_are_offered_are_listed_in_words(language: str, capsys: Capture) -> None:
    assert main(["documents", "template", "fields", "--lang", language, *DAY]) == 0
    everything = capsys.readouterr().out
    assert "{%tr for r in risks %}" in everything
    assert main(["documents", "template", "fields", "--document", "risk-plan", "--lang", language, *DAY]) == 0
    some = capsys.readouterr().out.splitlines()
    assert set(some) < set(everything.splitlines())
    assert all(line.startswith("{{ risk_plan.") for line in some)
    assert main(["documents", "template", "fields", "--document", "poem", "--lang", language]) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_form_is_filled(language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["documents", "fill", str(PATH), SYSTEM, "--lang", language, "--organisation", "«Qarlygash» АҚ", *DAY]) == 0
    made = tmp_path / f"credit-scorer-passport-qarlygash.{language}.docx"
    assert made.name in capsys.readouterr().out
    assert "Retail risk" in "".join(docx.Document(str(made)).element.body.itertext())
