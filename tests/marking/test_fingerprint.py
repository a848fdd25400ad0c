"""Fingerprints of pictures, on landscapes made of random waves: what stays near, what is far, what has none."""

from collections.abc import Callable
from functools import cache

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from tanba.marking.fingerprint import CLEAR, PARTS_WITHIN, WITHIN, distance, of_pixels, parts, quality, to_keep, variants

Picture = NDArray[np.uint8]


@cache
def picture(seed: int, height: int = 480, width: int = 640) -> Picture:
    """Noise that is the weaker the finer, as in photographs."""
    chance = np.random.default_rng(seed)
    waves = np.fft.rfft2(chance.normal(size=(height, width, 3)), axes=(0, 1))
    rows, columns = np.fft.fftfreq(height)[:, None] * height, np.fft.rfftfreq(width) * width
    field = np.fft.irfft2(waves / np.maximum(np.hypot(rows, columns), 1)[..., None] ** 1.3, (height, width), axes=(0, 1))
    return np.clip(field / field.std() * 50 + 128, 0, 255).astype(np.uint8)


def jpeg(pixels: Picture) -> Picture:
    _, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 30])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def smaller(pixels: Picture) -> Picture:
    return np.asarray(cv2.resize(pixels, (200, 170), interpolation=cv2.INTER_AREA), np.uint8)


def noisy(pixels: Picture) -> Picture:
    return np.clip(pixels + np.random.default_rng(1).normal(0, 10, pixels.shape), 0, 255).astype(np.uint8)


def paler(pixels: Picture) -> Picture:
    return (pixels * 0.6 + 60).astype(np.uint8)


def mirrored(pixels: Picture) -> Picture:
    return pixels[:, ::-1]


def turned(pixels: Picture) -> Picture:
    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), 5, 1)
    return np.asarray(cv2.warpAffine(pixels, matrix, (width, height)), np.uint8)


def cropped(pixels: Picture) -> Picture:
    """A quarter of its area is gone, most of it above and on the left."""
    height, width = pixels.shape[:2]
    return pixels[int(height * 0.1) : int(height * 0.966), int(width * 0.11) : int(width * 0.976)]


def nearest(looked_up: tuple[bytes, ...], kept: tuple[bytes, ...]) -> int:
    return min(distance(one, other) for one in looked_up for other in kept)


@pytest.mark.parametrize("change", [jpeg, smaller, noisy, paler, mirrored])
def test_a_picture_is_found_after(change: Callable[[Picture], Picture]) -> None:
    for seed in range(8):
        original = picture(seed)
        assert nearest(variants(change(original)), to_keep(original)) <= WITHIN


@pytest.mark.parametrize("change", [turned, cropped, lambda pixels: cropped(mirrored(pixels)), lambda pixels: jpeg(cropped(pixels))])
def test_a_part_of_a_picture_is_found_after(change: Callable[[Picture], Picture]) -> None:
    found = [nearest(parts(change(picture(seed))), to_keep(picture(seed))) <= PARTS_WITHIN for seed in range(8)]
    assert sum(found) >= 7


def test_other_pictures_are_far() -> None:
    all_ = [picture(seed) for seed in range(14)]
    kept = [to_keep(each) for each in all_]
    for one, each in enumerate(all_):
        for other, prints in enumerate(kept):
            if one != other:
                assert nearest(variants(each), prints) > WITHIN
                assert nearest(parts(each), prints) > PARTS_WITHIN


def test_the_mirror_image_takes_signs_only() -> None:
    for seed in range(4):
        there, back = variants(picture(seed, 512, 512)), variants(mirrored(picture(seed, 512, 512)))
        assert distance(there[0], back[1]) <= 4
        assert distance(there[1], back[0]) <= 4
        assert there[0] == of_pixels(picture(seed, 512, 512)) == to_keep(picture(seed, 512, 512))[0]


def test_half_of_the_bits_are_one() -> None:
    looked_up = variants(picture(1)) + parts(picture(1))
    assert len(looked_up) == 2 + 132
    assert {int.from_bytes(each).bit_count() for each in looked_up} == {128}
    assert {len(each) for each in looked_up} == {32}


FLAT = [
    np.full((300, 300, 3), 77, np.uint8),
    np.zeros((1, 1, 3), np.uint8),
    np.full((1, 1), 255, np.uint8),
    np.zeros((5000, 2), np.uint8),
    np.broadcast_to(np.arange(256, dtype=np.uint8), (256, 256)),
    np.random.default_rng(0).integers(99, 101, (600, 600), np.uint8),
]


@pytest.mark.parametrize("pixels", FLAT)
def test_a_flat_picture_has_none(pixels: Picture) -> None:
    """Neither one colour, nor one smooth run of them, nor the faintest noise."""
    assert (of_pixels(pixels), to_keep(pixels), variants(pixels), parts(pixels)) == (None, (), (), ())
    assert quality(pixels) < CLEAR


@pytest.mark.parametrize("shape", [(3, 40_000), (40_000, 3), (2, 2, 3), (129, 4097, 3)])
def test_odd_shapes_have_some_or_none(shape: tuple[int, ...]) -> None:
    pixels = np.random.default_rng(3).integers(0, 256, shape, np.uint8)
    assert len(variants(pixels)) in (0, 2)
    assert len(to_keep(pixels)) in (0, 1, 2)
    assert len(parts(pixels)) <= 132


def test_a_view_is_as_good_as_a_copy() -> None:
    pixels = picture(2)
    assert of_pixels(pixels[::2, ::-1]) == of_pixels(np.ascontiguousarray(pixels[::2, ::-1]))


@given(arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9)) | st.tuples(st.integers(1, 9), st.integers(1, 9), st.just(3))))
@settings(max_examples=40)
def test_no_picture_is_a_surprise(pixels: Picture) -> None:
    found = of_pixels(pixels)
    assert (found is None) == (quality(pixels) < CLEAR) == (variants(pixels) == ())


@pytest.mark.parametrize("pixels", [np.zeros((0, 4), np.uint8), np.zeros((4, 4, 4), np.uint8), np.zeros(4, np.uint8), np.zeros((4, 4))])
def test_what_is_no_picture_is_refused(pixels: Picture) -> None:
    with pytest.raises(ValueError, match="no picture"):
        of_pixels(pixels)
