"""The decision log in one file, `decisions.sqlite3`: what was decided, in which batch it was sealed, and what was erased.

A row's content (secret, record, kept inputs and outputs) is sealed under the key of the person it is about. Columns for asking stand beside
it in the clear: the person as a pseudonym, no text of anybody's. Erasing takes key, content and those columns; commitment and batch stay.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Protocol

import apsw

from tanba.errors import InputError
from tanba.sqlitefile import SqliteFile, Tables
from tanba.storage.payloads import seal, unseal
from tanba.trace.batch import MOST, content_of
from tanba.trace.model import Body, parse
from tanba.trace.rows import Batch, Query, Row
from tanba.trace.subjects import NOBODY, Subjects

SCHEMA = """
CREATE TABLE decision (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, organisation TEXT NOT NULL, system TEXT NOT NULL, time INTEGER NOT NULL,
    subject TEXT, outcome TEXT, model TEXT, human TEXT, changed INTEGER, content BLOB, erased TEXT,
    commitment BLOB NOT NULL CHECK (length(commitment) = 32), batch INTEGER NOT NULL, place INTEGER NOT NULL) STRICT;
CREATE INDEX decision_system ON decision (organisation, system, time);
CREATE INDEX decision_outcome ON decision (organisation, system, outcome, time);
CREATE INDEX decision_subject ON decision (subject, time) WHERE subject IS NOT NULL;
CREATE TABLE batch (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, organisation TEXT NOT NULL, system TEXT NOT NULL,
    first INTEGER NOT NULL, count INTEGER NOT NULL, digest TEXT NOT NULL, salt TEXT NOT NULL, size INTEGER NOT NULL,
    event BLOB NOT NULL, position INTEGER) STRICT;
CREATE INDEX batch_waiting ON batch (number) WHERE position IS NULL;
CREATE TABLE segment (
    name TEXT PRIMARY KEY, wiped INTEGER NOT NULL, taken INTEGER NOT NULL, damaged INTEGER NOT NULL) STRICT, WITHOUT ROWID;
"""
TABLES = Tables(SCHEMA, kind=0x74616E64, version=1)
INSERT = f"INSERT INTO decision VALUES (NULL{', ?' * 14})"
COLUMNS = "number, id, organisation, system, time, subject, outcome, model, human, changed, erased, batch, place"
BATCH = "number, id, organisation, system, first, count, digest, salt, size, event, position"


class Prepared(Protocol):
    """A batch ready for the ledger, as `tanba.seal.ready` makes it."""

    @property
    def id(self) -> str:
        """Under which it is entered once."""

    @property
    def event(self) -> bytes:
        """The entry without its time."""

    @property
    def artifact(self) -> Any:
        """`digest`, `salt`, `size` of the content."""


Prepare = Callable[[bytes, str, str], Prepared]
"""(content of a batch, organisation, system) → ready for the ledger."""


class Book:
    """The log of one workspace, for many threads and, as another object, many processes. Every method raises StoreError."""

    def __init__(self, path: Path, subjects: Subjects) -> None:
        """The file is made on first use."""
        self._file, self._subjects = SqliteFile(path, TABLES), subjects

    def taken(self, segment: str) -> tuple[int, int]:
        """(bytes of a segment that are surely wiped, bytes that were taken)."""
        rows = self._file.all("SELECT wiped, taken FROM segment WHERE name = ?", segment)
        return rows[0] if rows else (0, 0)

    def take(self, segment: str, start: int, end: int, bodies: Sequence[bytes], prepare: Prepare) -> int:
        """Keep the decisions of a segment from `start` to `end`, in batches of their systems, all or none. Returns how many were new.

        A body that is no decision marks the segment as damaged. A decision whose id is there already is passed over.
        """
        parsed = [parse(body) for body in bodies]
        found: dict[str, tuple[Body, bytes]] = {}
        for body, raw in zip(parsed, bodies, strict=True):
            if body:
                found.setdefault(body.record["id"], (body, raw))
        keys = self._subjects.keys(body.record["subject"] or NOBODY for body, _ in found.values())
        with self._file.writing() as connection:
            known = connection.execute("SELECT id FROM decision WHERE id IN (SELECT value FROM json_each(?))", (json.dumps([*found]),))
            for (id_,) in known.fetchall():
                del found[str(id_)]
            fresh = sorted(found.values(), key=lambda each: _place(each[0]))
            for (organisation, system), group in groupby(fresh, key=lambda each: _place(each[0])):
                rows = list(group)
                for start in range(0, len(rows), MOST):
                    _add(connection, organisation, system, rows[start : start + MOST], keys, prepare)
            connection.execute(
                "INSERT INTO segment VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET wiped = ?2, taken = ?3, damaged = max(damaged, ?4)",
                (segment, start, end, None in parsed),
            )
        return len(fresh)

    def damaged(self, segment: str) -> bool:
        """Whether something of a segment was no decision."""
        return bool(self._file.all("SELECT 1 FROM segment WHERE name = ? AND damaged", segment))

    def forget_segments(self, there: Iterable[str]) -> None:
        """Drop what is known of segments that are not there any more."""
        names = json.dumps([*there])
        if self._file.all("SELECT 1 FROM segment WHERE name NOT IN (SELECT value FROM json_each(?)) LIMIT 1", names):
            with self._file.writing() as connection:
                connection.execute("DELETE FROM segment WHERE name NOT IN (SELECT value FROM json_each(?))", (names,))

    def waiting(self, most: int) -> list[Batch]:
        """Batches that the ledger does not have yet, oldest first."""
        return [Batch(*row) for row in self._file.all(f"SELECT {BATCH} FROM batch WHERE position IS NULL ORDER BY number LIMIT ?", most)]

    def waiting_count(self) -> int:
        """Decisions in such batches."""
        return int(self._file.all("SELECT total(count) FROM batch WHERE position IS NULL")[0][0])

    def entered(self, positions: Mapping[int, int]) -> None:
        """Note the ledger's positions of batches, by number."""
        with self._file.writing() as connection:
            connection.executemany("UPDATE batch SET position = ? WHERE number = ?", [(at, number) for number, at in positions.items()])

    def batch(self, number: int) -> Batch:
        """A batch. Raises KeyError."""
        for row in self._file.all(f"SELECT {BATCH} FROM batch WHERE number = ?", number):
            return Batch(*row)
        raise KeyError(number)

    def batch_content(self, batch: Batch) -> bytes:
        """The batch as it was sealed."""
        which = "number >= ? AND number < ? ORDER BY number"
        rows = self._file.all(f"SELECT commitment FROM decision WHERE {which}", batch.first, batch.first + batch.count)
        return content_of(batch.organisation, batch.system, [commitment for (commitment,) in rows])

    def get(self, id: str) -> Row:
        """The decision with an id. Raises InputError."""
        for row in self._file.all(f"SELECT {COLUMNS} FROM decision WHERE id = ?", id):
            return Row(*row)
        raise InputError(
            "no decision has the id {id!r}", "`tanba trace list` shows ids; what is still in the spool is not there yet.", id=id[:40]
        )

    def find(self, query: Query, most: int = 100, skip: int = 0) -> list[Row]:
        """Decisions, newest first."""
        where, values = query.where()
        sql = f"SELECT {COLUMNS} FROM decision WHERE {where} ORDER BY time DESC, number DESC LIMIT ? OFFSET ?"
        return [Row(*row) for row in self._file.all(sql, *values, most, skip)]

    def count(self, query: Query) -> int:
        """How many decisions fit."""
        where, values = query.where()
        return int(self._file.all(f"SELECT count(*) FROM decision WHERE {where}", *values)[0][0])

    def counts(self, query: Query, column: str) -> dict[str | None, int]:
        """How many decisions of each outcome, model, human, changed or system."""
        where, values = query.where()
        return dict(self._file.all(f"SELECT {column}, count(*) FROM decision WHERE {where} GROUP BY 1 ORDER BY 2 DESC LIMIT 100", *values))

    def content(self, row: Row) -> Body | None:
        """What was decided; None once erased. Raises StoreError where the row is damaged."""
        found = self._file.all("SELECT content FROM decision WHERE number = ?", row.number)
        sealed = found[0][0] if found else None
        subject = row.subject or NOBODY
        key = self._subjects.key(subject) if sealed is not None else None
        if key is None or sealed is None:
            return None
        opened = unseal(key, subject, sealed)
        body = parse(opened) if opened else None
        if body is None:
            raise self._file.damaged("table decision")
        return body

    def erase(self, subject: str, time: str) -> int:
        """Drop the person's key, then content and columns of every decision about them. Returns how many; once more does no harm."""
        self._subjects.drop(subject)
        return self._wipe("subject = ?", subject, time)

    def erase_one(self, id: str, time: str) -> int:
        """Erase a single decision."""
        return self._wipe("id = ? AND erased IS NULL", id, time)

    def close(self) -> None:
        """Let go of both files."""
        self._file.close()
        self._subjects.close()

    def _wipe(self, which: str, value: str, time: str) -> int:
        nothing = "subject = NULL, outcome = NULL, model = NULL, human = NULL, changed = NULL, content = NULL"
        with self._file.erasing() as connection:
            connection.execute(f"UPDATE decision SET {nothing}, erased = ? WHERE {which}", (time, value))
            return connection.changes()


def _place(body: Body) -> tuple[str, str]:
    return body.record["organisation"] or "", body.record["system"]


def _add(
    connection: apsw.Connection,
    organisation: str,
    system: str,
    rows: Sequence[tuple[Body, bytes]],
    keys: Mapping[str, bytes],
    prepare: Prepare,
) -> None:
    """One batch of one system."""
    commitments = [body.commitment for body, _ in rows]
    ready = prepare(content_of(organisation, system, commitments), organisation, system)
    first = connection.execute("SELECT coalesce(max(number), 0) + 1 FROM decision").get
    made = (
        ready.id,
        organisation,
        system,
        first,
        len(rows),
        ready.artifact.digest,
        ready.artifact.salt,
        ready.artifact.size,
        ready.event,
        None,
    )
    connection.execute(f"INSERT INTO batch VALUES (NULL{', ?' * 10})", made)
    number = connection.last_insert_rowid()
    connection.executemany(
        INSERT, (_values(*each, commitment, keys, number, at) for at, (each, commitment) in enumerate(zip(rows, commitments, strict=True)))
    )


def _values(body: Body, raw: bytes, commitment: bytes, keys: Mapping[str, bytes], batch: int, place: int) -> tuple[Any, ...]:
    record = body.record
    subject = record["subject"]
    name = subject or NOBODY
    return (
        *(record["id"], record["organisation"] or "", record["system"], body.time),
        *(subject, record["outcome"], record["model"], record["human"], record["human_changed"]),
        *(seal(keys[name], name, raw), None, commitment, batch, place),
    )
