"""Writing a mark: what is added at work size, and how it is laid over the pixels.

The mark is a spread spectrum (Cox, Kilian, Leighton & Shamoon, 1997) shaped by local contrast, and informed (Miller, Doerr & Cox,
2004): what the picture itself shows at a carrier is counted against it, so the reader meets little of the picture's own noise.
"""

from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

from tanba.marking.watermark.code import encode
from tanba.marking.watermark.pattern import PERIOD, PILOT, Carriers, Complex, Floats, amplitude, tile
from tanba.marking.watermark.plane import FLOOR, LOUD, SIDE, Evened, Grey, base_side, even, work_plane
from tanba.marking.watermark.spectrum import at, fold, transform

PILOT_RANGE = (1.8, 4.0)
DATA_RANGE = (0.45, 2.2)
"""Least and greatest amplitude of a carrier, whatever the picture shows there."""
TEXTURE = 0.3
"""At most this share of the local deviation; in small pictures, which have few pixels to spend, `SMALL_TEXTURE`."""
SMALL_TEXTURE = 0.6
BUSIEST = 8.0
"""Deviation above which a place takes no more: the strokes of letters hide nothing in the white between them."""
QUIET = 0.5
"""Grey levels where the picture is flat: below what shows in a sky at 1:1."""
CLIPPED, ROOM = 3.0, 4.0
"""On white and black half of the mark is cut off: within `ROOM` levels of either the rest stands up to 1 + `CLIPPED` times stronger."""
TRIES = 2
ROUNDING = 0.2
"""Mean square of what dithered rounding adds."""
DITHER_SIDE = 64


def residual(luma: Grey, id: int, carriers: Carriers, quality: float, weight: Floats | None) -> Floats:
    """Grey levels to add, at work size, so that at least `quality` dB (PSNR) are left; `weight` (h, w), 0 to 1, tells where less."""
    plane = work_plane(luma, base_side(luma.shape))
    seen, wanted = even(plane), float(np.sqrt(max(255**2 * 10 ** (-quality / 10) - ROUNDING, 0.01)))
    texture, flat = _strengths(plane, seen, weight)
    share = min(TEXTURE if base_side(luma.shape) == SIDE else SMALL_TEXTURE, wanted / _rms(texture))
    for _ in range(TRIES):
        mask = share * texture + flat
        found = _repeated(tile(carriers, *_amplitudes(seen, id, carriers, mask)), plane.shape) * mask
        over = wanted / _rms(np.clip(found, -plane, 255 - plane))
        if over > 0.93:
            break
        share, flat = share * over, flat * np.float32(over)
    return found * np.float32(min(1.0, over))


def added(pixels: npt.NDArray[np.uint8], levels: Floats) -> npt.NDArray[np.uint8]:
    """Pixels with the levels of a work plane added to every channel, dithered: rounding would wipe half a level out."""
    full = cv2.resize(levels, (pixels.shape[1], pixels.shape[0]), interpolation=cv2.INTER_LINEAR)
    dither = _dither(*full.shape)
    # Saturating conversions split the sum in what is added and what is taken away; saturating sums then stay within 0 to 255.
    more, less = cv2.add(full, dither, dtype=cv2.CV_8U), cv2.subtract(-dither, full, dtype=cv2.CV_8U)
    if pixels.ndim == 3:
        more, less = cv2.cvtColor(more, cv2.COLOR_GRAY2RGB), cv2.cvtColor(less, cv2.COLOR_GRAY2RGB)
    out = cv2.add(pixels, more)
    return cv2.subtract(out, less, dst=out)  # type: ignore[return-value]


def _strengths(plane: Floats, seen: Evened, weight: Floats | None) -> tuple[Floats, Floats]:
    """How much each place may take for its texture, and how much it takes though flat."""
    texture: Floats = np.minimum(seen.deviation - np.float32(FLOOR), np.float32(BUSIEST))
    room = np.clip(np.minimum(plane, 255 - plane) / np.float32(ROOM), 0, 1)
    flat: Floats = (QUIET * (1 + CLIPPED * (1 - room))).astype(np.float32)
    if weight is None:
        return texture, flat
    small = cv2.resize(weight.astype(np.float32), plane.shape[::-1], interpolation=cv2.INTER_AREA)
    return texture * small, flat * small


def _amplitudes(seen: Evened, id: int, carriers: Carriers, mask: Floats) -> tuple[Complex, Complex]:
    """Data and pilot amplitudes, in units of the nominal amplitude of a data carrier."""
    signal, deviation = seen
    reach = float((mask / deviation * np.minimum(1, np.float32(LOUD) / deviation)).mean())
    gain = reach * amplitude(carriers) * np.sqrt(signal.size) + 1e-9
    plain = transform(fold(signal), signal.size) / np.float32(gain)
    signs = (1 - 2 * encode(id).astype(np.float32))[carriers.bit] * carriers.sign
    shown = np.ascontiguousarray(at(plain, carriers.data)).view(np.float32)
    data = signs * np.clip(1 - signs * shown, *DATA_RANGE)
    pilots = np.clip(PILOT - (at(plain, carriers.pilots) * np.conj(carriers.phases)).real, *PILOT_RANGE) * carriers.phases
    return data.astype(np.float32).view(np.complex64), pilots.astype(np.complex64)


def _repeated(one: Floats, shape: tuple[int, ...]) -> Floats:
    return np.tile(one, (-(-shape[0] // PERIOD), -(-shape[1] // PERIOD)))[: shape[0], : shape[1]]


def _rms(levels: Floats) -> float:
    return float(np.sqrt(np.square(levels).mean())) + 1e-9


def _dither(height: int, width: int) -> Floats:
    return np.tile(_dither_tile(), (-(-height // DITHER_SIDE), -(-width // DITHER_SIDE)))[:height, :width]


@cache
def _dither_tile() -> Floats:
    """Every value of ±½ once, in scattered order: multiples of the golden ratio along rows and columns (Roberts' sequence)."""
    y, x = np.mgrid[:DITHER_SIDE, :DITHER_SIDE]
    spread: Floats = ((0.7548776662 * x + 0.5698402910 * y) % 1 - 0.5).astype(np.float32)
    return spread
