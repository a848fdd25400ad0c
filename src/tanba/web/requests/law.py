"""What the law says of requests about one system on one day, and of its facts, for the desk and for answers."""

from collections.abc import Sequence
from datetime import date

from tanba.errors import NotInForceError
from tanba.law.load import load
from tanba.law.rulebook import decide, on
from tanba.material import requests
from tanba.people.answers import Statement
from tanba.people.requests import Ground, Law, grounds
from tanba.web.systems.models import System


def grounds_of(system: System, day: date) -> dict[str, Ground]:
    """The ground of every kind; before the statute nothing is in force."""
    try:
        book = on(load("kz"), day)
    except NotInForceError:
        return grounds(Law())
    known = {name: value for name, value in system.facts().items() if name in book.law.facts}
    return grounds(Law(book.provisions, decide(book, known).rules, book.changed))


def facts_of(system: System, kind: str, lang: str) -> tuple[Sequence[Statement], Sequence[str]]:
    """(statements on the system that an answer of that kind makes, questions that have no answer yet)."""
    return requests.facts_of(load("kz"), system.facts(), kind, lang)
