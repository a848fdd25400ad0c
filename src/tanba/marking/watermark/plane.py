"""From a picture to its work plane: the grey picture at a known size, and the same with its contrast made even.

Both sides of the mark see a picture in this form: the short side 512 pixels (small pictures keep their scale), high-passed, and divided
by the local deviation, so that the mark stands equally strong everywhere and strong edges do not outweigh it.
"""

from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

SIDE = 512
SIDES = {512: 384, 256: 144, 128: 0}
"""Side of the work plane: least short side of the pictures searched at it."""
SMALL = 384
"""Short side below which pictures keep their own grid, so that whatever is cut from them is only moved, not scaled."""
GRIDS = {144: 1.0, 0: 1.5}
"""Least short side of small pictures: work pixels per pixel."""
LONGEST = 4
"""The long side of a work plane is at most four times its base side: narrower pictures are worked on smaller."""
SMOOTH = 15
WINDOW = 13
FLOOR = 3.0
LIMIT = 2.5
LOUD = 8.0
"""Places of greater deviation count less: there the picture's own noise outweighs the mark."""
RINGS, FAINTEST, CLEAR = 24, 0.05, 20.0
"""Rings of frequencies from none to half a cycle per pixel; the least power of one; the deviation of a clearer plane."""

Grey = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]


class Evened(NamedTuple):
    """All (h, w) of the work plane. `signal`: high-passed, over its local `deviation`; `response`: how it follows the pixels."""

    signal: Floats
    deviation: Floats
    response: Floats


def grey(pixels: npt.NDArray[np.uint8]) -> Grey:
    """The luma (h, w) of RGB, RGBA or grey pixels."""
    if pixels.ndim == 2:
        return pixels
    if pixels.shape[2] < 3 or not pixels.size:
        return np.ascontiguousarray(pixels[:, :, 0])
    return cv2.cvtColor(pixels, cv2.COLOR_RGBA2GRAY if pixels.shape[2] == 4 else cv2.COLOR_RGB2GRAY)  # type: ignore[return-value]


def base_side(shape: tuple[int, ...]) -> int:
    """The side a picture of this shape is searched at."""
    return next(side for side, least in SIDES.items() if min(shape[:2]) >= least)


def scale_to(side: int, shape: tuple[int, ...]) -> float:
    """Work pixels per pixel that bring the short side to `side`."""
    return side / max(min(shape[:2]), max(shape[:2]) / LONGEST)


def scale_marked(shape: tuple[int, ...]) -> float:
    """Work pixels per pixel at which a picture of this shape is marked."""
    if (short := min(shape[:2])) < SMALL:
        return next(scale for least, scale in GRIDS.items() if short >= least)
    return scale_to(SIDE, shape)


def work_plane(luma: Grey, scale: float) -> Floats:
    """The grey picture with so many work pixels per pixel.

    Whole steps are averaged, the rest is interpolated: five times faster than one area step.
    """
    height, width = (max(1, round(length * scale)) for length in luma.shape)
    whole = int(luma.shape[0] / height + 0.1)
    if whole < 2:
        # Enlarging straight lines would take the highest carriers of small pictures away.
        smooth = cv2.INTER_CUBIC if luma.shape[0] < height else cv2.INTER_LINEAR
        return cv2.resize(luma.astype(np.float32), (width, height), interpolation=smooth)  # type: ignore[return-value]
    rows, columns = luma.shape[0] // whole, luma.shape[1] // whole
    shrunk = cv2.resize(luma[: rows * whole, : columns * whole], (columns, rows), interpolation=cv2.INTER_AREA).astype(np.float32)
    sx, sy = luma.shape[1] / width / whole, luma.shape[0] / height / whole
    exact = np.array([[sx, 0, (sx - 1) / 2], [0, sy, (sy - 1) / 2]], np.float32)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(shrunk, exact, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)  # type: ignore[return-value]


def clearer(plane: Floats) -> Floats:
    """The plane with the square root of its mean spectrum taken out: what a blur made faint stands out again.

    A cosine transform has no edges, so the strong low frequencies of a small picture do not leak into the others.
    """
    height, width = (length & ~1 for length in plane.shape)
    seen = cv2.dct(plane[:height, :width])
    frequency = np.hypot(np.arange(height)[:, None] / height, np.arange(width) / width).ravel() * RINGS
    ring = np.minimum(frequency, RINGS).astype(int)
    power = np.bincount(ring, seen.ravel() ** 2) / np.maximum(np.bincount(ring), 1) + FAINTEST
    seen *= np.interp(frequency - 0.5, np.arange(len(power)), power**-0.25).reshape(seen.shape)
    seen[0, 0] = 0
    flat = np.asarray(cv2.idct(seen), np.float32)
    return flat * np.float32(CLEAR / (float(flat.std()) + 1e-6))


def even(plane: Floats) -> Evened:
    """Local contrast taken out. In place where it can be: fresh memory costs more than the sums done on it."""
    high = cv2.blur(plane, (SMOOTH, SMOOTH), borderType=cv2.BORDER_REFLECT)
    signal: Floats = np.subtract(plane, high, out=high)
    deviation: Floats = signal * signal
    cv2.blur(deviation, (WINDOW, WINDOW), dst=deviation, borderType=cv2.BORDER_REFLECT)
    np.sqrt(np.maximum(deviation, 0, out=deviation), out=deviation)
    deviation += np.float32(FLOOR)
    signal /= deviation
    np.clip(signal, -LIMIT, LIMIT, out=signal)
    response: Floats = np.divide(np.float32(LOUD), deviation)
    np.minimum(response, 1, out=response)
    signal *= response
    response /= deviation
    return Evened(signal, deviation, response)
