"""The decision log of a workspace: where it lies, with which secrets. Made on first use."""

import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tanba.errors import InputError, StoreError
from tanba.files import alone
from tanba.suspension import Suspensions
from tanba.trace import spool as spools
from tanba.trace.book import Book, Prepare
from tanba.trace.subjects import Subjects, pseudonym
from tanba.trace.tracer import Tracer
from tanba.workspace import Workspace, current, write_private

SECRET, SUBJECTS, LOCK = "subjects.key", "subjects.sqlite3", ".lock"

PIECE = 4 << 20
"""Bytes of a segment taken in one commit."""

BACKLOG = 2_000_000
"""Decisions that may wait for the ledger; beyond it the spool fills, and then callers are told."""


def open_book(workspace: Workspace) -> Book:
    """The log. Raises InputError where the workspace cannot be made."""
    workspace.create()
    return Book(workspace.decisions, Subjects(workspace.keys / SUBJECTS))


def subject_secret(workspace: Workspace) -> bytes:
    """The secret of pseudonyms, made on first use. Raises InputError."""
    path = workspace.create().keys / SECRET
    if not path.exists():
        if workspace.decisions.exists():
            raise InputError("is missing, and the decision log has entries", "Restore the key from your backup.", path)
        write_private(path, secrets.token_hex(32))
    try:
        return bytes.fromhex(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        raise InputError("is damaged", "Restore the file from your backup.", path) from None


def pseudonym_of(workspace: Workspace, organisation: str, subject: str) -> str:
    """How a person is called in the log."""
    return pseudonym(subject_secret(workspace), organisation, subject)


def open_tracer(system: str, organisation: str = "", *, workspace: Workspace | None = None, **settings: Any) -> Tracer:
    """A tracer that writes into the spool of a workspace (by default the current one); `settings` are those of `Tracer`.

    Raises InputError.
    """
    place = workspace or current()
    return Tracer(system, organisation, folder=place.spool, secret=subject_secret(place), suspensions=Suspensions(place.state), **settings)


def take(workspace: Workspace, book: Book, prepare: Prepare, backlog: int = BACKLOG) -> int:
    """Take all of the spool into the log and remove what is done with. Returns how many decisions were new.

    Raises StoreError, InputError.
    """
    if not workspace.spool.exists():
        return 0
    count = 0
    with alone(workspace.spool / LOCK):
        for path in spools.segments(workspace.spool):
            count += _take(path, book, prepare, backlog)
        book.forget_segments(path.name for path in spools.segments(workspace.spool))
    return count


def erase(workspace: Workspace, book: Book, prepare: Prepare, name: str) -> int:
    """Erase all that was decided about a person (by pseudonym), the spool included. Returns how many decisions."""
    workspace.create().spool.mkdir(0o700, exist_ok=True)
    time = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    take(workspace, book, prepare, backlog=1 << 60)
    with alone(workspace.spool / LOCK):
        return book.erase(name, time)


def damaged(workspace: Workspace, name: str = "") -> list[str]:
    """Segments that were set aside, or those that name a person (by pseudonym): erasing does not reach into them. Raises StoreError."""
    paths = sorted(workspace.spool.glob("*.damaged"))
    try:
        return [path.name for path in paths if not name or name.encode() in path.read_bytes()]
    except OSError as error:
        raise StoreError(
            "{place}: cannot be read ({problem})",
            "Check the disk and its permissions.",
            place=workspace.spool,
            problem=error.strerror or error,
        ) from None


def _take(path: Path, book: Book, prepare: Prepare, backlog: int) -> int:
    wiped, start = book.taken(path.name)
    spools.wipe(path, wiped, start)  # also what a process that died had taken and not wiped
    count = 0
    while book.waiting_count() < backlog:
        piece = spools.read(path, start, PIECE)
        if piece.bodies:
            count += book.take(path.name, start, piece.end, piece.bodies, prepare)
            spools.wipe(path, start, piece.end)
        if piece.finished:
            _done(path, piece.damaged or book.damaged(path.name))
        if piece.finished or piece.end == start:
            break
        start = piece.end
    return count


def _done(path: Path, damaged: bool) -> None:
    """Remove a segment; what is damaged is set aside for somebody to look at."""
    if damaged:
        path.rename(path.with_suffix(".damaged"))
    else:
        path.unlink()
