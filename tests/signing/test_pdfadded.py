"""A signed PDF is the document with signatures added, or something else that merely begins with the document's bytes."""

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, NumberObject, StreamObject, TextStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from papers import made
from signing_makers import NOW, house, p12
from tanba.errors import InputError
from tanba.signing.keyfile import read_key
from tanba.signing.pdfadded import only_signed
from tanba.signing.pdfsign import How, sign

PDF = made("pdf", "Қағаз", ("kk", "ru"))
DRAWN = b"0 0 m 100 100 l S"


def signed(content: bytes, *lines: str) -> bytes:
    key = read_key(p12(house(False).person, b"x", house(False).centre), "x", NOW)
    return sign(content, key, How("Бекітемін", "Алматы", lines), datetime.now(UTC))


def page(file: Any) -> Any:
    found = file.root["/Pages"]["/Kids"][0]
    while "/Kids" in found:
        found = found["/Kids"][0]
    return found


def changed(pdf: bytes, act: Callable[[Any], None]) -> bytes:
    written, file = IncrementalPdfFileWriter(BytesIO(pdf), strict=False), BytesIO()
    act(written)
    written.write(file)
    return file.getvalue()


def other_content(file: Any) -> None:
    page(file)["/Contents"] = file.add_object(StreamObject(stream_data=DRAWN))
    file.update_container(page(file))


def same_place_other_content(file: Any) -> None:
    held = page(file).raw_get("/Contents")
    stream = held.get_object()
    stream._data, stream._encoded_data = DRAWN, None
    file.mark_update(held)


def fewer_pages(file: Any) -> None:
    pages = file.root["/Pages"]
    del pages["/Kids"][-1]
    pages["/Count"] = NumberObject(len(pages["/Kids"]))
    file.update_container(pages)


def action(file: Any) -> None:
    file.root["/OpenAction"] = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("x")})
    file.update_root()


def form_of_its_own(file: Any) -> None:
    file.root["/AcroForm"] = DictionaryObject({NameObject("/Fields"): ArrayObject(), NameObject("/XFA"): TextStringObject("x")})
    file.update_root()


def mark(subtype: str, field: str, size: float) -> Callable[[Any], None]:
    def put(file: Any) -> None:
        said = {"/Type": NameObject("/Annot"), "/Subtype": NameObject(subtype), "/FT": NameObject(field)}
        box = {"/Rect": ArrayObject(FloatObject(each) for each in (0, 0, size, size))}
        one = DictionaryObject({NameObject(name): value for name, value in (said | box).items()})
        page(file)["/Annots"] = ArrayObject([file.add_object(one)])
        file.update_container(page(file))

    return put


@pytest.mark.parametrize("lines", [(), ("Қол қойған: САРСЕНОВА",)])
def test_signatures_one_after_another_change_nothing(lines: tuple[str, ...]) -> None:
    once = signed(PDF, *lines)
    assert only_signed(once, PDF)
    assert only_signed(signed(once, *lines), PDF)
    assert only_signed(PDF, PDF)
    assert not only_signed(PDF, once)


def test_a_small_mark_of_a_signature_may_stand_on_a_page() -> None:
    assert only_signed(changed(PDF, mark("/Widget", "/Sig", 90)), PDF)


@pytest.mark.parametrize(
    "act",
    [
        other_content,
        same_place_other_content,
        fewer_pages,
        action,
        form_of_its_own,
        mark("/Widget", "/Sig", 800),
        mark("/Widget", "/Tx", 90),
        mark("/FreeText", "/Sig", 90),
    ],
)
def test_what_shows_something_else_is_no_signed_document_however_it_is_signed(act: Callable[[Any], None]) -> None:
    forged = changed(PDF, act)
    assert forged.startswith(PDF)
    assert not only_signed(forged, PDF)
    assert not only_signed(signed(forged), PDF)


def test_what_is_put_behind_without_a_revision_is_no_signature() -> None:
    assert not only_signed(PDF + b"\n%more", PDF)


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=200))
def test_whatever_is_put_behind_is_judged_or_refused(tail: bytes) -> None:
    try:
        assert only_signed(PDF + tail, PDF) is (tail == b"")
    except InputError:
        assert tail
