"""From a guess to the exact place of a mark: local shifts, and the plane map that explains them."""

from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from tanba.marking.watermark.pattern import PERIOD, Carriers, Floats, tile
from tanba.marking.watermark.scan import Guess
from tanba.marking.watermark.spectrum import Lock, Spectrum, at, fold, lock_anywhere, lock_near, spectrum

Map = npt.NDArray[np.float64]
"""(3, 3): from pattern coordinates (x, y, 1) to picture coordinates."""

BLOCK, STRIDE, RADIUS = 192, 128, 9
CLEAR = 3.5
"""How far the best local shift must stand out, in standard deviations of all shifts."""
ROUNDS = 3
PROMISING = 4.8
"""Score below which a guess is given up: pure chance seldom comes so far."""
MOST_PIXELS, LEAST_SIDE = 3_000_000, 32
HALF_TURN = np.diag([-1.0, -1.0, 1.0])


class Aligned(NamedTuple):
    """A spectrum in pattern coordinates, and where the mark lies in it."""

    lock: Lock
    seen: Spectrum


class Laid(NamedTuple):
    """A signal in pattern coordinates: its first pixel lies at (top, left); `pixels` of the picture are in it."""

    signal: Floats
    top: int
    left: int
    pixels: int

    def half_turned(self) -> "Laid":
        """The same, turned by 180° about the origin."""
        height, width = self.signal.shape
        return Laid(np.ascontiguousarray(self.signal[::-1, ::-1]), 1 - self.top - height, 1 - self.left - width, self.pixels)


def start(guess: Guess) -> Map:
    """The map a guess stands for."""
    c, s = np.cos(guess.angle), np.sin(guess.angle)
    return np.array([[c * guess.across, -s * guess.down, 0], [s * guess.across, c * guess.down, 0], [0, 0, 1]])


def look(signal: Floats, map: Map) -> Laid | None:
    """The signal in pattern coordinates; None where that would be absurdly large or small."""
    height, width = signal.shape
    corners = np.array([[x, y] for y in (-0.5, height - 0.5) for x in (-0.5, width - 0.5)])
    inverse = np.linalg.inv(map)
    depth = corners @ inverse[2, :2] + inverse[2, 2]
    if (depth < 0.2 * depth.max()).any():
        return None
    spread = cv2.perspectiveTransform(corners[None], inverse)[0]
    left, top = (int(edge) for edge in np.floor(spread.min(axis=0)))
    right, bottom = (int(edge) for edge in np.ceil(spread.max(axis=0)))
    if (right - left) * (bottom - top) > MOST_PIXELS or min(right - left, bottom - top) < LEAST_SIDE:
        return None
    moved = map @ np.array([[1, 0, left], [0, 1, top], [0, 0, 1.0]])
    size, flags = (right - left, bottom - top), cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    if map[2, 0] == map[2, 1] == 0:
        shown = cv2.warpAffine(signal, moved[:2] / moved[2, 2], size, flags=flags, borderValue=0)
    else:
        shown = cv2.warpPerspective(signal, moved, size, flags=flags, borderValue=0)
    return Laid(shown, top, left, max(1, round(signal.size / abs(np.linalg.det(map[:2, :2])))))  # type: ignore[arg-type]


def align(signal: Floats, guess: Guess, carriers: Carriers) -> Aligned | None:
    """Refines a guess, round by round, as long as the mark shows better. None where none shows."""
    map, best = start(guess), None
    for turn in range(ROUNDS + 1):
        if (laid := look(signal, map)) is None:
            return best
        seen = spectrum(fold(laid.signal, laid.top, laid.left), laid.pixels)
        if turn == 0 and (lock := lock_anywhere(seen, carriers)).score < PROMISING:
            # A spectrum cannot tell a picture from the same picture upside down.
            map, seen = map @ HALF_TURN, seen.half_turned()
            laid = laid.half_turned()
        lock = lock_near(seen, carriers) if turn else lock_anywhere(seen, carriers)
        if lock.score < PROMISING or (turn > 1 and best is not None and lock.score <= best.lock.score):
            return best
        if best is None or lock.score > best.lock.score:
            best = Aligned(lock, seen)
        if turn == ROUNDS or (fitted := _fit(laid, lock, seen, carriers, map)) is None:
            return best
        map = fitted
    return best


def _fit(laid: Laid, lock: Lock, seen: Spectrum, carriers: Carriers, map: Map) -> Map | None:
    """The map that explains where the blocks of the signal see the pattern."""
    pilots, shift = _pilot_tile(seen, carriers), np.array(lock.shift[::-1])
    whole = np.round(shift).astype(int)
    here, there = [], []
    for y in _starts(laid.signal.shape[0]):
        for x in _starts(laid.signal.shape[1]):
            block = np.ascontiguousarray(laid.signal[y : y + BLOCK, x : x + BLOCK])
            middle = np.array([x + laid.left + (block.shape[1] - 1) / 2, y + laid.top + (block.shape[0] - 1) / 2])
            found = _local(block, pilots, y + laid.top + int(whole[1]), x + laid.left + int(whole[0]))
            if found is not None:
                here.append(middle)
                there.append(middle + whole + found)
    if len(here) < 3:
        moved: Map = map @ np.array([[1, 0, -shift[0]], [0, 1, -shift[1]], [0, 0, 1.0]])
        return moved
    return _solve(np.array(there), cv2.perspectiveTransform(np.array([here]), map)[0])


def _starts(length: int) -> list[int]:
    count = max(1, round((length - BLOCK) / STRIDE) + 1)
    return [round(at) for at in np.linspace(0, max(0, length - BLOCK), count)]


def _local(block: Floats, pilots: Floats, top: int, left: int) -> npt.NDArray[np.float64] | None:
    """By how much (x, y) the pattern is seen elsewhere than from (top, left), within `RADIUS`; None where that is not clear."""
    if min(block.shape) < LEAST_SIDE:
        return None
    rows, columns = (np.arange(at, at + length) % PERIOD for at, length in zip((top, left), block.shape, strict=True))
    likeness = cv2.idft(cv2.mulSpectrums(cv2.dft(pilots[np.ix_(rows, columns)]), cv2.dft(block), 0, conjB=True))
    near = np.roll(likeness, (RADIUS, RADIUS), (0, 1))[: 2 * RADIUS + 1, : 2 * RADIUS + 1]
    y, x = divmod(int(near.argmax()), near.shape[1])
    if near[y, x] < CLEAR * likeness.std() or not 0 < y < 2 * RADIUS or not 0 < x < 2 * RADIUS:
        return None
    return np.array([x - RADIUS + _vertex(*near[y, x - 1 : x + 2]), y - RADIUS + _vertex(*near[y - 1 : y + 2, x])])


def _vertex(before: float, at: float, after: float) -> float:
    bend = before - 2 * at + after
    return float(0.5 * (before - after) / bend) if bend < 0 else 0.0


def _solve(pattern: Map, picture: Map) -> Map | None:
    """The map of (n, 2) points on each other that most of them agree on: affine, or from eight points on a perspective."""
    if len(pattern) >= 8:
        found, agreed = cv2.findHomography(pattern, picture, cv2.RANSAC, 2.0)
        if found is not None and int(agreed.sum()) >= 6:
            return found  # type: ignore[return-value]
    found, _ = cv2.estimateAffine2D(pattern, picture, method=cv2.RANSAC, ransacReprojThreshold=2.0)
    return None if found is None or abs(np.linalg.det(found[:, :2])) < 1e-3 else np.vstack([found, [0, 0, 1]])


def _pilot_tile(seen: Spectrum, carriers: Carriers) -> Floats:
    """One period of the pilots alone, weighted against the noise around each: the matched filter of coloured noise."""
    return tile(carriers, np.zeros(len(carriers.data), np.complex64), carriers.phases / at(seen.noise, carriers.pilots) ** 2)
