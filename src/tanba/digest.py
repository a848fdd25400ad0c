"""Digests, commitments and canonical JSON.

Sealed JSON holds strings, integers, booleans, null, lists and objects with ASCII keys; no floats (ADR: design decision 5). For
such values sorted keys without white space equal RFC 8785.
"""

import hashlib
import json
from typing import Any

MOST = (1 << 53) - 1
"""The largest integer of canonical JSON."""


def sha256(data: bytes) -> str:
    """Lower-case hexadecimal SHA-256 of `data` (FIPS 180-4)."""
    return hashlib.sha256(data).hexdigest()


def commit(salt: bytes, content_digest: bytes) -> bytes:
    """A commitment that says nothing without its salt: SHA-256("tanba.commitment/1" LF salt digest)."""
    return hashlib.sha256(b"tanba.commitment/1\n" + salt + content_digest).digest()


def canonical_json(value: Any) -> bytes:
    """UTF-8 canonical JSON of `value`. Raises TypeError on floats and on keys that are not ASCII text, ValueError beyond ±(2^53 − 1).

    >>> canonical_json({"b": [1, None], "a": "таңба"}).decode()
    '{"a":"таңба","b":[1,null]}'
    """
    _refuse(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


_LEAVES = (str, bool, type(None))


def _refuse(value: Any) -> None:
    kind = type(value)
    if kind is dict:
        for key, item in value.items():
            if not (isinstance(key, str) and key.isascii()):
                raise TypeError(f"key {key!r} is not ASCII text")
            if type(item) not in _LEAVES:
                _refuse(item)
    elif isinstance(value, float):
        raise TypeError("no floats in canonical JSON")
    elif isinstance(value, int) and abs(value) > MOST:
        raise ValueError("beyond what every reader of JSON keeps exactly")
    elif isinstance(value, list | tuple):
        for item in value:
            if type(item) not in _LEAVES:
                _refuse(item)
    elif isinstance(value, dict):  # of another kind
        _refuse(dict(value))
