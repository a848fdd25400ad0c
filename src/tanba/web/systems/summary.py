"""A system in one line: its tier and the next best action. Pure; from the columns that every assessment refreshes."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tanba.web.systems.models import Attention, System


@dataclass(frozen=True)
class Action:
    """What to do next: a text (systems.do_<key>), its values, and the page on which it is done."""

    key: str
    page: str
    values: dict[str, Any] = field(default_factory=dict)


def action(system: System, today: date) -> Action | None:
    """The next best action, or None where nothing is open."""
    late = system.next_due is not None and system.next_due < today
    match _attention(system):
        case Attention.PROHIBITED:
            return Action("prohibited", "assessments:show")
        case Attention.PROPOSED:
            return Action("proposed", "systems:show")
        case Attention.UNDECIDED:
            return (
                Action("questions", "assessments:interview", {"count": system.questions})
                if system.questions
                else Action("first", "assessments:interview")
            )
        case Attention.OPEN_STATUTE | Attention.OPEN_HOUSE if late:
            return Action("overdue", "obligations:list")
        case Attention.OPEN_STATUTE:
            return Action("statute", "obligations:list", {"count": system.open_statute})
        case Attention.OPEN_HOUSE:
            return Action("house", "obligations:list", {"count": system.open_house})
    return None


def _attention(system: System) -> int:
    """The same order as the column, for a system whose row may have changed since it was read."""
    if system.state == "rejected" or system.stage == "retired":
        return Attention.CLOSED
    if system.conclusion == "prohibited":
        return Attention.PROHIBITED
    if system.state == "proposed":
        return Attention.PROPOSED
    if system.conclusion in ("", "undecided"):
        return Attention.UNDECIDED
    return Attention.OPEN_STATUTE if system.open_statute else Attention.OPEN_HOUSE if system.open_house else Attention.NONE
