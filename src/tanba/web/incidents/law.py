"""What law and practice say about terms of incidents on a day: the door hands it to `people.clocks`. Needs no Django."""

from datetime import date

from tanba.errors import NotInForceError
from tanba.law.load import load
from tanba.law.rulebook import Rulebook, on
from tanba.people.clocks import Terms, Written
from tanba.people.incidents import Term

BREACH, HOUSE = "94-V/25/2/8", "practice/incident-notice"


def terms(day: date, *, adopted: bool = False, critical: Term | None = None) -> Terms:
    """No term of law stands in code: a day before the law came into force has none."""
    try:
        book = on(load("kz"), day)
    except NotInForceError:
        return Terms(critical=critical)
    return Terms(_written(book, BREACH), _written(book, HOUSE), adopted, critical)


def _written(book: Rulebook, path: str) -> Written | None:
    provision = book.provisions.get(path)
    deadline = provision.deadline if provision else None
    if provision is None or not deadline or "within" not in deadline:
        return None
    unread = not provision.text_read or path in book.changed
    return Written(provision.id, int(deadline["within"]), str(deadline["unit"]), unread and provision.basis != "practice")
