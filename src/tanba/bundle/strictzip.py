"""The one strict form of a ZIP file: read by our own code, because `zipfile` is lenient where a forger could hide something.

What stands in front of an entry and what the directory says of it have to be the same, entries follow one another without gaps, and nothing
comes after the end.
"""

import io
import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

NAME = re.compile(r"(?=.{1,200}$)[a-zA-Z0-9_-][a-zA-Z0-9._-]*(/[a-zA-Z0-9_-][a-zA-Z0-9._-]*)*", re.ASCII)
MOST_FILES, LARGEST, LARGEST_TOGETHER, MOST_UNPACKED, SMALL = 10_000, 1 << 30, 4 << 30, 1_000, 1 << 20
LONGEST_NAME = 200
PIECE = 1 << 18
PLAIN, FOLDER = 20, 0x10
"""The version that reads deflated files; above it begin ZIP64 and encryption. The DOS attribute of folders."""

_LOCAL, _DIRECTORY, _END = struct.Struct("<4s5H3I2H"), struct.Struct("<4s6H3I5H2I"), struct.Struct("<4s4H2IH")


@dataclass(frozen=True, slots=True)
class Member:
    """One entry of the ZIP file, as its directory describes it."""

    name: str
    method: int
    crc: int
    packed: int
    size: int
    start: int
    needed: int
    moment: tuple[int, int]


def unpacked(file: BinaryIO, member: Member) -> Iterator[bytes]:
    """Raises ValueError or zlib.error where the packed bytes are not exactly one stream."""
    left, at = member.packed, member.start
    unpack = zlib.decompressobj(-15) if member.method else None
    while left:
        file.seek(at)
        piece = file.read(min(PIECE, left))
        if not piece:
            raise ValueError(member.name)
        left, at = left - len(piece), at + len(piece)
        while unpack and piece:
            yield unpack.decompress(piece, PIECE)
            piece = unpack.unconsumed_tail
            if unpack.unused_data:
                raise ValueError(member.name)
        if not unpack:
            yield piece
    if unpack and not unpack.eof:
        yield unpack.flush()
        if not unpack.eof:
            raise ValueError(member.name)


def members_of(file: BinaryIO) -> list[Member]:
    """Every entry, the whole form checked. Raises ValueError with the reason, struct.error where the file ends too early."""
    length = file.seek(0, io.SEEK_END)
    file.seek(max(length - _END.size, 0))
    signature, disk, first_disk, here, count, size, offset, comment = _END.unpack(file.read())
    if (signature, disk, first_disk, here, comment) != (b"PK\5\6", 0, 0, count, 0) or offset + size + _END.size != length:
        raise ValueError("no directory at its end")
    if count > MOST_FILES:
        raise ValueError("too many files")
    if size > count * (_DIRECTORY.size + LONGEST_NAME):
        raise ValueError("directory")
    file.seek(offset)
    directory, members, at = io.BytesIO(file.read(size)), [], 0
    for _ in range(count):
        member = _described(directory, at)
        _check_local(file, at, member)
        members.append(member)
        at = member.start + member.packed
    if at != offset or directory.read(1):
        raise ValueError("gap")
    _check_names([member.name for member in members])
    if sum(member.size for member in members) > LARGEST_TOGETHER:
        raise ValueError("too large")
    return members


def _described(directory: io.BytesIO, at: int) -> Member:
    """The next entry of the directory, which has to begin at `at` in the file."""
    fields = _DIRECTORY.unpack(directory.read(_DIRECTORY.size))
    signature, _, needed, flags, method, clock, day, crc, packed, size, name_length, extra, comment, disk, _, attributes, offset = fields
    name = directory.read(name_length).decode("ascii", "replace")
    kind = attributes >> 28
    bomb = size > SMALL and size > MOST_UNPACKED * max(packed, 1)
    if signature != b"PK\1\2" or flags or extra or comment or disk or method not in (0, 8) or kind not in (0, 8) or offset != at:
        raise ValueError(repr(name[:80]))
    if needed > PLAIN or attributes & FOLDER or bomb or size > LARGEST or (not method and packed != size):
        raise ValueError(repr(name[:80]))
    return Member(name, method, crc, packed, size, at + _LOCAL.size + name_length, needed, (clock, day))


def _check_local(file: BinaryIO, at: int, member: Member) -> None:
    file.seek(at)
    signature, *fields, name_length, extra = _LOCAL.unpack(file.read(_LOCAL.size))
    same = (fields, extra) == ([member.needed, 0, member.method, *member.moment, member.crc, member.packed, member.size], 0)
    if signature != b"PK\3\4" or not same or file.read(name_length) != member.name.encode():
        raise ValueError(repr(member.name[:80]))


def _check_names(names: list[str]) -> None:
    known = {name.lower() for name in names}
    folders = {"/".join(parts[:depth]) for parts in (name.split("/") for name in known) for depth in range(1, len(parts))}
    if len(known) != len(names) or known & folders or names != sorted(names):
        raise ValueError("names")
    for name in names:
        if not NAME.fullmatch(name):
            raise ValueError(repr(name[:80]))
