"""Turns and stretches of small pictures, found by trying all."""

import cv2
import numpy as np
import pytest

from tanba.marking.watermark import Pattern
from tanba.marking.watermark.bend import bends
from tanba.marking.watermark.pattern import Floats, tile

CARRIERS = Pattern(b"issuer one").carriers
HEIGHT, WIDTH = 130, 180


def shown(across: float, down: float, degrees: float) -> Floats:
    """The pilots, scaled and turned about its middle, in noise three times as strong."""
    turn = np.radians(degrees)
    linear = np.array([[np.cos(turn) * across, -np.sin(turn) * down], [np.sin(turn) * across, np.cos(turn) * down]])
    middle = np.array([WIDTH / 2, HEIGHT / 2])
    placed = np.column_stack([linear, middle - linear @ middle])
    pilots = tile(CARRIERS, np.zeros(len(CARRIERS.data), np.complex64), CARRIERS.phases)
    moved = np.asarray(cv2.warpAffine(pilots, placed, (WIDTH, HEIGHT), flags=cv2.INTER_CUBIC), np.float32)
    noise = np.random.default_rng(1).normal(0, 3 * moved.std(), moved.shape)
    return (moved + noise).astype(np.float32)


@pytest.mark.parametrize(("across", "down", "degrees"), [(1, 1, 6), (1, 1, -11), (0.9, 1.1, 0), (1.08, 0.95, 0)])
def test_the_bend_is_among_the_likeliest(across: float, down: float, degrees: float):
    found = bends(shown(across, down, degrees), CARRIERS)
    told = [(guess.across, guess.down, np.degrees(guess.angle)) for guess in found]
    assert any(np.allclose(each, (across, down, degrees), atol=(0.02, 0.02, 1), rtol=0) for each in told)


def test_noise_suggests_little():
    signals = np.random.default_rng(2).normal(0, 1, (6, HEIGHT, WIDTH)).astype(np.float32)
    assert sum(len(bends(signal, CARRIERS)) for signal in signals) <= 2
