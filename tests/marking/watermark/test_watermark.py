"""Marks in pictures: written, read, attacked, overwritten, shared, and not seen where there are none."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marking.watermark.drawn import Pixels, page, scene, sky
from tanba.errors import InputError
from tanba.marking import watermark
from tanba.marking.watermark import Pattern, detect, detect_plane, embed, embed_plane

KEY, OTHER = Pattern(b"issuer one"), Pattern(b"issuer two")
ID = 0x0123456789ABCDEF


def ids(pixels: Pixels, *patterns: Pattern, deep: bool = False) -> list[int]:
    return [mark.id for mark in detect(pixels, patterns or (KEY,), deep=deep)]


def jpeg(pixels: Pixels, quality: int) -> Pixels:
    return np.asarray(cv2.imdecode(cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], 1), np.uint8)


def turned(pixels: Pixels, degrees: float) -> Pixels:
    height, width = pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return np.asarray(cv2.warpAffine(pixels, turn, (width, height), flags=cv2.INTER_CUBIC), np.uint8)


def scaled(pixels: Pixels, across: float, down: float) -> Pixels:
    return np.asarray(cv2.resize(pixels, None, fx=across, fy=down, interpolation=cv2.INTER_AREA), np.uint8)


def pasted(pixels: Pixels) -> Pixels:
    out = np.full((pixels.shape[0] + 140, pixels.shape[1] + 200, 3), 240, np.uint8)
    out[60 : 60 + pixels.shape[0], 90 : 90 + pixels.shape[1]] = pixels
    return out


ATTACKS: dict[str, Callable[[Pixels], Pixels]] = {
    "jpeg 50": lambda pixels: jpeg(pixels, 50),
    "half size": lambda pixels: scaled(pixels, 0.5, 0.5),
    "quarter size": lambda pixels: scaled(pixels, 0.25, 0.25),
    "stretched": lambda pixels: scaled(pixels, 0.9, 1.1),
    "half cut away": lambda pixels: pixels[90:-100, 150:-120],
    "turned 7": lambda pixels: turned(pixels, 7),
    "mirrored": lambda pixels: pixels[:, ::-1],
    "mirrored and cut": lambda pixels: pixels[40:-30, -60:30:-1],
    "upside down": lambda pixels: pixels[::-1, ::-1],
    "margins": lambda pixels: jpeg(pasted(scaled(pixels, 0.7, 0.7)), 80),
    "blurred": lambda pixels: np.asarray(cv2.GaussianBlur(pixels, (0, 0), 2), np.uint8),
    "contrast": lambda pixels: (pixels * 0.6 + 30).astype(np.uint8),
}


@given(
    st.integers(0, 2**64 - 1),
    st.integers(watermark.LEAST_SIDE, 420),
    st.floats(1, 3),
    st.booleans(),
    st.integers(0, 1000),
)
@settings(max_examples=15, deadline=None)
def test_what_is_written_is_read(id: int, short: int, aspect: float, upright: bool, seed: int):
    shape = (round(short * aspect), short) if upright else (short, round(short * aspect))
    pixels = scene(*shape, seed)
    marked = embed(pixels, id, KEY)
    assert marked.shape == pixels.shape
    assert marked.dtype == np.uint8
    assert ids(marked) == [id]
    assert cv2.PSNR(pixels, marked) > 36.5


@pytest.mark.parametrize("name", ATTACKS)
def test_survives(name: str):
    marked = embed(scene(600, 800), ID, KEY)
    assert ids(np.ascontiguousarray(ATTACKS[name](marked))) == [ID]


SMALL_ATTACKS: dict[str, Callable[[Pixels], Pixels]] = {
    "jpeg 40": lambda pixels: jpeg(pixels, 40),
    "blurred": lambda pixels: np.asarray(cv2.GaussianBlur(pixels, (0, 0), 2), np.uint8),
    "cut": lambda pixels: pixels[9:-5, 7:-12],
    "turned 5": lambda pixels: turned(pixels, 5),
    "stretched": lambda pixels: scaled(pixels, 0.9, 1.1),
    "mirrored": lambda pixels: pixels[:, ::-1],
    "twice the size": lambda pixels: scaled(pixels, 2, 2),
}


@pytest.mark.parametrize("name", SMALL_ATTACKS)
@pytest.mark.parametrize("shape", [(110, 150), (170, 150), (239, 300)])
def test_small_picture_survives(shape: tuple[int, int], name: str):
    marked = embed(scene(*shape), ID, KEY)
    assert ids(np.ascontiguousarray(SMALL_ATTACKS[name](marked))) == [ID]


def test_small_picture_that_holds_the_mark_easily_loses_less():
    small = [scene(170, 150, seed) for seed in (1, 2, 3)]
    assert np.mean([cv2.PSNR(pixels, embed(pixels, ID, KEY)) for pixels in small]) > 40


def test_part_of_a_small_picture_is_found_by_its_place():
    marked = embed(scene(170, 150), ID, KEY)
    assert detect(np.ascontiguousarray(marked[20:, 13:]), [KEY])[0].route == "cut"


def test_routes():
    marked = embed(scene(600, 800), ID, KEY)
    routes = [detect(np.ascontiguousarray(seen), [KEY])[0].route for seen in (marked, marked[:, ::-1], pasted(marked), marked[40:-30, 60:])]
    assert routes == ["direct", "mirrored", "within margins, direct", "reshaped"]


@pytest.mark.parametrize("draw", [page, sky])
def test_page_and_sky_survive_jpeg_75(draw: Callable[[], Pixels]):
    assert ids(jpeg(embed(draw(), ID, KEY), 75)) == [ID]


def test_sky_stays_smooth():
    pixels = sky()
    assert cv2.PSNR(pixels, embed(pixels, ID, KEY)) > 47


@pytest.mark.parametrize("degrees", [45, 90, -70])
def test_deep_search_reads_any_angle(degrees: float):
    pixels = embed(scene(600, 800), ID, KEY)
    assert ids(np.ascontiguousarray(np.rot90(pixels)) if degrees == 90 else turned(pixels, degrees), deep=True) == [ID]


def test_deep_search_reads_a_small_part_of_a_page():
    sheet = np.concatenate([page(1080, 960), page(1080, 960)], axis=1)
    small = scaled(embed(scene(800, 1100), ID, KEY), 0.4, 0.4)
    sheet[400 : 400 + small.shape[0], 1000 : 1000 + small.shape[1]] = small
    assert ids(jpeg(sheet, 85), deep=True) == [ID]


def test_wrong_key_reads_nothing():
    marked = embed(scene(400, 600), ID, KEY)
    assert detect(marked, [OTHER], deep=True) == []


@pytest.mark.parametrize("pixels", [scene(400, 600, 7), page(), sky()], ids=["scene", "page", "sky"])
def test_unmarked_pictures_read_nothing(pixels: Pixels):
    assert detect(pixels, [KEY, OTHER]) == []


def test_two_issuers_in_one_picture():
    both = jpeg(embed(embed(scene(600, 800), ID, KEY), 42, OTHER), 75)
    assert ids(both, KEY, OTHER) == [ID, 42]
    assert ids(both, OTHER, KEY, OTHER) == [42, ID]


def test_same_issuer_overwrites():
    twice = embed(embed(scene(600, 800), ID, KEY), 42, KEY)
    assert ids(twice) == ids(jpeg(twice, 75)) == [42]


def test_same_input_same_output():
    pixels = scene(300, 400)
    kept = pixels.copy()
    assert np.array_equal(embed(pixels, ID, KEY), embed(pixels, ID, Pattern(b"issuer one")))
    assert np.array_equal(pixels, kept)


def test_weight_keeps_a_label_clean():
    pixels = scene(600, 800)
    weight = np.ones((600, 800), np.float32)
    weight[500:, :300] = 0
    marked = embed(pixels, ID, KEY, weight=weight)
    assert np.abs(marked[512:, :288].astype(int) - pixels[512:, :288]).max() <= 1
    assert ids(jpeg(marked, 75)) == [ID]


def test_higher_quality_changes_less():
    pixels = scene(600, 800)
    marked = embed(pixels, ID, KEY, quality=47)
    assert cv2.PSNR(pixels, marked) > 46.5
    assert ids(jpeg(marked, 75)) == [ID]


def test_planes_and_other_channels():
    luma = np.ascontiguousarray(scene(500, 700)[:, :, 1])
    marked = embed_plane(luma, ID, KEY)
    with_alpha = np.dstack([marked, marked, marked, np.full_like(marked, 255)])
    assert [mark.id for mark in detect_plane(marked, [KEY])] == ids(marked) == ids(marked[:, :, None]) == ids(with_alpha) == [ID]


def test_readonly_and_strided_pixels():
    pixels = scene(300, 400)
    pixels.flags.writeable = False
    assert ids(embed(pixels, ID, KEY)) == [ID]
    assert ids(embed(scene(300, 401)[:, ::-1], ID, KEY)) == [ID]


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 5000, 3), (5000, 1), (40, 3000, 3), (16, 16, 3), (0, 0, 3), (17, 400, 4), (300, 300, 2)])
@pytest.mark.parametrize("level", [0, 128, 255])
def test_odd_pictures_are_no_error(shape: tuple[int, ...], level: int):
    assert detect(np.full(shape, level, np.uint8), [KEY], deep=True) == []


@pytest.mark.parametrize("shape", [(95, 400, 3), (100, 801, 3), (400, 400), (400, 400, 4), (0, 0, 3)])
def test_what_cannot_carry_a_mark(shape: tuple[int, ...]):
    with pytest.raises(InputError):
        embed(np.zeros(shape, np.uint8), ID, KEY)


@pytest.mark.parametrize("id", [-1, 2**64])
def test_id_out_of_range(id: int):
    with pytest.raises(InputError):
        embed(scene(200, 200), id, KEY)


def test_plane_must_be_one():
    with pytest.raises(InputError):
        embed_plane(scene(200, 200), ID, KEY)


def test_no_patterns():
    assert detect(scene(200, 200), []) == []


@pytest.mark.slow
def test_many_unmarked_pictures_read_nothing():
    for seed in range(40):
        assert detect(scene(300, 400, 100 + seed), [Pattern(bytes([key])) for key in range(5)]) == []


@pytest.mark.parametrize("shape", [(17, 40_000), (40_000, 17), (49, 100_000)])
def test_nothing_is_sought_in_strips(shape: tuple[int, int]):
    assert detect(np.zeros((*shape, 3), np.uint8), [KEY], deep=True) == []
