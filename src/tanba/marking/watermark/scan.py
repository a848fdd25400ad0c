"""Guessing how a picture was scaled, stretched or turned since it was marked, from where its spectrum has peaks.

On logarithmic axes a scaling of the picture is a shift of its spectrum, and in log-polar coordinates a turn is one too
(Reddy & Chatterji, 1996). So all guesses are tried by laying 96 shifted copies of one resampled spectrum over each other: one per pilot.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from tanba.marking.watermark.pattern import PERIOD, Carriers, Floats, Ints

SIZE = 1024
SURROUND = 41
PEAK = 7.0
FINEST = 0.007
"""Step of the logarithm of the scale."""
LEAST_SCALE, MOST_SCALE = 0.4, 2.4
LOWEST, HIGHEST = 4.5, 420.0
"""Bins of the spectrum covered by the resampled one."""
ANGLE = np.radians(0.35)
ANGLES = 514
STRETCH = 0.27
"""Largest logarithm of the ratio of both scales."""

TOPS, APART = 3, 2
"""How many guesses each way makes, and by how many steps they differ."""
SHIFTS = round(np.log(MOST_SCALE / LEAST_SCALE) / FINEST)


class Guess(NamedTuple):
    """Pattern to picture: x scaled by `across`, y by `down`, then turned by `angle` radians; `mirrored` before all that."""

    score: float
    across: float
    down: float
    angle: float
    mirrored: bool


class Peaks(NamedTuple):
    """The peaks of a picture's spectrum, on logarithmic axes (two quadrants) and in log-polar coordinates."""

    falling: Floats
    rising: Floats
    polar: Floats


def peaks(signal: Floats) -> Peaks:
    """Peaks of the spectrum of the middle of an evened picture, above their surroundings, mean 0."""
    height, width = signal.shape
    top, left = max(0, height - SIZE) // 2, max(0, width - SIZE) // 2
    part = signal[top : top + SIZE, left : left + SIZE]
    window = cv2.sqrt(cv2.createHanningWindow(part.shape[::-1], cv2.CV_32F))
    padded = np.zeros((SIZE, SIZE), np.float32)
    padded[: part.shape[0], : part.shape[1]] = part * window
    packed = cv2.dft(padded, nonzeroRows=part.shape[0])
    halves = packed[:, 1:-1].reshape(SIZE, SIZE // 2 - 1, 2)
    power = np.concatenate([halves[SIZE // 2 :], halves[: SIZE // 2]])
    power = power[:, :, 0] ** 2 + power[:, :, 1] ** 2
    level = cv2.blur(power, (SURROUND, SURROUND), borderType=cv2.BORDER_REFLECT) + 1e-9
    shown = np.minimum(power / level, PEAK)
    shown -= shown.mean()
    resampled = [np.asarray(cv2.remap(shown, *each, cv2.INTER_LINEAR, borderValue=0), np.float32) for each in _maps()]
    return Peaks(*resampled)


@cache
def _maps() -> tuple[tuple[Floats, Floats], ...]:
    """Where the resampled spectra look: x is the column kx - 1, y the row ky + SIZE / 2."""
    steps = np.exp(np.arange(np.log(LOWEST), np.log(HIGHEST), FINEST)).astype(np.float32)
    across, down = np.meshgrid(steps - 1, steps)
    radius, angle = np.meshgrid(steps, _angles())
    polar = (radius * np.cos(angle) - 1, radius * np.sin(angle) + SIZE / 2)
    return (across, SIZE / 2 + down), (across, SIZE / 2 - down), tuple(part.astype(np.float32) for part in polar)


def _angles() -> Floats:
    return (np.arange(ANGLES) * np.pi / ANGLES - np.pi / 2).astype(np.float32)


def guesses(seen: Peaks, carriers: Carriers, turn: float) -> list[Guess]:
    """The likeliest guesses, best first, for stretched pictures and for pictures turned up to `turn` radians, mirrored or not."""
    ways = (way for mirrored in (False, True) for way in (_stretched(seen, carriers, mirrored), _turned(seen, carriers, mirrored, turn)))
    return sorted((guess for way in ways for guess in way), key=lambda guess: -guess.score)


def _stretched(seen: Peaks, carriers: Carriers, mirrored: bool) -> Iterator[Guess]:
    rows, columns = carriers.pilots.T
    down, across = _place(np.abs(rows)), _place(columns)
    total = np.zeros((SHIFTS, SHIFTS), np.float32)
    for row, y, x in zip(rows, down, across, strict=True):
        quadrant = seen.falling if (row > 0) != mirrored else seen.rising
        total += quadrant[y - SHIFTS + 1 : y + 1, x - SHIFTS + 1 : x + 1]
    log = _log_scales()
    total[_too_stretched()] = 0
    for score, y, x in _tops(total):
        yield Guess(score, float(np.exp(log[x])), float(np.exp(log[y])), 0.0, mirrored)


def _turned(seen: Peaks, carriers: Carriers, mirrored: bool, turn: float) -> Iterator[Guess]:
    rows, columns = carriers.pilots.T
    angles = np.arctan2(-rows if mirrored else rows, columns)
    places = np.round((angles + np.pi / 2) / (np.pi / ANGLES)).astype(int)
    reach = min(ANGLES // 2, round(turn / (np.pi / ANGLES)))
    around = np.concatenate([seen.polar] * 3)
    total = np.zeros((2 * reach + 1, SHIFTS), np.float32)
    for y, x in zip(places + ANGLES - reach, _place(np.hypot(rows, columns)), strict=True):
        total += around[y : y + 2 * reach + 1, x - SHIFTS + 1 : x + 1]
    log = _log_scales()
    for score, y, x in _tops(total):
        scale = float(np.exp(log[x]))
        yield Guess(score, scale, scale, (y - reach) * np.pi / ANGLES, mirrored)


def _place(frequency: npt.NDArray[Any]) -> Ints:
    """Column of the resampled spectrum where a frequency of the pattern shows at the least scale."""
    bins = frequency * (SIZE / PERIOD) / LEAST_SCALE
    places: Ints = np.round((np.log(bins) - np.log(LOWEST)) / FINEST).astype(np.int64)
    return places


def _log_scales() -> Floats:
    """Logarithm of the scale at each shift: the parts run backwards, from the largest scale to the least."""
    logs: Floats = (np.log(LEAST_SCALE) + FINEST * np.arange(SHIFTS - 1, -1, -1)).astype(np.float32)
    return logs


@cache
def _too_stretched() -> npt.NDArray[np.bool_]:
    log = _log_scales()
    far: npt.NDArray[np.bool_] = np.abs(log[:, None] - log[None]) > STRETCH
    return far


def _tops(total: Floats) -> Iterator[tuple[float, int, int]]:
    """The highest places, those beside a higher one left out; their scores in standard deviations."""
    deviation = float(total.std()) + 1e-9
    for _ in range(TOPS):
        y, x = divmod(int(total.argmax()), total.shape[1])
        yield float(total[y, x]) / deviation, y, x
        total[max(0, y - APART) : y + APART + 1, max(0, x - APART) : x + APART + 1] = -np.inf
