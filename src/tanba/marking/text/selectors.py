"""`tanba.text-id/1`: an ID in variation selectors after each sentence, so that any whole sentence of a copy still tells it.

An ID is 13 selectors: a first one that says where it begins, eight bytes of the number, four of a keyed check (spec/text-mark.md). It
takes 52 bytes of UTF-8 or less. It is a pointer and no proof: whoever sees it can remove it, or copy it onto another text; what it
points to is kept elsewhere, with the text's fingerprint.
"""

import hmac
import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from tanba.errors import InputError
from tanba.marking.text.bytewise import CLASS, MARK_OF_WRAPPER, decode, encode
from tanba.marking.text.sentences import START, Weaver

SCHEMA = "tanba.text-id/1"
LARGEST = (1 << 64) - 1

_ID = re.compile(f"(?={START}([{CLASS}]{{12}}))")
_RUN = re.compile(f"(?<![{MARK_OF_WRAPPER}{CLASS}])([{CLASS}]?)(?:{START}[{CLASS}]{{12}})+(?![{CLASS}])")


class Read(NamedTuple):
    """One ID: the position of its issuer's secret among those tried, the number, how often it stood there."""

    issuer: int
    id: int
    copies: int


def token(id: int, secret: bytes) -> bytes:
    """The 12 bytes of an ID: the number, big-endian, and a check, HMAC-SHA256 (RFC 2104) cut to 32 bits. Raises InputError."""
    if not 0 <= id <= LARGEST:
        raise InputError("{id} is not a number of 64 bits", id=id)
    if not secret:
        raise InputError("an issuer's secret is empty")
    number = id.to_bytes(8, "big")
    return number + hmac.digest(secret, SCHEMA.encode() + b"\n" + number, "sha256")[:4]


def run_of(id: int, secret: bytes) -> str:
    """The 13 selectors of an ID. Raises InputError."""
    return START + encode(token(id, secret))


def embed_id(text: str, id: int, secret: bytes, *, markdown: bool = False) -> str:
    """`text` with the ID after each sentence and line. IDs that are there stay; a second time changes nothing. Raises InputError."""
    weaver = Weaver(run_of(id, secret), markdown=markdown)
    return weaver.feed(text) + weaver.close()


def read_ids(text: str, secrets: Sequence[bytes]) -> list[Read]:
    """IDs whose check one of the `secrets` makes, the most frequent first.

    By chance a foreign run passes one secret once in 2^32 times.
    """
    return check_tokens(Counter(map(decode, _ID.findall(text))), secrets)


def check_tokens(tokens: Counter[bytes], secrets: Sequence[bytes]) -> list[Read]:
    """Those of `tokens`, 12 bytes each, that one of the `secrets` makes, the most frequent first."""
    found = [
        Read(issuer, number, count)
        for given, count in tokens.items()
        for issuer, secret in enumerate(secrets)
        if hmac.compare_digest(given, token(number := int.from_bytes(given[:8], "big"), secret))
    ]
    return sorted(found, key=lambda read: (-read.copies, read.issuer, read.id))


def strip(text: str) -> str:
    """`text` without anybody's IDs; an emoji's own selector and a C2PA wrapper stay."""
    return _RUN.sub(r"\1", text)
