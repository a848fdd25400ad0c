"""Fingerprints that differ in few bits: an exact scan of all of them, held in memory.

Random pairs of 256 bits differ in 128; no index prunes well at the distances of altered pictures. A scan reads three of four words, and
the fourth only of what is still near enough: nothing is missed, and it takes 3 ms for a million. At these distances faiss's multi-index
hashing took six times as long, and usearch's graph missed every second one; faiss's scan takes half, for 60 MB to install.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

BYTES, WORDS, FIRST = 32, 4, 3
"""A fingerprint's bytes, its 64-bit words, and how many of them are compared of every fingerprint."""

BLOCK = 1 << 16
"""Fingerprints compared at a time: the intermediate values stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Near:
    """A mark, and in how many of 256 bits its nearest fingerprint differs."""

    mark_id: int
    distance: int


class Scan:
    """Fingerprints of one algorithm, 32 bytes and a number of the caller's each.

    It takes 40 to 60 bytes of memory for each, and 100 for a moment while it grows. One thread may add while others look: they
    see what was there when they began.
    """

    def __init__(self) -> None:
        """Empty."""
        self._words: NDArray[np.uint64] = np.empty((WORDS, 0), np.uint64)
        self._numbers: NDArray[np.int64] = np.empty(0, np.int64)
        self._size = 0

    def __len__(self) -> int:
        """How many."""
        return self._size

    def add(self, fingerprints: bytes, numbers: NDArray[np.int64]) -> None:
        """`fingerprints` one after another, as many as `numbers`. Raises ValueError where that does not fit."""
        words = np.frombuffer(fingerprints, np.uint64).reshape(len(numbers), WORDS).T
        size = self._size + len(numbers)
        if size > self._numbers.size:
            room = max(size, self._numbers.size * 3 // 2)
            self._words, self._numbers = _grown(self._words, room), _grown(self._numbers, room)
        self._words[:, self._size : size] = words
        self._numbers[self._size : size] = numbers
        self._size = size

    def near(self, fingerprint: bytes, within: int) -> list[tuple[int, int]]:
        """(distance, number) of all that differ in at most `within` bits, nearest first."""
        size, words, numbers = self._size, self._words, self._numbers
        wanted = np.frombuffer(fingerprint, np.uint64).reshape(WORDS, 1)
        found = [_candidates(words[:FIRST, low : min(low + BLOCK, size)], wanted[:FIRST], within) + low for low in range(0, size, BLOCK)]
        places = np.concatenate(found) if found else np.empty(0, np.int64)
        distances = np.bitwise_count(words[:, places] ^ wanted).sum(0, dtype=np.uint16)
        hits = zip(distances.tolist(), numbers[places].tolist(), strict=True)
        return sorted(hit for hit in hits if hit[0] <= within)


def _candidates(words: NDArray[np.uint64], wanted: NDArray[np.uint64], within: int) -> NDArray[np.int64]:
    """Places whose first words do not differ in too many bits already: their sum is at most 192 and fits into a byte."""
    return np.flatnonzero(np.bitwise_count(words ^ wanted).sum(0, dtype=np.uint8) <= within)


def _grown(array: NDArray[Any], room: int) -> NDArray[Any]:
    """A copy with room for more in the last axis."""
    larger = np.empty((*array.shape[:-1], room), array.dtype)
    larger[..., : array.shape[-1]] = array
    return larger
