"""Where a ledger lies. The seam: one file per kind of database, one contract suite over all.

A store keeps bytes and says nothing about them. Whoever appends holds the store alone (`exclusive`), in whatever process; everything
written in it becomes durable together, or not at all.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from tanba.ledger.merkle import EMPTY_ROOT, Tile


@dataclass(frozen=True, slots=True)
class Head:
    """The newest state: number of entries, root, the signed checkpoint (empty before the first)."""

    size: int = 0
    root: bytes = EMPTY_ROOT
    note: str = ""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A checkpoint that outsiders confirmed: its note with their lines, and RFC 3161 responses (DER)."""

    size: int
    note: str
    timestamps: tuple[bytes, ...] = ()


class Writer(Protocol):
    """One exclusive write."""

    def head(self) -> Head:
        """The newest state, which nobody else can change now."""

    def positions(self, ids: Sequence[str]) -> dict[str, int]:
        """{id: position} of those that are in the ledger already."""

    def add(self, start: int, entries: Sequence[bytes], ids: Sequence[str | None], tiles: Sequence[Tile], head: Head) -> None:
        """Add entries from position `start` on, tiles that became full, and the new state."""


class Store(Protocol):
    """A ledger's bytes. Every method may raise StoreError; nothing is lost by it."""

    def exclusive(self) -> AbstractContextManager[Writer]:
        """Hold the store alone, wait for others. Leaving commits durably; an exception undoes all."""

    def head(self) -> Head:
        """The newest state."""

    def entries(self, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        """(position, entry) in order; gaps are left out."""

    def records(self, start: int, stop: int) -> Iterator[tuple[int, bytes, str | None]]:
        """(position, entry, id) likewise."""

    def tiles(self, level: int, start: int, stop: int) -> Iterator[Tile]:
        """Full tiles of a level in order; gaps are left out."""

    def count(self) -> tuple[int, int]:
        """How many entries and how many tiles there are, whatever the head says."""

    def faults(self) -> list[str]:
        """What the database finds wrong with itself, in its own words."""

    def find(self, id: str) -> int | None:
        """Position of the entry with an id."""

    def keep_anchor(self, anchor: Anchor) -> None:
        """Add a confirmed checkpoint, or more lines and time stamps to one that is there."""

    def anchors(self, newest: int | None = None) -> list[Anchor]:
        """All of them, or only the newest, oldest first."""

    def anchor(self, size: int) -> Anchor | None:
        """The one of a size."""

    def close(self) -> None:
        """Let go."""
