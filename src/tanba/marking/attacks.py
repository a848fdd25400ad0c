"""What happens to a picture between its maker and whoever asks where it came from: 37 attacks, and harder ones."""

import io
from collections.abc import Callable
from functools import partial

import cv2
import numpy as np
from PIL import Image

Pixels = np.ndarray
Attack = Callable[[Pixels, np.random.Generator], Pixels]


def _coded(pixels: Pixels, _: np.random.Generator, *, form: str, quality: int) -> Pixels:
    file = io.BytesIO()
    more = {"speed": 8} if form == "AVIF" else {}
    Image.fromarray(pixels).save(file, form, quality=quality, **more)
    return np.asarray(Image.open(file).convert("RGB"))


def _scaled(pixels: Pixels, _: np.random.Generator, *, across: float, down: float | None = None, back: bool = False) -> Pixels:
    height, width = pixels.shape[:2]
    size = max(1, round(width * across)), max(1, round(height * (down or across)))
    out = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if across < 1 else cv2.INTER_CUBIC)
    return cv2.resize(out, (width, height), interpolation=cv2.INTER_CUBIC) if back else out


def _cropped(pixels: Pixels, random: np.random.Generator, *, area: float, back: bool = False) -> Pixels:
    """Without `area` of its area, somewhere, in the same proportions."""
    height, width = pixels.shape[:2]
    rows, columns = int(height * np.sqrt(1 - area)), int(width * np.sqrt(1 - area))
    top, left = random.integers(0, height - rows + 1), random.integers(0, width - columns + 1)
    out = pixels[top : top + rows, left : left + columns].copy()
    return cv2.resize(out, (width, height), interpolation=cv2.INTER_CUBIC) if back else out


def _turned(pixels: Pixels, random: np.random.Generator, *, degrees: float) -> Pixels:
    height, width = pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees if random.random() < 0.5 else -degrees, 1)
    return cv2.warpAffine(pixels, turn, (width, height), flags=cv2.INTER_CUBIC)


def _blurred(pixels: Pixels, _: np.random.Generator, *, sigma: float) -> Pixels:
    return cv2.GaussianBlur(pixels, (0, 0), sigma)


def _noisy(pixels: Pixels, random: np.random.Generator, *, sigma: float) -> Pixels:
    noisy: Pixels = np.clip(pixels + random.normal(0, sigma, pixels.shape) + 0.5, 0, 255).astype(np.uint8)
    return noisy


def _toned(pixels: Pixels, _: np.random.Generator, *, gain: float = 1.0, contrast: float = 1.0) -> Pixels:
    mean = pixels.mean()
    toned: Pixels = np.clip(((pixels.astype(np.float32) - mean) * contrast + mean) * gain + 0.5, 0, 255).astype(np.uint8)
    return toned


def _occluded(pixels: Pixels, random: np.random.Generator) -> Pixels:
    """A dark box over a fifth of the area."""
    out = pixels.copy()
    rows, columns = int(out.shape[0] * 0.45), int(out.shape[1] * 0.45)
    top, left = random.integers(0, out.shape[0] - rows), random.integers(0, out.shape[1] - columns)
    out[top : top + rows, left : left + columns] = 30
    return out


def _in_window(pixels: Pixels, random: np.random.Generator) -> Pixels:
    """A screenshot of a viewer showing it at 0.73, JPEG 80."""
    small = _scaled(pixels, random, across=0.73)
    rows, columns = small.shape[0] + int(random.integers(40, 120)), small.shape[1] + int(random.integers(40, 200))
    page = np.full((rows, columns, 3), 235, np.uint8)
    top, left = random.integers(10, rows - small.shape[0] - 5), random.integers(10, columns - small.shape[1] - 5)
    page[top : top + small.shape[0], left : left + small.shape[1]] = small
    return _coded(page, random, form="JPEG", quality=80)


def _shot_and_cut(pixels: Pixels, random: np.random.Generator) -> Pixels:
    """A screenshot at 0.73, cut a little too close, shown at 1.25, JPEG 80."""
    small = cv2.resize(pixels, None, fx=0.73, fy=0.73, interpolation=cv2.INTER_LINEAR)
    top, bottom, left, right = random.integers(2, 12, 4)
    cut = small[top:-bottom, left:-right]
    return _coded(cv2.resize(cut, None, fx=1.25, fy=1.25, interpolation=cv2.INTER_LINEAR), random, form="JPEG", quality=80)


def _social(pixels: Pixels, random: np.random.Generator) -> Pixels:
    """Long side to 800, JPEG 70."""
    scale = 800 / max(pixels.shape[:2])
    return _coded(_scaled(pixels, random, across=scale) if scale < 1 else pixels, random, form="JPEG", quality=70)


def _cut_shrunk_coded(pixels: Pixels, random: np.random.Generator) -> Pixels:
    cut = _cropped(pixels, random, area=0.25)
    return _coded(_scaled(cut, random, across=0.6), random, form="JPEG", quality=60)


def _sharpened(pixels: Pixels, _: np.random.Generator) -> Pixels:
    return cv2.addWeighted(pixels, 1.8, cv2.GaussianBlur(pixels, (0, 0), 1.5), -0.8, 0)


def _grey(pixels: Pixels, _: np.random.Generator) -> Pixels:
    return cv2.cvtColor(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)


def _pasted(pixels: Pixels, random: np.random.Generator, *, scale: float) -> Pixels:
    """Into a page of 1920 x 1080 with lines of text, JPEG 85."""
    small = _scaled(pixels, random, across=scale * min(1.0, 1100 / max(pixels.shape[:2])))
    page = np.full((1080, 1920, 3), 250, np.uint8)
    for line in range(40, 1060, 26):
        cv2.putText(
            page,
            "the quick brown fox jumps over the lazy dog " * 4,
            (30, line),
            cv2.FONT_HERSHEY_SIMPLEX,
            0.6,
            (40, 40, 40),
            1,
            cv2.LINE_AA,
        )
    top, left = random.integers(0, 1080 - small.shape[0] + 1), random.integers(0, 1920 - small.shape[1] + 1)
    page[top : top + small.shape[0], left : left + small.shape[1]] = small
    return _coded(page, random, form="JPEG", quality=85)


def _tilted(pixels: Pixels, random: np.random.Generator, *, share: float) -> Pixels:
    """Every corner moved by up to `share` of the sides, as a hand-held camera would."""
    height, width = pixels.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = corners + (random.uniform(-share, share, (4, 2)) * (width, height)).astype(np.float32)
    return cv2.warpPerspective(pixels, cv2.getPerspectiveTransform(corners, moved), (width, height), flags=cv2.INTER_CUBIC)


def _barred(pixels: Pixels, random: np.random.Generator) -> Pixels:
    """A white bar above, cut, JPEG 70."""
    bar = np.full((pixels.shape[0] // 6, pixels.shape[1], 3), 255, np.uint8)
    return _coded(_cropped(np.concatenate([bar, pixels]), random, area=0.1), random, form="JPEG", quality=70)


ATTACKS: dict[str, Attack] = {
    "none": lambda pixels, _: pixels,
    **{f"jpeg {quality}": partial(_coded, form="JPEG", quality=quality) for quality in (90, 75, 50, 30)},
    **{f"webp {quality}": partial(_coded, form="WEBP", quality=quality) for quality in (80, 50)},
    "avif 50": partial(_coded, form="AVIF", quality=50),
    **{f"scale {scale}": partial(_scaled, across=scale) for scale in (0.5, 0.25, 2)},
    **{f"scale {scale} and back": partial(_scaled, across=scale, back=True) for scale in (0.5, 0.25)},
    "stretch 0.9 x 1.1": partial(_scaled, across=0.9, down=1.1),
    **{f"crop {round(100 * area)} %": partial(_cropped, area=area) for area in (0.1, 0.25, 0.5)},
    "crop 25 % and back": partial(_cropped, area=0.25, back=True),
    **{f"turn {degrees}": partial(_turned, degrees=degrees) for degrees in (2, 5, 10)},
    "mirror": lambda pixels, _: pixels[:, ::-1].copy(),
    **{f"blur {sigma}": partial(_blurred, sigma=sigma) for sigma in (1, 2)},
    "median 3": lambda pixels, _: cv2.medianBlur(pixels, 3),
    "sharpen": _sharpened,
    **{f"noise {sigma}": partial(_noisy, sigma=sigma) for sigma in (5, 10)},
    "brighter 1.3": partial(_toned, gain=1.3),
    "darker 0.7": partial(_toned, gain=0.7),
    "contrast 0.6": partial(_toned, contrast=0.6),
    "grey": _grey,
    "occlude 20 %": _occluded,
    "screenshot": _in_window,
    "screenshot, cut": _shot_and_cut,
    "social network": _social,
    "crop 25 %, 0.6, jpeg 60": _cut_shrunk_coded,
}
"""The 37 of the table."""

HARD: dict[str, Attack] = {
    "jpeg 20": partial(_coded, form="JPEG", quality=20),
    "jpeg 10": partial(_coded, form="JPEG", quality=10),
    "crop 75 %": partial(_cropped, area=0.75),
    "crop 90 %": partial(_cropped, area=0.9),
    "tilt 2 %": partial(_tilted, share=0.02),
    "tilt 5 %": partial(_tilted, share=0.05),
    "pasted at 0.6": partial(_pasted, scale=0.6),
    "pasted at 0.4": partial(_pasted, scale=0.4),
    "turn 20": partial(_turned, degrees=20),
    "turn 45": partial(_turned, degrees=45),
    "turn 90": lambda pixels, _: np.ascontiguousarray(np.rot90(pixels)),
    "turn 180": lambda pixels, _: np.ascontiguousarray(pixels[::-1, ::-1]),
    "bar, crop, jpeg 70": _barred,
    "noise 20": partial(_noisy, sigma=20),
    "scale 0.15": partial(_scaled, across=0.15),
}
"""Harder ones, tried with the deep search."""

SHRINKING = (
    "scale 0.5",
    "scale 0.25",
    "scale 0.5 and back",
    "scale 0.25 and back",
    "screenshot",
    "screenshot, cut",
    "crop 25 %, 0.6, jpeg 60",
)
"""Those that leave a small picture fewer pixels."""
