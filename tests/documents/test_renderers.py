"""Documents as HTML, DOCX and PDF: other people's programs read back what was said, in every language, whatever a fact holds."""

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as read_html

from papers import HOSTILE, KAZAKH, RENDERED, SHOWN, as_pdf, document, made, squeezed, text_of_pdf
from tanba.documents.layout import laid, plain
from tanba.documents.model import Said, gaps, names
from tanba.documents.pdf import DRAWN, drawable, pdf
from tanba.strings import LANGUAGES, t

WAYS: list[tuple[str, ...]] = [("kk",), ("ru",), ("en",), ("kk", "ru")]


def text_of_docx(content: bytes) -> str:
    return "".join(docx.Document(BytesIO(content)).element.body.itertext())


def text_of_html(content: bytes) -> str:
    return str(read_html.fromstring(content.decode()).text_content())


def test_every_kazakh_letter_comes_back_from_a_docx_that_libreoffice_opened(tmp_path: Path) -> None:
    assert squeezed(KAZAKH) in squeezed(text_of_pdf(as_pdf(made("docx"), tmp_path), tmp_path))


@pytest.mark.parametrize("name", RENDERED)
def test_all_that_is_said_is_there_with_its_basis_gaps_as_gaps_and_every_kazakh_letter(name: str, tmp_path: Path) -> None:
    read = {"docx": text_of_docx, "html": text_of_html, "pdf": lambda each: text_of_pdf(each, tmp_path)}[name]
    for languages in WAYS:
        text = squeezed(read(made(name, KAZAKH, languages)))
        assert squeezed(KAZAKH) in text
        for wanted in (each for language in languages for each in said_in(language)):
            assert squeezed(wanted) in text, (languages, wanted)
        assert "☑" in text
        assert "☐" in text


def said_in(language: str) -> list[str]:
    """What a document says in a language, whatever it is about."""
    words = [t("documents.gap", language), t("report.unread", language), t("words.basis.statute", language)]
    words += [t("words.disclaimer", language), t("documents.prepared", language, day="2026-11-22"), "ledger.example.kz/2026", "ab" * 32]
    return [*words, t("documents.signature", language), t("documents.item", language), document().title[language]]


@pytest.mark.parametrize("name", RENDERED)
def test_hostile_text_comes_out_as_text(name: str, tmp_path: Path) -> None:
    content = made(name, HOSTILE)
    read = {"docx": text_of_docx, "html": text_of_html, "pdf": lambda each: text_of_pdf(each, tmp_path)}[name]
    text = read(content)
    assert squeezed(SHOWN) in squeezed(text)
    assert "{{7*7}}" in text
    for letter in "\u202e\u2066\x01\x0b":
        assert letter not in text
    assert name != "html" or b"<img" not in content


@pytest.mark.parametrize("name", RENDERED)
def test_a_word_of_a_hundred_thousand_letters_stays_within_the_margins_and_whole(name: str, tmp_path: Path) -> None:
    word = "қ" * 100_000
    content = made(name, word)
    if name == "pdf":
        text = text_of_pdf(content, tmp_path)
        boxes = text_of_pdf(content, tmp_path, "-bbox")
        rights = [float(part.partition('"')[0]) for part in boxes.split('xMax="')[1:]]
        assert max(rights) <= 595.28 - 28.3
    else:
        text = text_of_docx(content) if name == "docx" else text_of_html(content)
    assert squeezed(text).count("қ") >= 300_000


def test_a_row_longer_than_a_page_is_whole_in_a_docx_that_libreoffice_opened(tmp_path: Path) -> None:
    text = text_of_pdf(as_pdf(made("docx", "қ" * 20_000, ("kk", "ru")), tmp_path), tmp_path)
    assert squeezed(text).count("қ") >= 120_000


def test_side_by_side_kazakh_stands_on_the_left(tmp_path: Path) -> None:
    lines = text_of_pdf(made("pdf", KAZAKH, ("kk", "ru")), tmp_path, "-layout").splitlines()
    assert any(0 <= line.find("Бірінші бөлім") < line.find("Первый раздел") for line in lines)
    assert any(0 <= line.find("Атауы") < line.find("Название") for line in lines)
    table = docx.Document(BytesIO(made("docx", KAZAKH, ("kk", "ru")))).tables
    assert any([cell.text for cell in each.rows[0].cells] == ["Жүйе паспорты", "Паспорт системы"] for each in table)


def test_the_engine_was_asked_for_pdf_a_and_pdf_ua(tmp_path: Path) -> None:
    content = made("pdf")
    for part in (b"pdfaid:part>2<", b"pdfaid:conformance>A<", b"pdfuaid:part>1<", b"/MarkInfo", b"/Lang(kk-KZ)"):
        assert part in content, part
    assert made("pdf") == content


def test_every_letter_that_we_let_through_has_a_glyph(tmp_path: Path) -> None:
    letters = "".join(each for each in sorted(DRAWN) if each not in "\n\u200b\u00a0 ")
    text = squeezed(text_of_pdf(made("pdf", letters), tmp_path))  # PDF/A refuses a letter without one
    assert all(letter in text for letter in letters)


def test_letters_without_a_glyph_are_written_as_code_points() -> None:
    assert drawable("漢 م 😀") == "[U+6F22] [U+0645] [U+1F600]"
    assert b"%PDF" in made("pdf", "漢 م 😀")


@pytest.mark.parametrize(("language", "locale"), [("kk", "kk-KZ"), ("ru", "ru-RU"), ("en", "en-GB")])
def test_a_docx_is_what_a_lawyer_can_edit(language: str, locale: str) -> None:
    content = made("docx", KAZAKH, (language,))
    file = docx.Document(BytesIO(content))
    section = file.sections[0]
    assert (round(section.left_margin.mm), round(section.right_margin.mm)) == (30, 10)
    used = {paragraph.style.name for paragraph in file.paragraphs if paragraph.style}
    assert {"Title", "Heading 1", "Heading 2", "tanba note"} <= used
    with zipfile.ZipFile(BytesIO(content)) as parts:
        styles, body, footer = (parts.read(f"word/{name}.xml").decode() for name in ("styles", "document", "footer1"))
    assert f'w:val="{locale}"' in styles
    assert f'w:val="{locale}"' in body
    assert 'w:rStyle w:val="tanbasource"' in body
    assert "NUMPAGES" in footer
    assert "w14:checkbox" in body
    assert file.core_properties.language == locale


def test_side_by_side_a_docx_has_both_languages() -> None:
    with zipfile.ZipFile(BytesIO(made("docx", KAZAKH, ("kk", "ru")))) as parts:
        body = parts.read("word/document.xml").decode()
    assert 'w:val="kk-KZ"' in body
    assert 'w:val="ru-RU"' in body


@pytest.mark.parametrize("language", LANGUAGES)
def test_html_needs_nothing_else(language: str) -> None:
    page = made("html", KAZAKH, (language,)).decode()
    assert f'<html lang="{language}">' in page
    for foreign in ("<script", "http:", "https:", "<link", "src="):
        assert foreign not in page


def test_a_text_that_is_not_translated_says_which_language_it_is_in() -> None:
    page: dict[str, Any] = laid(document(), ("kk",))
    assert plain("x\r\ny") == "x\ny"
    cell = page["blocks"][2]["rows"][0][0][1]
    assert cell["lang"] == "kk"
    from tanba.documents.layout import _cell

    assert _cell(Said({"ru": "только по-русски"}), "kk") == {"gap": "", "lang": "ru", "source": "", "text": "только по-русски [ru]"}


def test_names_and_gaps_of_a_document() -> None:
    assert names(document()) == {"name", "limits"}
    assert [each.text["en"] for each in gaps(document())] == ["accuracy"]


@settings(max_examples=25)
@given(st.text(max_size=60))
def test_no_text_breaks_a_renderer(text: str) -> None:
    page = laid(document(text), ("kk", "ru"))
    assert set(drawable(text.replace("\n", ""))) <= DRAWN
    assert pdf(page).startswith(b"%PDF")
    assert squeezed(plain(text)) in squeezed(text_of_docx(RENDERED["docx"](page)))
