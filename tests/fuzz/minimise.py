"""`python -m fuzz.minimise TARGET FOLDER`: take into the corpus those of FOLDER's inputs that reach lines in an order none before did.

The smallest come first, after the corpus and the seeds, which are much like what the ordinary tests mark.
"""

import hashlib
import sys
import warnings
from pathlib import Path
from types import FrameType
from typing import Any

LARGEST, TOGETHER = 1 << 14, 250_000
"""Bytes of one input that is kept, and of all new ones of a target."""


class Steps:
    """Pairs of lines of tanba that follow one another."""

    def __init__(self) -> None:
        self.seen: set[tuple[str, int, int]] = set()

    def of(self, frame: FrameType, event: str, _: Any) -> Any:
        path = frame.f_code.co_filename
        if "/src/tanba/" not in path:
            return None
        last = frame.f_lineno

        def line(inner: FrameType, event: str, _: Any) -> Any:
            nonlocal last
            self.seen.add((path, last, inner.f_lineno))
            last = inner.f_lineno
            return line

        return line


def main() -> None:
    from fuzz.seeds import seeds
    from fuzz.session import kept
    from fuzz.targets import TARGETS

    warnings.simplefilter("ignore")
    name, folder = sys.argv[1], Path(sys.argv[2])
    known = [*seeds(name), *(each.read_bytes() for each in kept(name))]
    fresh = sorted((data for each in folder.iterdir() if len(data := each.read_bytes()) <= LARGEST), key=len)
    steps, room = Steps(), TOGETHER
    for number, data in enumerate([*known, *fresh]):
        before = len(steps.seen)
        sys.settrace(steps.of)
        TARGETS[name](data)
        sys.settrace(None)
        if number >= len(known) and len(steps.seen) > before and room > len(data):
            room -= len(data)
            place = Path(__file__).parent / "corpus" / name
            place.mkdir(parents=True, exist_ok=True)
            (place / hashlib.sha256(data).hexdigest()[:12]).write_bytes(data)
    print(name, len(steps.seen), "steps,", len(kept(name)), "kept,", sum(each.stat().st_size for each in kept(name)), "bytes")


if __name__ == "__main__":
    main()
