"""Who was shown what: receipts and versions of the notice, `notices.sqlite3`. Nothing of a person is in it but pseudonyms.

Receipts are sealed in batches: `begin_batch` gathers what is not in one yet, `end_batch` notes the artifact it became. A batch that was
begun and not ended is found again, so that a process may die anywhere. `forget` drops receipts with their salts; commitments stay closed.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tanba.ids import uuid7
from tanba.people.receipt import Claims, Signer, batch, commitment, read, said
from tanba.sqlitefile import SqliteFile, Tables

TABLES = Tables(
    """
    CREATE TABLE receipt (
        id TEXT PRIMARY KEY, organisation TEXT NOT NULL, system TEXT NOT NULL, subject TEXT NOT NULL, act TEXT NOT NULL,
        channel TEXT NOT NULL, language TEXT NOT NULL, version TEXT NOT NULL, user TEXT NOT NULL,
        time TEXT NOT NULL, token TEXT NOT NULL, salt TEXT NOT NULL,
        batch TEXT) STRICT, WITHOUT ROWID;
    CREATE INDEX receipt_open ON receipt (organisation) WHERE batch IS NULL;
    CREATE INDEX receipt_batch ON receipt (batch);
    CREATE INDEX receipt_system ON receipt (system, subject, act, channel, language, version);
    CREATE INDEX receipt_user ON receipt (user);
    CREATE TABLE batch (id TEXT PRIMARY KEY, organisation TEXT NOT NULL, content BLOB NOT NULL, artifact TEXT) STRICT, WITHOUT ROWID;
    CREATE TABLE version (version TEXT PRIMARY KEY, since TEXT NOT NULL, policy TEXT NOT NULL) STRICT, WITHOUT ROWID;
    """,
    kind=0x746E6F74,
    version=1,
)
NAME = "notices.sqlite3"
MOST = 10_000
"""Receipts of one batch."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Receipts that are sealed together; `content` is the artifact, `artifact` its id once it is kept."""

    id: str
    organisation: str
    content: bytes
    artifact: str | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How many receipts of one kind a system has."""

    subject: str
    act: str
    channel: str
    language: str
    version: str
    count: int
    newest: str


class Shown:
    """The receipts of one workspace. `organisation` is a BIN, `system` a UUID. Every method raises StoreError."""

    def __init__(self, path: Path) -> None:
        """The file is made with the first receipt."""
        self._path, self._file = path, SqliteFile(path, TABLES)

    def issue(self, organisation: str, signer: Signer, claims: Claims) -> str:
        """Sign and keep; a receipt that was returned is on the disk."""
        token, known = signer.sign(claims), claims
        row = (known.id, organisation, known.system, known.subject, known.act, known.channel, known.language, known.version, known.user)
        with self._file.writing() as connection:
            connection.execute(
                "INSERT INTO receipt VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)", (*row, known.time, token, secrets.token_hex(32))
            )
        return token

    def note_version(self, version: str, policy: str, now: datetime) -> None:
        """Remember a version of the notice from the moment it was first in force; `policy` is the text of its file."""
        if not self._all("SELECT 1 FROM version WHERE version = ?", version):
            with self._file.writing() as connection:
                connection.execute("INSERT OR IGNORE INTO version VALUES (?, ?, ?)", (version, said(now), policy))

    def versions(self) -> list[tuple[str, str, str]]:
        """(version, since, policy), newest first."""
        return [tuple(row) for row in self._all("SELECT version, since, policy FROM version ORDER BY since DESC, version")]

    def counts(self, system: str) -> list[Count]:
        """What was shown and accepted, and how often."""
        names = "subject, act, channel, language, version"
        rows = self._all(f"SELECT {names}, count(*), max(time) FROM receipt WHERE system = ? GROUP BY {names} ORDER BY {names}", system)
        return [Count(*row) for row in rows]

    def begin_batch(self) -> Batch | None:
        """The batch that waits to be kept: one that was begun before, else a new one of what is open; None where nothing is."""
        begun = self._all("SELECT id, organisation, content FROM batch WHERE artifact IS NULL ORDER BY id LIMIT 1")
        if begun or not self._all("SELECT 1 FROM receipt WHERE batch IS NULL LIMIT 1"):
            return Batch(*begun[0]) if begun else None
        with self._file.writing() as connection:
            first = connection.execute("SELECT organisation FROM receipt WHERE batch IS NULL LIMIT 1").fetchone()
            if first is None:
                return None
            open_ = "SELECT id, salt, token FROM receipt WHERE batch IS NULL AND organisation = ? LIMIT ?"
            rows = list(connection.execute(open_, (*first, MOST)))
            made = Batch(str(uuid7()), first[0], b"")
            made = Batch(made.id, made.organisation, batch(made.id, [(salt, token) for _, salt, token in rows]))
            connection.execute("INSERT INTO batch VALUES (?, ?, ?, NULL)", (made.id, made.organisation, made.content))
            connection.executemany("UPDATE receipt SET batch = ? WHERE id = ?", [(made.id, id_) for id_, _, _ in rows])
        return made

    def end_batch(self, id: str, artifact: str) -> None:
        """The artifact that a batch became."""
        with self._file.writing() as connection:
            connection.execute("UPDATE batch SET artifact = ? WHERE id = ?", (artifact, id))

    def proof(self, id: str) -> tuple[str, str, Batch] | None:
        """(token, salt, batch) of a receipt that is in one."""
        rows = self._all(
            "SELECT r.token, r.salt, b.id, b.organisation, b.content, b.artifact "
            "FROM receipt r JOIN batch b ON b.id = r.batch WHERE r.id = ?",
            id,
        )
        return (rows[0][0], rows[0][1], Batch(*rows[0][2:])) if rows else None

    def forget(self, user: str) -> int:
        """Erase a user's receipts with their salts: what was sealed of them can never be opened again. Returns how many."""
        if not self._path.exists():
            return 0
        with self._file.erasing() as connection:
            connection.execute("DELETE FROM receipt WHERE user = ?", (user,))
            return connection.changes()

    def of_user(self, user: str, keys: Sequence[str]) -> list[Claims]:
        """What a user was shown and accepted, oldest first."""
        return [read(token, keys) for (token,) in self._all("SELECT token FROM receipt WHERE user = ? ORDER BY id LIMIT 10000", user)]

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _all(self, sql: str, *values: str) -> list[tuple]:  # type: ignore[type-arg]
        return self._file.all(sql, *values) if self._path.exists() else []


def opens(proof: tuple[str, str, Batch], value: Mapping[str, object]) -> bool:
    """Whether a batch's content holds the commitment of the receipt."""
    token, salt, _ = proof
    found = value.get("commitments")
    return isinstance(found, list) and commitment(salt, token) in found
