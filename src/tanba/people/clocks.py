"""Clocks of an incident: (facts, terms, calendar, now) → clocks, each with its basis. Pure.

- breach: the personal-data law's own term. It runs where security of personal data was breached.
- critical: the term of the monitoring rules, whose text was not read: unknown until an officer enters it.
- vendor: a term of contract, entered with its clause.
- house: practice for serious incidents of high-risk systems. A recommendation until the organisation adopts it, never statute.

A clock runs from the awareness time. It is stopped by a proof of sending, or it is late; where it does not run, or where a fact or the
term is missing, that is said. A clock of which it is not known whether it runs has its end all the same, so that nobody misses it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tanba.calendars import Calendar, Due
from tanba.people.incidents import CLOCKS, Incident, Sent, Term

State = Literal["none", "unknown", "running", "late", "stopped", "stopped_late"]
Answer = bool | None


@dataclass(frozen=True, slots=True)
class Written:
    """A term as a provision states it. `reported`: an amendment whose text was not read touches it."""

    provision: str
    within: int
    unit: str
    reported: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """What the organisation goes by. `adopted`: the practice of `house` is house policy. `critical`: what an officer entered."""

    breach: Written | None = None
    house: Written | None = None
    adopted: bool = False
    critical: Term | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """`basis`: other-law, recommended, house, contract, entered. `missing`: fact or term, where the state is unknown."""

    name: str
    basis: str
    state: State
    term: Term | None
    provision: str = ""
    reported: bool = False
    due: Due | None = None
    missing: str = ""
    sent: Sent | None = None

    @property
    def open(self) -> bool:
        """Whether somebody still has to act on it."""
        return self.state in ("running", "late", "unknown")

    @property
    def counts(self) -> bool:
        """Whether it is watched: open, with an end, and more than a recommendation that nobody adopted."""
        return self.open and self.due is not None and self.basis != "recommended"

    def overdue(self, now: datetime) -> bool:
        """Whether it counts and its end has passed unsent, also where it is not known whether it runs."""
        return self.counts and self.due is not None and now > self.due.at


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    basis: str
    applies: Answer
    term: Term | None
    provision: str = ""
    reported: bool = False


def clocks(incident: Incident, terms: Terms, calendar: Calendar, now: datetime) -> tuple[Clock, ...]:
    """All of them, in the order of `CLOCKS`."""
    found = {rule.name: _clock(rule, incident, calendar, now) for rule in _rules(incident, terms)}
    return tuple(found[name] for name in CLOCKS)


def next_due(found: Iterable[Clock]) -> datetime | None:
    """The end that comes first among those that count."""
    return min((clock.due.at for clock in found if clock.counts and clock.due), default=None)


def _rules(incident: Incident, terms: Terms) -> Iterable[_Rule]:
    facts = incident.facts
    yield _written("breach", "other-law", facts.get("personal_data"), terms.breach)
    yield _Rule("critical", "entered", facts.get("critical_infrastructure"), incident.critical_term or terms.critical)
    yield _Rule("vendor", "contract", facts.get("vendor"), incident.vendor_term)
    serious = None if incident.severity is None else incident.severity != "minor"
    yield _written("house", "house" if terms.adopted else "recommended", _both(serious, facts.get("high_risk")), terms.house)


def _written(name: str, basis: str, applies: Answer, written: Written | None) -> _Rule:
    if written is None:
        return _Rule(name, basis, applies, None)
    return _Rule(name, basis, applies, Term(written.within, written.unit), written.provision, written.reported)


def _both(one: Answer, other: Answer) -> Answer:
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def _clock(rule: _Rule, incident: Incident, calendar: Calendar, now: datetime) -> Clock:
    due = calendar.due(incident.aware, rule.term.within, rule.term.unit) if rule.term and rule.applies is not False else None
    sent = incident.sent.get(rule.name) if rule.applies is not False else None
    missing = "" if sent or rule.applies is False else "fact" if rule.applies is None else "" if rule.term else "term"
    state = _state(rule.applies, missing, due, sent, now)
    return Clock(rule.name, rule.basis, state, rule.term, rule.provision, rule.reported, due, missing, sent)


def _state(applies: Answer, missing: str, due: Due | None, sent: Sent | None, now: datetime) -> State:
    if applies is False:
        return "none"
    if sent:
        return "stopped_late" if due and sent.at > due.at else "stopped"
    if missing or due is None:
        return "unknown"
    return "late" if now > due.at else "running"
