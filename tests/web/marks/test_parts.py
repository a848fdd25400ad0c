"""Files made of millions of parts are refused before any reader walks through them; pictures as they are written pass."""

import io
import struct
import time
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from marking.conftest import packed, scene
from tanba.errors import InputError
from tanba.marking.kinds import media_type_of
from tanba.web.marks.desk import refuse_huge
from tanba.web.marks.parts import WALKS, too_many

CHUNK = b"\0\0\0\0teXt" + struct.pack(">I", zlib.crc32(b"teXt"))
FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "GIF", "AVIF")


def tiny_gifs(count: int) -> bytes:
    frames = [Image.new("L", (1, 1), number % 255) for number in range(50)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    whole = out.getvalue()
    start = whole.index(b"\x21\xf9\x04")
    return whole[:start] + whole[start:-1] * (count // 50) + b";"


def small() -> tuple[bytes, bytes, bytes]:
    return packed(scene(80, 60)), packed(scene(80, 60), "PNG"), packed(scene(80, 60), "WEBP")


HOSTILE: dict[str, Callable[[], bytes]] = {
    "chunks.png": lambda: small()[1][:33] + CHUNK * 100_000 + small()[1][33:],
    "zeros.png": lambda: small()[1][:8] + bytes(10_000_000),
    "segments.jpg": lambda: small()[0][:2] + b"\xff\xfe\0\x02" * 100_000 + small()[0][2:],
    "zeros.jpg": lambda: b"\xff\xd8\xff" + bytes(10_000_000),
    "passes.jpg": lambda: small()[0] + b"\xff\xda" * 300,
    "chunks.webp": lambda: small()[2] + b"abcd\0\0\0\0" * 100_000,
    "frames.gif": lambda: tiny_gifs(100_000),
    "junk.gif": lambda: tiny_gifs(50)[:13] + bytes(10_000_000),
    "folders.tif": lambda: b"II*\0" + struct.pack("<I", 8) + b"".join(struct.pack("<HI", 0, 14 + 6 * n) for n in range(100_000)),
    "circle.tif": lambda: b"MM\0*" + struct.pack(">I", 8) + struct.pack(">HI", 0, 8),
    "boxes.avif": lambda: packed(scene(80, 60), "AVIF") + b"\0\0\0\x08free" * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_too_many_parts(name: str) -> None:
    data, begun = HOSTILE[name](), time.monotonic()
    with pytest.raises(InputError, match="too many parts"):
        refuse_huge(data, 10**9)
    assert time.monotonic() - begun < 3


@pytest.mark.parametrize("format", FORMATS)
def test_pictures_pass(format: str) -> None:
    options: dict[str, Any] = {"progressive": True} if format == "JPEG" else {}
    data = packed(scene(1500, 1000), format, **options)
    assert media_type_of(data) in WALKS
    refuse_huge(data, 1_500_000)
    with pytest.raises(InputError, match="pixels"):
        refuse_huge(data, 1_499_999)


@pytest.mark.parametrize("format", FORMATS)
def test_a_walk_ends_wherever_the_file_does(format: str) -> None:
    data = packed(scene(60, 50), format)
    media_type = media_type_of(data)
    for end in [*range(0, 120), *range(120, len(data), max(1, len(data) // 100))]:
        assert not too_many(data[:end], media_type)


def test_what_is_no_picture_is_left_to_others() -> None:
    refuse_huge(b"<html>", 1)
    with pytest.raises(InputError, match=r"cannot be read as a picture \(cannot identify image file\)"):
        refuse_huge(b"\x89PNG\r\n\x1a\n", 10)
