"""Finding the visible warning in a picture again: the words are drawn once more and looked for, at their size and around it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tanba.marking.label import Pixels, render

LETTERS = 14
"""Height to which the letters are brought before looking: enough to tell words apart, small enough to be quick."""

PAD = 5
"""Of the plate around the words, so much is not compared."""

SHARE = 0.05
SIZES = (1.0, 1.2, 0.83, 1.45, 0.69, 1.75, 0.57, 2.1, 0.47)
"""Of the letters beside what they should be, the likeliest first: a crop makes them larger, a page around the picture smaller."""

FINE = (1.0, 0.957, 1.045, 0.916, 1.092)
"""Between the sizes: words fit while they are within about 3 %."""

BAND = 7
"""Heights of letters from the edge within which a warning of three lines stands."""

ENOUGH = 0.62
"""Least correlation of a word that is there."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A warning that was found: its words, how well they fit (0 to 1), and where, in pixels of the picture."""

    text: str
    score: float
    left: int
    top: int
    letters: float


def look(pixels: Pixels, texts: Sequence[str], share: float = SHARE, deep: bool = False) -> Seen | None:
    """The best fitting of `texts`, None where none is there. `share`: letters per short side; `deep` looks at other sizes too."""
    import cv2

    grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    if found := _at_edges(grey, texts, min(grey.shape) * share):
        return found
    for size in SIZES if deep else SIZES[:1]:
        for fine in FINE if deep else FINE[:3]:
            found = _at(grey, texts, min(grey.shape) * share * size * fine)
            if found and found.score >= ENOUGH:
                return found
    return None


def _at_edges(grey: NDArray[np.uint8], texts: Sequence[str], letters: float) -> Seen | None:
    """Where it was put, at its own size: the quick look."""
    band = min(grey.shape[0], round(letters * BAND))
    for top in (grey.shape[0] - band, 0):
        found = _at(np.ascontiguousarray(grey[top : top + band]), texts, letters)
        if found and found.score >= ENOUGH:
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
    import cv2

    words = render((text,), LETTERS)[PAD:-PAD, PAD:-PAD]
    if words.shape[0] > small.shape[0] or words.shape[1] > small.shape[1]:
        return 0.0, 0, 0, text
    fit = np.abs(cv2.matchTemplate(small, np.ascontiguousarray(words), cv2.TM_CCOEFF_NORMED))  # dark on light and light on dark
    place = int(np.argmax(np.where(np.isfinite(fit), fit, 0)))
    top, left = divmod(place, fit.shape[1])
    return float(fit[top, left]), left, top, text
