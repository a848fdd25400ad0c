"""The visible warning on a picture: drawn so that it can be read, and found again.

Text is at least 5 % of the short side high (as GB 45438-2025 asks; no Kazakh act that we have read gives a size), and stands on a plate
whose contrast to it is computed against what lies under it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from tanba.errors import InputError

Pixels = NDArray[np.uint8]
"""(height, width, 3): RGB."""

Place = Literal["bottom-right", "bottom-left", "top-right", "top-left"]
PLACES: tuple[Place, ...] = ("bottom-right", "bottom-left", "top-right", "top-left")

FONT = Path(__file__).parent / "fonts" / "NotoSans-Bold.ttf"
SIZE, LEAST_LETTERS = 0.05, 9
"""Height of the text as a share of the short side, and in pixels: below it no letter can be read."""

LEAST_SIDE = 48
CONTRAST = 4.5
"""WCAG 2.2, 1.4.3: between text and what is behind it."""

PLATES = {"dark": ((255, 255, 255), (16, 24, 32)), "light": ((16, 24, 32), (255, 255, 255))}
"""Style → (text, plate)."""

OPACITIES = (0.72, 0.85, 1.0)
SAMPLED = 31
"""Of so many pixels of the plate, one is measured."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Where a label stands, in pixels, and its least contrast."""

    left: int
    top: int
    width: int
    height: int
    letters: int
    contrast: float
    text: str
    style: str


def draw(pixels: Pixels, lines: Sequence[str], place: Place = "bottom-right", style: str = "auto", size: float = SIZE) -> Drawn:
    """Draw the warning into `pixels`. Raises InputError where the picture is too small for letters."""
    height, width = pixels.shape[:2]
    mask = fitting(lines, width, height, size)
    margin = max(2, min(width, height) // 50)
    plate_height, plate_width = mask.shape
    top = margin if place.startswith("top") else height - plate_height - margin
    left = margin if place.endswith("left") else width - plate_width - margin
    top, left = max(0, min(top, height - plate_height)), max(0, min(left, width - plate_width))
    region = pixels[top : top + plate_height, left : left + plate_width]
    chosen = style if style in PLATES else "dark" if region.mean() >= 128 else "light"
    contrast = _blend(region, mask, chosen)
    return Drawn(left, top, plate_width, plate_height, letter_height(width, height, size), contrast, "\n".join(lines), chosen)


def letter_height(width: int, height: int, size: float = SIZE) -> int:
    """Height of a line's letters in pixels."""
    return max(LEAST_LETTERS, round(min(width, height) * size + 0.5))


def fitting(lines: Sequence[str], width: int, height: int, size: float) -> Pixels:
    """The mask of the lines for a picture: in one row where that fits, else one below another. Raises InputError."""
    letters = letter_height(width, height, size)
    if min(width, height) >= LEAST_SIDE:
        for rows in ((" · ".join(lines),), tuple(lines)):
            mask = render(rows, letters)
            if mask.shape[1] <= width and mask.shape[0] <= height:
                return mask
    raise InputError(
        "is too small for a warning that can be read ({width} x {height} px)",
        "Put the warning beside it, or use a larger picture.",
        width=width,
        height=height,
    )


@lru_cache(256)
def render(rows: tuple[str, ...], letters: int) -> Pixels:
    """(height, width) mask of text on its plate: 255 where there is ink. `letters`: height of a capital letter in pixels."""
    font = _font(letters)
    boxes = [font.getbbox(row) for row in rows]
    pad, line = round(letters * 0.55), round(letters * 1.6)
    width, height = int(max(box[2] for box in boxes)) + 2 * pad, line * (len(rows) - 1) + letters + 2 * pad
    image = Image.new("L", (width, height))
    canvas = ImageDraw.Draw(image)
    for number, row in enumerate(rows):
        canvas.text((pad, pad + letters + number * line), row, fill=255, font=font, anchor="ls")
    return np.asarray(image)


@lru_cache(64)
def _font(letters: int) -> Any:
    """The font at the size at which a capital letter is `letters` high."""
    probe = ImageFont.truetype(str(FONT), 200)
    box = probe.getbbox("Ж", anchor="ls")
    return ImageFont.truetype(str(FONT), max(1, round(200 * letters / -box[1])))


def _blend(region: Pixels, mask: Pixels, style: str) -> float:
    """Lay plate and text over a region in place; the plate is as clear as the contrast allows. Returns the least contrast."""
    import cv2

    text, plate = (np.array(colour, np.float32) for colour in PLATES[style])
    under = region.reshape(-1, 3)[::SAMPLED].astype(np.float32)
    for opacity in OPACITIES:
        contrast = _contrast(text, under * (1 - opacity) + plate * opacity)
        if contrast >= CONTRAST:
            break
    left, put = _plate(mask.tobytes(), mask.shape, style, opacity)
    cv2.add(cv2.multiply(region, left, scale=1 / 255), put, dst=region)
    return round(contrast, 2)


@lru_cache(4)
def _plate(mask: bytes, shape: tuple[int, int], style: str, opacity: float) -> tuple[Pixels, Pixels]:
    """(what is left of each pixel, 0 to 255, and what is put over it)."""
    text, plate = (np.array(colour, np.float32) for colour in PLATES[style])
    ink = np.frombuffer(mask, np.uint8).reshape(*shape, 1).astype(np.float32) / 255
    left = (1 - opacity) * (1 - ink) * 255 + 0.5
    put = plate * opacity * (1 - ink) + text * ink + 0.5
    return np.repeat(left.astype(np.uint8), 3, axis=2), put.astype(np.uint8)


def _contrast(text: NDArray[np.float32], behind: NDArray[np.float32]) -> float:
    """The contrast ratio that 99 % of some pixels of the plate reach (WCAG 2.2)."""
    one, others = _luminance(text), _luminance(behind)
    ratios = (np.maximum(one, others) + 0.05) / (np.minimum(one, others) + 0.05)
    lowest = len(ratios) // 100
    return float(np.partition(ratios, lowest)[lowest])


def _luminance(colour: NDArray[np.float32]) -> NDArray[np.float32]:
    """Relative luminance of sRGB values 0 to 255."""
    part = colour / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    return (linear @ np.array([0.2126, 0.7152, 0.0722], np.float32)).astype(np.float32)
