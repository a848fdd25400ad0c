"""Pictures for the tests, drawn from a seed."""

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]


def scene(height: int, width: int, seed: int = 1) -> Pixels:
    """Soft clouds, sharp discs and a little grain: about what a photograph's spectrum looks like."""
    random = np.random.default_rng(seed)
    layers = [_clouds(random, height, width, size) * size**0.8 for size in (2.0, 5.0, 12.0, 40.0)]
    base = np.sum(layers, axis=0)
    base = 128 + 40 * base / base.std()
    for _ in range(12):
        centre = (int(random.integers(0, width)), int(random.integers(0, height)))
        cv2.circle(base, centre, int(random.integers(5, 1 + max(6, height // 8))), float(random.integers(30, 220)), -1, cv2.LINE_AA)
    pixels = base[..., None] * np.array([1.0, 0.95, 0.85]) + random.normal(0, 1.5, (height, width, 3))
    return np.clip(pixels, 0, 255).astype(np.uint8)


def page(height: int = 900, width: int = 640) -> Pixels:
    """Black words on white."""
    pixels = np.full((height, width, 3), 255, np.uint8)
    for row, line in enumerate(range(60, height - 40, 26)):
        words = "the mark must live between the lines of a page"[row % 7 : 44 - row % 9]
        cv2.putText(pixels, words, (40, line), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (0, 0, 0), 1, cv2.LINE_AA)
    return pixels


def sky(height: int = 700, width: int = 900) -> Pixels:
    """A smooth gradient."""
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    return np.clip(np.stack([120 + 60 * y, 150 + 50 * y + 10 * x, 215 + 20 * y], axis=-1), 0, 255).astype(np.uint8)


def _clouds(random: np.random.Generator, height: int, width: int, size: float) -> npt.NDArray[np.float32]:
    field = cv2.GaussianBlur(random.normal(0, 1, (height, width)).astype(np.float32), (0, 0), size)
    return np.asarray(field / field.std(), np.float32)
