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
MOST_PARTS = 100
"""Values beside one another in a time stamp."""


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
    start, stop = 0, len(written)
    for step in (0, 1, 1, 0):  # TimeStampResp → ContentInfo → [0] → SignedData
        start, stop = _inside(written, *_parts(written, start, stop)[step])
    for low, high in _parts(written, start, stop):
        if written[low] == 0xA0:
            low, high = _inside(written, low, high)
            ordered = b"".join(sorted(written[a:b] for a, b in _parts(written, low, high)))
            return written[:low] + ordered + written[high:]
    return written


def _parts(content: bytes, start: int, stop: int) -> list[tuple[int, int]]:
    """Where each DER value between two places begins and ends. Raises ValueError on more than any time stamp has."""
    found: list[tuple[int, int]] = []
    while start < stop:
        end = _inside(content, start, stop)[1]
        found.append((start, end))
        if len(found) > MOST_PARTS:
            raise ValueError
        start = end
    return found


def _inside(content: bytes, start: int, stop: int) -> tuple[int, int]:
    """Where the content of the DER value at `start` begins and ends. Raises ValueError or IndexError."""
    length, low = content[start + 1], start + 2
    if length & 0x80:
        low += length & 0x7F
        length = int.from_bytes(content[start + 2 : low], "big")
    if low + length > stop:
        raise ValueError
    return low, low + length


def _imprint(response: TimeStampResponse) -> tuple[str, bytes]:
    imprint = response.tst_info.message_imprint
    return imprint.hash_algorithm.dotted_string, imprint.message


def _digest(text: str) -> tuple[str, bytes]:
    return "2.16.840.1.101.3.4.2.1", hashlib.sha256(text.encode()).digest()
