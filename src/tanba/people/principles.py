"""The seven principles of article 4 for one system: which provisions spell each out, what is written, what is open. Pure.

Principles bind nobody by themselves (article 4 informs); what binds are the provisions of articles 5-11 and others that spell them out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tanba.people.catalogue import Principle, controls, principles
from tanba.people.written import checked


@dataclass(frozen=True, slots=True)
class Owed:
    """A provision for the system. `answer`: applies or unknown; `status`: open, evidenced or met."""

    path: str
    answer: str
    status: str = "open"


@dataclass(frozen=True, slots=True)
class Line:
    """One principle. `controls` maps those that belong to it to their state, empty where none is written; `gaps` are words."""

    principle: Principle
    owed: tuple[Owed, ...]
    text: Any
    risks: tuple[str, ...]
    controls: Mapping[str, str]
    gaps: tuple[str, ...]


def checked_texts(written: Any) -> dict[str, Any]:
    """`principles:` of a SYSTEM.yaml: what a system does for each. Raises InputError."""
    return checked("principles", written, principles(), "{fairness: …}")


def chart(owed: Iterable[Owed], texts: Mapping[str, Any], risks: Mapping[str, str], states: Mapping[str, str]) -> list[Line]:
    """A line for each principle. `texts` by principle; `risks` {id: category} of the register; `states` {control: state} at its degree."""
    known = list(owed)
    return [_line(principle, known, texts.get(principle.id) or "", risks, states) for principle in principles().values()]


def _line(principle: Principle, owed: list[Owed], text: Any, risks: Mapping[str, str], states: Mapping[str, str]) -> Line:
    own = tuple(each for each in owed if principle.covers(each.path))
    named = tuple(risk for risk, category in risks.items() if category in principle.categories)
    mine = {name: state for name, state in states.items() if _belongs(name, principle)}
    missing = {
        "no_text": not text,
        "unsettled": any(each.answer == "unknown" for each in own),
        "open": any(each.answer == "applies" and each.status == "open" for each in own),
        "no_risk": not named,
        "control_open": any(not state for state in mine.values()),
    }
    return Line(principle, own, text, named, mine, tuple(code for code, is_so in missing.items() if is_so))


def _belongs(name: str, principle: Principle) -> bool:
    control = controls()[name]
    return control.area in principle.areas or principle.covers(control.provision)
