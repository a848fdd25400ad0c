"""User agreements and notifications of incidents as DOCX and PDF: the same statements, sources and gaps as their drafts in text."""

from io import BytesIO
from itertools import product
from pathlib import Path

import docx
import pytest

from papers import squeezed, text_of_pdf
from tanba.cli import main
from tanba.strings import LANGUAGES, t

ROOT = Path(__file__).parent.parent
SYSTEM, INCIDENT = str(ROOT / "examples/systems/chat-assistant.yaml"), str(ROOT / "examples/incidents/open-applications.yaml")
Capture = pytest.CaptureFixture[str]


def text_of(path: Path, folder: Path) -> str:
    content = path.read_bytes()
    if path.suffix == ".docx":
        return squeezed("".join(docx.Document(BytesIO(content)).element.body.itertext()))
    return squeezed(text_of_pdf(content, folder))


@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_a_user_agreement_as_a_document(form: str, tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / f"agreement.{form}"
    for language in LANGUAGES:
        assert main(["agreement", "make", SYSTEM, "--lang", language, "--to", form, "-o", str(path), "--on", "2026-11-22"]) == 0
        text = text_of(path, tmp_path)
        for wanted in ("agreement.draft", "agreement.section_rights", "agreement.gap_contact", "documents.gap", "words.disclaimer"):
            assert squeezed(t(wanted, language)) in text, (language, wanted)
        assert squeezed(t("words.basis.statute", language)) in text
        assert squeezed(f"† – {t('documents.again', language)}") in text
        assert squeezed(t("documents.no_checkpoint", language)) not in text


@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_a_notification_of_an_incident_as_a_document(form: str, tmp_path: Path, capsys: Capture) -> None:
    for to, language in product(("breach", "users", "vendor", "order"), LANGUAGES):
        path = tmp_path / f"{to}.{form}"
        assert main(["incident", "draft", INCIDENT, "--to", to, "--format", form, "-o", str(path), "--lang", language]) == 0
        text = text_of(path, tmp_path)
        for wanted in (f"drafts.{to}_title", f"drafts.{to}_addressee", "documents.gap"):
            assert squeezed(t(wanted, language)).casefold() in text.casefold(), (language, wanted)
        assert squeezed(t("documents.letter_remark", language, gap=t("documents.gap", language))) in text
        assert "⟨" not in text


@pytest.mark.parametrize(
    "words", [["agreement", "make", SYSTEM, "--to", "docx"], ["incident", "draft", INCIDENT, "--to", "users", "--format", "pdf"]]
)
def test_a_document_is_not_for_the_screen(words: list[str], capsys: Capture) -> None:
    assert main([*words, "--lang", "en"]) == 2
    assert "not for the screen" in capsys.readouterr().err


def test_a_draft_in_text_goes_into_a_file_too(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "users.md"
    assert main(["incident", "draft", INCIDENT, "--to", "users", "-o", str(path), "--lang", "en"]) == 0
    assert path.read_text().startswith("#")
    assert capsys.readouterr().out == ""
    assert main(["incident", "draft", INCIDENT, "--to", "users", "-o", str(tmp_path / "no/x.md"), "--lang", "en"]) == 2
