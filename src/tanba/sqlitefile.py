"""A SQLite file of ours, through APSW: write-ahead log, `synchronous=FULL`. The file is opened by nothing else than this.

APSW brings a current SQLite; the standard library's may have the WAL-reset defect that concerns several connections. Several threads
share one object; several processes each have their own. Whoever writes holds the lock of the database first.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import apsw

from tanba.errors import StoreError
from tanba.files import make_private

PIECE = 1 << 16
"""Bytes of the log rewritten at a time, of which SQLite takes less than 128 KiB."""

PAUSE, PATIENCE = 0.01, 3_000
"""A writer looks this often, in seconds, whether the others are done, and so many times.

SQLite's own pauses grow to 100 ms, far above a commit.
"""


@dataclass(frozen=True, slots=True)
class Tables:
    """What is in a file: `kind` and `version` stand in its header."""

    schema: str
    kind: int
    version: int


class SqliteFile:
    """One file for many threads and, as another object, for many processes. Opened, and made, when it is first used."""

    def __init__(self, path: Path, tables: Tables, *, vfs: str | None = None, synchronous: str = "FULL") -> None:
        """`vfs` and `synchronous` are for tests of power loss; anything below FULL may lose what was acknowledged."""
        self.path, self._tables, self._vfs, self._synchronous = path, tables, vfs, synchronous
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
    def erasing(self) -> Iterator[apsw.Connection]:
        """As `writing`; what is deleted or replaced is overwritten, in the file and in its log. Raises StoreError."""
        with self._lock:
            with self.within() as connection:
                connection.pragma("secure_delete", 1)
            with self.writing() as connection:
                yield connection
            with self.within() as connection:
                ((blocked, _, _),) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                if blocked:  # by whoever still reads the log
                    raise apsw.BusyError

    @contextmanager
    def reading(self) -> Iterator[apsw.Connection]:
        """See one moment of the file, whatever others write. Raises StoreError."""
        with self._lock, self._explained(), self._connection() as connection:
            yield connection

    @contextmanager
    def within(self) -> Iterator[apsw.Connection]:
        """The connection as it is: for single statements, and for what is done inside `writing`. Raises StoreError."""
        with self._lock, self._explained():
            yield self._connection()

    def all(self, sql: str, *values: Any) -> list[Any]:
        """The rows of one statement. Raises StoreError."""
        with self.within() as connection:
            return list(connection.execute(sql, values))

    def faults(self) -> list[str]:
        """What SQLite finds wrong with the file, on a connection of its own, so that it can run beside other reading."""
        with self._explained(), closing(apsw.Connection(str(self.path), vfs=self._vfs)) as connection:
            connection.set_busy_handler(_wait)
            return [said for (said,) in connection.execute("PRAGMA integrity_check(10)") if said != "ok"]

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
            if self._vfs is None:
                make_private(self.path)
            connection = apsw.Connection(str(self.path), vfs=self._vfs)
            try:
                self._prepare(connection)
            except BaseException:
                connection.close()
                raise
            self._open = connection
        return self._open

    def _prepare(self, connection: apsw.Connection) -> None:
        connection.set_busy_handler(_wait)
        kind, version = self._tables.kind, self._tables.version
        with connection:  # all of one moment: another process may be making the tables
            said = connection.pragma("application_id"), connection.pragma("user_version")
            empty = not connection.pragma("schema_version")
        if said != (kind, version) and not (said == (0, 0) and empty):
            raise StoreError(
                "{file} is not a file that this version of tanba reads", "Choose another folder with TANBA_HOME.", file=self.path
            )
        _use_wal(connection)
        connection.pragma("synchronous", self._synchronous)
        connection.pragma("journal_size_limit", 64 << 20)
        if empty:
            connection.execute(
                f"BEGIN IMMEDIATE; {self._tables.schema} PRAGMA application_id = {kind}; PRAGMA user_version = {version}; COMMIT"
            )
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
            log = apsw.VFSFile(self._vfs or "", f"{self.path}-wal", flags)
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
