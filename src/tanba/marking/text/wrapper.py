"""C2PATextManifestWrapper: a C2PA manifest store inside plain text (C2PA 2.4, annex A.8; A.7 in 2.3).

U+FEFF, then one selector for each byte of: `C2PATXT` and a zero byte, version 1, length of the manifest (four bytes, big-endian), the
manifest. The text is in normal form C, and there is one wrapper, at the end. The hash of the manifest leaves the wrapper out: its range
is known before the manifest is, where the wrapper is padded to a length fixed beforehand.
"""

import re
import struct
import unicodedata
from dataclasses import dataclass

from tanba.errors import InputError
from tanba.marking.text.bytewise import CLASS, MARK_OF_WRAPPER, decode, encode
from tanba.marking.text.normal import normal

MAGIC, VERSION = b"C2PATXT\0", 1
CORRUPTED, MULTIPLE = "manifest.text.corruptedWrapper", "manifest.text.multipleWrappers"
"""Status codes of C2PA for what is wrong with a wrapper."""

_HEAD = struct.Struct(">8sBI")
_WRAPPER = re.compile(f"{MARK_OF_WRAPPER}{encode(MAGIC)}[{CLASS}]*")
_PADDING = re.compile(rb"\x00*\xff*")


@dataclass(frozen=True, slots=True)
class Found:
    """What was found: the manifest where it is whole, where the wrapper lies, and what is wrong, in C2PA's code and in English.

    `start` and `length` count bytes of UTF-8 and are the exclusion of `c2pa.hash.data`. They hold for the text as it was given; where
    `normal` is False it is not in form C and has to be brought there before hashing.
    """

    manifest: bytes | None
    start: int
    length: int
    code: str = ""
    problem: str = ""
    normal: bool = True


def room(size: int) -> int:
    """Bytes of UTF-8 that a wrapper around `size` bytes never exceeds; with 6 more than the worst case any gap can be padded."""
    return 3 + 4 * (_HEAD.size + size) + 6


def wrap(manifest: bytes, length: int | None = None) -> str:
    """The wrapper; `length` pads it to so many bytes of UTF-8. Raises InputError where that cannot be."""
    bare = MARK_OF_WRAPPER + encode(_HEAD.pack(MAGIC, VERSION, len(manifest)) + manifest)
    if length is None:
        return bare
    gap = length - len(bare.encode())
    if gap < 0 or gap in (1, 2, 5):
        raise InputError("a wrapper of {found} bytes cannot be padded to {length}", found=length - gap, length=length)
    threes = -gap % 4  # 3a + 4b = gap
    return bare + encode(b"\x00" * threes + b"\xff" * ((gap - 3 * threes) // 4))


def embed_manifest(text: str, manifest: bytes, length: int | None = None) -> str:
    """`text` in normal form C with the wrapper at its end, in place of one that was there. Raises InputError as `wrap` does."""
    return normal("NFC", strip_manifest(text)) + wrap(manifest, length)


def strip_manifest(text: str) -> str:
    """`text` without wrappers, sound or not."""
    return _WRAPPER.sub("", text)


def read_manifest(text: str) -> Found | None:
    """What `text` carries, None without a wrapper. Never raises: what is wrong stands in the result."""
    matches = list(_WRAPPER.finditer(text))
    if not matches:
        return None
    first = matches[0]
    start, length = _size(text[: first.start()]), _size(first[0])
    normal = unicodedata.is_normalized("NFC", text)
    if len(matches) > 1:
        return Found(None, start, length, MULTIPLE, f"{len(matches)} wrappers where one is allowed", normal)
    manifest, problem = _open(decode(first[0][1:]))
    return Found(manifest, start, length, CORRUPTED if problem else "", problem, normal)


def _open(data: bytes) -> tuple[bytes | None, str]:
    if len(data) < _HEAD.size:
        return None, f"the wrapper's head has {len(data)} bytes instead of {_HEAD.size}"
    _, version, size = _HEAD.unpack_from(data)
    manifest, rest = data[_HEAD.size : _HEAD.size + size], data[_HEAD.size + size :]
    if version != VERSION:
        return None, f"version {version} of the wrapper is not known"
    if len(manifest) < size:
        return None, f"the manifest has {len(manifest)} bytes instead of {size}: the text was cut"
    if not _PADDING.fullmatch(rest):
        return None, f"{len(rest)} bytes that are no padding follow the manifest"
    return manifest, ""


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
