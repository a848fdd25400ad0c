"""Signatures in PDF: made without touching a byte that was there, judged by us and by pyHanko's own validator, and how each way fails."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import tsp
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import load_der_x509_certificate
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.generic import NumberObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from papers import made, text_of_pdf
from signing_makers import (
    NOW,
    PERSON,
    SIGN_IN,
    STAMPS,
    TST,
    Made,
    Term,
    certificate,
    house,
    integer,
    name,
    oid,
    p12,
    rsa_key,
    seq,
    signed,
    tlv,
)
from tanba.errors import InputError, NetworkError
from tanba.signing import check, pdfcheck
from tanba.signing.certificates import loaded
from tanba.signing.keyfile import Key, read_key
from tanba.signing.model import Roots
from tanba.signing.pdfsign import How, sign

LINES = ("Қол қойған: САРСЕНОВА АЙГЕРИМ", "Бекітемін · Алматы")
PDF = made("pdf", "Қағаз", ("kk", "ru"))
APPROVED = How("Бекітемін", "Алматы")
SECRET = "құпия сөз"


def key(made: Made | None = None) -> Key:
    return read_key(p12(made or house(False).person, SECRET.encode(), house(False).centre), SECRET, NOW)


def roots() -> Roots:
    return Roots(loaded(house(False).root.der))


def once(content: bytes = PDF, how: How = APPROVED) -> bytes:
    return sign(content, key(), how, datetime.now(tz=NOW.tzinfo))


def found(content: bytes) -> list[tuple[str, tuple[str, ...]]]:
    return [(each.state, each.findings) for each in pdfcheck.check(content, roots(), datetime.now(tz=NOW.tzinfo))]


ALWAYS = ("time_not_proven", "revocation_not_checked")
GOOD = ("good", ALWAYS)


def test_a_signature_is_an_update_that_keeps_every_byte_tags_and_archival_form(tmp_path: Path) -> None:
    signed_once = once()
    assert signed_once.startswith(PDF)
    assert found(signed_once) == [GOOD]
    [one] = pdfcheck.check(signed_once, roots(), datetime.now(tz=NOW.tzinfo))
    assert one.person is not None
    assert (one.person.name, one.reason, one.person.iin) == ("САРСЕНОВА АЙГЕРИМ", "Бекітемін", "900101400123")
    reader = PdfFileReader(BytesIO(signed_once))
    assert bool(reader.root["/MarkInfo"]["/Marked"])
    assert b'pdfaid:part="2" pdfaid:conformance="A" pdfuaid:part="1"' in reader.root["/Metadata"].data
    assert reader.embedded_signatures[0].sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert text_of_pdf(signed_once, tmp_path) == text_of_pdf(PDF, tmp_path)


def test_pyhanko_s_own_validator_agrees() -> None:
    context = ValidationContext(
        trust_roots=loaded(house(False).root.der), other_certs=loaded(house(False).centre.der), allow_fetching=False
    )
    field = PdfFileReader(BytesIO(once())).embedded_signatures[0]
    status = validate_pdf_signature(field, context)
    assert (status.intact, status.valid, status.trusted) == (True, True, True)


def test_a_visible_signature_stands_at_the_foot_in_kazakh_with_its_font(tmp_path: Path) -> None:
    twice = once(once(how=How("Бекітемін", "Алматы", LINES)), How("Келісемін", "", LINES))
    assert found(twice) == [GOOD, GOOD]
    assert text_of_pdf(twice, tmp_path).count("Қол қойған: САРСЕНОВА АЙГЕРИМ") == 2
    fields = PdfFileReader(BytesIO(twice)).root["/AcroForm"]["/Fields"]
    boxes = [[float(each) for each in field.get_object()["/Rect"]] for field in fields]
    assert boxes[0][2] <= boxes[1][0]
    assert all(box[3] < 40 for box in boxes)


def test_several_signatures_each_hold_and_the_first_is_not_broken_by_the_next() -> None:
    thrice = once(once(once()), How(lines=LINES))
    assert found(thrice) == [GOOD] * 3


def test_what_is_put_into_the_file_afterwards_is_told() -> None:
    writer = IncrementalPdfFileWriter(BytesIO(once()))
    page = writer.root["/Pages"]["/Kids"].raw_get(0)
    page.get_object()["/Rotate"] = NumberObject(90)
    writer.mark_update(page)
    changed = BytesIO()
    writer.write(changed)
    assert found(changed.getvalue()) == [("bad", ("changed_after", *ALWAYS))]
    assert found(once() + b"\n% more")[0] == ("bad", ("changed_after", *ALWAYS))


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_no_flipped_bit_of_what_was_there_leaves_a_good_signature_or_a_traceback(data: st.DataObject) -> None:
    spoiled = bytearray(SIGNED)
    bit = data.draw(st.integers(0, len(PDF) * 8 - 1))
    spoiled[bit // 8] ^= 1 << bit % 8
    with suppress(InputError):
        assert all(state != "good" for state, _ in found(bytes(spoiled)))


SIGNED = once()


def test_a_file_saved_anew_by_another_program_no_longer_holds() -> None:
    saved = BytesIO()
    copy_into_new_writer(PdfFileReader(BytesIO(SIGNED))).write(saved)
    assert all(state != "good" for state, _ in found(saved.getvalue()))


def test_a_pdf_without_signatures_and_a_file_of_another_kind_have_none() -> None:
    assert pdfcheck.check(PDF, roots(), NOW) == []
    for content in (b"", b"hello", made("html"), made("docx")):
        assert check(content, None, roots(), NOW) == []


def test_a_cms_beside_a_pdf_and_one_that_holds_its_content_are_checked_too() -> None:
    cast = house(False)
    assert check(PDF, signed(PDF, cast.person, cast.centre), roots(), NOW)[0].state == "good"
    assert check(PDF + b" ", signed(PDF, cast.person, cast.centre), roots(), NOW)[0].state == "bad"
    assert check(signed(b"x", cast.person, cast.centre, attached=True), None, roots(), NOW)[0].state == "good"


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"%PDF-1.7\n" + b"x" * 999, PDF[: len(PDF) // 2], b"hello"])
def test_a_damaged_pdf_is_refused(content: bytes) -> None:
    for act in (lambda: sign(content, key(), How(), NOW), lambda: pdfcheck.check(content, roots(), NOW)):
        with pytest.raises(InputError, match=r"not a PDF|cannot take"):
            act()


def test_an_encrypted_pdf_is_refused() -> None:
    writer = copy_into_new_writer(PdfFileReader(BytesIO(PDF)))
    writer.encrypt(owner_pass="a", user_pass="b")
    shut = BytesIO()
    writer.write(shut)
    for act in (lambda: sign(shut.getvalue(), key(), How(), NOW), lambda: pdfcheck.check(shut.getvalue(), roots(), NOW)):
        with pytest.raises(InputError, match="encrypted"):
            act()


def test_a_huge_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdfcheck, "LARGEST", 10)
    with pytest.raises(InputError, match="too large"):
        pdfcheck.check(PDF, roots(), NOW)


def person(**term: Any) -> Made:
    return certificate(rsa_key(4), PERSON, 9, house(False).centre, term=Term(**term))


@pytest.mark.parametrize(
    ("term", "said"),
    [
        ({"end": NOW - timedelta(days=1)}, "expired on 2026-11-21"),
        ({"start": NOW + timedelta(days=1)}, "begins on 2026-11-23"),
        ({"uses": (SIGN_IN,)}, "not for signing documents"),
    ],
)
def test_a_certificate_that_may_not_sign_is_refused_by_name(term: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        key(person(**term))


def test_wrong_passwords_and_files_that_are_no_keys_are_told_apart() -> None:
    written = p12(house(False).person, SECRET.encode())
    for wrong in ("", "x", SECRET.upper()):
        with pytest.raises(InputError, match="password does not open"):
            read_key(written, wrong, NOW)
    assert read_key(p12(house(False).person, b""), "", NOW).person.name == "САРСЕНОВА АЙГЕРИМ"
    for content in (b"", b"hello", house(False).person.der, house(False).person.pem, written[:100]):
        with pytest.raises(InputError, match="not a key file"):
            read_key(content, SECRET, NOW)


def test_a_file_without_a_private_key_or_of_another_algorithm_is_refused() -> None:
    only = load_der_x509_certificate(house(False).person.der)
    bare = pkcs12.serialize_key_and_certificates(b"x", None, None, [only], serialization.BestAvailableEncryption(b"x"))
    with pytest.raises(InputError, match="no private key"):
        read_key(bare, "x", NOW)
    odd: Any = ed25519.Ed25519PrivateKey.generate()
    mixed = pkcs12.serialize_key_and_certificates(b"x", odd, None, None, serialization.BestAvailableEncryption(b"x"))
    with pytest.raises(InputError, match=r"no certificate|algorithm"):
        read_key(mixed, "x", NOW)


def authority(at: datetime, by: Made) -> Callable[[bytes], bytes]:
    """What answers requests for time stamps."""

    def answer(asked: bytes) -> bytes:
        request = tsp.TimeStampReq.load(asked)
        time = tlv(0x18, at.strftime("%Y%m%d%H%M%SZ").encode())
        said = seq(integer(1), oid("1.2.3.4"), request["message_imprint"].dump(), integer(7), time, integer(request["nonce"].native))
        token = signed(said, by, attached=True, at=None, kind=TST)
        return seq(seq(integer(0)), token)

    return answer


def test_with_an_authority_the_time_is_proved_and_without_an_answer_nothing_is_signed() -> None:
    stamps = certificate(rsa_key(6), name(cn="TSA"), 6, house(False).root, term=Term(uses=(STAMPS,)))
    now = datetime.now(tz=NOW.tzinfo).replace(microsecond=0)
    stamped = sign(PDF, key(), How(), now, authority(now, stamps))
    [one] = pdfcheck.check(stamped, roots(), now + timedelta(seconds=1))
    assert (one.stamped, one.findings) == (now, ("revocation_not_checked",))

    def away(_: bytes) -> bytes:
        raise NetworkError("{address} did not answer", address="x")

    with pytest.raises(NetworkError):
        sign(PDF, key(), How(), now, away)
    with pytest.raises(InputError, match="cannot take a signature"):
        sign(PDF, key(), How(), now, lambda _: b"no stamp")


def gost_pdf(spoil: bytes = b"") -> bytes:
    """A PDF with a GOST signature that another program might have put there."""
    writer, cms_writer = IncrementalPdfFileWriter(BytesIO(PDF)), PdfCMSEmbedder()
    steps = cms_writer.write_cms(field_name="Signature1", writer=writer)
    next(steps)
    steps.send(SigObjSetup(SignatureObject(subfilter=SigSeedSubFilter.PADES, timestamp=NOW, bytes_reserved=8192)))
    prepared, output = steps.send(SigIOSetup(md_algorithm="sha256", in_place=False))
    whole = output.getvalue()
    covered = whole[: prepared.reserved_region_start] + whole[prepared.reserved_region_end :]
    steps.send(signed(covered + spoil, house().person, house().centre))
    return bytes(output.getvalue())


def test_a_gost_signature_inside_a_pdf_is_judged_like_any_other() -> None:
    believed = Roots(loaded(house().root.der))
    [one] = pdfcheck.check(gost_pdf(), believed, NOW)
    assert (one.state, one.algorithm, one.findings) == ("good", "GOST 34.10-2015 512", ALWAYS)
    [other] = pdfcheck.check(gost_pdf(b"x"), believed, NOW)
    assert (other.state, other.findings[0]) == ("bad", "content_differs")
