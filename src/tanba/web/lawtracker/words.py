"""The law in readable words, in the language of the page: `tanba.law.words` with that language filled in."""

from collections.abc import Mapping
from typing import Any

from tanba.law import words
from tanba.law.conditions import Node
from tanba.law.model import Act, Fact, Law
from tanba.web.language import current

bare = words.bare


def act_name(act: Act) -> str:
    """The short name of an act."""
    return words.act_name(act, current())


def answer(fact: Fact, value: Any) -> str:
    """An answer to a fact."""
    return words.answer(fact, value, current())


def cite(path: str) -> str:
    """A place as a lawyer cites it."""
    return words.cite(path, current())


def condition(law: Law, node: Node) -> dict[str, Any]:
    """A condition as a tree to show."""
    return words.condition(law, node, current())


def deadline(written: Mapping[str, Any] | None) -> str:
    """A deadline of the text; empty where the text sets none."""
    return words.deadline(written, current())


def evidence(kind: str) -> str:
    """The name of a kind of evidence."""
    return words.evidence(kind, current())


def name_of(law: Law, name: str) -> str:
    """What a question bears on."""
    return words.name_of(law, name, current())


def word(group: str, name: str) -> str:
    """A word of the shared vocabulary."""
    return words.word(group, name, current())
