"""Small turns and stretches of small pictures, found by trying all of them.

A small picture shows too few peaks for `scan`, but its scale is known. So its pilots are sought at the frequencies where each turn or
stretch about its middle would show them, which lie between those of one zero-padded spectrum.
"""

from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

from tanba.marking.watermark.pattern import PERIOD, Carriers, Floats
from tanba.marking.watermark.scan import Guess
from tanba.marking.watermark.spectrum import CLIP, REACH, fold, spectrum

TURNS = np.radians(np.arange(-16, 16.1, 0.5))
STRETCHES = np.exp(np.arange(-0.18, 0.181, 0.015))
UNLIKE = 0.3
"""Largest logarithm of the ratio of both scales."""
SHIFTS = np.array([[y, x] for y in range(-3, 4) for x in range(-3, 4)])
"""By how many work pixels the middle may have moved."""
CHOICES, LIKELY = 3, 4.6
"""How many are followed, and the least score of one, in standard deviations of chance."""


def bends(signal: Floats, carriers: Carriers) -> list[Guess]:
    """The likeliest turns and stretches about the middle of an evened picture, best first."""
    middle = np.array([length // 2 for length in signal.shape])
    seen = spectrum(fold(signal, *(-middle).tolist()), signal.size).values
    said, inverses = _tried()
    # A frequency f of the pattern shows at A⁻ᵀ f; where that has kx < 0, the half-plane holds the conjugate at -f.
    points = np.einsum("nij,pj->npi", inverses, carriers.pilots[:, ::-1])
    back = points[:, :, 0] < 0
    points[back] *= -1
    across, down = points[:, :, 0].astype(np.float32), (points[:, :, 1] + REACH).astype(np.float32)
    real, imaginary = (cv2.remap(part, across, down, cv2.INTER_CUBIC) for part in (seen.real.copy(), seen.imag.copy()))
    values = real + 1j * np.where(back, -imaginary, imaginary)
    size = np.abs(values)
    turned = values * np.minimum(1, CLIP / (size + 1e-6)) * carriers.phases.conj()
    moves = np.exp(-2j * np.pi / PERIOD * (carriers.pilots @ (SHIFTS + middle).T))
    sums = np.einsum("np,ps->ns", turned, moves).real.max(axis=1)
    scores = sums / (np.sqrt((np.minimum(size, CLIP) ** 2).sum(axis=1) / 2) + 1e-6)
    best = np.argsort(-scores)[:CHOICES]
    return [Guess(float(scores[at]), *said[at]) for at in best if scores[at] >= LIKELY]


@cache
def _tried() -> tuple[list[tuple[float, float, float, bool]], npt.NDArray[np.float64]]:
    """(across, down, angle, mirrored) of each, and A⁻ᵀ (n, 2, 2) of its map A of points (x, y)."""
    said = [(1.0, 1.0, float(angle), False) for angle in TURNS]
    said += [(float(x), float(y), 0.0, False) for x in STRETCHES for y in STRETCHES if abs(np.log(x / y)) <= UNLIKE]
    maps = [[[np.cos(turn) * x, -np.sin(turn) * y], [np.sin(turn) * x, np.cos(turn) * y]] for x, y, turn, _ in said]
    return said, np.linalg.inv(np.array(maps)).transpose(0, 2, 1)
