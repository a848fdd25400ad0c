"""Letters about an incident: to the authorised body for personal data, to the people affected, to a vendor or counter-party. Pure."""

from collections.abc import Callable
from typing import Any

from tanba.documents.known import Known, joined, words
from tanba.documents.model import Block, Field, Fields, Paragraph, Said, Text
from tanba.documents.templates import letters

BREACH = (*letters.MUST, *("basis", "aware", "term", "what", "systems", "persons", "data_kinds", "harm", "measures", "contact"))
USERS = (*letters.MUST, *("basis", "what", "aware", "systems", "data_kinds", "harm", "measures", "advice", "rights", "contact"))
VENDOR = (*letters.MUST, *("clause", "aware", "term", "what", "systems", "measures", "asked", "contact"))
ELSEWHERE = ("sender", "counterparty", "signature")
"""Lines of a draft that a letter has above its title or below its text."""


def breach(known: Known) -> list[Block]:
    """To the authorised body (art. 25(2)(8) of the personal-data law)."""
    return _letter(known, "breach", [Fields(tuple(_fields(known, "breach")))])


def vendor(known: Known) -> list[Block]:
    """Under a contract; which counter-party it is nobody has recorded."""
    return _letter(known, "vendor", [Fields(tuple(_fields(known, "vendor")))], open_addressee=True)


def users(known: Known) -> list[Block]:
    """In sentences, since people read it and no office."""
    told = [
        Paragraph(Said(joined((row.label, row.said.text), ": "), row.said.sources, row.said.gap), row.name)
        for row in _fields(known, "users")
    ]
    return _letter(known, "users", list(told))


def front(to: str) -> Callable[[Known], tuple[Text, ...]]:
    """What is to be minded before it is sent."""
    return lambda known: letters.front(known, *_part(known, to)["remarks"])


def _letter(known: Known, to: str, body: list[Block], *, open_addressee: bool = False) -> list[Block]:
    head = letters.letterhead(known, Said(_part(known, to)["addressee"], gap=open_addressee))
    return [head, Paragraph(Said(words(f"open_{to}"))), *body, letters.signed("authorised")]


def _fields(known: Known, to: str) -> list[Field]:
    rows = [row for row in _part(known, to)["lines"] if row["name"] not in ELSEWHERE]
    return [Field(row["name"], row["label"], letters.statement(known, row)) for row in rows]


def _part(known: Known, to: str) -> Any:
    return known.part("notifications")[to]
