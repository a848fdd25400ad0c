"""The decision log of a system (`tanba.trace`), as answers ask it: by a decision's id, or by the person's pseudonym or own id."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tanba.errors import InputError
from tanba.people.decisions import Decision, DecisionSource, NoDecisions
from tanba.trace.book import Book
from tanba.trace.home import open_book, pseudonym_of
from tanba.trace.rows import Query, Row
from tanba.web.systems.models import System
from tanba.workspace import current

NEWEST = 5


class LoggedDecisions:
    """Decisions of one system. Every method raises StoreError where the log cannot be read."""

    def __init__(self, book: Book, organisation: str, system: str) -> None:
        """`organisation` is a BIN, `system` a slug: nothing of others is looked at."""
        self._book, self._place = book, (organisation, system)

    def by_number(self, number: str) -> Decision | None:
        """The decision of that id."""
        try:
            row = self._book.get(number.strip().lower())
        except InputError:
            return None
        return self._decision(row) if (row.organisation, row.system) == self._place else None

    def of_subject(self, pseudonym: str) -> Sequence[Decision]:
        """Decisions about a pseudonym, or about whom the organisation calls so; newest first."""
        organisation, system = self._place
        for name in (pseudonym, pseudonym_of(current(), organisation, pseudonym)):
            if rows := self._book.find(Query(organisation, system, name), NEWEST):
                return [found for row in rows if (found := self._decision(row))]
        return ()

    def _decision(self, row: Row) -> Decision | None:
        """None once it is erased."""
        body = self._book.content(row)
        if body is None:
            return None
        said = body.record
        texts = {name: said.get(name) or "" for name in ("time", "outcome", "reason", "model", "human")}
        return Decision(row.id, data=tuple(said.get("sources") or ()), **texts)


@contextmanager
def source_of(system: System) -> Iterator[DecisionSource]:
    """The log of this system; where the workspace keeps none nothing is known, and none is made."""
    if not current().decisions.exists():
        yield NoDecisions()
        return
    book = open_book(current())
    try:
        yield LoggedDecisions(book, system.organisation.bin, system.slug)
    finally:
        book.close()
