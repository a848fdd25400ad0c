"""Signatures in CMS: who signed what, and everything that makes one worthless or leaves it open is named. signing_makers makes them."""

import base64
import shutil
import subprocess
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import pem
from hypothesis import given, settings
from hypothesis import strategies as st

from signing_makers import (
    DATA,
    END,
    MAIL,
    NOW,
    PERSON,
    SIGN_IN,
    SIGNED_AT,
    STAMPS,
    START,
    Made,
    Rsa,
    Term,
    attribute,
    certificate,
    extension,
    gost_key,
    house,
    integer,
    name,
    octets,
    oid,
    revoked,
    rsa_key,
    seq,
    set_of,
    signed,
    stamp,
    tlv,
)
from tanba.errors import InputError
from tanba.signing import cms
from tanba.signing.certificates import loaded, read_roots
from tanba.signing.model import Roots, Signed, masked

CONTENT = "Жүйе паспорты".encode() * 20
ALWAYS = ("time_not_proven", "revocation_not_checked")
KINDS = pytest.mark.parametrize("gost", [True, False], ids=["gost", "rsa"])


def roots(*made: Made, lists: tuple[bytes, ...] = ()) -> Roots:
    return Roots([each for one in made for each in loaded(one.der)], [each for one in lists for each in loaded(one)])


def one(written: bytes, content: bytes | None = CONTENT, believed: Roots | None = None, gost: bool = False) -> Signed:
    [found] = cms.check(written, content, roots(house(gost).root) if believed is None else believed, NOW)
    return found


def person(gost: bool = False, by: Made | None = None, serial: int = 9, **term: Any) -> Made:
    key: Any = gost_key(44) if gost else rsa_key(4)
    return certificate(key, PERSON, serial, by or house(gost).centre, term=Term(**term))


@KINDS
@pytest.mark.parametrize("attached", [True, False])
@pytest.mark.parametrize("plain", [True, False])
def test_a_good_signature_names_its_person_and_says_that_revocation_was_not_checked(gost: bool, attached: bool, plain: bool) -> None:
    cast = house(gost)
    found = one(signed(CONTENT, cast.person, cast.centre, attached=attached, plain=plain), gost=gost)
    assert (found.state, found.findings) == ("good", ALWAYS)
    assert found.person is not None
    assert (found.person.name, found.person.iin, found.person.bin) == ("САРСЕНОВА АЙГЕРИМ", "900101400123", "051140004567")
    assert (found.person.organisation, found.person.issuer, found.person.end) == ("АО «Qarlygash»", "ТЕСТ NCA", END)
    assert found.algorithm == ("GOST 34.10-2015 512" if gost else "RSA")
    assert found.stated == (None if plain else SIGNED_AT)


@KINDS
def test_der_pem_and_bare_base64_are_the_same(gost: bool) -> None:
    cast = house(gost)
    written = signed(CONTENT, cast.person, cast.centre)
    text = base64.encodebytes(written)
    for form in (written, pem.armor("CMS", written), text, text.replace(b"\n", b"\r\n")):
        assert one(form, gost=gost).state == "good"


@KINDS
def test_other_content_is_told(gost: bool) -> None:
    cast = house(gost)
    for attached in (True, False):
        found = one(signed(CONTENT, cast.person, cast.centre, attached=attached), CONTENT + b".", gost=gost)
        assert found.state == "bad"
        assert "content_differs" in found.findings


def test_an_attached_signature_is_checked_by_itself_and_one_beside_its_file_is_not() -> None:
    cast = house(False)
    assert one(signed(CONTENT, cast.person, cast.centre, attached=True), None).state == "good"
    with pytest.raises(InputError, match="no file was given"):
        one(signed(CONTENT, cast.person, cast.centre), None)


def test_without_roots_it_is_open_and_with_another_root_nobody_vouches() -> None:
    cast = house(False)
    written = signed(CONTENT, cast.person, cast.centre)
    assert (one(written, believed=Roots()).state, one(written, believed=Roots()).findings[0]) == ("open", "no_roots")
    stranger = certificate(rsa_key(7), cast.root.subject, 1, authority=True)
    found = one(written, believed=roots(stranger))
    assert (found.state, found.findings[0]) == ("bad", "issuer_unknown")


@KINDS
def test_an_issuer_that_did_not_sign_the_certificate_is_not_taken_for_it(gost: bool) -> None:
    cast = house(gost)
    false = certificate(gost_key(99) if gost else rsa_key(8), cast.centre.subject, 2, authority=True)
    found = one(signed(CONTENT, person(gost, false), false, cast.centre), gost=gost)
    assert (found.state, found.findings[0]) == ("bad", "issuer_unknown")


def test_the_certificate_of_a_person_issues_nothing() -> None:
    cast = house(False)
    below = certificate(rsa_key(5), name(cn="X"), 5, cast.person)
    assert one(signed(CONTENT, below, cast.person, cast.centre)).findings[0] == "issuer_unknown"


def test_a_chain_is_no_longer_than_an_authority_allows() -> None:
    cast = house(False)
    short = certificate(rsa_key(5), name(cn="short"), 5, cast.root, authority=True)
    limited = replace(short, der=certificate_with_length(short, cast.root))
    below = certificate(rsa_key(6), name(cn="below"), 6, limited, authority=True)
    leaf = certificate(rsa_key(4), PERSON, 8, below)
    assert one(signed(CONTENT, leaf, below, limited)).findings[0] == "issuer_unknown"
    assert one(signed(CONTENT, certificate(rsa_key(4), PERSON, 8, limited), limited)).state == "good"


def certificate_with_length(made: Made, by: Made) -> bytes:
    """The same authority, under which there may be none."""
    basic = extension("2.5.29.19", seq(tlv(0x01, b"\xff"), tlv(0x02, b"\x00")), True)
    plain = extension("2.5.29.19", seq(tlv(0x01, b"\xff")), True)
    from tanba.signing.certificates import loaded as load

    [parsed] = load(made.der)
    said = parsed["tbs_certificate"].dump()
    body = said.replace(plain, basic)
    grown = seq(said_without_head(body, said, plain, basic))
    return seq(grown, by.key.signature, tlv(0x03, b"\0", by.key.sign(grown)))


def said_without_head(body: bytes, said: bytes, plain: bytes, basic: bytes) -> bytes:
    """The inside of a grown tbsCertificate, its list of extensions wrapped anew."""
    usage = extension("2.5.29.15", tlv(0x03, b"\x01\x06"), True)
    old, new = tlv(0xA3, seq(plain, usage)), tlv(0xA3, seq(basic, usage))
    head = 4 if said[1] == 0x82 else 3
    assert old in said
    return said[head:].replace(old, new)


@KINDS
def test_terms_are_told(gost: bool) -> None:
    early, late = person(gost, end=SIGNED_AT - timedelta(days=1)), person(gost, start=SIGNED_AT + timedelta(days=1))
    cast = house(gost)
    assert one(signed(CONTENT, early, cast.centre), gost=gost).findings[0] == "expired_when_signed"
    assert one(signed(CONTENT, late, cast.centre), gost=gost).findings[0] == "not_yet_valid"
    since = person(gost, end=SIGNED_AT + timedelta(hours=1))
    found = one(signed(CONTENT, since, cast.centre), gost=gost)
    assert (found.state, found.findings) == ("open", ("expired_since", *ALWAYS))
    future = one(signed(CONTENT, cast.person, cast.centre, at=NOW + timedelta(days=1)), gost=gost)
    assert future.findings[0] == "not_yet_valid"
    assert one(signed(CONTENT, cast.person, cast.centre, at=NOW + timedelta(minutes=5)), gost=gost).state == "good"  # a clock that is ahead


def test_an_authority_that_had_expired_vouches_for_nobody() -> None:
    cast = house(False)
    old = certificate(rsa_key(6), name(cn="old"), 6, cast.root, authority=True, term=Term(end=SIGNED_AT - timedelta(days=1)))
    assert one(signed(CONTENT, person(by=old), old)).findings[0] == "issuer_unknown"


@pytest.mark.parametrize(
    ("term", "right"),
    [
        ({"uses": (MAIL,)}, True),
        ({"uses": ()}, True),
        ({"uses": ("1.3.6.1.5.5.7.3.36",)}, True),
        ({"uses": (SIGN_IN,)}, False),
        ({"uses": (STAMPS,)}, False),
        ({"usage": b"\x20"}, False),
        ({"more": (extension("1.2.3.4", octets(b""), critical=True),)}, False),
        ({"more": (extension("1.2.3.4", octets(b"")),)}, True),
    ],
)
def test_a_certificate_for_another_use_signs_no_document(term: dict[str, Any], right: bool) -> None:
    found = one(signed(CONTENT, person(**term), house(False).centre))
    assert ("wrong_usage" not in found.findings) is right


@KINDS
def test_lists_of_revoked_ones_are_heeded_and_their_absence_is_said(gost: bool) -> None:
    cast = house(gost)
    written = signed(CONTENT, cast.person, cast.centre)
    day = timedelta(days=1)
    of_root = revoked(cast.root, {}, NOW - day, NOW + day)
    fresh = revoked(cast.centre, {77: START}, NOW - day, NOW + day)
    assert one(written, believed=roots(cast.root, lists=(fresh, of_root))).findings == ("time_not_proven",)
    assert one(written, believed=roots(cast.root, lists=(fresh,))).findings == ALWAYS  # of the authority itself nothing was looked at
    stale = revoked(cast.centre, {}, NOW - 9 * day, NOW - day)
    assert one(written, believed=roots(cast.root, lists=(stale, of_root))).findings == (
        "time_not_proven",
        "crl_unusable",
        "revocation_not_checked",
    )
    gone = revoked(cast.centre, {3: SIGNED_AT + timedelta(hours=1)}, NOW - day, NOW + day)
    assert one(written, believed=roots(cast.root, lists=(gone, of_root))).findings == ("revoked", "time_not_proven")
    forged = revoked(replace(cast.centre, key=gost_key(5) if gost else rsa_key(8)), {3: START}, NOW - day, NOW + day)
    assert one(written, believed=roots(cast.root, lists=(forged, of_root))).state == "good"


@pytest.mark.parametrize("dotted", ["2.5.29.27", "2.5.29.28"])
def test_a_list_of_changes_or_of_some_certificates_does_not_stand_for_the_whole_one(dotted: str) -> None:
    cast, day = house(False), timedelta(days=1)
    written = signed(CONTENT, cast.person, cast.centre)
    of_root = revoked(cast.root, {}, NOW - day, NOW + day)
    part = extension(dotted, integer(1) if dotted == "2.5.29.27" else seq(), True)
    changes = revoked(cast.centre, {77: START}, NOW - day, NOW + day, part)
    found = one(written, believed=roots(cast.root, lists=(changes, of_root))).findings
    assert found == ("time_not_proven", "crl_unusable", "revocation_not_checked")
    gone = revoked(cast.centre, {3: START}, NOW - day, NOW + day, part)
    assert "revoked" in one(written, believed=roots(cast.root, lists=(gone, of_root))).findings


def test_a_time_stamp_that_leads_to_a_root_proves_the_time() -> None:
    cast = house(False)
    authority = certificate(rsa_key(6), name(cn="TSA"), 6, cast.root, term=Term(uses=(STAMPS,)))
    bare = signed(CONTENT, cast.person, cast.centre)
    over = bytes(cms.parse(bare)["signer_infos"][0]["signature"])
    at = SIGNED_AT + timedelta(minutes=1)
    found = one(signed(CONTENT, cast.person, cast.centre, unsigned=stamp(over, authority, at)))
    assert (found.stamped, found.findings) == (at, ("revocation_not_checked",))
    assert one(signed(CONTENT, cast.person, cast.centre, unsigned=stamp(b"else", authority, at))).findings == (
        "time_not_proven",
        "stamp_not_trusted",
        "revocation_not_checked",
    )
    mere = person()
    assert one(signed(CONTENT, cast.person, cast.centre, unsigned=stamp(over, mere, at))).stamped is None
    past = person(end=SIGNED_AT + timedelta(hours=1))
    bare = signed(CONTENT, past, cast.centre)
    over = bytes(cms.parse(bare)["signer_infos"][0]["signature"])
    kept = one(signed(CONTENT, past, cast.centre, unsigned=stamp(over, authority, at)))
    assert (kept.state, kept.findings) == ("good", ("revocation_not_checked",))


def test_a_weak_digest_and_an_unknown_one_are_told_apart() -> None:
    key = Rsa()
    key.digest_name = seq(oid("1.3.14.3.2.26"), tlv(0x05))
    weak = certificate(key, PERSON, 9, house(False).centre)
    assert one(signed(CONTENT, weak, house(False).centre)).findings[0] == "weak_algorithm"
    key.digest_name = seq(oid("1.2.3.4"), tlv(0x05))
    found = one(signed(CONTENT, certificate(key, PERSON, 10, house(False).centre), house(False).centre))
    assert (found.state, found.findings[0]) == ("open", "unknown_algorithm")


def test_signed_attributes_cut_out_and_shown_as_the_content_are_not_signed() -> None:
    cast = house(False)
    attributes = set_of(attribute("1.2.840.113549.1.9.3", oid(DATA)), attribute("1.2.840.113549.1.9.4", octets(b"x" * 32)))
    assert one(signed(attributes, cast.person, cast.centre, plain=True), attributes).findings[0] == "wrong_signature"


def test_a_reference_to_another_certificate_is_told() -> None:
    cast = house(False)
    for digest, right in ((cast.person.key.digest(cast.person.der), True), (b"x" * 32, False)):
        reference = attribute("1.2.840.113549.1.9.16.2.47", seq(seq(seq(octets(digest)))))
        found = one(signed(CONTENT, cast.person, cast.centre, more=(reference,)))
        assert ("other_certificate" not in found.findings) is right


def test_a_signature_without_its_certificate_names_nobody() -> None:
    cast = house(False)
    found = one(signed(CONTENT, replace(cast.person, der=cast.centre.der)))
    assert (found.person, found.findings[0]) == (None, "no_certificate")


def test_a_large_file_is_not_read_with_a_slow_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    written = signed(CONTENT, house().person, house().centre)
    monkeypatch.setattr(cms, "LARGEST_GOST", 10)
    found = one(written, gost=True)
    assert (found.state, found.findings[0]) == ("open", "too_large")
    monkeypatch.setattr(cms, "LARGEST", 10)
    with pytest.raises(InputError, match="too large"):
        one(written, gost=True)


@pytest.mark.parametrize(
    "written", [b"", b"0", b"\x30\x80", b"hello", b"%PDF-1.7", b"-----BEGIN CMS-----\n-----END CMS-----\n", b"0" * 1000]
)
def test_what_is_no_signature_is_refused(written: bytes) -> None:
    with pytest.raises(InputError, match="not an electronic signature"):
        one(written)


@pytest.mark.parametrize("gost", [True, False])
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_no_flipped_bit_leaves_a_good_signature_or_a_traceback(gost: bool, data: st.DataObject) -> None:
    cast = house(gost)
    written = bytearray(signed(CONTENT, cast.person, cast.centre))
    bit = data.draw(st.integers(0, len(written) * 8 - 1))
    written[bit // 8] ^= 1 << bit % 8
    try:
        found = one(bytes(written), gost=gost)
    except InputError:
        return
    same = found.person is not None and (found.person.name, found.stated, found.person.serial) == ("САРСЕНОВА АЙГЕРИМ", SIGNED_AT, "3")
    assert found.state != "good" or same  # what no signature covers, such as a version number, changes nothing that is said


@pytest.mark.parametrize("gost", [True, False])
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_cut_or_stuffed_signature_is_refused(gost: bool, data: st.DataObject) -> None:
    cast = house(gost)
    written = signed(CONTENT, cast.person, cast.centre)
    cut = data.draw(st.integers(1, len(written) - 1))
    with pytest.raises(InputError):
        one(written[:cut], gost=gost)
    with pytest.raises(InputError):
        one(written + data.draw(st.binary(min_size=1, max_size=9)), gost=gost)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_anything_at_all_gives_an_answer(written: bytes) -> None:
    for each in (written, b"\x30\x82" + len(written).to_bytes(2, "big") + written):
        with suppress(InputError):
            cms.check(each, b"", Roots(), NOW)


def test_openssl_makes_and_checks_the_same_rsa_signatures(tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    cast = house(False)
    (tmp_path / "c").write_bytes(CONTENT)
    (tmp_path / "ours.p7s").write_bytes(signed(CONTENT, cast.person, cast.centre))
    (tmp_path / "root.pem").write_bytes(cast.root.pem)
    verify = ["openssl", "cms", "-verify", "-inform", "DER", "-in", "ours.p7s", "-content", "c", "-binary", "-CAfile", "root.pem"]
    assert subprocess.run([*verify, "-purpose", "any"], cwd=tmp_path, capture_output=True, timeout=60).returncode == 0
    assert isinstance(cast.person.key, Rsa)
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = cast.person.key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for file, content in (("key.pem", key), ("person.pem", cast.person.pem), ("centre.pem", cast.centre.pem)):
        (tmp_path / file).write_bytes(content)
    for options in ([], ["-noattr"], ["-nodetach"], ["-cades"], ["-keyid"], ["-keyopt", "rsa_padding_mode:pss"]):
        sign = ["openssl", "cms", "-sign", "-binary", "-in", "c", "-signer", "person.pem", "-inkey", "key.pem", "-certfile", "centre.pem"]
        done = subprocess.run([*sign, "-outform", "DER", "-out", "theirs", *options], cwd=tmp_path, capture_output=True, timeout=60)
        if options == ["-keyid"] and done.returncode:
            continue  # the certificate has no identifier of its key
        assert done.returncode == 0, done.stderr
        found = cms.check((tmp_path / "theirs").read_bytes(), CONTENT, roots(cast.root), SIGNED_AT + timedelta(days=1000))
        assert {"content_differs", "wrong_signature", "other_certificate", "unreadable"}.isdisjoint(found[0].findings), options


def test_roots_are_read_from_pem_and_der_and_a_wrong_file_is_refused(tmp_path: Path) -> None:
    cast = house()
    day = timedelta(days=1)
    files = {
        "both.pem": cast.root.pem + cast.centre.pem,
        "root.der": cast.root.der,
        "list.crl": revoked(cast.centre, {}, NOW - day, NOW + day),
    }
    for file, content in files.items():
        (tmp_path / file).write_bytes(content)
    found = read_roots(tmp_path / file for file in files)
    assert (len(found.certificates), len(found.lists)) == (3, 1)
    for content in (b"", b"hello", b"\x30\x03\x02\x01\x01", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"):
        (tmp_path / "wrong").write_bytes(content)
        with pytest.raises(InputError, match="holds no certificate"):
            read_roots([tmp_path / "wrong"])
    with pytest.raises(InputError, match="cannot be read"):
        read_roots([tmp_path / "missing"])


def test_numbers_of_persons_are_masked() -> None:
    assert (masked("900101400123"), masked("12"), masked("")) == ("********0123", "12", "")
