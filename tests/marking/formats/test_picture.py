"""Pictures keep what they had beside their pixels, or are refused with a reason."""

import io
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from marking.conftest import NOW, opened, packed, scene
from tanba.errors import InputError
from tanba.marking import xmp
from tanba.marking.formats.picture import MEDIA, MOST_PIXELS, encode, open_picture
from tanba.marking.model import Statement

FORMATS = [name for name in MEDIA if name != "MPO"]
PACKET = xmp.add(None, Statement(7, NOW))
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def again(data: bytes, packet: bytes | None = PACKET) -> bytes:
    picture = open_picture(data)
    return encode(picture, picture.frames, packet)


@pytest.mark.parametrize("format", FORMATS)
def test_opened_and_written_alike(format: str) -> None:
    data = packed(scene(), format)
    picture = open_picture(data)
    assert picture.media_type == MEDIA[format]
    written = again(data)
    assert opened(written).size == (640, 480)
    near = np.abs(open_picture(written).frames[0].astype(int) - picture.frames[0])
    assert near.mean() < 4
    assert list(xmp.read(open_picture(written).packet).ids) == [7]


@pytest.mark.parametrize("format", FORMATS)
def test_without_metadata_there_are_none(format: str) -> None:
    assert open_picture(again(packed(scene(96, 64), format), None)).packet is None


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_a_profile_stays(format: str) -> None:
    assert opened(again(packed(scene(96, 64), format, icc_profile=PROFILE))).info["icc_profile"] == PROFILE


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_stands_upright_and_the_camera_stays(format: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = orientation, "Camera"
    written = opened(again(packed(scene(96, 64), format, exif=exif)))
    assert written.size == ((96, 64) if orientation < 5 else (64, 96))
    assert (written.getexif()[0x0112], written.getexif()[0x010F]) == (1, "Camera")


SAVED: dict[str, tuple[str, dict[str, Any]]] = {
    **{format: (format, {}) for format in FORMATS},
    "turned": ("JPEG", {"orientation": 6}),
    "progressive": ("JPEG", {"progressive": True, "subsampling": 0}),
    "RGB": ("JPEG", {"keep_rgb": True}),
    "grey": ("JPEG", {"mode": "L"}),
    "clear": ("PNG", {"mode": "RGBA"}),
    "palette": ("PNG", {"mode": "P"}),
}


@pytest.mark.parametrize("name", SAVED)
def test_brightness_alone_is_that_of_the_colours(name: str) -> None:
    format, options = SAVED[name]
    out, exif, options = io.BytesIO(), Image.Exif(), dict(options)
    exif[0x0112] = options.pop("orientation", 1)
    Image.fromarray(scene(96, 64)).convert(options.pop("mode", "RGB")).save(out, format, exif=exif, **options)
    colours, alone = open_picture(out.getvalue()), open_picture(out.getvalue(), luma=True)
    assert (alone.grey, alone.packet, len(alone.alphas)) == (colours.grey, colours.packet, len(colours.alphas))
    for pixels, luma in zip(colours.frames, alone.frames, strict=True):
        assert luma.shape == pixels.shape[:2]
        assert np.abs(pixels @ np.array([0.299, 0.587, 0.114]) - luma).max() < 3


def test_quality_and_order_of_a_jpeg_stay() -> None:
    source = packed(scene(), quality=35, subsampling=0, progressive=True, dpi=(300, 300))
    one, two = opened(source), opened(again(source))
    assert one.quantization == two.quantization  # type: ignore[attr-defined]
    assert (two.info.get("progressive"), two.info["dpi"]) == (1, (300, 300))
    assert abs(len(again(source, None)) - len(source)) < 0.1 * len(source)


def test_texts_of_a_png_stay() -> None:
    texts = PngInfo()
    texts.add_text("Title", "Scorer")
    texts.add_itxt("Author", "Айгерім")
    written = opened(again(packed(scene(96, 64), "PNG", pnginfo=texts)))
    assert {name: written.text[name] for name in ("Title", "Author")} == {"Title": "Scorer", "Author": "Айгерім"}  # type: ignore[attr-defined]


@pytest.mark.parametrize("format", ["PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparency_stays(format: str, mode: str) -> None:
    if (format, mode) in (("WEBP", "LA"), ("AVIF", "LA")):
        mode = "RGBA"
    alpha = np.zeros((64, 96), np.uint8)
    alpha[:, 48:] = 200
    image = Image.fromarray(np.dstack([scene(96, 64), alpha])).convert(mode)
    out = io.BytesIO()
    image.save(out, format, **({"lossless": True} if format == "WEBP" else {}))
    written = opened(again(out.getvalue()))
    assert np.abs(np.asarray(written.convert("RGBA"))[..., 3].astype(int) - alpha).max() < 4


@pytest.mark.parametrize("format", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_grey_stays_grey(format: str) -> None:
    written = opened(again(packed(scene(96, 64)[..., 0], format)))
    assert written.mode == ("L" if format != "WEBP" else "RGB")


def test_a_palette_with_transparency_becomes_colours() -> None:
    image = Image.fromarray(scene(96, 64)).quantize(64)
    out = io.BytesIO()
    image.save(out, "PNG", transparency=3)
    written = opened(again(out.getvalue()))
    assert written.mode == "RGBA"
    assert np.asarray(written)[..., 3].min() == 0


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG"])
def test_every_frame_and_its_time_stay(format: str) -> None:
    frames = [Image.fromarray(scene(96, 64, seed)) for seed in range(4)]
    out = io.BytesIO()
    frames[0].save(out, format, save_all=True, append_images=frames[1:], duration=[100, 200, 300, 400], loop=3)
    written = opened(again(out.getvalue()))
    times = []
    for number in range(getattr(written, "n_frames", 1)):
        written.seek(number)
        written.load()
        times.append(round(written.info["duration"]))
    assert times == [100, 200, 300, 400]
    assert written.info["loop"] == 3


def deep_png() -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 8, 8, 16, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(8 * (1 + 48)))) + chunk(b"IEND", b"")


def grown(data: bytes, at: int, form: str, *values: int) -> bytes:
    changed = bytearray(data)
    struct.pack_into(form, changed, at, *values)
    return bytes(changed)


def huge_png() -> bytes:
    data = grown(packed(scene(96, 64), "PNG"), 16, ">II", 50_000, 50_000)
    return data[:29] + struct.pack(">I", zlib.crc32(data[12:29])) + data[33:]


SMALL = packed(scene(96, 64))
REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "cannot be read"),
    "words": (b"ZIP in PNG? no", "cannot be read"),
    "a cut picture": (SMALL[: len(SMALL) // 2], "cannot be read"),
    "only its head": (SMALL[:100], "cannot be read"),
    "a cut PNG": (packed(scene(96, 64), "PNG")[:300], "cannot be read"),
    "a cut AVIF": (packed(scene(96, 64), "AVIF")[:200], "cannot be read"),
    "16 bits of colour": (deep_png(), "more than 8 bits"),
    "16 bits of grey": (packed(np.arange(4096, dtype=np.uint16).reshape(64, 64), "PNG"), "more than 8 bits"),
    "floating TIFF": (packed(np.zeros((8, 8), np.float32), "TIFF"), "more than 8 bits"),
    "50,000 x 50,000": (huge_png(), "50000 x 50000 pixels"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    data, words = REFUSED[name]
    with pytest.raises(InputError, match=words):
        open_picture(data)


def test_cmyk_is_refused() -> None:
    with pytest.raises(InputError, match="is in CMYK"):
        open_picture(packed_image(Image.fromarray(scene(96, 64)).convert("CMYK"), "JPEG"))


def packed_image(image: Image.Image, format: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def test_a_zip_behind_a_png_is_left_behind() -> None:
    """What stands after the picture's end is no part of it, and does not travel under the mark."""
    assert b"PK\x03\x04hidden" not in again(packed(scene(96, 64), "PNG") + b"PK\x03\x04hidden")


def test_bits_flipped_anywhere_never_end_in_anything_but_an_error() -> None:
    rng = np.random.default_rng(4)
    for format in FORMATS:
        data = packed(scene(48, 32), format)
        for _ in range(40):
            changed = bytearray(data)
            for at in rng.integers(0, len(data), 3):
                changed[at] ^= 1 << int(rng.integers(8))
            try:
                picture = open_picture(bytes(changed))
                assert picture.frames[0].size <= 3 * MOST_PIXELS
            except InputError:
                pass


def test_one_pixel() -> None:
    for format in FORMATS:
        assert opened(again(packed(np.zeros((1, 1, 3), np.uint8), format))).size == (1, 1)


def paged(second: Image.Image, **options: Any) -> bytes:
    return packed(scene(24, 16), "TIFF", save_all=True, append_images=[second], **options)


@pytest.mark.parametrize(
    ("second", "words"),
    [
        (Image.new("1", (40_000, 30_000)), "40000 x 30000 pixels"),
        (Image.new("I;16", (8, 8)), "more than 8 bits"),
        (Image.new("CMYK", (8, 8)), "is in CMYK"),
    ],
    ids=["huge", "deep", "for print"],
)
def test_a_further_page_is_held_to_the_same(second: Image.Image, words: str) -> None:
    with pytest.raises(InputError, match=words):
        open_picture(paged(second, compression="tiff_deflate"))


def test_xmp_of_a_png_stays_also_where_it_is_not_utf8() -> None:
    info = PngInfo()
    info.add(b"iTXt", b"XML:com.adobe.xmp" + bytes(5) + b"\xff\xfe")
    picture = open_picture(packed(scene(24, 16), "PNG", pnginfo=info))
    assert open_picture(encode(picture, picture.frames, picture.packet)).packet == b"\xff\xfe"
