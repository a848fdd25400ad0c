"""One SQLite file (`sqlitefile`). Several processes may write: each takes the lock of the database before it reads the head."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tanba.ledger.merkle import Tile
from tanba.ledger.store import Anchor, Head
from tanba.sqlitefile import SqliteFile, Tables

SCHEMA = """
CREATE TABLE IF NOT EXISTS entry (position INTEGER PRIMARY KEY, data BLOB NOT NULL, id TEXT) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS entry_id ON entry (id) WHERE id IS NOT NULL;
CREATE TABLE IF NOT EXISTS tile (place INTEGER PRIMARY KEY, hashes BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS head
    (one INTEGER PRIMARY KEY CHECK (one = 1), size INTEGER NOT NULL, root BLOB NOT NULL, note TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS anchor (size INTEGER PRIMARY KEY, note TEXT NOT NULL, timestamps TEXT NOT NULL) STRICT;
"""
LEVEL = 1 << 48
"""`place` of a tile is level · LEVEL + number."""

TABLES = Tables(SCHEMA, kind=0x74616E62, version=1)
CHUNK = 512
"""Rows read under one lock."""


class SqliteStore:
    """A ledger in one file. May be used by many threads and, as another object, by many processes."""

    def __init__(self, path: Path, *, vfs: str | None = None, synchronous: str = "FULL") -> None:
        """For `vfs` and `synchronous` see `SqliteFile`."""
        self._file = SqliteFile(path, TABLES, vfs=vfs, synchronous=synchronous)

    @contextmanager
    def exclusive(self) -> Iterator["SqliteStore"]:
        """Hold the database alone. Leaving commits and syncs; an exception undoes all."""
        with self._file.writing():
            yield self

    def head(self) -> Head:
        """The newest state."""
        rows = self._file.all("SELECT size, root, note FROM head")
        if rows and [type(value) for value in rows[0]] != [int, bytes, str]:
            raise self._file.damaged("table head")
        return Head(*rows[0]) if rows else Head()

    def positions(self, ids: Sequence[str]) -> dict[str, int]:
        """{id: position} of those that are in the ledger already."""
        with self._file.within() as connection:
            return dict(connection.executemany("SELECT id, position FROM entry WHERE id = ?", ((id_,) for id_ in ids)))

    def add(self, start: int, entries: Sequence[bytes], ids: Sequence[str | None], tiles: Sequence[Tile], head: Head) -> None:
        """Within `exclusive`."""
        rows = zip(range(start, start + len(entries)), entries, ids, strict=True)
        with self._file.within() as connection:
            connection.executemany("INSERT INTO entry VALUES (?, ?, ?)", rows)
            if tiles:
                connection.executemany(
                    "INSERT INTO tile VALUES (?, ?)", ((tile.level * LEVEL + tile.number, tile.hashes) for tile in tiles)
                )
            connection.execute("INSERT OR REPLACE INTO head VALUES (1, ?, ?, ?)", (head.size, head.root, head.note))

    def entries(self, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        """(position, entry) in order; gaps are left out."""
        return ((position, data) for position, data, _ in self.records(start, stop))

    def records(self, start: int, stop: int) -> Iterator[tuple[int, bytes, str | None]]:
        """(position, entry, id) likewise."""
        for low in range(start, stop, CHUNK):
            rows = self._file.all("SELECT position, data, id FROM entry WHERE position >= ? AND position < ?", low, min(low + CHUNK, stop))
            if not all(type(data) is bytes for _, data, _ in rows):
                raise self._file.damaged("table entry")
            yield from rows

    def tiles(self, level: int, start: int, stop: int) -> Iterator[Tile]:
        """Full tiles of a level in order; gaps are left out."""
        for number in range(start, stop):
            for (hashes,) in self._file.all("SELECT hashes FROM tile WHERE place = ?", level * LEVEL + number):
                if type(hashes) is not bytes:
                    raise self._file.damaged("table tile")
                yield Tile(level, number, hashes)

    def count(self) -> tuple[int, int]:
        """How many entries and how many tiles there are, whatever the head says."""
        [(entries, tiles)] = self._file.all("SELECT (SELECT COUNT(*) FROM entry), (SELECT COUNT(*) FROM tile)")
        return entries, tiles

    def faults(self) -> list[str]:
        """What SQLite finds wrong with the file, on a connection of its own, so that it can run beside other reading."""
        return self._file.faults()

    def find(self, id: str) -> int | None:
        """Position of the entry with an id."""
        rows = self._file.all("SELECT position FROM entry WHERE id = ?", id)
        return rows[0][0] if rows else None

    def keep_anchor(self, anchor: Anchor) -> None:
        """Add a confirmed checkpoint, or more lines and time stamps to one that is there."""
        written = json.dumps([b64encode(each).decode() for each in anchor.timestamps])
        self._file.all("INSERT OR REPLACE INTO anchor VALUES (?, ?, ?)", anchor.size, anchor.note, written)

    def anchors(self, newest: int | None = None) -> list[Anchor]:
        """All of them, or only the newest, oldest first."""
        return self._anchors("ORDER BY size DESC LIMIT ?", -1 if newest is None else newest)[::-1]

    def anchor(self, size: int) -> Anchor | None:
        """The one of a size."""
        return next(iter(self._anchors("WHERE size = ?", size)), None)

    def _anchors(self, which: str, value: int) -> list[Anchor]:
        rows = self._file.all(f"SELECT size, note, timestamps FROM anchor {which}", value)
        try:
            return [Anchor(int(size), "" + note, tuple(map(b64decode, json.loads(written)))) for size, note, written in rows]
        except (TypeError, ValueError):
            raise self._file.damaged("table anchor") from None

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
