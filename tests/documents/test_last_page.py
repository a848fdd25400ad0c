"""The last block of a document: digest, place in the ledger, a code that another program reads, in every form and language."""

import shutil
import subprocess
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import cv2
import docx
import numpy
import pytest
from lxml import html as read_html

from papers import KAZAKH, RENDERED, document, squeezed, text_of_pdf
from tanba.documents.layout import laid
from tanba.documents.model import Record
from tanba.strings import LANGUAGES, t

ADDRESS = "https://register.example.kz/check/f8a3c5a0-9e1b-4c59-a1de-77d3c0a51ce1/"
RECORD = Record("ledger.example.kz/2026", 1234567, "019ad111-7d10-7c45-8f6a-2b7c1d4e5f60", "2026-11-30T00:12:33.123456Z", ADDRESS)
WAYS: list[tuple[str, ...]] = [("kk",), ("ru",), ("en",), ("kk", "ru")]


def made(form: str, record: Record | None, languages: tuple[str, ...] = ("kk",)) -> bytes:
    return RENDERED[form](laid(replace(document(KAZAKH), record=record), languages))


def read(picture: bytes) -> str:
    """What OpenCV reads in a picture with one code."""
    found, *_ = cv2.QRCodeDetector().detectAndDecode(cv2.imdecode(numpy.frombuffer(picture, numpy.uint8), cv2.IMREAD_GRAYSCALE))
    return str(found)


def text_of(form: str, content: bytes, folder: Path) -> str:
    if form == "pdf":
        return text_of_pdf(content, folder)
    if form == "html":
        return str(read_html.fromstring(content.decode()).text_content())
    return "".join(docx.Document(BytesIO(content)).element.body.itertext())


@pytest.mark.parametrize("form", RENDERED)
@pytest.mark.parametrize("languages", WAYS, ids="+".join)
def test_it_names_digest_ledger_entry_and_page(form: str, languages: tuple[str, ...], tmp_path: Path) -> None:
    text = squeezed(text_of(form, made(form, RECORD, languages), tmp_path))
    for wanted in (RECORD.origin, "1234567", RECORD.id, "2026-11-30 00:12:33 UTC", ADDRESS, "ab" * 32):
        assert squeezed(wanted) in text, wanted
    for language in languages:
        assert squeezed(t("lastpage.heading", language)) in text
        assert squeezed(t("lastpage.no_record", language)) not in text


@pytest.mark.parametrize("form", RENDERED)
@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_record_it_says_that_there_is_no_receipt_and_draws_no_code(form: str, language: str, tmp_path: Path) -> None:
    content = made(form, None, (language,))
    assert squeezed(t("lastpage.no_record", language)) in squeezed(text_of(form, content, tmp_path))
    assert b"<svg" not in content
    assert form != "docx" or not [name for name in zipfile.ZipFile(BytesIO(content)).namelist() if "media" in name]


@pytest.mark.parametrize("form", RENDERED)
def test_a_record_without_a_public_address_says_whom_to_ask(form: str, tmp_path: Path) -> None:
    content = made(form, replace(RECORD, address=""))
    assert squeezed(t("lastpage.no_address", "kk")) in squeezed(text_of(form, content, tmp_path))
    assert b"<svg" not in content


def test_another_program_reads_the_code_of_a_docx_which_has_words_for_who_does_not_see_it() -> None:
    with zipfile.ZipFile(BytesIO(made("docx", RECORD, ("kk", "ru")))) as parts:
        picture = next(parts.read(name) for name in parts.namelist() if name.startswith("word/media/"))
        body = parts.read("word/document.xml").decode()
    assert read(picture) == ADDRESS
    assert f'descr="{t("lastpage.code", "kk", address=ADDRESS)} · {t("lastpage.code", "ru", address=ADDRESS)}"' in body


def test_another_program_reads_the_code_of_a_pdf_that_still_asks_for_pdf_a_and_pdf_ua(tmp_path: Path) -> None:
    if shutil.which("pdftoppm") is None:
        pytest.skip("pdftoppm (poppler-utils) is not installed")
    content = made("pdf", RECORD)
    (tmp_path / "made.pdf").write_bytes(content)
    subprocess.run(["pdftoppm", "-r", "150", "-singlefile", "-png", "made.pdf", "page"], cwd=tmp_path, check=True, timeout=60)
    assert read((tmp_path / "page.png").read_bytes()) == ADDRESS
    assert all(part in content for part in (b"pdfaid:part>2<", b"pdfuaid:part>1<", b"/Figure"))
    assert made("pdf", RECORD) == content


def test_the_code_of_a_page_is_drawn_in_it_and_named() -> None:
    page: Any = read_html.fromstring(made("html", RECORD).decode())
    [code] = page.xpath("//*[@role='img']")
    assert code.get("aria-label") == t("lastpage.code", "kk", address=ADDRESS)
    assert code.xpath(".//*[local-name()='path']")
    assert not page.xpath("//script | //img | //link")


def test_a_document_without_a_digest_has_no_such_block() -> None:
    assert "proof" not in {block["kind"] for block in laid(replace(document(), digest=""), ("kk",))["blocks"]}
