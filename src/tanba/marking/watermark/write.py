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
from tanba.marking.watermark.plane import FLOOR, SMALL, Evened, Grey, clearer, even, scale_marked, work_plane
from tanba.marking.watermark.spectrum import SURE, at, fold, lock_near, read, spectrum, transform

PILOT_RANGE = (1.8, 4.0)
DATA_RANGE = (0.45, 2.2)
"""Least and greatest amplitude of a carrier, whatever the picture shows there."""
LARGE_TEXTURE, SMALL_TEXTURE = 0.3, 0.6
"""Share of the local deviation that is taken. Small pictures have few pixels, and spend all they may."""
BUSIEST = 6.0
"""Deviation above which a place takes no more: the strokes of letters hide nothing in the white between them."""
QUIET = 0.5
"""Grey levels where the picture is flat: below what shows in a sky at 1:1."""
CLIPPED, ROOM = 3.0, 4.0
"""On white and black half of the mark is cut off: within `ROOM` levels of either the rest stands up to 1 + `CLIPPED` times stronger."""
TRIES = 2
NEARLY = 0.93
"""Share of the wanted strength at which no further try is made."""
BUSY = 3.0
"""Decibels beyond the quality asked for that a picture may lose that is busy all over: it hides more."""
BUSY_ALL_OVER = 6
"""The higher, the nearer to busy all over a picture must be for that."""
LOSSES = range(7)
"""Decibels beyond the quality asked for that a small picture loses, the least at which its mark survives (`_survives`)."""
FEWER = 0.8
"""Strength of the pilots of small pictures, whose data need more of what there is."""
HARD_JPEG, HARD_BLUR, HARD_CUT = 25, 2.0, 0.2
"""Quality of JPEG, deviation of a blur in pixels, and share of each side that is cut off."""
ROUNDING = 0.2
"""Mean square of what dithered rounding adds."""
DITHER_SIDE, STRIP, MIDDLE = 128, 32, 128
"""Side of the dither's square; rows laid on at a time, a divisor of it; what stands for no change in a byte."""


def residual(luma: Grey, id: int, carriers: Carriers, quality: float, weight: Floats | None) -> Floats | None:
    """Grey levels to add, at work size; `weight` (h, w), 0 to 1, tells where less. None for a picture too small and busy to be read."""
    scale, large = scale_marked(luma.shape), min(luma.shape) >= SMALL
    plane = work_plane(luma, scale)
    seen = even(plane)
    strength, busy = _strength(plane, seen, LARGE_TEXTURE if large else SMALL_TEXTURE, weight)
    share = 1.0 if large else FEWER
    for more in LOSSES:
        wanted = _budget(quality - max(BUSY * busy**BUSY_ALL_OVER, more))
        found = _fitted(plane, seen, id, carriers, strength, wanted, share)
        if large or _survives(added(luma, found), scale, id, carriers):
            return found
    return found if _reads(added(luma, found), scale, id, carriers) else None


def _fitted(plane: Floats, seen: Evened, id: int, carriers: Carriers, strength: Floats, wanted: float, share: float) -> Floats:
    """The mark at this strength, or so much weaker that its root mean square is at most as wanted."""
    scale, below, above = min(1.0, wanted / _rms(strength)), -plane, 255 - plane
    plain, signs = transform(fold(seen.signal), seen.signal.size), _signs(id, carriers)
    for _ in range(TRIES):
        mask = strength * np.float32(scale)
        found = _repeated(tile(carriers, *_amplitudes(seen, plain, signs, carriers, mask, share)), plane.shape)
        found *= mask
        shown = np.maximum(found, below, out=mask)
        over = wanted / _rms(np.minimum(shown, above, out=shown))
        if over > NEARLY and (scale == 1 or over * NEARLY < 1):
            break
        scale = min(1.0, scale * over)
    found *= np.float32(min(1.0, over))
    return found


def _survives(marked: Grey, scale: float, id: int, carriers: Carriers) -> bool:
    """Whether the mark of a small picture is read after hard compression, after a blur, and from three quarters of the picture."""
    coded = cv2.imdecode(cv2.imencode(".jpg", marked, [cv2.IMWRITE_JPEG_QUALITY, HARD_JPEG])[1], cv2.IMREAD_GRAYSCALE)
    blurred = cv2.GaussianBlur(marked, (0, 0), HARD_BLUR)
    top, left = (round(length * HARD_CUT / 2) for length in marked.shape)
    middle = np.ascontiguousarray(marked[top:-top, left:-left])
    return (
        _reads(coded, scale, id, carriers)  # type: ignore[arg-type]
        and _reads(blurred, scale, id, carriers)  # type: ignore[arg-type]
        and _reads(middle, scale, id, carriers, (top * scale, left * scale))
    )


def _reads(marked: Grey, scale: float, id: int, carriers: Carriers, around: tuple[float, float] = (0.0, 0.0)) -> bool:
    """Whether a reader finds the mark about where it was put."""
    work = work_plane(marked, scale)
    for form in (work, clearer(work)):
        signal = even(form).signal
        seen = spectrum(fold(signal), signal.size)
        lock = lock_near(seen, carriers, around)
        if lock.score >= SURE and read(seen, carriers, lock.shift) == id:
            return True
    return False


def added(pixels: npt.NDArray[np.uint8], levels: Floats) -> npt.NDArray[np.uint8]:
    """Pixels with the levels of a work plane added to every channel, dithered: rounding would wipe half a level out.

    Done in strips, which stay in the processor's cache.
    """
    smooth = cv2.INTER_CUBIC if min(pixels.shape[:2]) < SMALL else cv2.INTER_LINEAR
    full = cv2.resize(levels, (pixels.shape[1], pixels.shape[0]), interpolation=smooth)
    dither = np.tile(_dither() + np.float32(MIDDLE), (1, -(-pixels.shape[1] // DITHER_SIDE)))[:, : pixels.shape[1]]
    out = np.empty_like(pixels)
    for top in range(0, len(pixels), STRIP):
        strip, part = slice(top, top + STRIP), full[top : top + STRIP]
        first = top % DITHER_SIDE
        change = cv2.add(part, dither[first : first + len(part)], dtype=cv2.CV_8U)
        if pixels.ndim == 3:
            change = cv2.cvtColor(change, cv2.COLOR_GRAY2RGB)
        cv2.addWeighted(pixels[strip], 1, change, 1, -MIDDLE, dst=out[strip])
    return out


def _strength(plane: Floats, seen: Evened, share: float, weight: Floats | None) -> tuple[Floats, float]:
    """How much each place may take, and how busy the picture is: 0 flat, 1 busy all over."""
    strength: Floats = seen.deviation - np.float32(FLOOR)
    np.minimum(strength, BUSIEST, out=strength)
    busy = cv2.mean(strength)[0] / BUSIEST
    strength *= np.float32(share)
    strength += np.float32(QUIET)
    room = 255 - plane
    np.minimum(room, plane, out=room)
    room *= np.float32(-QUIET * CLIPPED / ROOM)
    room += np.float32(QUIET * CLIPPED)
    strength += np.clip(room, 0, QUIET * CLIPPED, out=room)
    if weight is not None:
        strength *= cv2.resize(weight.astype(np.float32), plane.shape[::-1], interpolation=cv2.INTER_AREA)
    return strength, float(busy)


def _signs(id: int, carriers: Carriers) -> Floats:
    """What the real and imaginary part of each data carrier say: 1 or -1."""
    signs: Floats = (1 - 2 * encode(id).astype(np.float32))[carriers.bit] * carriers.sign
    return signs


def _amplitudes(seen: Evened, plain: Complex, signs: Floats, carriers: Carriers, mask: Floats, share: float) -> tuple[Complex, Complex]:
    """Data and pilot amplitudes, in units of the nominal amplitude of a data carrier. `plain`: the spectrum of what is there."""
    gain = np.float32(float(np.einsum("yx,yx->", mask, seen.response)) / mask.size * amplitude(carriers) * np.sqrt(mask.size) + 1e-9)
    shown = np.ascontiguousarray(at(plain, carriers.data) / gain).view(np.float32)
    data = signs * np.clip(1 - signs * shown, *DATA_RANGE)
    against = (at(plain, carriers.pilots) / gain * np.conj(carriers.phases)).real
    pilots = np.clip(share * PILOT - against, share * PILOT_RANGE[0], share * PILOT_RANGE[1]) * carriers.phases
    return data.astype(np.float32).view(np.complex64), pilots.astype(np.complex64)


def _budget(quality: float) -> float:
    """Root mean square of the levels that may be added, so that together with rounding they leave `quality` dB."""
    return float(np.sqrt(max(255**2 * 10 ** (-quality / 10) - ROUNDING, 0.01)))


def _repeated(one: Floats, shape: tuple[int, ...]) -> Floats:
    out = np.empty(shape, np.float32)
    for top in range(0, shape[0], PERIOD):
        for left in range(0, shape[1], PERIOD):
            part = out[top : top + PERIOD, left : left + PERIOD]
            part[:] = one[: part.shape[0], : part.shape[1]]
    return out


def _rms(levels: Floats) -> float:
    return float(cv2.norm(levels) / levels.size**0.5 + 1e-9)


@cache
def _dither() -> Floats:
    """Every value of ±½ once, in scattered order: multiples of the golden ratio along rows and columns (Roberts' sequence)."""
    y, x = np.mgrid[:DITHER_SIDE, :DITHER_SIDE]
    spread: Floats = ((0.7548776662 * x + 0.5698402910 * y) % 1 - 0.5).astype(np.float32)
    return spread
