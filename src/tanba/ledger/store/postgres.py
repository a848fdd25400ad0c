"""A schema of a PostgreSQL database, through psycopg (LGPL, so an optional extra: `pip install tanba[postgres]`).

Whoever appends locks the one row of `head` (SELECT … FOR UPDATE). It is the very state that must not fork, so nothing has to be agreed on
beside it: the number of an advisory lock may collide with another program's, and a lock on the table holds up vacuum. Under READ
COMMITTED each statement after the lock sees what the one before left there; should the lock fail, the primary key of `entry` refuses
a second entry at the same position. Where a connection breaks during a commit nobody knows the outcome: what has an id is never
entered twice, so the caller may try again.
"""

import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tanba.errors import InputError, MissingExtraError, StoreError
from tanba.ledger.merkle import EMPTY_ROOT, Tile
from tanba.ledger.store import Anchor, Head

if TYPE_CHECKING:
    import psycopg

VERSION = 1
TABLES = f"""
SELECT pg_advisory_xact_lock({0x74616E62});
DO $$ BEGIN IF to_regnamespace('{{s}}') IS NULL THEN CREATE SCHEMA {{s}}; END IF; END $$;
CREATE TABLE IF NOT EXISTS {{s}}.entry (position bigint PRIMARY KEY, data bytea NOT NULL, id text UNIQUE);
CREATE TABLE IF NOT EXISTS {{s}}.tile (level integer, number bigint, hashes bytea NOT NULL, PRIMARY KEY (level, number));
ALTER TABLE {{s}}.tile ALTER hashes SET STORAGE EXTERNAL;
CREATE TABLE IF NOT EXISTS {{s}}.head (one boolean PRIMARY KEY CHECK (one), size bigint NOT NULL, root bytea NOT NULL, note bytea NOT NULL);
CREATE TABLE IF NOT EXISTS {{s}}.anchor (size bigint PRIMARY KEY, note bytea NOT NULL, timestamps bytea[] NOT NULL);
CREATE TABLE IF NOT EXISTS {{s}}.version (one boolean PRIMARY KEY CHECK (one), version integer NOT NULL);
INSERT INTO {{s}}.head VALUES (true, 0, '\\x{EMPTY_ROOT.hex()}', '') ON CONFLICT DO NOTHING;
INSERT INTO {{s}}.version VALUES (true, {VERSION}) ON CONFLICT DO NOTHING;
"""
"""One transaction; of several processes that begin at once the first makes them. Notes are bytes: not every database is kept in UTF-8."""

KEEP = """
INSERT INTO {s}.anchor VALUES (%s, %s, %s)
ON CONFLICT (size) DO UPDATE SET (note, timestamps) = (EXCLUDED.note, EXCLUDED.timestamps)
"""

NEEDED = ("fsync", "full_page_writes", "synchronous_commit")
"""Where one of these is off, the server acknowledges what a loss of power takes back."""

BEGIN = b"BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
SETTINGS = "SELECT " + ", ".join(f"current_setting('{name}')" for name in NEEDED)
SESSION = b"""
SET synchronous_commit = on; SET default_transaction_isolation = 'read committed';
SET lock_timeout = '30s'; SET statement_timeout = '60s'; SET idle_in_transaction_session_timeout = '60s'
"""
CONNECT = {"connect_timeout": "10", "keepalives_idle": "30", "tcp_user_timeout": "60000", "application_name": "tanba"}

CHUNK, TILES = 512, 16
"""Rows read under one lock."""


class PostgresStore:
    """A ledger in one schema. May be used by many threads and, as another object, by many processes."""

    def __init__(self, url: str, schema: str = "tanba_ledger") -> None:
        """Connects at first use. Raises InputError where `url` or `schema` is malformed, MissingExtraError without psycopg."""
        if not re.fullmatch("[a-z_][a-z0-9_]{0,62}", schema):
            raise InputError("{name!r} is not a name for a ledger's tables", "Use small letters a to z, digits and _.", name=schema)
        self._driver, self._schema = _driver(), schema
        self._words = CONNECT | _words(self._driver, url) | {"client_encoding": "utf8"}
        shown = {key: self._words.get(key) for key in ("service", "host", "port", "dbname")}
        self._place = " ".join(f"{key}={value}" for key, value in shown.items() if value) or "PostgreSQL"
        self._lock = threading.RLock()
        self._open: psycopg.Connection | None = None
        self._held: psycopg.Connection | None = None

    @contextmanager
    def exclusive(self) -> Iterator["PostgresStore"]:
        """Hold the ledger alone. Leaving commits and syncs; an exception undoes all."""
        with self._lock, self._explained():
            connection = self._start(BEGIN).connection
            self._held = connection
            try:
                self._check(connection.execute(self._sql(f"{SETTINGS} FROM {{s}}.head FOR UPDATE")).fetchone())
                yield self
                if connection.execute("COMMIT").statusmessage != "COMMIT":  # ROLLBACK, where an earlier statement failed
                    raise self._driver.OperationalError("rolled back")
            except BaseException:
                self._undo(connection)
                raise
            finally:
                self._held = None

    def head(self) -> Head:
        """The newest state."""
        rows = self._all("SELECT size, root, note FROM {s}.head")
        return Head(rows[0][0], rows[0][1], rows[0][2].decode()) if rows else Head()

    def positions(self, ids: Sequence[str]) -> dict[str, int]:
        """{id: position} of those that are in the ledger already."""
        return dict(self._all("SELECT id, position FROM {s}.entry WHERE id = ANY(%s)", list(ids))) if ids else {}

    def add(self, start: int, entries: Sequence[bytes], ids: Sequence[str | None], tiles: Sequence[Tile], head: Head) -> None:
        """Within `exclusive`."""
        self._copy("entry", ("int8", "bytea", "text"), zip(range(start, start + len(entries)), entries, ids, strict=True))
        if tiles:
            self._copy("tile", ("int4", "int8", "bytea"), ((tile.level, tile.number, tile.hashes) for tile in tiles))
        self._all("UPDATE {s}.head SET size = %s, root = %s, note = %s", head.size, head.root, head.note.encode())

    def entries(self, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        """(position, entry) in order; gaps are left out."""
        return ((position, data) for position, data, _ in self.records(start, stop))

    def records(self, start: int, stop: int) -> Iterator[tuple[int, bytes, str | None]]:
        """(position, entry, id) likewise."""
        sql = "SELECT position, data, id FROM {s}.entry WHERE position >= %s AND position < %s ORDER BY position"
        for low in range(start, stop, CHUNK):
            yield from self._all(sql, low, min(low + CHUNK, stop))

    def tiles(self, level: int, start: int, stop: int) -> Iterator[Tile]:
        """Full tiles of a level in order; gaps are left out."""
        sql = "SELECT level, number, hashes FROM {s}.tile WHERE level = %s AND number >= %s AND number < %s ORDER BY number"
        for low in range(start, stop, TILES):
            yield from (Tile(*row) for row in self._all(sql, level, low, min(low + TILES, stop)))

    def count(self) -> tuple[int, int]:
        """How many entries and how many tiles there are, whatever the head says."""
        [(entries, tiles)] = self._all("SELECT (SELECT COUNT(*) FROM {s}.entry), (SELECT COUNT(*) FROM {s}.tile)")
        return entries, tiles

    def faults(self) -> list[str]:
        """PostgreSQL checks itself with tools of its own (`pg_amcheck`); nothing is asked here."""
        return []

    def find(self, id: str) -> int | None:
        """Position of the entry with an id."""
        return self.positions([id]).get(id)

    def keep_anchor(self, anchor: Anchor) -> None:
        """Add a confirmed checkpoint, or more lines and time stamps to one that is there."""
        self._all(KEEP, anchor.size, anchor.note.encode(), list(anchor.timestamps))

    def anchors(self, newest: int | None = None) -> list[Anchor]:
        """All of them, or only the newest, oldest first."""
        return self._anchors("ORDER BY size DESC LIMIT %s", newest)[::-1]

    def anchor(self, size: int) -> Anchor | None:
        """The one of a size."""
        return next(iter(self._anchors("WHERE size = %s", size)), None)

    def _anchors(self, which: str, value: int | None) -> list[Anchor]:
        rows = self._all(f"SELECT size, note, timestamps FROM {{s}}.anchor {which}", value)
        return [Anchor(size, note.decode(), tuple(timestamps)) for size, note, timestamps in rows]

    def close(self) -> None:
        """Let go of the connection."""
        with self._lock:
            if self._open:
                self._open.close()

    def _all(self, sql: str, *values: Any) -> list[Any]:
        with self._lock, self._explained():
            cursor = self._start(self._sql(sql), values)
            return cursor.fetchall() if cursor.description else []

    def _copy(self, table: str, types: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
        """COPY: as fast as INSERT for one row, three times as fast for hundreds."""
        with (
            self._explained(),
            self._connection().cursor() as cursor,
            cursor.copy(self._sql(f"COPY {{s}}.{table} FROM STDIN BINARY")) as copy,
        ):
            copy.set_types(types)
            for row in rows:
                copy.write_row(row)

    def _start(self, sql: bytes, values: Sequence[Any] = ()) -> "psycopg.Cursor[Any]":
        """Run a statement. Where the server went away since the last use, once more on a new connection: nothing was begun."""
        kept, connection = self._open, self._connection()
        try:
            return connection.execute(sql, values, binary=True)
        except self._driver.OperationalError:
            if self._held or connection is not kept or not connection.closed:
                raise
            return self._connection().execute(sql, values, binary=True)

    def _sql(self, text: str) -> bytes:
        return text.replace("{s}", self._schema).encode()

    def _connection(self) -> "psycopg.Connection":
        if self._held:  # even broken: what comes next belongs to what was written on it before
            return self._held
        if self._open is None or self._open.closed:
            connection = self._driver.connect(**self._words, autocommit=True, prepare_threshold=None)
            try:
                self._prepare(connection)
            except BaseException:
                connection.close()
                raise
            self._open = connection
        return self._open

    def _prepare(self, connection: "psycopg.Connection") -> None:
        self._check(connection.execute(self._sql(SETTINGS)).fetchone())
        connection.execute(SESSION)
        if connection.execute("SELECT to_regclass(%s)", [f"{self._schema}.version"]).fetchone() == (None,):
            connection.execute(self._sql(TABLES))
        if connection.execute(self._sql("SELECT version FROM {s}.version")).fetchall() != [(VERSION,)]:
            raise self._foreign()

    def _check(self, found: Sequence[str] | None) -> None:
        """Refuse a server that does not keep what it acknowledges. `found`: values of NEEDED, None where the head has no row."""
        if found is None:
            raise self._foreign()
        for setting in (name for name, value in zip(NEEDED, found, strict=True) if value == "off"):
            raise StoreError(
                "{place} may lose what it acknowledged: {setting} is off",
                "Turn {setting} on in the configuration of the server.",
                place=self._place,
                setting=setting,
            )

    def _foreign(self) -> StoreError:
        return StoreError("{place} is not a ledger that this version reads", "Choose another database or schema.", place=self._place)

    def _undo(self, connection: "psycopg.Connection") -> None:
        """Roll back; a connection that cannot is given up."""
        try:
            connection.execute("ROLLBACK")
        except self._driver.Error:
            connection.close()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        driver, place = self._driver, self._place
        try:
            yield
        except (driver.errors.LockNotAvailable, driver.errors.QueryCanceled):
            raise StoreError("{place} was in use for too long", "Another program holds the ledger; try again.", place=place) from None
        except driver.Error as error:
            problem = self._said(error)
            raise StoreError(
                "{place} could not be read or written: {problem}", "Nothing acknowledged is lost. Try again.", place=place, problem=problem
            ) from None

    def _said(self, error: Exception) -> str:
        """What the driver says, on one line and without passwords."""
        said = " ".join(str(error).split())
        for secret in filter(None, map(self._words.get, ("password", "sslpassword"))):
            said = said.replace(secret, "…")
        return said


def _driver() -> Any:
    try:
        import psycopg
    except ImportError:
        raise MissingExtraError("a ledger in PostgreSQL needs psycopg", "Install it: pip install 'tanba[postgres]'") from None
    return psycopg


def _words(driver: Any, url: str) -> dict[str, str]:
    """The words of `url`. What libpq says of a wrong one may repeat a password, and a wrong one may put it into other words: not shown."""
    try:
        words = {key: str(value) for key, value in driver.conninfo.conninfo_to_dict(url).items()}
    except driver.Error:
        words = {"host": "@"}
    if "@" in words.get("host", "") + words.get("dbname", "") or re.search("[^0-9,]", words.get("port", "")):
        raise InputError("is not the address of a database", "Write postgresql://name:password@host/database, @ in the password as %40.")
    return words
