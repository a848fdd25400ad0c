"""The keyed layout of one issuer: which spatial frequencies carry its mark, and what each of them carries.

The mark is a periodic picture of 512 x 512 work pixels. Of its frequencies every issuer uses one in sixteen, chosen by key, so that
the marks of two issuers hardly share any; 96 of them are pilots of known phase, which show where the mark lies, the rest carry the
coded bits, each bit about three times: once per ring of the annulus.
"""

from dataclasses import dataclass, field
from functools import cached_property
from hashlib import shake_256

import cv2
import numpy as np
import numpy.typing as npt

from tanba.marking.watermark.code import CODED

VERSION = "tanba.wm/1"
PERIOD = 512
INNER, OUTER = 20, 88
"""Radii of the annulus, in cycles per period."""
PILOT_INNER, PILOT_OUTER = 28, 80
AXIS = 6
"""Frequencies nearer to an axis stay free: edges and JPEG blocks of the picture live there."""
STEP = 4
PILOTS = 96
NEARBY = np.array([[y, x] for y in np.arange(-2, 2.1, 0.5) for x in np.arange(-2, 2.1, 0.5)])
"""Shifts (81, 2) within two pixels, half a pixel apart."""
PILOT = 2.6
"""Amplitude of a pilot, where the real and the imaginary part of a data carrier have 1 each."""

Floats = npt.NDArray[np.float32]
Complex = npt.NDArray[np.complex64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Pattern:
    """The layout made from an issuer's secret. Whoever holds the secret can read, forge and remove its marks."""

    secret: bytes = field(repr=False)

    @cached_property
    def carriers(self) -> "Carriers":
        """Frequencies and what they carry; made at first use."""
        return Carriers(self.secret)


class Carriers:
    """Frequencies are rows (ky, kx) with kx > 0, in cycles per period.

    `pilots` (96, 2) with their `phases` (96,) as unit complex numbers; `data` (n, 2), whose real and imaginary parts carry
    coded bit `bit[i]` times `sign[i]`, i < 2n: the real part of carrier c at 2c, the imaginary one at 2c + 1.
    `nearby` (81, 96) turns the pilots back by each of the NEARBY shifts.
    """

    def __init__(self, secret: bytes) -> None:
        """Everything follows from SHAKE-256 of the version, a label and the secret."""
        lattice = _lattice(secret)
        radius = np.hypot(*lattice.T)
        inside = np.flatnonzero((radius >= PILOT_INNER) & (radius <= PILOT_OUTER))
        chosen = np.sort(inside[_order(secret, "pilots", len(inside))[:PILOTS]])
        self.pilots = lattice[chosen]
        self.phases = np.exp(2j * np.pi * _stream(secret, "phases", PILOTS).astype(np.float64) / 2**64).astype(np.complex64)
        self.data = np.delete(lattice, chosen, axis=0)
        self.bit = _assign(secret, 2 * len(self.data))
        self.sign = 1 - 2 * (_stream(secret, "signs", 2 * len(self.data)) & np.uint64(1)).astype(np.float32)
        self.radius = np.hypot(*self.data.T).astype(np.float32)
        self.nearby = np.exp(-2j * np.pi / PERIOD * (NEARBY @ self.pilots.T)).astype(np.complex64)
        self.pilot_radius = np.hypot(*self.pilots.T).astype(np.float32)


def amplitude(carriers: Carriers) -> float:
    """Size of one unit of amplitude that gives a mark of nominal amplitudes a deviation of 1."""
    return float(1 / np.sqrt(2 * (2 * len(carriers.data) + PILOT**2 * len(carriers.pilots))))


def tile(carriers: Carriers, data: Complex, pilots: Complex) -> Floats:
    """(512, 512): one period of the picture that these amplitudes make."""
    packed = np.zeros((PERIOD, PERIOD), np.float32)
    for points, values in ((carriers.data, data), (carriers.pilots, pilots)):
        rows, columns = points.T
        packed[rows, 2 * columns - 1], packed[rows, 2 * columns] = values.real, values.imag
    return cv2.idft(packed) * np.float32(amplitude(carriers))


def _lattice(secret: bytes) -> Ints:
    """All carriers, by radius: every fourth column from a keyed start, and in each column every fourth row from a keyed start.

    Four apart they stay orthogonal in any cut-out of 128 work pixels.
    """
    first = int(_stream(secret, "column", 1)[0] % STEP)
    columns = np.arange(first, OUTER + 1, STEP)
    starts = (_stream(secret, "rows", len(columns)) % STEP).astype(np.int64)
    points = [(row, column) for column, start in zip(columns, starts, strict=True) for row in range(start - 88, OUTER + 1, STEP)]
    grid = np.array(points, np.int64)
    radius = np.hypot(*grid.T)
    kept = (radius >= INNER) & (radius <= OUTER) & (np.abs(grid) >= AXIS).all(axis=1)
    inner_first = np.argsort(radius[kept], kind="stable")
    return np.take(grid[kept], inner_first, axis=0)


def _assign(secret: bytes, count: int) -> Ints:
    """Which coded bit each of `count` places carries: permutations of all bits, one after another from the centre outwards."""
    rounds = [_order(secret, f"bits {turn}", CODED) for turn in range(-(-count // CODED))]
    return np.concatenate(rounds)[:count]


def _order(secret: bytes, label: str, count: int) -> Ints:
    """A keyed permutation of 0 … count - 1: the order of as many pseudo-random numbers."""
    return np.argsort(_stream(secret, label, count), kind="stable")


def _stream(secret: bytes, label: str, count: int) -> npt.NDArray[np.uint64]:
    """`count` pseudo-random 64-bit numbers, little-endian, from SHAKE-256 of "version NUL label NUL secret"."""
    octets = shake_256(b"\0".join((VERSION.encode(), label.encode(), secret))).digest(8 * count)
    return np.frombuffer(octets, "<u8")
