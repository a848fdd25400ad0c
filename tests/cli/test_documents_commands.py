"""`tanba documents`: from a SYSTEM.yaml, in every language and form, without a register."""

import json
from io import BytesIO
from pathlib import Path

import docx
import jsonschema
import pytest

from papers import HOSTILE, squeezed, text_of_pdf
from tanba.cli import main
from tanba.documents.catalogue import TEMPLATES
from tanba.strings import t

ROOT = Path(__file__).parent.parent.parent
SYSTEM = str(ROOT / "examples/systems/credit-scorer.yaml")
FILES = {
    "system": SYSTEM,
    "organisation": SYSTEM,
    "incident": str(ROOT / "examples/incidents/open-applications.yaml"),
    "stop": str(ROOT / "examples/stops/call-emotion-legacy.yaml"),
    "request": str(ROOT / "examples/answers/credit-data.yaml"),
}
DAY = ["--on", "2026-11-22"]
Capture = pytest.CaptureFixture[str]


def text_of(path: Path, folder: Path) -> str:
    content = path.read_bytes()
    if path.suffix == ".docx":
        return "".join(docx.Document(BytesIO(content)).element.body.itertext())
    return text_of_pdf(content, folder) if path.suffix == ".pdf" else content.decode()


@pytest.mark.parametrize("form", ["docx", "pdf", "html"])
def test_a_passport_in_every_language_and_form(form: str, tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / f"passport.{form}"
    for language in ("kk", "ru", "en", "kk+ru"):
        assert main(["documents", "make", "passport", SYSTEM, "--lang", language, "--to", form, "-o", str(path), *DAY]) == 0
        assert str(path) in capsys.readouterr().out
        text = squeezed(text_of(path, tmp_path))
        for key in ("documents.title_passport", "documents.gap", "words.disclaimer"):
            for each in language.split("+"):
                assert squeezed(t(key, each)) in text, (key, each)


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_document_is_made_into_the_current_folder(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["documents", "make", name, FILES[TEMPLATES[name].of], "--lang", "ru", "--to", "html", *DAY]) == 0
    assert t(f"documents.title_{name}", "ru") in next(tmp_path.glob(f"*-{name}.ru.html")).read_text()


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_list_names_every_document(language: str, capsys: Capture) -> None:
    assert main(["documents", "list", SYSTEM, "--lang", language, *DAY]) == 0
    shown = capsys.readouterr().out
    for name, each in TEMPLATES.items():
        counted = each.of in ("system", "organisation")
        assert f"{name}: {t(f'documents.title_{name}', language)}{' – ' if counted else chr(10)}" in shown
        assert t(f"cli.documents.of_{each.of}", language) in shown
    assert main(["documents", "list", "--lang", language]) == 0
    assert t("documents.about_dossier", language) in capsys.readouterr().out


@pytest.mark.parametrize("given", [[], [SYSTEM]])
def test_the_list_as_json_follows_its_schema(given: list[str], capsys: Capture) -> None:
    assert main(["documents", "list", *given, "--format", "json", *DAY]) == 0
    value = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator(json.loads((ROOT / "spec/schema/documents.json").read_text())).validate(value)
    assert [each["document"] for each in value["documents"]] == list(TEMPLATES)
    for each in value["documents"]:
        assert (each["gaps"] is None) is (given == [] or each["of"] not in ("system", "organisation"))


def test_the_ledger_s_checkpoint_is_named_once_there_is_a_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("x")
    make = ["documents", "make", "passport", SYSTEM, "--lang", "en", "--to", "html", "-o", "x.html", *DAY]
    assert main(make) == 0
    assert "No ledger checkpoint" in Path("x.html").read_text()
    assert main(["seal", "a.txt"]) == 0
    assert main(make) == 0
    assert ", 1 entry, root" in Path("x.html").read_text()


@pytest.mark.parametrize("form", ["docx", "pdf", "html"])
def test_hostile_texts_of_a_system_come_out_as_texts(form: str, tmp_path: Path, capsys: Capture) -> None:
    hostile = HOSTILE.replace("\ud800", "").replace("\x01", "").replace("\x0b", "").replace("\u202e", "").replace("\u2066", "")
    system = tmp_path / "hostile.yaml"
    written = {"system": "x", "name": hostile, "purpose": {"ru": hostile + "я" * 100_000}, "owner": hostile, "facts": {}}
    system.write_text(json.dumps(written, ensure_ascii=False))
    path = tmp_path / f"x.{form}"
    assert (
        main(["documents", "make", "passport", str(system), "--lang", "ru", "--to", form, "-o", str(path), "--organisation", hostile, *DAY])
        == 0
    )
    text = squeezed(text_of(path, tmp_path))
    shown = squeezed(hostile)
    assert text.count(shown) >= 4 if form != "html" else "<img" not in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["documents", "make", "poem", SYSTEM, *DAY], "there is no document 'poem'"),
        (["documents", "make", "breach", *DAY], "this document is of one file"),
        (["documents", "make", "answer", SYSTEM, FILES["request"], *DAY], "this document is of one file"),
        (["documents", "make", "restart-order", SYSTEM, *DAY], "credit-scorer.yaml: unknown setting"),
        (["documents", "make", "restart-order", "--system", "x", *DAY], "system x is not stopped"),
        (["documents", "make", "bundle-index", SYSTEM, "--bundle", SYSTEM, *DAY], "credit-scorer.yaml"),
        (["documents", "make", "passport", "nowhere.yaml", *DAY], "nowhere.yaml"),
        (["documents", "make", "passport", SYSTEM, "-o", "no/such/folder/x.docx", *DAY], "cannot be written"),
        (["documents", "make", "passport", SYSTEM, "--on", "2025-12-01"], "2026-01-18"),
    ],
)
def test_bad_input_gets_one_clear_error(
    words: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([*words, "--lang", "en"]) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.glob("*.docx")) == []


def test_an_error_about_a_document_in_two_languages_is_told_in_kazakh(capsys: Capture) -> None:
    assert main(["documents", "make", "poem", SYSTEM, "--lang", "kk+ru", *DAY]) == 2
    assert "деген құжат жоқ" in capsys.readouterr().err


def test_a_stop_of_the_command_line_has_its_orders_without_a_register(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "order.html"
    make = ["documents", "make", "restart-order", "--system", "studio", "--to", "html", "-o", str(path), "--lang", "en"]
    assert main(["suspend", "studio", "--reason", "It may read emotions", "--by", "A. Officer", "--lang", "en"]) == 0
    assert main(make) == 0
    text = path.read_text()
    assert "It may read emotions" in text
    assert t("documents.gap_mended", "en") in text
    assert main(["suspend", "studio", "--lift", "--reason", "The model was replaced", "--by", "A. Officer", "--lang", "en"]) == 0
    assert main(make) == 0
    text = path.read_text()
    assert "The model was replaced" in text
    assert t("documents.restart_basis", "en") in text


def test_all_makes_every_document_of_a_system_in_every_language_and_form(tmp_path: Path, capsys: Capture) -> None:
    folder = tmp_path / "set"
    assert main(["documents", "make", "all", SYSTEM, "--lang", "all", "--to", "html", "-o", str(folder), *DAY]) == 0
    of_system = [name for name, each in TEMPLATES.items() if each.of == "system"]
    wanted = {f"credit-scorer-{name}.{language}.html" for name in of_system for language in ("kk", "ru", "en")}
    assert {path.name for path in folder.iterdir()} == wanted
    assert len(capsys.readouterr().out.splitlines()) == len(wanted)


def test_of_several_files_all_are_those_of_the_organisation(tmp_path: Path) -> None:
    other = str(ROOT / "examples/systems/fee-rules.yaml")
    assert main(["documents", "make", "all", SYSTEM, other, "--lang", "ru", "--to", "html", "-o", str(tmp_path), *DAY]) == 0
    of_organisation = [name for name, each in TEMPLATES.items() if each.of == "organisation"]
    assert len(list(tmp_path.iterdir())) == len(of_organisation)


def test_a_file_is_no_folder_for_a_set_and_the_error_is_told_in_a_language(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "there").write_text("x")
    assert main(["documents", "make", "all", SYSTEM, "--lang", "all", "-o", str(tmp_path / "there"), *DAY]) == 2
    assert "there" in capsys.readouterr().err
