"""One SQLite file, through APSW: write-ahead log, `synchronous=FULL`. The file is opened by nothing else than this.

APSW brings a current SQLite; the standard library's may have the WAL-reset defect that concerns several connections. Several processes may
write: each takes the lock of the database before it reads the head.
"""

import json
import threading
import time
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import apsw

from tanba.errors import StoreError
from tanba.ledger.merkle import Tile
from tanba.ledger.store import Anchor, Head

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

KIND, VERSION = 0x74616E62, 1
"""Written into the file's header: a ledger of tanba, and the version of its tables."""

CHUNK, PIECE = 512, 1 << 16
"""Rows read under one lock; bytes of the log rewritten at a time, of which SQLite takes less than 128 KiB."""

PAUSE, PATIENCE = 0.01, 3_000
"""A writer looks this often, in seconds, whether the others are done, and so many times.

SQLite's own pauses grow to 100 ms, far above a commit.
"""


def _wait(tries: int) -> bool:
    time.sleep(PAUSE)
    return tries < PATIENCE


def _try_to_begin(connection: apsw.Connection) -> bool:
    """Take the lock of writers, without waiting for it."""
    connection.set_busy_handler(None)
    try:
        connection.execute("BEGIN IMMEDIATE")
        return True
    except apsw.BusyError:
        return False
    finally:
        connection.set_busy_handler(_wait)


def _use_wal(connection: apsw.Connection) -> None:
    """Where several open a new file at once SQLite does not wait by itself."""
    for tries in count():
        try:
            connection.pragma("journal_mode", "wal")
            return
        except apsw.BusyError:
            if not _wait(tries):
                raise


class SqliteStore:
    """A ledger in one file. May be used by many threads and, as another object, by many processes."""

    def __init__(self, path: Path, *, vfs: str | None = None, synchronous: str = "FULL") -> None:
        """`vfs` and `synchronous` are for tests of power loss; anything below FULL may lose what was acknowledged."""
        self._path, self._vfs, self._synchronous = path, vfs, synchronous
        self._lock = threading.RLock()
        self._open: apsw.Connection | None = None

    @contextmanager
    def exclusive(self) -> Iterator["SqliteStore"]:
        """Hold the database alone. Leaving commits and syncs; an exception undoes all."""
        with self._lock, self._explained():
            connection = self._connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield self
                connection.execute("COMMIT")
            except BaseException:
                self._undo(connection)
                raise

    def head(self) -> Head:
        """The newest state."""
        rows = self._all("SELECT size, root, note FROM head")
        if rows and [type(value) for value in rows[0]] != [int, bytes, str]:
            raise self._damaged("head")
        return Head(*rows[0]) if rows else Head()

    def positions(self, ids: Sequence[str]) -> dict[str, int]:
        """{id: position} of those that are in the ledger already."""
        with self._lock, self._explained():
            return dict(self._connection().executemany("SELECT id, position FROM entry WHERE id = ?", ((id_,) for id_ in ids)))

    def add(self, start: int, entries: Sequence[bytes], ids: Sequence[str | None], tiles: Sequence[Tile], head: Head) -> None:
        """Within `exclusive`."""
        connection = self._connection()
        rows = zip(range(start, start + len(entries)), entries, ids, strict=True)
        connection.executemany("INSERT INTO entry VALUES (?, ?, ?)", rows)
        if tiles:
            connection.executemany("INSERT INTO tile VALUES (?, ?)", ((tile.level * LEVEL + tile.number, tile.hashes) for tile in tiles))
        connection.execute("INSERT OR REPLACE INTO head VALUES (1, ?, ?, ?)", (head.size, head.root, head.note))

    def entries(self, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        """(position, entry) in order; gaps are left out."""
        return ((position, data) for position, data, _ in self.records(start, stop))

    def records(self, start: int, stop: int) -> Iterator[tuple[int, bytes, str | None]]:
        """(position, entry, id) likewise."""
        for low in range(start, stop, CHUNK):
            rows = self._all("SELECT position, data, id FROM entry WHERE position >= ? AND position < ?", low, min(low + CHUNK, stop))
            if not all(type(data) is bytes for _, data, _ in rows):
                raise self._damaged("entry")
            yield from rows

    def tiles(self, level: int, start: int, stop: int) -> Iterator[Tile]:
        """Full tiles of a level in order; gaps are left out."""
        for number in range(start, stop):
            for (hashes,) in self._all("SELECT hashes FROM tile WHERE place = ?", level * LEVEL + number):
                if type(hashes) is not bytes:
                    raise self._damaged("tile")
                yield Tile(level, number, hashes)

    def count(self) -> tuple[int, int]:
        """How many entries and how many tiles there are, whatever the head says."""
        [(entries, tiles)] = self._all("SELECT (SELECT COUNT(*) FROM entry), (SELECT COUNT(*) FROM tile)")
        return entries, tiles

    def faults(self) -> list[str]:
        """What SQLite finds wrong with the file, on a connection of its own, so that it can run beside other reading."""
        with self._explained(), closing(apsw.Connection(str(self._path), vfs=self._vfs)) as connection:
            connection.set_busy_handler(_wait)
            return [said for (said,) in connection.execute("PRAGMA integrity_check(10)") if said != "ok"]

    def find(self, id: str) -> int | None:
        """Position of the entry with an id."""
        rows = self._all("SELECT position FROM entry WHERE id = ?", id)
        return rows[0][0] if rows else None

    def keep_anchor(self, anchor: Anchor) -> None:
        """Add a confirmed checkpoint, or more lines and time stamps to one that is there."""
        written = json.dumps([b64encode(each).decode() for each in anchor.timestamps])
        self._all("INSERT OR REPLACE INTO anchor VALUES (?, ?, ?)", anchor.size, anchor.note, written)

    def anchors(self, newest: int | None = None) -> list[Anchor]:
        """All of them, or only the newest, oldest first."""
        return self._anchors("ORDER BY size DESC LIMIT ?", -1 if newest is None else newest)[::-1]

    def anchor(self, size: int) -> Anchor | None:
        """The one of a size."""
        return next(iter(self._anchors("WHERE size = ?", size)), None)

    def _anchors(self, which: str, value: int) -> list[Anchor]:
        rows = self._all(f"SELECT size, note, timestamps FROM anchor {which}", value)
        try:
            return [Anchor(int(size), "" + note, tuple(map(b64decode, json.loads(written)))) for size, note, written in rows]
        except (TypeError, ValueError):
            raise self._damaged("anchor") from None

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._open:
                self._open.close()
                self._open = None

    def _all(self, sql: str, *values: Any) -> list[Any]:
        with self._lock, self._explained():
            return list(self._connection().execute(sql, values))

    def _connection(self) -> apsw.Connection:
        if self._open is None:
            connection = apsw.Connection(str(self._path), vfs=self._vfs)
            try:
                self._prepare(connection)
            except BaseException:
                connection.close()
                raise
            self._open = connection
        return self._open

    def _prepare(self, connection: apsw.Connection) -> None:
        connection.set_busy_handler(_wait)
        with connection:  # both of one moment: another process may be making the tables
            kind, version = connection.pragma("application_id"), connection.pragma("user_version")
        if (kind, version) not in ((0, 0), (KIND, VERSION)):
            raise StoreError("{file} is not a ledger that this version reads", "Choose another folder with TANBA_HOME.", file=self._path)
        _use_wal(connection)
        connection.pragma("synchronous", self._synchronous)
        connection.pragma("journal_size_limit", 64 << 20)
        if not kind:
            connection.execute(f"BEGIN IMMEDIATE; {SCHEMA} PRAGMA application_id = {KIND}; PRAGMA user_version = {VERSION}; COMMIT")
        if self._synchronous == "FULL":
            self._renew(connection)

    def _renew(self, connection: apsw.Connection) -> None:
        """Write the log once more and sync it: only now is everything durable that this connection can read.

        Its newest frames may stem from a process that died before its sync, or whose sync failed; after that the system may take them for
        written, and no later sync would touch them. Where somebody writes just now, who did this on opening, a sync is enough. The log is
        no file that SQLite locks, so opening it beside SQLite is safe.
        """
        flags = [apsw.SQLITE_OPEN_WAL | apsw.SQLITE_OPEN_READWRITE, 0]
        alone = _try_to_begin(connection)
        try:
            log = apsw.VFSFile(self._vfs or "", f"{self._path}-wal", flags)
            try:
                if flags[1] & apsw.SQLITE_OPEN_READONLY:
                    raise apsw.ReadOnlyError("read-only")
                size = log.xFileSize() if alone else 0
                for at in range(0, size, PIECE):
                    log.xWrite(log.xRead(min(PIECE, size - at), at), at)
                log.xSync(apsw.SQLITE_SYNC_NORMAL)
            finally:
                log.xClose()
        finally:
            if alone:
                connection.execute("ROLLBACK")

    def _damaged(self, table: str) -> StoreError:
        return _lasting(apsw.CorruptError(f"table {table}"), self._path)

    def _undo(self, connection: apsw.Connection) -> None:
        """Roll back. After a failed write the connection is not trusted any more: the next use opens the file anew."""
        try:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        except apsw.Error:
            self.close()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (apsw.FullError, apsw.BusyError) as error:
            raise _temporary(error, self._path) from None
        except (apsw.Error, UnicodeDecodeError) as error:
            self.close()
            raise _lasting(error, self._path) from None


def _temporary(error: apsw.Error, file: Path) -> StoreError:
    if isinstance(error, apsw.FullError):
        return StoreError("the disk of {file} is full", "Nothing acknowledged is lost. Free some space and try again.", file=file)
    return StoreError("{file} was in use for too long", "Another program holds the ledger; try again.", file=file)


def _lasting(error: Exception, file: Path) -> StoreError:
    if isinstance(error, apsw.CorruptError | apsw.NotADBError | UnicodeDecodeError):
        return StoreError("{file} is damaged: {problem}", "Keep the file as it is, and restore a copy beside it.", file=file, problem=error)
    if isinstance(error, apsw.ReadOnlyError | apsw.CantOpenError | apsw.PermissionsError):
        return StoreError(
            "{file} cannot be opened or written: {problem}", "May you write there? Is the disk read-only?", file=file, problem=error
        )
    return StoreError(
        "{file} could not be read or written: {problem}",
        "Nothing acknowledged is lost. Check the disk, then try again.",
        file=file,
        problem=error,
    )
