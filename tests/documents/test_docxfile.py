"""A DOCX from outside: each hostile one is refused in one clear sentence, and what is let in is what was looked at."""

import zipfile
from contextlib import suppress
from io import BytesIO

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hostile_docx import BODY, HOSTILE_FILES, SETTINGS, changed, field, in_body, parts_of, plain_docx, png, related
from tanba.documents import docxfile
from tanba.documents.docxfile import opened
from tanba.errors import InputError
from tanba.strings import LANGUAGES, explain


@pytest.mark.parametrize("name", HOSTILE_FILES)
def test_a_hostile_file_is_refused_in_one_sentence_of_each_language(name: str) -> None:
    make, said = HOSTILE_FILES[name]
    with pytest.raises(InputError) as caught:
        opened(make())
    assert said in caught.value.message
    for language in LANGUAGES:
        message, hint = explain(caught.value, language)
        assert "\n" not in message
        assert hint
        assert len(message) < 400


def test_a_large_file_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docxfile, "MAX_BYTES", 100)
    with pytest.raises(InputError, match="larger than 100 bytes"):
        opened(plain_docx())


def test_a_file_of_word_comes_through_whole() -> None:
    content = plain_docx("Ә Ғ Қ", "екінші", header="үстінде")
    found = opened(content)
    assert found.removed == ()
    assert set(found.parts) == set(parts_of(content))
    again = docx.Document(BytesIO(found.content))
    assert [each.text for each in again.paragraphs] == ["Ә Ғ Қ", "екінші"]
    assert again.sections[0].header.paragraphs[0].text == "үстінде"


@pytest.mark.parametrize(
    "instruction", ["PAGE", " NUMPAGES \\* Arabic", 'HYPERLINK "https://qarlygash.example"', 'HYPERLINK \\l "a"', "=1+1"]
)
def test_harmless_fields_links_and_pictures_stay(instruction: str) -> None:
    assert instruction in opened(field(instruction)).parts[BODY].decode().replace("&quot;", '"')
    assert b"mailto:" in opened(related("hyperlink", "mailto:law@qarlygash.example")).parts["word/_rels/document.xml.rels"]
    assert "word/media/a.png" in opened(changed(lambda parts: parts.update({"word/media/a.png": png(400, 300)}))).parts


def test_a_template_of_a_share_is_taken_out_and_told() -> None:
    found = opened(related("attachedTemplate", "file:///\\\\server\\house.dotm"))
    assert found.removed == (("attachedTemplate", "file:///\\\\server\\house.dotm"),)
    assert b"house.dotm" not in found.content
    with_element = b'<w:attachedTemplate xmlns:r="urn:r" r:id="rId1"/></w:settings>'
    found = opened(changed(lambda parts: parts.update({SETTINGS: parts[SETTINGS].replace(b"</w:settings>", with_element)})))
    assert b"attachedTemplate" not in found.parts[SETTINGS]


def test_settings_of_a_printer_are_left_out_without_a_word() -> None:
    found = opened(changed(lambda parts: parts.update({"word/printerSettings1.bin": b"x"})))
    assert "word/printerSettings1.bin" not in found.parts
    assert found.removed == ()


def test_what_is_let_in_is_what_was_looked_at() -> None:
    """Comments and instructions of XML, and another encoding, do not get through."""
    odd = b"\xff\xfe" + "<?xml version='1.0' encoding='UTF-16'?><!-- x --><a><?run it?>\u04d8</a>".encode("utf-16-le")
    found = opened(changed(lambda parts: parts.update({"word/odd.xml": odd})))
    assert found.parts["word/odd.xml"] == "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n<a>Ә</a>".encode()


def test_a_part_longer_than_the_list_says_is_refused() -> None:
    content = bytearray(plain_docx())
    with zipfile.ZipFile(BytesIO(content)) as file:
        size = file.getinfo(BODY).file_size
    at = content.rindex(BODY.encode()) - 46 + 24
    assert int.from_bytes(content[at : at + 4], "little") == size
    content[at : at + 4] = (size - 10).to_bytes(4, "little")
    with pytest.raises(InputError, match="no whole DOCX"):
        opened(bytes(content))


def test_a_field_within_a_field_is_told_from_it() -> None:
    kinds = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")]
    inner = f"{kinds[0]}<w:r><w:instrText>LINK x</w:instrText></w:r>{kinds[2]}"
    with pytest.raises(InputError, match="LINK x"):
        opened(in_body(f"<w:p>{kinds[0]}<w:r><w:instrText>REF </w:instrText></w:r>{inner}{kinds[1]}{kinds[2]}</w:p>"))


@settings(max_examples=150)
@given(st.data())
def test_a_file_with_bytes_changed_is_opened_or_refused_and_nothing_else(data: st.DataObject) -> None:
    content = bytearray(plain_docx())
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=6)):
        content[at] = data.draw(st.integers(0, 255))
    with suppress(InputError):
        assert BODY in opened(bytes(content)).parts
