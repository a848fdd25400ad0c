"""The decision log of this workspace as the register uses it: one book for each process, tracers for what programs send."""

import logging
import threading
from pathlib import Path

from tanba import decisions
from tanba.errors import InputError, TanbaError
from tanba.storage.home import open_objects
from tanba.trace import Tracer, home
from tanba.trace.book import Book
from tanba.trace.rows import Row
from tanba.web.accounts.models import Organisation
from tanba.web.evidence import ledger
from tanba.web.language import say
from tanba.web.systems.models import System
from tanba.workspace import current

_report = logging.getLogger("tanba.decisions")
_lock = threading.Lock()
_books: dict[Path, Book] = {}
_tracers: dict[tuple[Path, str, str, bool], Tracer] = {}
_trouble: list[TanbaError] = []


def book() -> Book:
    """The log of the current workspace, opened once. Raises InputError."""
    workspace = current()
    with _lock:
        if workspace.root not in _books:
            _books[workspace.root] = home.open_book(workspace)
        return _books[workspace.root]


def tracer(organisation: Organisation, system: str, keep: bool) -> Tracer:
    """What programs send about a system of the organisation. Raises InputError where it has none of that name."""
    key = current().root, organisation.bin, system, keep
    with _lock:
        if found := _tracers.get(key):
            return found
    if not System.objects.filter(organisation=organisation, slug=system).exclude(state="rejected").exists():
        raise InputError(
            "{system!r} does not name a system", "Use its short name in the register, such as credit-scorer.", system=system[:90]
        )
    with _lock:
        return _tracers.setdefault(key, home.open_tracer(system, organisation.bin, keep=keep))


def close() -> None:
    """Let go of every file of this process."""
    with _lock:
        while _books:
            _books.popitem()[1].close()
        while _tracers:
            _tracers.popitem()[1].close()
        _trouble.clear()


def drain() -> int:
    """Take what waits into the log and the ledger. Returns how many decisions; trouble is kept for the page, and said once."""
    workspace = current()
    if not workspace.spool.exists():
        return 0
    try:
        done = decisions.drain(workspace, book(), ledger.log(), open_objects(workspace))
    except TanbaError as error:
        if not _trouble:
            _report.warning("decisions wait: %s", error)
        _trouble[:] = [error]
        return 0
    _trouble.clear()
    return done.entered


def trouble() -> TanbaError | None:
    """Why this process took nothing when it last tried."""
    return next(iter(_trouble), None)


def pseudonym(organisation: Organisation, subject: str) -> str:
    """How a person of the organisation is called in the log."""
    return home.pseudonym_of(current(), organisation.bin, subject)


def erase(organisation: Organisation, subject: str) -> int:
    """Make all decisions about a person unreadable. Returns how many."""
    return home.erase(current(), book(), decisions.prepare, pseudonym(organisation, subject))


def damaged(organisation: Organisation | None = None, subject: str = "") -> str:
    """What is to be said of segments that were set aside, or of those that still name a person; empty where there are none."""
    workspace = current()
    files = home.damaged(workspace, pseudonym(organisation, subject) if organisation else "")
    told = say("cli.trace.left" if organisation else "cli.trace.damaged", count=len(files), files=", ".join(files), folder=workspace.spool)
    return told if files else ""


def find(system: System, id: str) -> Row:
    """A decision of this system. Raises InputError."""
    row = book().get(id)
    if (row.organisation, row.system) != (system.organisation.bin, system.slug):
        raise InputError(
            "no decision has the id {id!r}", "`tanba trace list` shows ids; what is still in the spool is not there yet.", id=id
        )
    return row
