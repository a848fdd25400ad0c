"""Keyed layouts: the same for the same secret, nearly disjoint for two, and as the spec says."""

import subprocess
import sys
from hashlib import shake_256

import numpy as np

from tanba.marking.watermark import Pattern
from tanba.marking.watermark import pattern as layout
from tanba.marking.watermark.code import CODED


def points(secret: bytes) -> set[tuple[int, int]]:
    carriers = Pattern(secret).carriers
    return {(int(y), int(x)) for y, x in (*carriers.data, *carriers.pilots)}


def test_same_secret_same_layout():
    one, other = Pattern(b"a").carriers, Pattern(b"a").carriers
    assert all(np.array_equal(getattr(one, name), getattr(other, name)) for name in vars(one))


def test_two_issuers_share_few_frequencies():
    sets = [points(f"issuer {number}".encode()) for number in range(12)]
    shares = [len(one & other) / len(one) for at, one in enumerate(sets) for other in sets[:at]]
    assert np.mean(shares) < 0.12
    assert max(shares) < 0.5


def test_frequencies_lie_in_the_annulus_off_the_axes_and_four_apart():
    for secret in (b"a", b"b", b"c"):
        grid = np.array(sorted(points(secret)))
        assert (np.hypot(*grid.T) >= layout.INNER).all()
        assert (np.hypot(*grid.T) <= layout.OUTER).all()
        assert (np.abs(grid) >= layout.AXIS).all()
        assert len(set(grid[:, 1] % 4)) == 1


def test_every_coded_bit_is_carried_at_least_twice():
    for secret in (b"a", b"b", b"c"):
        assert np.bincount(Pattern(secret).carriers.bit, minlength=CODED).min() >= 2


def test_phases_follow_the_spec():
    octets = shake_256(b"tanba.wm/1\0phases\0secret").digest(8)
    angle = 2 * np.pi * int.from_bytes(octets, "little") / 2**64
    assert abs(Pattern(b"secret").carriers.phases[0] - np.exp(1j * angle)) < 1e-6


def test_example_of_the_spec():
    carriers = Pattern(b"an issuer's secret").carriers
    assert (len(carriers.data), len(carriers.pilots)) == (543, 96)
    assert (carriers.pilots[0].tolist(), carriers.data[0].tolist()) == ([14, 26], [9, 18])
    assert (carriers.bit[0], carriers.sign[0]) == (287, -1)


def test_secret_is_not_shown():
    assert "hidden" not in repr(Pattern(b"hidden"))


def test_import_is_light():
    code = "import sys, tanba.marking.watermark; print(sorted({'numba', 'torch', 'scipy', 'PIL', 'django'} & set(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": ":".join(sys.path)})
    assert out.stdout.strip() == "[]"
