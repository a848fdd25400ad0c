"""Inputs from inputs: bits and bytes for any file, whole blocks for files made of blocks. Deterministic from a generator's seed."""

import struct
import zlib
from collections.abc import Callable, Sequence
from random import Random

PNG = b"\x89PNG\r\n\x1a\n"
LARGEST = 1 << 16
NUMBERS = (0, 1, 2, 7, 8, 9, 127, 128, 255, 256, 32767, 32768, 50_000, 65535, 1 << 24, (1 << 31) - 1, 1 << 31, (1 << 32) - 1)

Block = bytes
"""A part of a file that says its own length, or the rest of it."""


def mutated(data: bytes, random: Random, words: Sequence[bytes], others: Sequence[bytes]) -> bytes:
    """`data` after a few changes; `words` are put in, parts of `others` too."""
    for _ in range(1 << random.randrange(4)):
        if data[4:8] == b"jumb" and random.random() < 0.8:
            data = _superbox(data, random, words, others)
        elif random.random() < 0.4 and (split := splitter(data)):
            data = _shuffled(data, split, random, others)
        else:
            data = random.choice(CHANGES)(data, random, words, others)
    return data[:LARGEST]


def splitter(data: bytes) -> "Splitter | None":
    """(blocks of a file, the file of blocks) for the kind of file that this is."""
    if data.startswith(PNG):
        return _png, _join_png
    if data.startswith(b"\xff\xd8"):
        return _jpeg, b"".join
    if data.startswith(b"RIFF"):
        return _riff, _join_riff
    return (_boxes, b"".join) if data[4:8] == b"ftyp" else None


def _superbox(data: bytes, random: Random, words: Sequence[bytes], others: Sequence[bytes]) -> bytes:
    """A box of boxes (JUMBF) changed somewhere inside, with its length true again."""
    inner = _boxes(data[8:])
    chosen = random.randrange(len(inner))
    if random.random() < 0.3:
        body = _shuffled(data[8:], (_boxes, b"".join), random, [other[8:] for other in others])
    else:
        one = inner[chosen]
        deeper = (
            _superbox(one, random, words, others)
            if one[4:8] == b"jumb"
            else one[:8] + random.choice(CHANGES)(one[8:], random, words, others)
        )
        inner[chosen] = deeper if len(one) < 8 else struct.pack(">I", len(deeper)) + deeper[4:]
        body = b"".join(inner)
    return struct.pack(">I", 8 + len(body)) + data[4:8] + body


def _shuffled(data: bytes, split: "Splitter", random: Random, others: Sequence[bytes]) -> bytes:
    """Blocks taken out, said twice, swapped, grown from the inside, or taken from another file."""
    blocks = split[0](data)
    one, two = random.randrange(len(blocks)), random.randrange(len(blocks))
    other = random.choice(others) if others else data
    strange = split[0](other) if splitter(other) == split else [other]
    way = random.randrange(5)
    if way == 0 and len(blocks) > 1:
        del blocks[one]
    elif way == 1:
        blocks.insert(two, blocks[one])
    elif way == 2:
        blocks[one], blocks[two] = blocks[two], blocks[one]
    elif way == 3:
        blocks.insert(one, random.choice(strange))
    else:
        blocks[one] = random.choice(CHANGES)(blocks[one], random, (), others)
    return split[1](blocks)


def _png(data: bytes) -> list[Block]:
    """The signature, then chunks without their check sums."""
    found, at = [data[:8]], 8
    while at + 12 <= len(data) and (end := at + 12 + int.from_bytes(data[at : at + 4])) <= len(data):
        found.append(data[at : end - 4])
        at = end
    return [*found, data[at:]]


def _join_png(blocks: Sequence[Block]) -> bytes:
    return b"".join(
        each if number == 0 or len(each) < 8 else each + struct.pack(">I", zlib.crc32(each[4:])) for number, each in enumerate(blocks)
    )


def _jpeg(data: bytes) -> list[Block]:
    found, at = [data[:2]], 2
    while data[at : at + 1] == b"\xff" and data[at + 1 : at + 2] != b"\xda" and at + 4 <= len(data):
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4])
        found.append(data[at:end])
        at = end
    return [*found, data[at:]]


def _riff(data: bytes) -> list[Block]:
    found, at = [data[:12]], 12
    while at + 8 <= len(data):
        end = at + 8 + (size := int.from_bytes(data[at + 4 : at + 8], "little")) + size % 2
        found.append(data[at:end])
        at = end
    return [*found, data[at:]]


def _join_riff(blocks: Sequence[Block]) -> bytes:
    whole = b"".join(blocks)
    return whole[:4] + struct.pack("<I", max(0, len(whole) - 8)) + whole[8:]


def _boxes(data: bytes) -> list[Block]:
    found, at = [], 0
    while at + 8 <= len(data):
        end = at + max(8, int.from_bytes(data[at : at + 4]))
        found.append(data[at:end])
        at = end
    return [*found, data[at:]]


def _flip(data: bytes, random: Random, *_: object) -> bytes:
    changed = bytearray(data or b"\0")
    for _time in range(random.randrange(1, 4)):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def _cut(data: bytes, random: Random, *_: object) -> bytes:
    return data[: random.randrange(len(data) + 1)]


def _taken(data: bytes, random: Random, *_: object) -> bytes:
    start = random.randrange(len(data) + 1)
    return data[:start] + data[start + (1 << random.randrange(10)) :]


def _number(data: bytes, random: Random, *_: object) -> bytes:
    """A number of one, two or four bytes that a length or a size may be."""
    form = random.choice(("<B", ">H", "<H", ">I", "<I"))
    size = struct.calcsize(form)
    at = random.randrange(len(data) + 1)
    return data[:at] + struct.pack(form, random.choice(NUMBERS) % (1 << 8 * size)) + data[at + size :]


def _word(data: bytes, random: Random, words: Sequence[bytes], _: object) -> bytes:
    at = random.randrange(len(data) + 1)
    over = random.choice((0, 1)) * random.randrange(8)
    return (
        data[:at] + (random.choice(words) if words else b"\0" * (1 << random.randrange(8))) * (1 << random.randrange(4)) + data[at + over :]
    )


def _twice(data: bytes, random: Random, *_: object) -> bytes:
    start = random.randrange(len(data) + 1)
    part = data[start : start + (1 << random.randrange(10))]
    return data[:start] + part * (1 << random.randrange(1, 5)) + data[start + len(part) :]


def _spliced(data: bytes, random: Random, _: object, others: Sequence[bytes]) -> bytes:
    other = random.choice(others) if others else data
    start = random.randrange(len(other) + 1)
    at = random.randrange(len(data) + 1)
    return data[:at] + other[start : start + (1 << random.randrange(12))] + data[at:]


Splitter = tuple[Callable[[bytes], list[Block]], Callable[[Sequence[Block]], bytes]]
CHANGES: Sequence[Callable[[bytes, Random, Sequence[bytes], Sequence[bytes]], bytes]] = (
    *(_flip, _flip, _cut, _taken, _number, _number, _word, _word, _twice, _spliced),
)
