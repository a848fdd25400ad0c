"""Work planes: at which scale a picture is marked, and what a blur made faint."""

import cv2
import numpy as np
import pytest

from marking.watermark.drawn import scene
from tanba.marking.watermark.plane import clearer, grey, scale_marked, work_plane


@pytest.mark.parametrize(
    ("shape", "scale"),
    [
        ((96, 128), 1.5),
        ((143, 300), 1.5),
        ((144, 150), 1),
        ((300, 383), 1),
        ((384, 500), 512 / 384),
        ((4000, 512), 0.512),
    ],
)
def test_scale_a_picture_is_marked_at(shape: tuple[int, int], scale: float):
    assert scale_marked(shape) == pytest.approx(scale)


@pytest.mark.parametrize("shape", [(97, 131), (150, 201)])
def test_work_plane_has_so_many_pixels_per_pixel(shape: tuple[int, int]):
    scale = scale_marked(shape)
    assert work_plane(np.zeros(shape, np.uint8), scale).shape == tuple(round(length * scale) for length in shape)


def test_clearer_plane_raises_what_a_blur_took():
    plane = work_plane(grey(np.asarray(cv2.GaussianBlur(scene(150, 201), (0, 0), 2), np.uint8)), 1)
    fine = [np.std(each - cv2.GaussianBlur(each, (0, 0), 2)) / np.std(each) for each in (plane, clearer(plane))]
    assert fine[1] > 2 * fine[0]


def test_clearer_plane_of_one_grey_is_calm():
    assert np.isfinite(clearer(np.full((40, 51), 128, np.float32))).all()
