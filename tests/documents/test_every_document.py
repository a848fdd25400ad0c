"""Every document in every language, opened by other people's programs: poppler reads the PDF, LibreOffice the DOCX; nothing is lost."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from letterpapers import EMPTY, FULL
from papers import squeezed, text_of_pdf
from tanba.documents.catalogue import TEMPLATES, make
from tanba.documents.layout import laid
from tanba.documents.pdf import drawable
from tanba.documents.render import EDITIONS, render
from tanba.documents.word import docx

RIGHT = {1: 595.28 - 28.3, 2: 841.89 - 28.3}
"""Points: a sheet of A4, upright or on its side, without its right margin of 10 mm."""
KAZAKH_ONLY = re.compile("[ӘәҒғҚқҢңӨөҰұҮүҺһІі]")
CYRILLIC = re.compile("[Ѐ-ӿ]")
OURS_ANYWHERE = ("НҚ", "«Qarlygash» АҚ")
"""Numbers of orders are written so in every language."""


def said(page: dict[str, Any]) -> list[str]:
    """Every text of the cells of a laid-out page."""
    found: list[str] = []

    def look(value: Any) -> None:
        if isinstance(value, dict):
            if {"text", "source"} <= value.keys():
                found.extend((value["text"], value["source"]))
            else:
                for each in value.values():
                    look(each)
        elif isinstance(value, list):
            for each in value:
                look(each)

    look(page["blocks"])
    return [text for text in found if text]


def lost(wanted: list[str], text: str) -> list[str]:
    """Words that are not in a text, or all of it where the text is shorter; lines, columns and pages break between words as they please."""
    there = squeezed(text)
    words = {word for each in wanted for word in re.split(r"[\s\u200b/\-–.,;:]+", each) if word}
    missing = sorted(word for word in words if word not in there)
    return missing if len(there) >= sum(len(squeezed(each)) for each in wanted) else [*missing, "text is missing"]


def edition_of(name: str, edition: str) -> dict[str, Any]:
    return laid(make(name, FULL[TEMPLATES[name].of]), edition.split("+"))


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what LibreOffice made of every document in Kazakh, and in Kazakh beside Russian: one run for all."""
    if shutil.which("soffice") is None:
        pytest.skip("soffice (libreoffice-writer) is not installed")
    folder = tmp_path_factory.mktemp("opened")
    for name in TEMPLATES:
        for edition in ("kk", "kk+ru"):
            (folder / f"{name}.{edition}.docx").write_bytes(docx(edition_of(name, edition)))
    profile = f"-env:UserInstallation=file://{folder}/profile"
    files = [path.name for path in folder.glob("*.docx")]
    command = ["soffice", profile, "--headless", "--convert-to", "pdf:writer_pdf_Export", *files]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=600)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("name", TEMPLATES)
def test_poppler_reads_back_all_that_a_pdf_says_within_the_margins_and_no_page_is_blank(name: str, edition: str, tmp_path: Path) -> None:
    page = edition_of(name, edition)
    content = render(make(name, FULL[TEMPLATES[name].of]), edition, "pdf")
    text = text_of_pdf(content, tmp_path)
    assert "[U+" not in text
    assert lost([drawable(each) for each in said(page)], text) == []
    pages = text.split("\f")[:-1]
    assert all(len(squeezed(each)) > 60 for each in pages)
    rights = [float(part.partition('"')[0]) for part in text_of_pdf(content, tmp_path, "-bbox").split('xMax="')[1:]]
    assert max(rights) <= RIGHT[len(edition.split("+"))] + 1
    assert b"/MarkInfo" in content or "Tagged:          yes" in info(tmp_path)


def info(folder: Path) -> str:
    return subprocess.run(["pdfinfo", "made.pdf"], cwd=folder, check=True, capture_output=True, text=True, timeout=60).stdout


@pytest.mark.slow
@pytest.mark.parametrize("edition", ["kk", "kk+ru"])
@pytest.mark.parametrize("name", TEMPLATES)
def test_libreoffice_opens_every_docx_and_all_of_it_is_there(name: str, edition: str, opened: Path, tmp_path: Path) -> None:
    text = text_of_pdf((opened / f"{name}.{edition}.pdf").read_bytes(), tmp_path)
    assert lost(said(edition_of(name, edition)), text) == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_words_of_ours_are_in_the_language_that_was_asked_for(name: str) -> None:
    """Of documents about which nothing is known: what is said there is ours."""
    found = make(name, EMPTY[TEMPLATES[name].of])
    for language, foreign in (("en", CYRILLIC), ("ru", KAZAKH_ONLY)):
        page = laid(found, (language,))
        for each in [*said(page), *page["title"], *page["footer"]]:
            for known in OURS_ANYWHERE:
                each = each.replace(known, "")
            assert not foreign.search(each), each
