"""Which systems are stopped (art. 18(2)): `state.sqlite3`, asked by gate, notice, API and decision log at each call.

A stop is a row, a restart another one; nothing is changed or deleted. Who may stop and restart, and that both are sealed, is for the doors.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tanba.errors import InputError, StoreError, SuspendedError
from tanba.sqlitefile import SqliteFile, Tables

TABLES = Tables(
    """
    CREATE TABLE act (
        number INTEGER PRIMARY KEY, organisation TEXT NOT NULL, system TEXT NOT NULL, stopped INTEGER NOT NULL CHECK (stopped IN (0, 1)),
        time TEXT NOT NULL, reason TEXT NOT NULL, by TEXT NOT NULL) STRICT;
    CREATE INDEX act_system ON act (organisation, system, number);
    """,
    kind=0x74616E73,
    version=1,
)
NEWEST = "SELECT stopped, time, reason, by FROM act WHERE organisation = ? AND system = ? ORDER BY number DESC"
STANDING = """
SELECT organisation, system, time, reason, by FROM act AS stop WHERE stopped AND (?1 IS NULL OR system = ?2) AND NOT EXISTS
(SELECT 1 FROM act WHERE organisation = stop.organisation AND system = stop.system AND number > stop.number) ORDER BY number
"""
INSERT = "INSERT INTO act (organisation, system, stopped, time, reason, by) VALUES (?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Act:
    """A stop or a restart: when (RFC 3339, UTC), why, by whom."""

    stopped: bool
    time: str
    reason: str
    by: str


class Suspensions:
    """The acts of one workspace. `organisation` is a BIN, empty where there is none; `system` a slug. Every method raises StoreError."""

    def __init__(self, path: Path) -> None:
        """File and folder are made with the first act; until then nothing is stopped."""
        self._path, self._file = path, SqliteFile(path, TABLES)
        self._newest: dict[tuple[str, str], Act | None] = {}
        self._version: object = None

    def stop(self, organisation: str, system: str, now: datetime, reason: str, by: str) -> Act:
        """In force for every process once this returns. Raises InputError where the system is stopped already."""
        return self._enter(organisation, system, Act(True, _written(now), reason, by))

    def restart(self, organisation: str, system: str, now: datetime, reason: str, by: str) -> Act:
        """The end of a stop. Raises InputError where there is none."""
        return self._enter(organisation, system, Act(False, _written(now), reason, by))

    def stopped(self, organisation: str, system: str) -> Act | None:
        """The stop that is in force. Asked at each call: what nobody has written to is not read again."""
        if not self._there():
            return None
        with self._file.within() as connection:
            version = connection, connection.execute("PRAGMA data_version").get
            if version != self._version:
                self._newest, self._version = {}, version
            if (organisation, system) not in self._newest:
                self._newest[organisation, system] = next(iter(self.history(organisation, system, 1)), None)
            newest = self._newest[organisation, system]
        return newest if newest and newest.stopped else None

    def concerning(self, organisation: str, system: str) -> Act | None:
        """The stop that whoever asks has to heed: of any organisation where none is named, and one that names none holds for all."""
        if organisation:
            return self.stopped(organisation, system) or self.stopped("", system)
        return next((act for _, _, act in self.standing(system)), None)

    def standing(self, system: str | None = None) -> list[tuple[str, str, Act]]:
        """(organisation, system, act) of every stop that is in force, or of those of one system, oldest first."""
        if not self._there():
            return []
        rows = self._file.all(STANDING, system, system)
        return [(organisation, slug, Act(True, time, reason, by)) for organisation, slug, time, reason, by in rows]

    def refuse_stopped(self, organisation: str, system: str) -> None:
        """Raises SuspendedError where a stop concerns the system."""
        if act := self.concerning(organisation, system):
            raise SuspendedError(
                "system {system} is suspended since {since}: {reason}",
                "It may be used again once its restart is signed off.",
                system=system,
                since=act.time,
                reason=act.reason,
            )

    def history(self, organisation: str, system: str, most: int = 1000) -> list[Act]:
        """Stops and restarts, newest first."""
        if not self._there():
            return []
        rows = self._file.all(f"{NEWEST} LIMIT ?", organisation, system, most)
        return [Act(bool(stopped), time, reason, by) for stopped, time, reason, by in rows]

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _there(self) -> bool:
        """Whether anybody has stopped anything. Raises StoreError where it cannot be told: that is no permission to go on."""
        try:
            os.stat(self._path)
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError as error:
            raise StoreError(
                "{place}: cannot be read ({problem})", "Check the disk and its permissions.", place=self._path, problem=error.strerror
            ) from None
        return True

    def _enter(self, organisation: str, system: str, act: Act) -> Act:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._file.writing() as connection:
            newest = connection.execute(f"{NEWEST} LIMIT 1", (organisation, system)).fetchone()
            if bool(newest and newest[0]) == act.stopped:
                raise InputError(
                    "system {system} is stopped already" if act.stopped else "system {system} is not stopped",
                    "`tanba suspend --list` shows what is stopped.",
                    system=system,
                )
            self._newest.pop((organisation, system), None)
            connection.execute(INSERT, (organisation, system, act.stopped, act.time, act.reason, act.by))
        return act


def _written(now: datetime) -> str:
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
