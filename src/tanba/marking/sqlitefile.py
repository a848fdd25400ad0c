"""The SQLite file of the mark register, through APSW: write-ahead log, `synchronous=FULL`. The file is opened by nothing else than this.

APSW brings a current SQLite; the standard library's may have the WAL-reset defect that concerns several connections.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import apsw

from tanba.errors import StoreError

SCHEMA = """
CREATE TABLE IF NOT EXISTS mark (
    number INTEGER PRIMARY KEY, id INTEGER NOT NULL UNIQUE, time TEXT NOT NULL, kind TEXT NOT NULL, media_type TEXT NOT NULL,
    system TEXT, organisation TEXT, source TEXT NOT NULL, policy TEXT NOT NULL, digest_before TEXT, digest_after TEXT, name TEXT NOT NULL,
    sealed TEXT, manifest BLOB) STRICT;
CREATE INDEX IF NOT EXISTS mark_before ON mark (digest_before) WHERE digest_before IS NOT NULL;
CREATE INDEX IF NOT EXISTS mark_after ON mark (digest_after) WHERE digest_after IS NOT NULL;
CREATE INDEX IF NOT EXISTS mark_system ON mark (system) WHERE system IS NOT NULL;
CREATE INDEX IF NOT EXISTS mark_unsealed ON mark (number) WHERE sealed IS NULL;
CREATE TABLE IF NOT EXISTS fingerprint (
    number INTEGER PRIMARY KEY, mark INTEGER NOT NULL, algorithm TEXT NOT NULL, bits BLOB NOT NULL CHECK (length(bits) = 32)) STRICT;
CREATE INDEX IF NOT EXISTS fingerprint_mark ON fingerprint (mark);
CREATE TABLE IF NOT EXISTS repeated (one INTEGER PRIMARY KEY CHECK (one = 1), times INTEGER NOT NULL) STRICT;
INSERT OR IGNORE INTO repeated VALUES (1, 0);
"""

KIND, VERSION = 0x74616E6D, 1
"""Written into the file's header: a mark register of tanba, and the version of its tables."""

PAUSE, PATIENCE = 0.01, 3_000
"""A writer looks this often, in seconds, whether the others are done, and so many times."""


def _wait(tries: int) -> bool:
    time.sleep(PAUSE)
    return tries < PATIENCE


class SqliteFile:
    """A file for many threads and, as another object, for many processes. Opened when it is first used."""

    def __init__(self, path: Path) -> None:
        """`path` is made when it is missing."""
        self.path = path
        self._lock = threading.RLock()
        self._open: apsw.Connection | None = None

    @contextmanager
    def writing(self) -> Iterator[apsw.Connection]:
        """Hold the file alone. Leaving commits and syncs; an exception undoes all. Raises StoreError."""
        with self._lock, self._explained():
            connection = self._connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                self._undo(connection)
                raise

    @contextmanager
    def reading(self) -> Iterator[apsw.Connection]:
        """See one moment of the file, whatever others write. Raises StoreError."""
        with self._lock, self._explained(), self._connection() as connection:
            yield connection

    def damaged(self, what: str) -> StoreError:
        """The error for content that this program never wrote."""
        return _lasting(apsw.CorruptError(what), self.path)

    def close(self) -> None:
        """Let go of the file; the next use opens it again."""
        with self._lock:
            if self._open:
                self._open.close()
                self._open = None

    def _connection(self) -> apsw.Connection:
        if self._open is None:
            connection = apsw.Connection(str(self.path))
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
            said = connection.pragma("application_id"), connection.pragma("user_version")
            empty = not connection.pragma("schema_version")
        if said != (KIND, VERSION) and not (said == (0, 0) and empty):
            raise StoreError(
                "{file} is not a register of marks that this version reads", "Choose another folder with TANBA_HOME.", file=self.path
            )
        _use_wal(connection)
        connection.pragma("synchronous", "FULL")
        connection.pragma("journal_size_limit", 64 << 20)
        if empty:
            connection.execute(f"BEGIN IMMEDIATE; {SCHEMA} PRAGMA application_id = {KIND}; PRAGMA user_version = {VERSION}; COMMIT")

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
            raise _temporary(error, self.path) from None
        except (apsw.Error, UnicodeDecodeError) as error:
            self.close()
            raise _lasting(error, self.path) from None


def _use_wal(connection: apsw.Connection) -> None:
    """Where several open a new file at once SQLite does not wait by itself."""
    for tries in count():
        try:
            connection.pragma("journal_mode", "wal")
            return
        except apsw.BusyError:
            if not _wait(tries):
                raise


def _temporary(error: apsw.Error, file: Path) -> StoreError:
    if isinstance(error, apsw.FullError):
        return StoreError("the disk of {file} is full", "Nothing acknowledged is lost. Free some space and try again.", file=file)
    return StoreError("{file} was in use for too long", "Nothing acknowledged is lost. Try again.", file=file)


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
