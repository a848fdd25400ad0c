"""Finding the visible warning in a picture again: the words are drawn once more and looked for, at their size and around it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray

from tanba.marking.label import SIZE, Pixels, render

LETTERS = 14
"""Height to which the letters are brought before looking: enough to tell words apart, small enough to be quick."""

PAD, GAP = 2, 3
"""Of the plate around the words, so many pixels are not compared; more empty columns than this part words."""

SIZES = (1.0, 1.2, 0.83, 1.45, 0.69, 1.75, 0.57, 2.1, 0.47)
"""Of the letters beside what they should be, the likeliest first: a crop makes them larger, a page around the picture smaller."""

FINE = (1.0, 0.957, 1.045, 0.916, 1.092)
"""Between the sizes: words fit while they are within about 3 %."""

LARGE = 8
"""Letters so many times higher than `LETTERS` are halved first: the smallest of `SIZES` are then still shrunk."""

END = 4
"""Of a strip, so many times its short side is looked at from each end: the words of a language at the largest size are half so long."""

BAND = 7
"""Heights of letters from the edge within which a warning of three lines stands."""

ENOUGH, DOUBTFUL = 0.82, 0.68
"""Least correlation of a warning that is there; of what may be one.

Measured: 0.88 and more for ours, also shrunk and at JPEG 45; up to 0.81 for other phrases in the same letters.
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """A warning that was found: its words, how well they fit (0 to 1), and where, in pixels of the picture."""

    text: str
    score: float
    left: int
    top: int
    letters: float

    @property
    def sure(self) -> bool:
        """Whether it is a warning, and not only like one."""
        return self.score >= ENOUGH


def look(pixels: Pixels, texts: Sequence[str], share: float = SIZE, deep: bool = False) -> Seen | None:
    """The best fitting of `texts` in RGB or luma, None where none is there; `Seen.sure` says whether it is one.

    `share`: letters per short side; `deep` looks at other sizes too.
    """
    best = None
    for part, left, top in _ends(pixels):
        grey, times = _shrunk(part, share)
        found = _look(grey, texts, share, deep)
        if found and (best is None or found.score > best.score):
            best = replace(found, left=found.left * times + left, top=found.top * times + top, letters=found.letters * times)
    return best


def _ends(pixels: Pixels) -> Iterator[tuple[Pixels, int, int]]:
    """(part, its left, its top): the whole, and of a long strip both ends, since a warning stands in a corner and time is bounded."""
    height, width = pixels.shape[:2]
    reach = END * min(height, width)
    across, down = ((0,) if side <= 2 * reach else (0, side - reach) for side in (width, height))
    for left, top in product(across, down):
        yield pixels[top : top + (reach if len(down) > 1 else height), left : left + (reach if len(across) > 1 else width)], left, top


def _shrunk(pixels: Pixels, share: float) -> tuple[NDArray[np.uint8], int]:
    """(brightness, how many times smaller): large pictures are halved once, and not anew for each size of the letters."""
    import cv2

    grey, times = pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8), 1
    while min(grey.shape) * share > LARGE * LETTERS:
        height, width = (side // 2 for side in grey.shape)
        grey = np.asarray(cv2.resize(grey[: 2 * height, : 2 * width], (width, height), interpolation=cv2.INTER_AREA), np.uint8)
        times *= 2
    return grey, times


def _look(grey: NDArray[np.uint8], texts: Sequence[str], share: float, deep: bool) -> Seen | None:
    best = _at_edges(grey, texts, min(grey.shape) * share)
    for size in SIZES if deep else SIZES[:1]:
        for fine in FINE if deep else FINE[:3]:
            if best and best.sure:
                return best
            found = _at(grey, texts, min(grey.shape) * share * size * fine)
            best = found if found and (best is None or found.score > best.score) else best
    return best if best and best.score >= DOUBTFUL else None


def _at_edges(grey: NDArray[np.uint8], texts: Sequence[str], letters: float) -> Seen | None:
    """Where it was put, at its own size: the quick look."""
    band = min(grey.shape[0], round(letters * BAND))
    for top in (grey.shape[0] - band, 0):
        found = _at(np.ascontiguousarray(grey[top : top + band]), texts, letters)
        if found and found.sure:
            return replace(found, top=found.top + top)
    return None


def _at(grey: NDArray[np.uint8], texts: Sequence[str], letters: float) -> Seen | None:
    """The best fitting text whose letters are so many pixels high."""
    import cv2

    scale = LETTERS / max(letters, 1.0)
    if scale > 4 or min(grey.shape) * scale < 1.2 * LETTERS:
        return None
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=way), np.uint8)
    fits = [_fit(small, text) for text in texts]
    score, left, top, text = max(fits, default=(0.0, 0, 0, ""))
    return Seen(text, round(score, 3), round(left / scale), round(top / scale), round(letters, 1)) if score > 0 else None


def _fit(small: NDArray[np.uint8], text: str) -> tuple[float, int, int, str]:
    """(how well the text fits where it fits best, left, top, text): as well as its worst word, so that no other phrase passes for it."""
    import cv2

    mask = render((text,), LETTERS)
    words = np.ascontiguousarray(mask[PAD:-PAD, PAD:-PAD])
    if words.shape[0] > small.shape[0] or words.shape[1] > small.shape[1]:
        return 0.0, 0, 0, text
    fit = np.abs(cv2.matchTemplate(small, words, cv2.TM_CCOEFF_NORMED))  # dark on light and light on dark
    place = int(np.argmax(np.where(np.isfinite(fit), fit, 0)))
    top, left = divmod(place, fit.shape[1])
    whole = float(fit[top, left])
    if whole < DOUBTFUL:
        return whole, left, top, text
    there = small[top : top + words.shape[0], left : left + words.shape[1]]
    return min(whole, *(_alike(there, words, start, stop) for start, stop in _words(words))), left, top, text


def _words(mask: NDArray[np.uint8]) -> list[tuple[int, int]]:
    """Columns of each word, with half of the gap beside it."""
    inked = np.flatnonzero(mask.max(axis=0) > 64)
    breaks = np.flatnonzero(np.diff(inked) > GAP)
    edges = [0, *(int(inked[each] + inked[each + 1]) // 2 for each in breaks), mask.shape[1]]
    return list(pairwise(edges))


def _alike(there: NDArray[np.uint8], words: NDArray[np.uint8], start: int, stop: int) -> float:
    """Correlation of one word with what stands in its place, give or take a pixel."""
    import cv2

    template = np.ascontiguousarray(words[1:-1, start + 1 : stop - 1])
    fit = np.abs(cv2.matchTemplate(np.ascontiguousarray(there[:, start:stop]), template, cv2.TM_CCOEFF_NORMED))
    return float(np.max(np.where(np.isfinite(fit), fit, 0)))
