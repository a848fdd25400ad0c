"""Finding marks: where they were put, then in cut small pictures, then behind changes of shape, then in parts of the picture."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from tanba.marking.watermark.align import align
from tanba.marking.watermark.bend import bends
from tanba.marking.watermark.pattern import Floats, Pattern
from tanba.marking.watermark.plane import GRIDS, SIDE, SMALL, Grey, base_side, clearer, even, scale_to, work_plane
from tanba.marking.watermark.scan import Guess, Peaks, guesses, peaks
from tanba.marking.watermark.spectrum import SURE, Spectrum, fold, lock_anywhere, lock_near, read, spectrum

LEAST_SIDE = 16
MOST_ASPECT = 64
"""Of what is searched: narrower pictures are left with a strip of some pixels at the size they are worked on."""
GUESSES, LIKELY = 6, 4.4
"""How many guesses are followed, and the least score of one, in deviations of all guesses."""
TURN, ANY_TURN = np.radians(16), np.pi / 2
ENLARGED = (1, 2)
"""Small pictures are tried as they are, and as if they had been shown at twice their size."""
BACKGROUND = 14
"""Grey levels by which a margin may differ from its corner."""
STEPS = (0.0, 0.25, 0.5)


@dataclass(frozen=True)
class Detected:
    """A mark: whose, the ID it carries, how clearly it shows (in standard deviations of chance, at most 14), and how it was found."""

    pattern: Pattern
    id: int
    score: float
    route: str


def marks_in(luma: Grey, patterns: Sequence[Pattern], deep: bool) -> list[Detected]:
    """The marks of these issuers in a grey picture, at most one of each."""
    found: dict[Pattern, Detected] = {}
    for marks in _ways(luma, patterns, found, deep):
        for mark in marks:
            found.setdefault(mark.pattern, mark)
        if len(found) == len(set(patterns)):
            break
    return [found[pattern] for pattern in dict.fromkeys(patterns) if pattern in found]


def _ways(luma: Grey, patterns: Sequence[Pattern], found: dict[Pattern, Detected], deep: bool) -> Iterator[list[Detected]]:
    """What each way finds, cheapest first; `found` grows meanwhile."""

    def missing() -> list[Pattern]:
        return [pattern for pattern in dict.fromkeys(patterns) if pattern not in found]

    if not _holds_one(luma, LEAST_SIDE):
        return
    yield from (_direct(luma, scale, missing(), "") for scale in _scales(luma))
    inner = _without_margins(luma)
    if inner is not None:
        yield from (_direct(inner, scale, missing(), "within margins, ") for scale in _scales(inner))
    if min(luma.shape) < SMALL:
        yield from (_moved(luma, scale, missing()) for scale in GRIDS.values())
    if inner is not None and deep:
        yield _searched(inner, missing(), TURN, "within margins, ")
    yield _searched(luma, missing(), ANY_TURN if deep else TURN, "")
    if deep:
        yield from (_searched(part, missing(), TURN, "in a part, ") for part in _parts(luma))


def _holds_one(luma: Grey, least: int) -> bool:
    """Whether a mark could be seen in a picture of this shape."""
    return bool(min(luma.shape) >= least and max(luma.shape) <= MOST_ASPECT * min(luma.shape))


def _scales(luma: Grey) -> list[float]:
    """Work pixels per pixel at which a mark may lie as it was put, likeliest first."""
    short = min(luma.shape)
    own = [scale / times for times in ENLARGED if short < times * SMALL for scale in GRIDS.values()]
    fitted = [scale_to(SIDE, luma.shape)]
    return own + fitted if short < SMALL else fitted + own


def _direct(luma: Grey, scale: float, patterns: Sequence[Pattern], where: str) -> list[Detected]:
    """Marks that lie as they were put, or mirrored; in small pictures also those that a blur made faint."""
    work = work_plane(luma, scale)
    found = _placed(work, patterns, where)
    if len(found) < len(patterns) and min(luma.shape) < SMALL:
        seen = {mark.pattern for mark in found}
        found += _placed(clearer(work), [pattern for pattern in patterns if pattern not in seen], where)
    return found


def _placed(work: Floats, patterns: Sequence[Pattern], where: str) -> list[Detected]:
    signal = even(work).signal
    seen = spectrum(fold(signal), signal.size)
    found = (mark_at(seen, pattern, (0.0, 0.0), where + "direct") for pattern in patterns)
    straight = [mark for mark in found if mark is not None]
    if len(straight) == len(patterns):
        return straight
    mirrored = seen.mirrored()
    more = (mark_at(mirrored, pattern, (0.0, signal.shape[1] - 1.0), where + "mirrored") for pattern in patterns)
    return straight + [mark for mark in more if mark is not None]


def _moved(luma: Grey, scale: float, patterns: Sequence[Pattern]) -> list[Detected]:
    """Marks of small pictures that were cut, or turned or stretched a little about their middle."""
    signal = even(work_plane(luma, scale)).signal
    seen = spectrum(fold(signal), signal.size)
    found = []
    for pattern in patterns:
        mark = mark_at(seen, pattern, lock_anywhere(seen, pattern.carriers).shift, "cut")
        found.append(mark or _reshaped(signal, pattern, bends(signal, pattern.carriers), ""))
    return [mark for mark in found if mark is not None]


def mark_at(seen: Spectrum, pattern: Pattern, shift: tuple[float, float], route: str) -> Detected | None:
    """The mark that lies within two pixels of a shift, where its pilots agree and its checksum fits."""
    lock = lock_near(seen, pattern.carriers, shift)
    id = read(seen, pattern.carriers, lock.shift) if lock.score >= SURE else None
    return None if id is None else Detected(pattern, id, lock.score, route)


def _searched(luma: Grey, patterns: Sequence[Pattern], turn: float, where: str) -> list[Detected]:
    """Marks in a picture that was cut, scaled, stretched, turned up to `turn` radians, or tilted."""
    signal = even(work_plane(luma, scale_to(base_side(luma.shape), luma.shape))).signal
    shown = peaks(signal)
    found = (_reshaped(signal, pattern, _likely(shown, pattern, turn), where) for pattern in patterns)
    return [mark for mark in found if mark is not None]


def _likely(shown: Peaks, pattern: Pattern, turn: float) -> list[Guess]:
    return [guess for guess in guesses(shown, pattern.carriers, turn)[:GUESSES] if guess.score >= LIKELY]


def _reshaped(signal: Floats, pattern: Pattern, tried: Sequence[Guess], where: str) -> Detected | None:
    for guess in tried:
        source = np.ascontiguousarray(signal[:, ::-1]) if guess.mirrored else signal
        aligned = align(source, guess, pattern.carriers)
        if aligned is None or aligned.lock.score < SURE:
            continue
        if (id := read(aligned.seen, pattern.carriers, aligned.lock.shift)) is not None:
            return Detected(pattern, id, aligned.lock.score, where + ("mirrored and reshaped" if guess.mirrored else "reshaped"))
    return None


def _without_margins(luma: Grey) -> Grey | None:
    """The picture without margins of one colour, None where it has none or is nothing else."""
    differs = cv2.absdiff(luma, np.full_like(luma, luma[0, 0])) > BACKGROUND
    rows, columns = (np.flatnonzero(differs.mean(axis=axis) > 0.02) for axis in (1, 0))
    if not len(rows) or not len(columns):
        return None
    part = luma[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return np.ascontiguousarray(part) if _holds_one(part, 2 * LEAST_SIDE) and part.size <= 0.97 * luma.size else None


def _parts(luma: Grey) -> Iterator[Grey]:
    """Nine overlapping quarters."""
    height, width = luma.shape
    for down in STEPS:
        for across in STEPS:
            top, left = int(height * down), int(width * across)
            part = luma[top : top + height // 2, left : left + width // 2]
            if min(part.shape) >= 4 * LEAST_SIDE:
                yield np.ascontiguousarray(part)
