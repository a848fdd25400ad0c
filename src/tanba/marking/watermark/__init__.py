"""An invisible mark in pictures: a 64-bit ID that survives compression, scaling, cutting, turning and screenshots (spec/mark-payload.md).

pattern = Pattern(secret)
marked = embed(pixels, id, pattern)
detect(marked, [pattern])[0].id == id
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tanba.errors import InputError
from tanba.marking.watermark.code import ID_BITS
from tanba.marking.watermark.find import Detected, marks_in
from tanba.marking.watermark.pattern import VERSION, Pattern
from tanba.marking.watermark.plane import grey
from tanba.marking.watermark.write import added, residual

__all__ = ["LEAST_SIDE", "MOST_ASPECT", "VERSION", "Detected", "Pattern", "detect", "detect_plane", "embed", "embed_plane", "grey"]

LEAST_SIDE = 96
"""Pixels a picture's short side must have to carry a mark."""
MOST_ASPECT = 8
"""The long side is at most so many times the short one."""

Pixels = npt.NDArray[np.uint8]
Weight = npt.NDArray[np.floating]


def embed(
    pixels: Pixels, id: int, pattern: Pattern, *, quality: float = 43.0, weight: Weight | None = None, luma: Pixels | None = None
) -> Pixels:
    """RGB pixels (h, w, 3), marked with 0 ≤ id < 2^64; an earlier mark of the same issuer is overwritten.

    `quality` is the PSNR in dB that is left at least; flat pictures keep more, those busy all over up to 3 dB less, small ones up to 6.
    `weight` (h, w) from 0 to 1 tells where the mark is to be fainter; `luma` (h, w) is given by who has it already. Raises InputError
    for what cannot carry a mark.
    """
    if pixels.ndim != 3 or pixels.shape[2] != 3:
        raise InputError("the pixels are not RGB of 8 bits", "Convert the picture before it is marked.")
    return _embedded(pixels, grey(pixels) if luma is None else luma, id, pattern, quality, weight)


def embed_plane(luma: Pixels, id: int, pattern: Pattern, *, quality: float = 43.0, weight: Weight | None = None) -> Pixels:
    """The same for a plane (h, w) of grey or luma."""
    if luma.ndim != 2:
        raise InputError("the pixels are not a plane of 8 bits", "Convert the picture before it is marked.")
    return _embedded(luma, luma, id, pattern, quality, weight)


def detect(pixels: Pixels, patterns: Sequence[Pattern], *, deep: bool = False) -> list[Detected]:
    """The marks of these issuers in grey, RGB or RGBA pixels: one of each at most, in their order. Never raises for odd pictures.

    Reads pictures that were cut, scaled, stretched, mirrored, turned up to 16° or upside down; `deep` tries any angle, and parts.
    """
    return detect_plane(grey(pixels), patterns, deep=deep)


def detect_plane(luma: Pixels, patterns: Sequence[Pattern], *, deep: bool = False) -> list[Detected]:
    """The same for a plane (h, w) of grey or luma."""
    return marks_in(luma, patterns, deep)


def _embedded(pixels: Pixels, luma: Pixels, id: int, pattern: Pattern, quality: float, weight: Weight | None) -> Pixels:
    height, width = pixels.shape[:2]
    if not 0 <= id < 1 << ID_BITS:
        raise InputError("an ID has 64 bits: {id} does not fit", id=id)
    if min(height, width) < LEAST_SIDE or max(height, width) > MOST_ASPECT * min(height, width):
        raise InputError(
            "{width} x {height} pixels cannot carry a mark",
            "The short side needs {least} pixels and an eighth of the long one.",
            width=width,
            height=height,
            least=LEAST_SIDE,
        )
    levels = residual(luma, id, pattern.carriers, quality, weight)
    if levels is None:
        raise InputError("the picture is too small and too busy to carry a mark", "Mark it at a larger size.")
    return added(pixels, levels)
