"""Values of a DOCX stand in content controls that Word and LibreOffice keep, and a note says what stood in them."""

import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import docx
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from papers import KAZAKH, as_docx, document, made
from tanba.documents.controls import NOTE, brief
from tanba.documents.layout import laid, plain
from tanba.documents.word import docx as drawn
from tanba.documents.wordtext import Control, controls, outside


def body(content: bytes) -> etree._Element:
    return etree.fromstring(zipfile.ZipFile(BytesIO(content)).read("word/document.xml"))


def note(content: bytes) -> etree._Element:
    with zipfile.ZipFile(BytesIO(content)) as file:
        roots = [etree.fromstring(file.read(name)) for name in file.namelist() if name.startswith("customXml/item")]
    return next(root for root in roots if root.tag == f"{{{NOTE}}}tanba")


def read(content: bytes, tags: Sequence[str] = ()) -> dict[str, str]:
    return {each.tag: each.text for each in controls(body(content), tags)}


def test_every_named_field_stands_in_a_control_of_its_language_and_the_note_says_what_it_holds() -> None:
    content = made("docx", KAZAKH, ("kk", "ru"))
    found = read(content)
    assert set(found) == {f"sample/{name}@{language}" for name in ("name", "limits") for language in ("kk", "ru")}
    assert found["sample/name@ru"] == KAZAKH
    assert found["sample/limits@ru"].endswith(": точность")
    root = note(content)
    assert {each.get("tag"): each.text for each in root.findall(f"{{{NOTE}}}field")} == found
    about = {"day": "2026-11-22", "digest": "ab" * 32, "document": "sample", "languages": "kk+ru", "system": "scorer"}
    assert dict(root.attrib) == about
    assert root.findtext(f"{{{NOTE}}}outside", "").split() == [brief(each) for each in outside(body(content))]
    with zipfile.ZipFile(BytesIO(content)) as file:
        assert len(set(file.namelist())) == len(file.namelist())
        assert '"tanba digest"><vt:lpwstr>abab' in file.read("docProps/custom.xml").decode()


def test_a_gap_waits_in_its_control_and_sources_stand_outside() -> None:
    found = {each.tag: each for each in controls(body(made("docx")))}
    assert found["sample/limits@kk"].waiting
    assert not found["sample/name@kk"].waiting
    assert found["sample/name@kk"].text == KAZAKH
    assert any("230-VIII" in each for each in outside(body(made("docx"))))


def test_libreoffice_keeps_every_control_and_all_that_stands_outside(tmp_path: Path) -> None:
    written = made("docx", f"{KAZAKH}\nекінші жол", ("kk", "ru"))
    tags = [each.tag for each in controls(body(written))]
    again = as_docx(written, tmp_path)
    assert read(again, tags) == read(written)
    assert outside(body(again)) == outside(body(written))


def test_a_tracked_change_is_read_as_accepted() -> None:
    file = docx.Document(BytesIO(made("docx")))
    box = next(each for each in file.element.body.iter("{*}sdt") if "name@kk" in etree.tostring(each).decode())
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    run = box[-1][0]
    gone = etree.SubElement(box[-1], f"{{{word}}}del")
    gone.append(run)
    run.find(f"{{{word}}}t").tag = f"{{{word}}}delText"
    box[-1].append(etree.fromstring(f'<w:ins xmlns:w="{word}"><w:r><w:t>жаңа</w:t><w:tab/><w:t>мәтін</w:t></w:r></w:ins>'))
    out = BytesIO()
    file.save(out)
    assert read(out.getvalue())["sample/name@kk"] == "жаңа мәтін"


def test_numbers_that_name_no_field_are_no_fields() -> None:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    box = "<w:sdt><w:sdtPr/><w:sdtContent><w:bookmarkStart w:name='_tanba_{}'/><w:r><w:t>x</w:t></w:r></w:sdtContent></w:sdt>"
    root = etree.fromstring(f"<w:p {space}>{''.join(box.format(each) for each in ('0', '1', '-1', '٣', '9' * 30))}</w:p>")
    assert controls(root, ["a"]) == [Control("a", "x", False)]


@settings(max_examples=25)
@given(st.text(max_size=60) | st.text("ӘғҚң \t\r\n,", max_size=20))
def test_what_stands_in_a_control_is_the_text_that_was_laid(text: str) -> None:
    found = read(drawn(laid(document(text), ("kk",))))
    assert found["sample/name@kk"] == plain(text)
