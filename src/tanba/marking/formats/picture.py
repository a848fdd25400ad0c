"""Pictures as pixels and back. Kept are profile, EXIF, XMP, transparency, frames, texts of a PNG, tables of a JPEG.

What would change the picture itself is refused. Not carried over: IPTC blocks and comments of a JPEG, further pictures of an MPO, tags of a
TIFF other than resolution, gamma and chromaticities of a PNG.
"""

import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, ImageSequence, JpegImagePlugin
from PIL.PngImagePlugin import PngInfo

from tanba.errors import InputError
from tanba.marking.watermark import grey as brightness

Pixels = NDArray[np.uint8]

MEDIA = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "TIFF": "image/tiff",
    "GIF": "image/gif",
    "AVIF": "image/avif",
}
MOST_PIXELS = 150_000_000
"""Of all frames together: bounds memory, whatever a header promises."""

MOST_FRAMES = 1_000
ORIENTATION = 0x0112
GIF_XMP, GIF_TRAILER = b"\x21\xff\x0bXMP DataXMP", b"\x01" + bytes(range(255, -1, -1)) + b"\x00"
Image.MAX_IMAGE_PIXELS = None  # the bound above stands in its place, with an error of ours


@dataclass(slots=True)
class Picture:
    """An opened picture, upright. `frames`: (h, w, 3) RGB each, or (h, w) luma; `alphas`: (h, w) each, or empty. `packet`: its XMP."""

    format: str
    frames: list[Pixels]
    alphas: list[Pixels]
    grey: bool
    packet: bytes | None
    exif: bytes
    options: dict[str, Any] = field(default_factory=dict)
    durations: list[int] = field(default_factory=list)

    @property
    def media_type(self) -> str:
        """As IANA names it."""
        return MEDIA[self.format]


def open_picture(data: bytes, *, luma: bool = False) -> Picture:
    """Decode; with `luma` brightness alone, which is all that looking for marks takes, and of a JPEG needs no colour to be decoded.

    Raises InputError where it is no picture, too large, or of a kind that would lose something.
    """
    image = _header(data)
    try:
        return _decoded(image, data, luma)
    except InputError:
        raise
    except Exception as error:  # Pillow raises whatever a damaged file leads it to
        raise _unreadable(error) from None


def _header(data: bytes) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(data), formats=[name for name in MEDIA if name != "MPO"])
        frames = getattr(image, "n_frames", 1) if image.format != "MPO" else 1
    except Exception as error:  # as above
        raise _unreadable(error) from None
    if frames > MOST_FRAMES or image.width * image.height * frames > MOST_PIXELS:
        raise _too_large(image, frames)
    return image


def _too_large(image: Image.Image, frames: int) -> InputError:
    return InputError(
        "has {width} x {height} pixels in {frames} frames, more than {most} in all",
        "Make it smaller first.",
        width=image.width,
        height=image.height,
        frames=frames,
        most=MOST_PIXELS,
    )


def _refuse_what_would_be_lost(image: Image.Image, data: bytes) -> None:
    if image.mode in ("CMYK", "LAB", "HSV", "YCbCr") and image.mode != "YCbCr":
        raise InputError("is in {mode}, whose colours would change", "Convert it to RGB with its profile first.", mode=image.mode)
    deep = image.mode in ("I", "F") or image.mode.startswith("I;16") or _is_deep(image, data)
    if deep:
        raise InputError("has more than 8 bits per channel, which would be lost", "Convert it to 8 bits per channel first.")


def _is_deep(image: Image.Image, data: bytes) -> bool:
    """16-bit colour, which Pillow cuts to 8 without a word."""
    if image.format == "PNG":
        return data[24:25] == b"\x10"
    if image.format == "TIFF":
        bits = image.tag_v2.get(258, (8,))  # type: ignore[attr-defined]
        return bool(max(bits if isinstance(bits, tuple) else (bits,)) > 8)
    at = data.find(b"av1C") if image.format == "AVIF" else -1
    return at >= 0 and len(data) > at + 6 and bool(data[at + 6] & 0x40)


def _decoded(image: Image.Image, data: bytes, luma: bool) -> Picture:
    options = _options(image, data)
    grey = image.mode in ("1", "L", "LA")
    if luma:
        image.draft("L", None)
    exif = image.info.get("exif", b"")
    packet = _packet(image, data)
    frames, alphas, durations = [], [], []
    several = getattr(image, "n_frames", 1) > 1 and image.format != "MPO"
    pixels = 0
    for frame in ImageSequence.Iterator(image) if several else [image]:
        _refuse_what_would_be_lost(frame, data)
        pixels += frame.width * frame.height
        if pixels > MOST_PIXELS:  # pages of a TIFF have sizes of their own
            raise _too_large(frame, image.n_frames)  # type: ignore[attr-defined]
        frame.load()
        durations.append(int(frame.info.get("duration", 0) or 0))
        upright = ImageOps.exif_transpose(frame) if frame.getexif().get(ORIENTATION, 1) != 1 else frame  # which copies
        has_alpha = "A" in upright.getbands() or "transparency" in upright.info
        mode = "RGBA" if has_alpha else "L" if luma and upright.mode == "L" else "RGB"
        whole = np.asarray(upright if upright.mode == mode else upright.convert(mode))
        frames.append(brightness(whole) if luma else np.ascontiguousarray(whole[..., :3]))
        if has_alpha:
            alphas.append(np.ascontiguousarray(whole[..., 3]))
    if several:
        options |= {"loop": image.info["loop"]} if "loop" in image.info else {}
    if alphas and len(alphas) != len(frames):
        alphas = [np.full(each.shape[:2], 255, np.uint8) for each in frames]
    return Picture(str(image.format), frames, alphas, grey, packet, _upright(exif), options, durations if several else [])


def _options(image: Image.Image, data: bytes) -> dict[str, Any]:
    """How the file was written, so that ours is written alike."""
    options: dict[str, Any] = {}
    if profile := image.info.get("icc_profile"):
        options["icc_profile"] = profile
    if image.format in ("JPEG", "MPO"):
        options |= {"qtables": image.quantization, "subsampling": JpegImagePlugin.get_sampling(image)}  # type: ignore[attr-defined]
        options |= {"progressive": True} if image.info.get("progressive") else {}
    if image.format == "WEBP":
        options |= {"lossless": True} if b"VP8L" in data[:64] else {"quality": 90}
    if image.format == "AVIF":
        options |= {"quality": 85, "speed": 8}
    if image.format == "TIFF":
        options |= {"compression": image.info.get("compression", "raw")}
    if dpi := image.info.get("dpi"):
        options["dpi"] = tuple(map(float, dpi))
    if image.format == "PNG":
        options["text"] = {name: value for name, value in getattr(image, "text", {}).items() if name != "XML:com.adobe.xmp"}
    return options


def _packet(image: Image.Image, data: bytes) -> bytes | None:
    if image.format == "GIF":
        at = data.find(GIF_XMP)
        return data[at + len(GIF_XMP) : data.find(GIF_TRAILER, at)] if at >= 0 else None
    found = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp")
    return found.encode() if isinstance(found, str) else found


def encode(picture: Picture, frames: Sequence[Pixels], packet: bytes | None) -> bytes:
    """The file anew, with other pixels and another XMP packet, or none."""
    images = [_image(picture, number, frame) for number, frame in enumerate(frames)]
    options: dict[str, Any] = dict(picture.options)
    if picture.format == "PNG":
        options |= {"pnginfo": _png_texts(options.pop("text", {}), packet), "compress_level": 4}
    elif picture.format == "TIFF" and packet:
        options["tiffinfo"] = {700: packet}
    elif picture.format != "GIF" and packet:
        options["xmp"] = packet
    if picture.exif and picture.format not in ("GIF", "TIFF"):
        options["exif"] = picture.exif
    if len(images) > 1:
        options |= {"save_all": True, "append_images": images[1:], "duration": picture.durations}
    out = io.BytesIO()
    try:
        images[0].save(out, "JPEG" if picture.format == "MPO" else picture.format, **options)
    except Exception as error:  # as when reading
        raise InputError("cannot be written as it was ({problem})", "Store it anew in another program first.", problem=error) from None
    return gif_with_packet(out.getvalue(), packet) if picture.format == "GIF" and packet else out.getvalue()


def _image(picture: Picture, number: int, frame: Pixels) -> Image.Image:
    if picture.alphas:
        image = Image.fromarray(np.dstack([frame, picture.alphas[number]]))
        return image.convert("LA") if picture.grey and picture.format in ("PNG", "TIFF") else image
    image = Image.fromarray(frame)
    return image.convert("L") if picture.grey and picture.format != "GIF" else image


def _png_texts(texts: dict[str, str], packet: bytes | None) -> PngInfo:
    info = PngInfo()
    for name, value in texts.items():
        info.add_itxt(name, str(value)) if not str(value).isascii() else info.add_text(name, str(value))
    if packet:
        info.add(b"iTXt", b"XML:com.adobe.xmp" + bytes(5) + packet)  # byte for byte: not all of them are UTF-8
    return info


def gif_with_packet(data: bytes, packet: bytes) -> bytes:
    """A GIF with an XMP application extension before its end (XMP specification, part 3): the packet, then a magic trailer."""
    return data[:-1] + GIF_XMP + packet + GIF_TRAILER + data[-1:]


def _upright(exif: bytes) -> bytes:
    """The same EXIF saying that the picture stands upright, as it does now; nothing else moves."""
    body = exif.removeprefix(b"Exif\0\0")
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(body[:4])
    if order is None:
        return exif
    try:
        (at,) = struct.unpack_from(f"{order}I", body, 4)
        (count,) = struct.unpack_from(f"{order}H", body, at)
        for place in range(at + 2, at + 2 + 12 * count, 12):
            if struct.unpack_from(f"{order}H", body, place)[0] == ORIENTATION:
                changed = bytearray(body)
                struct.pack_into(f"{order}H", changed, place + 8, 1)
                return exif[: len(exif) - len(body)] + bytes(changed)
    except struct.error:
        return b""  # damaged: no reader could use it
    return exif


def _unreadable(error: Exception) -> InputError:
    problem = " ".join(str(error).split())[:160] or type(error).__name__
    return InputError("cannot be read as a picture ({problem})", "Is the file whole?", problem=problem)
