"""RFC 3161 time stamps over the text of a checkpoint: ask an authority, check an answer."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from tanba.errors import EvidenceError, InputError, NetworkError
from tanba.net import post

GRANTED = (0, 1)


def ask(address: str, text: str) -> bytes:
    """A time stamp over `text` from the authority at `address`: the response, DER. Raises NetworkError."""
    asked = TimestampRequestBuilder().data(text.encode()).hash_algorithm(HashAlgorithm.SHA256).build()
    answer = post(address, asked.as_bytes(), "application/timestamp-query")
    try:
        response = _decode(answer.body)
        fits = response.status in GRANTED and response.tst_info.nonce == asked.nonce and _imprint(response) == _digest(text)
    except EvidenceError:
        fits = False
    if answer.status != 200 or not fits:
        raise NetworkError(
            "{address} gave no time stamp (status {status})", "Is this a time-stamping authority?", address=address, status=answer.status
        )
    return answer.body


def check(written: bytes, text: str, roots: Sequence[x509.Certificate]) -> datetime | None:
    """When `text` existed at the latest; None where the stamp leads to none of `roots`.

    Raises EvidenceError where it is not over `text`.
    """
    response = _decode(written)
    if response.status not in GRANTED or _imprint(response) != _digest(text):
        raise EvidenceError("the time stamp is not over this checkpoint")
    if not roots:
        return None
    builder = VerifierBuilder()
    for root in roots:
        builder = builder.add_root_certificate(root)
    try:
        builder.build().verify_message(response, text.encode())
    except (VerificationError, ValueError):
        return None
    return response.tst_info.gen_time


def read_roots(path: Path) -> list[x509.Certificate]:
    """Certificates of a PEM file. Raises InputError."""
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError) as error:
        raise InputError("holds no certificates: {problem}", "Give a PEM file with the roots you trust.", path, problem=error) from None


def _decode(written: bytes) -> TimeStampResponse:
    try:
        response = decode_timestamp_response(_with_sorted_certificates(written))
        _imprint(response)
    except (ValueError, IndexError):
        raise EvidenceError("is not a time stamp") from None
    return response


def _with_sorted_certificates(written: bytes) -> bytes:
    """The response with its certificates in DER's order, on which the library insists and OpenSSL does not.

    No signature covers their order.
    """
    inner, at = written, 0
    for step in (0, 1, 1, 0):  # TimeStampResp → ContentInfo → [0] → SignedData
        start, stop = _parts(inner)[step]
        head = _head(inner[start:stop])
        at, inner = at + start + head, inner[start + head : stop]
    for start, stop in _parts(inner):
        if inner[start] == 0xA0:
            low = start + _head(inner[start:stop])
            certificates = inner[low:stop]
            ordered = b"".join(sorted(certificates[a:b] for a, b in _parts(certificates)))
            return written[: at + low] + ordered + written[at + stop :]
    return written


def _parts(content: bytes) -> list[tuple[int, int]]:
    """Where each DER value in `content` begins and ends."""
    found, at = [], 0
    while at < len(content):
        head = _head(content[at:])
        length = content[at + 1]
        if length & 0x80:
            length = int.from_bytes(content[at + 2 : at + head], "big")
        found.append((at, at + head + length))
        at += head + length
    return found


def _head(value: bytes) -> int:
    """Bytes of tag and length."""
    return 2 + (value[1] & 0x7F if value[1] & 0x80 else 0)


def _imprint(response: TimeStampResponse) -> tuple[str, bytes]:
    imprint = response.tst_info.message_imprint
    return imprint.hash_algorithm.dotted_string, imprint.message


def _digest(text: str) -> tuple[str, bytes]:
    return "2.16.840.1.101.3.4.2.1", hashlib.sha256(text.encode()).digest()
