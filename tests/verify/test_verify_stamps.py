"""Time stamps: by `openssl ts`, and built byte by byte so that each part can be wrong; both checkers say the same."""

import hashlib
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from verify.both import NODE, ask_page, b64, checker, needs_node
from verify.stamps import SHA1_OID, STAMPING, Party, Token, der, issue, oid, openssl_response

TEXT = b"tanba.example/4f1c2a9b\n7\nroot\n"
GOOD = "2026-11-22T09:31:00Z"
SERVER = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.1")
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs the openssl command to make time stamps")


def by_script(response: bytes, text: bytes, pem: bytes) -> Any:
    try:
        return f"{checker.check_stamp(response, text, checker.parse_roots(pem)):%Y-%m-%dT%H:%M:%SZ}"
    except checker.FoundError as found:
        return list(found.finding[:2])
    except checker.UntrustedError as error:
        return ["untimed", str(error)]


def by_page(requests: list[tuple[bytes, bytes, bytes]]) -> list[Any]:
    return [
        answer["value"] for answer in ask_page([{"op": "stamp", "data": b64(r), "text": b64(t), "tsa": b64(p)} for r, t, p in requests])
    ]


def table() -> dict[str, tuple[bytes, bytes, Any]]:
    """Name: response, roots, what has to come out."""
    root = issue("Root", None, ca=True, seed="root")
    good = issue("Authority", root, seed="authority")
    untrusted, altered = ["untimed", "stamp_untrusted"], ["altered", "stamp_signature"]
    form, unsupported = ["altered", "stamp_form"], ["untimed", "stamp_unsupported"]

    def token(signer: Party = good, *chain: Party, **fields: Any) -> bytes:
        return Token(TEXT, signer, [party.der for party in (signer, *chain)], **fields).response()

    def flip_last(signature: bytes) -> bytes:
        return signature[:-1] + bytes([signature[-1] ^ 1])

    middle = issue("Middle", root, ca=True, depth=0)
    lower = issue("Lower", middle, ca=True)
    tight = issue("Tight", None, ca=True, depth=0)
    under_tight = issue("Under", tight, ca=True)
    own = issue("Own", None)
    long_gone = issue("Gone", root, ca=True, days=(-900, -800))
    no_signer = Token(TEXT, good).response()
    whole = token()
    rows: dict[str, tuple[bytes, bytes, Any]] = {
        "good": (whole, root.pem, GOOD),
        "good, two roots": (whole, issue("Other", None, ca=True).pem + root.pem, GOOD),
        "granted with changes": (token(status=1), root.pem, GOOD),
        "refused": (token(status=2), root.pem, ["untimed", "stamp_refused"]),
        "bound by SHA-1 (ESSCertID)": (token(bind="v1"), root.pem, GOOD),
        "signer named by key identifier": (token(by_key_identifier=True), root.pem, GOOD),
        "time with a fraction": (token(time=b"20261122093100.25Z"), root.pem, GOOD),
        "time with a fraction that ends in 0": (token(time=b"20261122093100.50Z"), root.pem, form),
        "time without a Z": (token(time=b"20261122093100"), root.pem, form),
        "31 November": (token(time=b"20261131093100Z"), root.pem, form),
        "other text": (token(imprint=hashlib.sha256(b"x").digest()), root.pem, ["altered", "stamp_other"]),
        "short imprint": (token(imprint=hashlib.sha256(TEXT).digest()[:31]), root.pem, ["altered", "stamp_other"]),
        "imprint by SHA-1": (token(imprint_oid=SHA1_OID, imprint=hashlib.sha1(TEXT).digest()), root.pem, unsupported),
        "TSTInfo of version 2": (token(info_version=2), root.pem, form),
        "signature spoiled": (token(spoil=flip_last), root.pem, altered),
        "signature empty": (token(spoil=lambda _: b""), root.pem, altered),
        "message digest of something else": (token(digest=bytes(32)), root.pem, altered),
        "content type of something else": (token(content_type="1.2.840.113549.1.7.1"), root.pem, altered),
        "an attribute twice": (token(more_attributes=(der(0x30, oid("1.2.840.113549.1.9.4"), der(0x31, der(4, b"x"))),)), root.pem, form),
        "another attribute": (token(more_attributes=(der(0x30, oid("1.2.3.4"), der(0x31, der(5))),)), root.pem, GOOD),
        "certificate not bound": (token(bind=""), root.pem, unsupported),
        "bound to another certificate": (token(certificate_digest=bytes(32)), root.pem, ["untimed", "stamp_no_certificate"]),
        "no certificate": (no_signer, root.pem, ["untimed", "stamp_no_certificate"]),
        "names another serial number": (token(serial_shift=1), root.pem, altered),
        "signature algorithm unknown": (token(signature_oid="1.2.3.4"), root.pem, unsupported),
        "signature algorithm of another key": (token(signature_oid="1.2.840.113549.1.1.11"), root.pem, unsupported),
        "self-signed signer": (token(own), root.pem, untrusted),
        "self-signed signer that is a root": (token(own), own.pem, untrusted),
        "another root of the same name": (whole, issue("Root", None, ca=True).pem, untrusted),
        "through an authority between": (token(issue("A", middle), middle), root.pem, GOOD),
        "authority between missing": (token(issue("A", middle)), root.pem, untrusted),
        "authority between as a root": (token(issue("A", middle)), middle.pem, GOOD),
        "authority between not allowed to have one below": (token(issue("A", lower), lower, middle), root.pem, untrusted),
        "root not allowed to have one below": (token(issue("A", under_tight), under_tight), tight.pem, untrusted),
        "root directly, none below": (token(issue("A", tight)), tight.pem, GOOD),
        "authority between is none": (token(issue("A", issue("B", root)), issue("B", root)), root.pem, untrusted),
        "authority between expired": (token(issue("A", long_gone), long_gone), root.pem, untrusted),
        "authority between may not sign certificates": (
            token(issue("A", bad := issue("M", root, ca=True, usage="crl")), bad),
            root.pem,
            untrusted,
        ),
        "authority between may": (token(issue("A", fine := issue("M", root, ca=True, usage="certificates")), fine), root.pem, GOOD),
        "purpose not critical": (token(issue("A", root, critical=False)), root.pem, untrusted),
        "purpose not alone": (token(issue("A", root, purposes=(STAMPING, SERVER))), root.pem, untrusted),
        "other purpose": (token(issue("A", root, purposes=(SERVER,))), root.pem, untrusted),
        "no purpose": (token(issue("A", root, purposes=())), root.pem, untrusted),
        "may sign data": (token(issue("A", root, usage="data")), root.pem, GOOD),
        "may not sign data": (token(issue("A", root, usage="crl")), root.pem, untrusted),
        "expired when it signed": (token(issue("A", root, days=(-100, -1))), root.pem, untrusted),
        "not yet in force": (token(issue("A", root, days=(1, 100))), root.pem, untrusted),
        "expired since": (token(issue("A", root, days=(-100, 1))), root.pem, GOOD),
        "a critical extension nobody knows": (token(issue("A", root, odd=True)), root.pem, untrusted),
        "empty": (b"", root.pem, form),
        "surplus byte": (whole + b"\0", root.pem, form),
        "cut": (whole[:-1], root.pem, form),
        "indefinite length": (b"\x30\x80" + whole[4:] + b"\0\0", root.pem, form),
        "length not in its shortest form": (b"\x30\x83\0" + whole[2:], root.pem, form),
        "length over the end": (b"\x30\x84\xff\xff\xff\xff" + whole[4:], root.pem, form),
        "long tag": (b"\x3f\x81" + whole[1:], root.pem, form),
        "nested 100,000 deep": (b"\x30\x80" * 100000, root.pem, form),
    }
    for scheme in ("rsa", "p384", "p521", "ed25519"):
        top = issue("Root", None, scheme, ca=True)
        signer = issue("Authority", top, scheme)
        rows[f"by {scheme}"] = (token(signer), top.pem, GOOD)
        rows[f"by {scheme}, spoiled"] = (token(signer, spoil=lambda signature: bytes([signature[0] ^ 1]) + signature[1:]), top.pem, altered)
    return rows


ROWS = table()


@pytest.fixture(scope="module")
def page() -> dict[str, Any]:
    return dict(zip(ROWS, by_page([(response, TEXT, pem) for response, pem, _ in ROWS.values()]), strict=True)) if NODE else {}


@pytest.mark.parametrize("name", ROWS)
def test_script(name: str) -> None:
    response, pem, expected = ROWS[name]
    assert by_script(response, TEXT, pem) == expected


@needs_node
@pytest.mark.parametrize("name", ROWS)
def test_page(name: str, page: dict[str, Any]) -> None:
    assert page[name] == ROWS[name][2]


@needs_node
def test_bits_of_a_token() -> None:
    """Both say the same about each; where the time still holds, the bit lay in what nobody signs."""
    response, pem, _ = ROWS["good"]
    bits = random.Random(5).sample(range(len(response) * 8), 400)
    broken = []
    for bit in bits:
        data = bytearray(response)
        data[bit >> 3] ^= 1 << (bit & 7)
        broken.append(bytes(data))
    answers = by_page([(data, TEXT, pem) for data in broken])
    said = [by_script(data, TEXT, pem) for data in broken]
    assert said == answers
    assert said.count(GOOD) < 40
    assert all(answer == GOOD or answer[0] in ("altered", "untimed") for answer in said)


@needs_node
@needs_openssl
@pytest.mark.parametrize(
    ("scheme", "options"),
    [("rsa", {}), ("p256", {}), ("p384", {"digest": "sha512"}), ("rsa", {"ess": "sha1"}), ("p521", {"ess": "sha384", "digest": "sha384"})],
)
def test_tokens_by_openssl(scheme: str, options: dict[str, str], tmp_path: Path) -> None:
    root = issue("Root", None, scheme, ca=True)
    middle = issue("Middle", root, scheme, ca=True)
    signer = issue("Authority", middle, scheme, usage="data")
    response = openssl_response(TEXT, signer, [middle], tmp_path, **options)
    cases: list[tuple[bytes, bytes, Callable[[Any], bool]]] = [
        (TEXT, root.pem, lambda said: isinstance(said, str) and said.startswith("20")),
        (TEXT + b" ", root.pem, lambda said: said == ["altered", "stamp_other"]),
        (TEXT, signer.pem, lambda said: said == ["untimed", "stamp_untrusted"]),
    ]
    answers = by_page([(response, text, pem) for text, pem, _ in cases])
    for (text, pem, holds), answer in zip(cases, answers, strict=True):
        assert holds(answer), answer
        assert by_script(response, text, pem) == answer
