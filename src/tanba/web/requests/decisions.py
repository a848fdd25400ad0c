"""The decision log of a system, as answers ask it: by an id, by the person's pseudonym, or by what the organisation calls them."""

from collections.abc import Sequence

from tanba.errors import InputError
from tanba.people.decisions import Decision, DecisionSource, NoDecisions
from tanba.trace.rows import Query, Row
from tanba.web.decisions import desk
from tanba.web.systems.models import System
from tanba.workspace import current

NEWEST = 5


class LoggedDecisions:
    """Decisions of one system. Every method raises StoreError where the log cannot be read."""

    def __init__(self, system: System) -> None:
        """Nothing is read yet, and nothing of other systems ever."""
        self._system = system

    def by_number(self, number: str) -> Decision | None:
        """The decision of that id; None where there is none, or it was erased."""
        try:
            return _decision(desk.find(self._system, number.strip().lower()))
        except InputError:
            return None

    def of_subject(self, pseudonym: str) -> Sequence[Decision]:
        """Decisions about a pseudonym, or about whom the organisation calls so; newest first."""
        organisation = self._system.organisation
        for name in (pseudonym, desk.pseudonym(organisation, pseudonym)):
            if rows := desk.book().find(Query(organisation.bin, self._system.slug, name), NEWEST):
                return [found for row in rows if (found := _decision(row))]
        return ()


def _decision(row: Row) -> Decision | None:
    body = desk.book().content(row)
    if body is None:
        return None
    texts = {name: str(body.record.get(name) or "") for name in ("time", "outcome", "reason", "model", "human")}
    return Decision(row.id, data=tuple(body.record.get("sources") or ()), **texts)


def source_of(system: System) -> DecisionSource:
    """The log of this system; where the workspace keeps none nothing is known, and none is made."""
    return LoggedDecisions(system) if current().decisions.exists() else NoDecisions()
