"""People in the decision log: a pseudonym for each, and a key of their own for what was decided about them, which can be dropped.

Keys lie in `keys/subjects.sqlite3`, apart from the log and its backups: without the key every copy of a decision's content is unreadable.
"""

import hmac
import json
from collections.abc import Iterable
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tanba.sqlitefile import SqliteFile, Tables

NOBODY = "-"
"""Whose key is used for decisions about nobody in particular."""

TABLES = Tables(
    "CREATE TABLE key (subject TEXT PRIMARY KEY, key BLOB NOT NULL CHECK (length(key) = 32)) STRICT, WITHOUT ROWID;",
    kind=0x74616E6B,
    version=1,
)


def pseudonym(secret: bytes, organisation: str, subject: str) -> str:
    """32 hex digits of HMAC-SHA-256 under the workspace's secret; the same person has another one in another organisation."""
    told = b"tanba.subject/1\n%b\n%b" % (organisation.encode(), subject.encode("utf-8", "surrogatepass"))
    return hmac.digest(secret, told, "sha256").hex()[:32]


class Subjects:
    """The keys of one workspace. Every method raises StoreError."""

    def __init__(self, path: Path) -> None:
        """The file is made on first use."""
        self._file = SqliteFile(path, TABLES)

    def keys(self, subjects: Iterable[str]) -> dict[str, bytes]:
        """A key for each, made where there is none, durably before this returns."""
        wanted = set(subjects)
        found = self._found(wanted)
        if missing := wanted - found.keys():
            with self._file.writing() as connection:
                rows = [(subject, AESGCM.generate_key(256)) for subject in sorted(missing)]
                connection.executemany("INSERT OR IGNORE INTO key VALUES (?, ?)", rows)
            found |= self._found(missing)
        return found

    def key(self, subject: str) -> bytes | None:
        """The key, None where it was dropped or never was."""
        return self._found({subject}).get(subject)

    def drop(self, subject: str) -> None:
        """Make the key unreadable in the file and in its log. Once more does no harm."""
        with self._file.erasing() as connection:
            connection.execute("DELETE FROM key WHERE subject = ?", (subject,))

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _found(self, subjects: Iterable[str]) -> dict[str, bytes]:
        sql = "SELECT subject, key FROM key WHERE subject IN (SELECT value FROM json_each(?))"
        return dict(self._file.all(sql, json.dumps(list(subjects))))
