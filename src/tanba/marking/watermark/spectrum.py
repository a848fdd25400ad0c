"""The spectrum of an evened picture at the frequencies where marks live, and how a mark is found and read there."""

from typing import Any, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from tanba.marking.watermark.code import CODED, decode
from tanba.marking.watermark.pattern import NEARBY, OUTER, PERIOD, Carriers, Complex, Floats, Ints

REACH = OUTER + 8
NEIGHBOURS = 17
"""The noise at a frequency is judged by a square of so many frequencies around it."""
CLIP = 3.0
SURE = 6.0
"""Least score of a mark; the checksum has to fit as well."""
COARSE = PERIOD // 2
"""Pilots lie below a quarter cycle per pixel, so where they agree is sought on every second pixel."""
ALIKE = 14.0
"""Carriers whose radii differ by so much are taken to stand about equally strong."""


class Spectrum(NamedTuple):
    """The frequencies of a picture, rows ky from -96 to 96, columns kx from 0 to 96: complex `values` over the `noise` around each."""

    values: Complex
    noise: Floats

    def mirrored(self) -> "Spectrum":
        """The spectrum of the same picture mirrored left to right about its first column: F(ky, -kx), the conjugate of F(-ky, kx)."""
        return Spectrum(np.ascontiguousarray(self.values[::-1].conj()), np.ascontiguousarray(self.noise[::-1]))

    def half_turned(self) -> "Spectrum":
        """The spectrum of the same picture turned by 180° about its first pixel."""
        return Spectrum(self.values.conj(), self.noise)


def at(values: npt.NDArray[Any], points: Ints) -> Any:
    """What a half-plane laid out as in `Spectrum` holds at (n, 2) frequencies."""
    return values[points[:, 0] + REACH, points[:, 1]]


def fold(signal: Floats, top: int = 0, left: int = 0) -> Floats:
    """(512, 512): the signal laid over itself with the period of the mark; its first pixel lies at (top, left) of the pattern."""
    top, left = top % PERIOD, left % PERIOD
    height, width = signal.shape
    folded = np.zeros((PERIOD, PERIOD), np.float32)
    for y in range(-top, height, PERIOD):
        for x in range(-left, width, PERIOD):
            part = signal[max(y, 0) : y + PERIOD, max(x, 0) : x + PERIOD]
            row, column = max(-y, 0), max(-x, 0)
            folded[row : row + part.shape[0], column : column + part.shape[1]] += part
    return folded


def transform(folded: Floats, count: int) -> Complex:
    """The plain spectrum of a folded signal of `count` pixels, laid out as in `Spectrum`, white noise of deviation 1 giving size 1."""
    packed = cv2.dft(folded)
    rows = np.concatenate([packed[-REACH:], packed[: REACH + 1]])
    # Packed rows are Re(0), Re(1), Im(1), Re(2), Im(2), …; column 0 is packed otherwise, and no mark lies there.
    values = np.zeros((2 * REACH + 1, REACH + 1), np.complex64)
    values[:, 1:] = np.ascontiguousarray(rows[:, 1 : 2 * REACH + 1]).view(np.complex64)
    values *= np.float32(1 / np.sqrt(count))
    return values


def spectrum(folded: Floats, count: int) -> Spectrum:
    """The spectrum of a folded signal of `count` pixels, whitened by its surroundings."""
    plain = transform(folded, count)
    power = plain.real**2 + plain.imag**2
    noise = cv2.sqrt(cv2.blur(power, (NEIGHBOURS, NEIGHBOURS), borderType=cv2.BORDER_REFLECT) + 1e-9)
    return Spectrum(plain / noise, noise)  # type: ignore[arg-type]


class Lock(NamedTuple):
    """Where a mark lies: the picture's pixel x shows the pattern's pixel x + shift. `score`: in standard deviations of pure chance."""

    score: float
    shift: tuple[float, float]


def pilots_of(seen: Spectrum, carriers: Carriers) -> tuple[Complex, float]:
    """Pilot values turned back by their phases, none above CLIP, and the deviation of their sum were they noise."""
    values = at(seen.values, carriers.pilots)
    size = np.abs(values)
    turned = values * np.conj(carriers.phases) * np.minimum(1, CLIP / (size + 1e-6))
    return turned.astype(np.complex64), float(np.sqrt((np.minimum(size, CLIP) ** 2).sum() / 2)) + 1e-6


def lock_near(seen: Spectrum, carriers: Carriers, around: tuple[float, float] = (0.0, 0.0)) -> Lock:
    """The best shift within two pixels."""
    turned, deviation = pilots_of(seen, carriers)
    turned = turned * _turns(carriers.pilots, around)
    sums = np.einsum("sp,p->s", carriers.nearby, turned).real
    best = int(sums.argmax())
    dy, dx = NEARBY[best]
    return Lock(float(sums[best]) / deviation, (around[0] + float(dy), around[1] + float(dx)))


def lock_anywhere(seen: Spectrum, carriers: Carriers) -> Lock:
    """The best shift of all."""
    turned, _ = pilots_of(seen, carriers)
    packed = np.zeros((COARSE, COARSE), np.float32)
    rows, columns = carriers.pilots.T
    packed[rows, 2 * columns - 1], packed[rows, 2 * columns] = turned.real, -turned.imag
    agreement = cv2.idft(packed)
    top, left = divmod(int(agreement.argmax()), COARSE)
    return lock_near(seen, carriers, (2.0 * top, 2.0 * left))


def read(seen: Spectrum, carriers: Carriers, shift: tuple[float, float]) -> int | None:
    """The ID a mark at `shift` carries, or None."""
    values = at(seen.values, carriers.data) * _turns(carriers.data, shift)
    soft = np.clip(values.view(np.float32), -CLIP, CLIP) * carriers.sign * np.repeat(_gain(seen, carriers, shift), 2)
    return decode(np.bincount(carriers.bit, soft, CODED).astype(np.float32))


def _gain(seen: Spectrum, carriers: Carriers, shift: tuple[float, float]) -> Floats:
    """How strongly the mark stands at each data carrier, judged by the pilots of about its radius."""
    turned, _ = pilots_of(seen, carriers)
    strength = np.maximum((turned * _turns(carriers.pilots, shift)).real, -CLIP)
    near = np.exp(-(((carriers.radius[:, None] - carriers.pilot_radius[None]) / ALIKE) ** 2) / 2)
    gain = np.einsum("dp,p->d", near, strength) / near.sum(axis=1)
    positive: Floats = np.maximum(gain, 0.1 * max(float(gain.max()), 1e-3)).astype(np.float32)
    return positive


def _turns(points: Ints, shift: tuple[float, float]) -> Complex:
    """What turns the values at (n, 2) frequencies back by a shift."""
    turns: Complex = np.exp(-2j * np.pi / PERIOD * (points[:, 0] * shift[0] + points[:, 1] * shift[1])).astype(np.complex64)
    return turns
