"""From a picture to its work plane: the grey picture at a known size, and the same with its contrast made even.

Both sides of the mark see a picture in this form: the short side 512 pixels (256 or 128 for small pictures), high-passed, and divided by
the local deviation, so that the mark stands equally strong everywhere and strong edges do not outweigh it.
"""

from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

SIDE = 512
SIDES = {512: 384, 256: 144, 128: 0}
"""Side of the work plane: least short side of the pictures marked at it."""
LONGEST = 4
"""The long side of a work plane is at most four times its base side: narrower pictures are worked on smaller."""
SMOOTH = 15
WINDOW = 13
FLOOR = 3.0
LIMIT = 2.5
LOUD = 8.0
"""Places of greater deviation count less: there the picture's own noise outweighs the mark."""

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
    """The side a picture of this shape is marked at."""
    return next(side for side, least in SIDES.items() if min(shape[:2]) >= least)


def work_shape(shape: tuple[int, ...], side: int) -> tuple[int, int]:
    """(h, w) of the work plane."""
    height, width = shape[:2]
    scale = side / max(min(height, width), max(height, width) / LONGEST)
    return max(1, round(height * scale)), max(1, round(width * scale))


def work_plane(luma: Grey, side: int) -> Floats:
    """The grey picture at its work shape. Whole steps are averaged, the rest is interpolated: five times faster than one area step."""
    height, width = work_shape(luma.shape, side)
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
