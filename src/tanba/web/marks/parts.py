"""Refusing files made to keep a server busy: millions of chunks, frames or passes that every reader has to walk through.

Each format's parts are walked with a weight for what they cost readers; the walk ends where the sum is too much.
"""

import struct
from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate

MOST = 300_000
"""Sum of weights. Pictures of 50 MB as cameras and editors write them stay below a tenth of it."""

PART, SMALL = 100, 1
SCANS = 200
"""Passes over all pixels of a progressive JPEG; encoders write about ten."""


def too_many(data: bytes, media_type: str) -> bool:
    """Whether the file has more parts than the server walks through."""
    if media_type == "image/jpeg" and data.count(b"\xff\xda") > SCANS:
        return True
    walk = WALKS.get(media_type)
    return walk is not None and any(total > MOST for total in accumulate(walk(data)))


def _png(data: bytes) -> Iterator[int]:
    at = 8
    while at + 8 <= len(data):
        yield PART // 5
        at += 12 + int.from_bytes(data[at : at + 4], "big")


def _riff(data: bytes) -> Iterator[int]:
    at = 12
    while at + 8 <= len(data):
        yield PART
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        at += 8 + size + size % 2


def _boxes(data: bytes) -> Iterator[int]:
    at = 0
    while at + 8 <= len(data):
        yield PART
        at += max(8, int.from_bytes(data[at : at + 4], "big"))


def _jpeg(data: bytes) -> Iterator[int]:
    """Segments up to the first pass; bytes that belong to none count too."""
    at = 2
    while at + 4 <= len(data) and data[at : at + 2] != b"\xff\xda":
        yield PART
        whole = data[at] == 0xFF and data[at + 1] not in (0, 0xFF)
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big") if whole else 1


def _gif(data: bytes) -> Iterator[int]:
    at = 13 + _table(data[10:11])
    while at < len(data) and data[at] != 0x3B:
        yield PART
        if data[at] == 0x2C:
            at += 11 + _table(data[at + 9 : at + 10])
        elif data[at] == 0x21:
            at += 2
        else:
            at += 1
            continue
        while at < len(data) and data[at]:
            yield SMALL
            at += 1 + data[at]
        at += 1


def _table(flags: bytes) -> int:
    """Bytes of a colour table."""
    return 3 << (flags[0] & 7) + 1 if flags and flags[0] & 0x80 else 0


def _tiff(data: bytes) -> Iterator[int]:
    """Folders in their chain, with their entries."""
    short, long = ("<H", "<I") if data[:2] == b"II" else (">H", ">I")
    try:
        (at,) = struct.unpack_from(long, data, 4)
        while at:
            (entries,) = struct.unpack_from(short, data, at)
            yield PART + entries
            (at,) = struct.unpack_from(long, data, at + 2 + 12 * entries)
    except struct.error:
        return  # beyond the end


WALKS: Mapping[str, Callable[[bytes], Iterator[int]]] = {
    "image/png": _png,
    "image/webp": _riff,
    "image/avif": _boxes,
    "image/jpeg": _jpeg,
    "image/gif": _gif,
    "image/tiff": _tiff,
}
