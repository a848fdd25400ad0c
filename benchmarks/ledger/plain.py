"""The same rows without a ledger: what SQLite alone takes. Write-ahead log, `synchronous=FULL`, everything else as it comes."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import apsw

from benchmarks.ledger.ground import TIME
from tanba.ledger.entry import complete
from tanba.ledger.log import Event

TABLES = (
    "CREATE TABLE IF NOT EXISTS entry (position INTEGER PRIMARY KEY, data BLOB NOT NULL, id TEXT)",
    "CREATE UNIQUE INDEX IF NOT EXISTS entry_id ON entry (id) WHERE id IS NOT NULL",
)
INSERT = "INSERT INTO entry VALUES (?, ?, ?)"
PATIENCE = 60_000


class Plain:
    """One table, one transaction for a batch. `driver`: sqlite3 or apsw; `shared`: other processes add rows too."""

    def __init__(self, path: Path, driver: str, shared: bool = False) -> None:
        self._next, self._shared = 0, shared
        self._connection: Any
        if driver == "apsw":
            self._connection = apsw.Connection(str(path))
            self._connection.set_busy_timeout(PATIENCE)
        else:
            self._connection = sqlite3.connect(path, isolation_level=None, timeout=PATIENCE / 1000)
        for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", *TABLES):
            self._connection.execute(statement).fetchall()

    def append(self, batch: Sequence[Event]) -> None:
        """Durable when it returns."""
        execute = self._connection.execute
        execute("BEGIN IMMEDIATE")
        if self._shared:
            (self._next,) = execute("SELECT coalesce(max(position), -1) + 1 FROM entry").fetchone()
        self._connection.executemany(INSERT, [(position, *row) for position, row in enumerate(batch, self._next)])
        execute("COMMIT")
        self._next += len(batch)

    def close(self) -> None:
        self._connection.close()


def rows(events: Sequence[Event]) -> list[Event]:
    """What the ledger would store of them, made before the clock runs."""
    return [(complete(event, TIME), id_) for event, id_ in events]
