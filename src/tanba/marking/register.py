"""The register of marks: what was marked when, by which system, and how a file that lost its mark is found again.

One SQLite file. The number in a file's mark, its digest, or a picture like it leads to the entry, and the entry to the C2PA manifest that
was in the file. Entries are added and sealed, never changed.
"""

import json
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import apsw
import numpy as np

from tanba.errors import InputError
from tanba.marking.markid import text_of
from tanba.marking.near import Near, Scan
from tanba.sqlitefile import SqliteFile, Tables

SCHEMA = """
CREATE TABLE IF NOT EXISTS mark (
    number INTEGER PRIMARY KEY, id INTEGER NOT NULL UNIQUE, time TEXT NOT NULL, kind TEXT NOT NULL, media_type TEXT NOT NULL,
    system TEXT, organisation TEXT, source TEXT NOT NULL, policy TEXT NOT NULL, digest_before TEXT, digest_after TEXT, name TEXT NOT NULL,
    sealed TEXT, manifest BLOB, entry TEXT, salt TEXT, record BLOB) STRICT;
CREATE INDEX IF NOT EXISTS mark_before ON mark (digest_before) WHERE digest_before IS NOT NULL;
CREATE INDEX IF NOT EXISTS mark_after ON mark (digest_after) WHERE digest_after IS NOT NULL;
CREATE INDEX IF NOT EXISTS mark_system ON mark (system) WHERE system IS NOT NULL;
CREATE INDEX IF NOT EXISTS mark_unsealed ON mark (number) WHERE sealed IS NULL;
CREATE TABLE IF NOT EXISTS fingerprint (
    number INTEGER PRIMARY KEY, mark INTEGER NOT NULL, algorithm TEXT NOT NULL, bits BLOB NOT NULL CHECK (length(bits) = 32)) STRICT;
CREATE INDEX IF NOT EXISTS fingerprint_mark ON fingerprint (mark);
CREATE TABLE IF NOT EXISTS repeated (one INTEGER PRIMARY KEY CHECK (one = 1), times INTEGER NOT NULL) STRICT;
INSERT OR IGNORE INTO repeated VALUES (1, 0);
CREATE INDEX IF NOT EXISTS mark_organisation ON mark (organisation) WHERE organisation IS NOT NULL;
CREATE INDEX IF NOT EXISTS mark_owned ON mark (system, organisation) WHERE system IS NOT NULL;
"""
TABLES = Tables(SCHEMA, kind=0x74616E6D, version=2)
CHUNK = 1 << 16
"""Fingerprints read at a time."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One file that was marked.

    `id` has 64 bits (`markid`), `time` is RFC 3339 in UTC, `kind` is image, text, audio or video, `system` a slug, `organisation` a BIN,
    `source` is created or altered, `policy` the version of the marking policy. `digest_before` and `digest_after` are SHA-256 in hex,
    without and with the mark. `fingerprints` are pairs of an algorithm's name and 32 bytes, `manifest` is the C2PA manifest store,
    `sealed` the id of the ledger's entry once there is one. `record` is what is sealed about it, `entry` the id and `salt` the salt with
    which it is sealed: so it can be sealed, and its receipt made, at any later time.
    """

    id: int
    time: str
    kind: str
    media_type: str
    source: str
    policy: str
    system: str | None = None
    organisation: str | None = None
    digest_before: str | None = None
    digest_after: str | None = None
    name: str = ""
    sealed: str | None = None
    manifest: bytes | None = None
    entry: str | None = None
    salt: str | None = None
    record: bytes | None = None
    fingerprints: tuple[tuple[str, bytes], ...] = ()


COLUMNS = tuple(field.name for field in fields(Mark) if field.name != "fingerprints")
INSERT = f"INSERT INTO mark ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"
SELECT = f"SELECT number, {', '.join(COLUMNS)} FROM mark"
PRINTS_OF = "SELECT mark, algorithm, bits FROM fingerprint WHERE mark IN (SELECT value FROM json_each(?)) ORDER BY number"
PRINTS = "SELECT bits, mark FROM fingerprint WHERE number > ? AND number <= ? AND algorithm = ?"

NEWEST = f"number < coalesce((SELECT number FROM mark WHERE id = :before), {1 << 62}) ORDER BY number DESC LIMIT :limit"
NAMED = f"SELECT number FROM mark WHERE organisation = :bin AND {NEWEST}"
NAMED_SYSTEM = f"SELECT number FROM mark WHERE organisation = :bin AND system = :system AND {NEWEST}"
UNNAMED = f"SELECT number FROM mark WHERE organisation IS NULL AND system = own.value AND {NEWEST}"
"""The newest of an organisation, of a system of its own, and without an organisation of each own system: few rows of an index each."""


class Register:
    """The register in one file. May be used by many threads and, as another object, by many processes; each sees what others added.

    Every method raises StoreError where the file cannot be read or written; nothing is lost by it.
    """

    def __init__(self, path: Path) -> None:
        """The file is made on first use."""
        self._file = SqliteFile(path, TABLES)
        self._lock = threading.Lock()
        self._scans: dict[str, tuple[Scan, int]] = {}

    def add(self, mark: Mark) -> None:
        """Keep a mark for good. See `add_many`."""
        self.add_many([mark])

    def add_many(self, marks: Iterable[Mark]) -> None:
        """Keep all of them, or none: on the disk when this returns. Marks that are there already are left as they are.

        Raises InputError where another mark has the id of one of them.
        """
        with self._file.writing() as connection:
            for mark in marks:
                there = self._marks(connection, "WHERE id = ?", (_signed(mark.id),))
                if not there:
                    _insert(connection, mark)
                elif not _same(there[0], mark):
                    raise InputError(
                        "mark {id} is in the register with other content", "Give the new file a mark of its own.", id=text_of(mark.id)
                    )
                else:  # it may stem from a process that died before its sync: a commit of our own syncs what is before it
                    connection.execute("UPDATE repeated SET times = times + 1")

    def get(self, id: int) -> Mark | None:
        """The mark with a number."""
        return next(iter(self._find("WHERE id = ?", _signed(id))), None)

    def by_digest(self, sha256: str) -> list[Mark]:
        """Marks of files that had this digest before or after marking, newest first."""
        return self._find("WHERE digest_before = ?1 OR digest_after = ?1 ORDER BY number DESC", sha256)

    def near(self, fingerprint: bytes, algorithm: str, within: int) -> list[Near]:
        """Marks with a fingerprint that differs in at most `within` bits, nearest first. None is missed."""
        nearest: dict[int, int] = {}
        for distance, number in self._scan(algorithm).near(fingerprint, within):
            nearest.setdefault(number, distance)
        with self._file.reading() as connection:
            return [Near(self._id(connection, number), distance) for number, distance in nearest.items()]

    def unsealed(self, limit: int) -> list[Mark]:
        """Marks that the ledger does not have yet, oldest first."""
        return self._find("WHERE sealed IS NULL ORDER BY number LIMIT ?", limit)

    def set_sealed(self, entries: Mapping[int, str]) -> None:
        """Note the ledger's entry of each mark. Raises InputError, and notes nothing, where one of them is not there."""
        with self._file.writing() as connection:
            for id_, entry in entries.items():
                connection.execute("UPDATE mark SET sealed = ? WHERE id = ?", (entry, _signed(id_)))
                if not connection.changes():
                    raise InputError("mark {id} is not in the register", "Compare the number with the original.", id=text_of(id_))

    def count(self) -> int:
        """How many marks there are."""
        with self._file.reading() as connection:
            return int(connection.execute("SELECT count(*) FROM mark").get)

    def newest(self, limit: int, system: str | None = None) -> list[Mark]:
        """The marks added last, newest first; of one system where it is named."""
        if system is None:
            return self._find("ORDER BY number DESC LIMIT ?", limit)
        return self._find("WHERE system = ? ORDER BY number DESC LIMIT ?", system, limit)

    def of_organisation(
        self, bin: str, systems: Iterable[str], limit: int, *, system: str | None = None, before: int | None = None
    ) -> list[Mark]:
        """The newest marks that name an organisation's BIN, and those without a BIN that name one of its `systems`.

        Only those of `system` where it is named, and older ones than the mark `before`.
        """
        own = [each for each in systems if system in (None, each)]
        unnamed = f"SELECT found.number FROM json_each(:own) AS own, mark AS found WHERE found.number IN ({UNNAMED})"
        which = f"WHERE number IN (SELECT number FROM ({NAMED if system is None else NAMED_SYSTEM}) UNION ALL {unnamed})"
        values = {
            "bin": bin,
            "own": json.dumps(own),
            "limit": limit,
            "system": system,
            "before": None if before is None else _signed(before),
        }
        with self._file.reading() as connection:
            return self._marks(connection, f"{which} ORDER BY number DESC LIMIT :limit", values)

    def by_month(self, bin: str, systems: Iterable[str]) -> dict[str, int]:
        """{"2026-11": how many} of the same marks, all of them."""
        unnamed = "organisation IS NULL AND system IN (SELECT value FROM json_each(:own))"
        which = f"SELECT time FROM mark WHERE organisation = :bin UNION ALL SELECT time FROM mark WHERE {unnamed}"
        counted = f"SELECT substr(time, 1, 7) AS month, count(*) FROM ({which}) GROUP BY month ORDER BY month"
        with self._file.reading() as connection:
            rows: list[Any] = connection.execute(counted, {"bin": bin, "own": json.dumps(list(systems))}).fetchall()
        return dict(rows)

    def close(self) -> None:
        """Let go of the file and of the fingerprints in memory."""
        self._file.close()
        with self._lock:
            self._scans.clear()

    def _find(self, which: str, *values: Any) -> list[Mark]:
        with self._file.reading() as connection:
            return self._marks(connection, which, values)

    def _marks(self, connection: apsw.Connection, which: str, values: Any) -> list[Mark]:
        """Two statements, however many marks."""
        rows: list[Any] = connection.execute(f"{SELECT} {which}", values).fetchall()
        prints: dict[int, list[tuple[str, bytes]]] = {number: [] for number, *_ in rows}
        if rows:
            found: list[Any] = connection.execute(PRINTS_OF, (json.dumps(list(prints)),)).fetchall()
            for number, algorithm, bits in found:
                prints[number].append((algorithm, bits))
        return [self._mark(values, prints[number]) for number, *values in rows]

    def _mark(self, values: list[Any], prints: Sequence[tuple[str, bytes]]) -> Mark:
        mark = Mark(*[*values, tuple(prints)])
        blobs = (mark.manifest, mark.record)
        if not isinstance(mark.id, int) or not all(isinstance(blob, bytes | None) for blob in blobs):
            raise self._file.damaged("table mark")
        return replace(mark, id=mark.id % (1 << 64))

    def _id(self, connection: apsw.Connection, number: int) -> int:
        found = connection.execute("SELECT id FROM mark WHERE number = ?", (number,)).get
        if not isinstance(found, int):
            raise self._file.damaged("table fingerprint")
        return found % (1 << 64)

    def _scan(self, algorithm: str) -> Scan:
        """All fingerprints of an algorithm: those of the last time, and what anybody added since."""
        with self._lock, self._file.reading() as connection:
            scan, seen = self._scans.get(algorithm, (Scan(), 0))
            newest = connection.execute("SELECT max(number) FROM fingerprint").get or 0
            for low in range(seen, newest, CHUNK):
                high = min(low + CHUNK, newest)
                self._take(scan, connection.execute(PRINTS, (low, high, algorithm)).fetchall())
                self._scans[algorithm] = scan, high
            return scan

    def _take(self, scan: Scan, rows: Sequence[Any]) -> None:
        try:
            scan.add(b"".join(bits for bits, _ in rows), np.array([mark for _, mark in rows], np.int64))
        except (TypeError, ValueError):
            raise self._file.damaged("table fingerprint") from None


def _insert(connection: apsw.Connection, mark: Mark) -> None:
    values = replace(mark, id=_signed(mark.id))
    connection.execute(INSERT, [getattr(values, column) for column in COLUMNS])
    number = connection.last_insert_rowid()
    rows = [(number, algorithm, bits) for algorithm, bits in mark.fingerprints]
    connection.executemany("INSERT INTO fingerprint (mark, algorithm, bits) VALUES (?, ?, ?)", rows)


def _same(one: Mark, other: Mark) -> bool:
    """Apart from the seal, which comes later."""
    return replace(one, sealed=None) == replace(other, sealed=None)


def _signed(id: int) -> int:
    """SQLite's integers are signed."""
    return id - (1 << 64) if id >> 63 else id
