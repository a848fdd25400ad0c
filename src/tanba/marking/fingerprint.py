"""The fingerprint of a picture, `tanba.image-fp/1`: 256 bits that stay much the same when it is stored again, scaled or recoloured.

Brightness, reduced to 128 x 128; the 16 x 16 lowest frequencies of its cosine transform, without the mean; a bit for each that is above
their median. (C. Zauner, "Implementation and benchmarking of perceptual image hash functions", 2010; Meta's PDQ, 2019, has the size.)

A cosine transform of any part of a picture is `rows @ picture @ columns`, so one product of matrices gives the fingerprints of many
parts. Two are kept of each picture: the whole and its middle. A picture to look up is asked for as it is, mirrored, slightly turned,
and by the parts that would be the middle of an original from which it was cropped.
"""

import math
from itertools import product
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

ALGORITHM = "tanba.image-fp/1"

WITHIN = 66
"""Bits in which fingerprints of one picture differ at most."""

SIDE, LOWEST = 128, 16
"""Pixels of the reduced picture's side; frequencies of each axis."""

CLEAR = 4.0
"""Least `quality`: below, rounding to whole levels of brightness decides bits, and any flat picture is like another."""

MIDDLE, CROPPED = 0.75, 1.10
"""Side of the middle that is kept; how much larger the same part is in a picture that lost a margin."""

SHIFTS = (-0.07, -0.035, 0.0, 0.035, 0.07)
"""Where it then may lie, from the centre."""

TURNS = (-4.0, 4.0)
"""Degrees. Bits bear 3 degrees, 3 % of scale, 2 % of shift."""

MIRRORED = (-1.0) ** np.arange(LOWEST, dtype=np.float32)
"""Mirroring a picture changes the sign of every other frequency."""

Floats = NDArray[np.floating[Any]]


def _part(centre: float, side: float) -> Floats:
    """(16, 128) cosines over a part of an axis, from 0 to 1; pixels at its ends count as far as they belong to it."""
    edges = np.clip(np.arange(SIDE + 1) / SIDE, centre - side / 2, centre + side / 2)
    middles = ((edges[1:] + edges[:-1]) / 2 - centre) / side + 0.5
    return (np.diff(edges) / side * np.cos(np.pi * np.outer(range(LOWEST), middles))).astype(np.float32)


WHOLE, CENTRE = _part(0.5, 1.0), _part(0.5, MIDDLE)
PARTS = np.concatenate([CENTRE, *(_part(0.5 + shift, MIDDLE * CROPPED) for shift in SHIFTS)])


def of_pixels(pixels: NDArray[np.uint8]) -> bytes | None:
    """32 bytes for a picture, (height, width, 3) as RGB or (height, width); None where it is too flat to be told from others."""
    whole = WHOLE @ _reduced(pixels) @ WHOLE.T
    return _bits(whole[None])[0] if _clear(whole) else None


def to_keep(pixels: NDArray[np.uint8]) -> tuple[bytes, ...]:
    """The fingerprints by which a picture is found again: the whole and the middle, without what is too flat."""
    small = _reduced(pixels)
    found = [part @ small @ part.T for part in (WHOLE, CENTRE)]
    return tuple(_bits(np.array([block for block in found if _clear(block)])))


def variants(pixels: NDArray[np.uint8]) -> tuple[bytes, ...]:
    """The fingerprints to look up, the likeliest first: whole, mirrored, turned, cropped; empty for a picture that is too flat."""
    small = _reduced(pixels)
    whole = WHOLE @ small @ WHOLE.T
    if not _clear(whole):
        return ()
    height, width = pixels.shape[:2]
    turned = [CENTRE @ _turned(small, degrees, width / height) @ CENTRE.T for degrees in TURNS]
    count = len(PARTS) // LOWEST
    parts = (PARTS @ small @ PARTS.T).reshape(count, LOWEST, count, LOWEST)
    cropped = [parts[row, :, column] for row, column in product(range(count), repeat=2)]
    blocks = np.array([block for block in [whole, *turned, *cropped] if _clear(block)])
    both = np.stack([blocks, blocks * MIRRORED], axis=1)
    return tuple(_bits(both.reshape(-1, LOWEST, LOWEST)))


def quality(pixels: NDArray[np.uint8]) -> float:
    """How clear a picture's structure is: median deviation of its frequencies, in levels of brightness. Photographs have 5 to 100."""
    return _quality(WHOLE @ _reduced(pixels) @ WHOLE.T)


def distance(one: bytes, other: bytes) -> int:
    """In how many bits two fingerprints differ."""
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


def _reduced(pixels: NDArray[np.uint8]) -> Floats:
    """(128, 128) brightness. Raises ValueError for an array that is no picture."""
    if not pixels.size or pixels.dtype != np.uint8 or pixels.shape[2:] not in ((), (3,)) or pixels.ndim < 2:
        raise ValueError(f"no picture: {pixels.shape} {pixels.dtype}")
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY) if pixels.ndim == 3 else pixels
    while min(grey.shape) >= 4 * SIDE:  # halving even sides takes a tenth of the time of any other factor
        height, width = (side // 2 for side in grey.shape)
        grey = cv2.resize(grey[: 2 * height, : 2 * width], (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.float32)


def _turned(small: Floats, degrees: float, aspect: float) -> Floats:
    """A reduced picture, turned about its centre as the picture itself would be; `aspect` is its width by its height."""
    cosine, sine, centre = math.cos(math.radians(degrees)), math.sin(math.radians(degrees)), (SIDE - 1) / 2
    turn = np.array([[cosine, sine / aspect], [-sine * aspect, cosine]])
    still = centre - turn @ [centre, centre]
    return np.asarray(cv2.warpAffine(small, np.column_stack([turn, still]), (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE), np.float32)


def _quality(block: Floats) -> float:
    """Scaled as an orthonormal transform of the reduced picture."""
    return float(np.median(np.abs(block - np.median(block)))) * 2 * SIDE


def _clear(block: Floats) -> bool:
    return _quality(block) >= CLEAR


def _bits(blocks: Floats) -> list[bytes]:
    """(n, 16, 16) → n times 32 bytes; the mean's bit is 0 and 128 bits are 1."""
    values = blocks.reshape(-1, LOWEST * LOWEST).copy()
    values[:, 0] = -np.inf
    packed = np.packbits(values > np.median(values, axis=1, keepdims=True), axis=1)
    return [row.tobytes() for row in packed]
