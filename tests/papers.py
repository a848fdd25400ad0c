"""A small document with everything a document can hold, and the programs of other people that open what is made of it."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tanba.documents.html import html
from tanba.documents.layout import laid
from tanba.documents.model import Check, Checkpoint, Document, Field, Fields, Heading, Paragraph, Said, Signature, Source, Table
from tanba.documents.pdf import pdf
from tanba.documents.word import docx

KAZAKH = "Ә Ғ Қ Ң Ө Ұ Ү Һ І ә ғ қ ң ө ұ ү һ і ₸ №"
HOSTILE = '#eval("1+1") $x^2$ *b* _i_ @ref <img src=x onerror=alert(1)> & \u202eabc\u2066 \x01\x0b\ud800 {{7*7}} ]]>'
SHOWN = '#eval("1+1") $x^2$ *b* _i_ @ref <img src=x onerror=alert(1)> &'
RENDERED = {"docx": docx, "html": html, "pdf": pdf}


def words(kk: str, ru: str = "", en: str = "") -> Mapping[str, str]:
    return {"kk": kk, "ru": ru or kk, "en": en or kk}


ARTICLE = Source(
    "kz/230-VIII/7/1@2026-01-18",
    words("№ 230-VIII Заң, 7-бап, 1-тармақ", "Закон № 230-VIII, ст. 7, п. 1", "Law 230-VIII, art. 7(1)"),
    "statute",
    True,
)
ORDER = Source("kz/order-95/list/minimal", words("№ 95/НҚ бұйрық", "Приказ № 95/НҚ", "Order 95/НҚ"), "by-law", False)


def document(text: str = KAZAKH) -> Document:
    said = Said(words(text), (ARTICLE,))
    return Document(
        "sample",
        words("Жүйе паспорты", "Паспорт системы", "System passport"),
        words("Кредиттік скоринг", "Кредитный скоринг", "Credit scorer"),
        (
            Heading(words("Бірінші бөлім", "Первый раздел", "First section")),
            Fields(
                (
                    Field("name", words("Атауы", "Название", "Name"), said),
                    Field(
                        "limits",
                        words("Шектеулері", "Ограничения", "Limits"),
                        Said(words("дәлдігі", "точность", "accuracy"), (ORDER,), True),
                    ),
                )
            ),
            Heading(words("Екінші бөлім", "Второй раздел", "Second section")),
            Heading(words("Кіші бөлім", "Подраздел", "Subsection"), 2),
            Paragraph(said),
            Table((words("Бір", "Один", "One"), words("Екі", "Два", "Two")), ((said, Said(words("я"))),), (2, 1)),
            Check(Said(words("белгіленген", "отмечено", "ticked"), (ORDER,)), True),
            Check(Said(words("белгіленбеген", "не отмечено", "not ticked")), False),
            Signature(words("Бекіттім", "Утверждаю", "Approved by")),
        ),
        "2026-11-22",
        (Said(words("Редакция 2025-11-17", "Редакция 2025-11-17", "Edition 2025-11-17")),),
        "ab" * 32,
        Checkpoint("ledger.example.kz/2026", 42, "cd" * 32),
        words("«Qarlygash» АҚ", "АО «Qarlygash»", "Qarlygash JSC"),
        system="scorer",
    )


def text_of_pdf(content: bytes, folder: Path, *options: str) -> str:
    """Skips where poppler is missing: HTML and DOCX are read without it."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    (folder / "made.pdf").write_bytes(content)
    return subprocess.run(["pdftotext", *options, "made.pdf", "-"], cwd=folder, check=True, capture_output=True, timeout=60).stdout.decode()


def as_pdf(content: bytes, folder: Path) -> bytes:
    """What LibreOffice makes of a DOCX; skips where it is missing."""
    return _converted(content, folder, "pdf:writer_pdf_Export")


def as_docx(content: bytes, folder: Path) -> bytes:
    """A DOCX that LibreOffice opened and saved; skips where it is missing."""
    return _converted(content, folder, "docx")


def _converted(content: bytes, folder: Path, form: str) -> bytes:
    if shutil.which("soffice") is None:
        pytest.skip("soffice (libreoffice-writer) is not installed")
    (folder / "made.docx").write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", form, "--outdir", str(folder / "out"), "made.docx"],
        cwd=folder,
        check=True,
        capture_output=True,
        timeout=180,
    )
    return (folder / f"out/made.{form.partition(':')[0]}").read_bytes()


def made(name: str, text: str = KAZAKH, languages: tuple[str, ...] = ("kk",)) -> bytes:
    return RENDERED[name](laid(document(text), languages))


def squeezed(text: str) -> str:
    """Without what the breaking of lines and pages adds."""
    return re.sub(r"[\s\u00ad\u200b]+", "", text)
