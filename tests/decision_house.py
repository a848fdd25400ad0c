"""A workspace with a tracer, its log and its ledger."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tanba import decisions
from tanba.ledger.home import open_ledger
from tanba.ledger.log import Log
from tanba.seal import Trust
from tanba.storage.home import open_objects
from tanba.suspension import Suspensions
from tanba.trace import Tracer, home, open_tracer
from tanba.trace.book import Book
from tanba.workspace import Workspace

BIN = "190140999998"
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@dataclass
class House:
    """Everything of one workspace; ledger and log are opened when asked for."""

    workspace: Workspace
    tracers: list[Tracer] = field(default_factory=list)
    _book: Book | None = None
    _log: Log | None = None

    def tracer(self, system: str = "scorer", organisation: str = BIN, **settings: Any) -> Tracer:
        self.tracers.append(open_tracer(system, organisation, workspace=self.workspace, **settings))
        return self.tracers[-1]

    @property
    def book(self) -> Book:
        self._book = self._book or home.open_book(self.workspace)
        return self._book

    @property
    def log(self) -> Log:
        self._log = self._log or open_ledger(self.workspace)
        return self._log

    def take(self, backlog: int = home.BACKLOG) -> int:
        return home.take(self.workspace, self.book, decisions.prepare, backlog)

    def drain(self) -> decisions.Drained:
        return decisions.drain(self.workspace, self.book, self.log, open_objects(self.workspace))

    def check(self, id: str, **options: Any) -> decisions.Checked:
        return decisions.check(bytes(decisions.prove(self.book, self.log, id, **options)), Trust())

    def erase(self, subject: str) -> int:
        name = home.pseudonym_of(self.workspace, BIN, subject)
        return home.erase(self.workspace, self.book, decisions.prepare, name)

    def stop(self, system: str = "scorer") -> None:
        Suspensions(self.workspace.state).stop(BIN, system, NOW, "wrong refusals", "A. Officer")

    def close(self) -> None:
        for tracer in self.tracers:
            tracer.close()
        if self._book:
            self._book.close()
        if self._log:
            self._log.store.close()
