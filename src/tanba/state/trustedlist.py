"""An application to the list of trusted systems (art. 19): what is enclosed, what happened, whose clock runs. Pure.

Inclusion is optional and for systems of high degree of risk only; the Law itself asks for an audit of those who apply. Procedure and terms
stand in an order whose text was not read: they are told as reported, and bind the state body, not the applicant.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise
from typing import Literal

from tanba.calendars import Calendar, Name
from tanba.errors import InputError
from tanba.state.form import Finding, Step, Text

SCHEMA = "tanba.trusted-list/1"
AUDIT, PACK, TERMS = "230-VIII/19/2", "order-196/trusted-list", "order-196/trusted-list/review"
"""Provisions: the audit (statute), the pack and the terms (reported)."""

What = Literal["submitted", "returned", "resubmitted", "accepted", "published", "refused", "withdrawn"]
NEXT: Mapping[str, tuple[What, ...]] = {
    "": ("submitted",),
    "submitted": ("returned", "accepted", "published", "refused", "withdrawn"),
    "returned": ("resubmitted", "withdrawn"),
    "resubmitted": ("returned", "accepted", "published", "refused", "withdrawn"),
    "accepted": ("published", "withdrawn"),
    "published": ("withdrawn",),
    "refused": ("submitted",),
    "withdrawn": ("submitted",),
}
"""What may follow what; a new application may follow a refusal, since nothing that was read forbids it."""

CLOCKS: Mapping[str, tuple[str, int | None]] = {
    "submitted": ("review", 10),
    "returned": ("correction", None),
    "resubmitted": ("again", 5),
    "accepted": ("publication", 5),
}
"""What an event sets going, and for how many working days, as reported; None where no source names a term."""

ENCLOSURES = ("application", "rights", "audit")
State = Literal["running", "over", "ended", "ended_late", "unknown", "closed"]
"""`unknown` and `closed` are those of a clock for which no source names a term."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """One part of the pack. `form`: how rights are proved."""

    ready: date | None = None
    evidence: str = ""
    form: Literal["unknown", "certificate", "contract"] = "unknown"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: on which day, under which number, with which remarks."""

    what: Literal["submitted", "returned", "resubmitted", "accepted", "published", "refused", "withdrawn"] = "submitted"
    day: date | None = None
    number: str = ""
    remarks: Text = ""


@dataclass(frozen=True, slots=True)
class Application:
    """One application of one system, with everything that happened."""

    system: str = ""
    body: Text = ""
    application: Enclosure = Enclosure()
    rights: Enclosure = Enclosure()
    audit: Enclosure = Enclosure()
    events: tuple[Event, ...] = ()

    @property
    def stands(self) -> str:
        """The last event; empty before the first."""
        return self.events[-1].what if self.events else ""


@dataclass(frozen=True, slots=True)
class Clock:
    """`due` is None where no source names a term. `doubts` and `beyond` as in `calendars.Due`. All of it is reported, not read."""

    name: str
    start: date
    days: int | None
    due: date | None
    state: State
    doubts: Mapping[date, Name]
    beyond: bool = False

    @property
    def running(self) -> bool:
        """Whether somebody still waits for it."""
        return self.state in ("running", "over", "unknown")


def checked(events: Sequence[Event], today: date) -> None:
    """Raises InputError on an event without a day, before the one before it, yet to come, or that cannot follow."""
    last, before = "", date.min
    for number, event in enumerate(events, 1):
        place = f"events[{number}]"
        if event.day is None:
            raise InputError("{place} is missing", "Write it.", place=f"{place}.day")
        if not before <= event.day <= today:
            raise InputError(
                "{place}: {day} does not fit in", "Days follow one another and have come.", place=place, day=event.day.isoformat()
            )
        if event.what not in NEXT[last]:
            raise InputError(
                "{place}: {given!r} cannot come here", "Possible: {known}.", place=place, given=event.what, known=", ".join(NEXT[last])
            )
        last, before = event.what, event.day


def clocks(events: Sequence[Event], calendar: Calendar, today: date) -> tuple[Clock, ...]:
    """One for each event that sets one going, in order; each ends with the event after it."""
    pairs = pairwise([*events, None])
    return tuple(_clock(event, after.day if after else None, calendar, today) for event, after in pairs if event and event.what in CLOCKS)


def findings(application: Application, tier: Sequence[str], today: date) -> list[Finding]:
    """What is missing on a day. `tier`: degrees of risk that the facts leave possible; empty where nobody asked."""
    found = [] if application.body else [Finding("no_body", "body")]
    if tier and "high" not in tier:
        found.append(Finding("not_high"))
    elif len(tier) > 1:
        found.append(Finding("degree_open"))
    return [*found, *_enclosures(application), *_events(application)]


def evidenced(application: Application) -> tuple[str, ...]:
    """Kinds of evidence as which this pack, once sealed, can be put forward: whole, and with its day of filing."""
    parts: list[Enclosure] = [getattr(application, name) for name in ENCLOSURES]
    return ("trusted-list-application",) if application.events and all(each.ready and each.evidence for each in parts) else ()


def steps(application: Application, found: Sequence[Clock]) -> list[Step]:
    """What comes next; a clock without a term has no day."""
    return [Step(clock.due, clock.name) for clock in found if clock.running and clock.due]


def _enclosures(application: Application) -> Iterator[Finding]:
    for name in ENCLOSURES:
        each: Enclosure = getattr(application, name)
        if each.ready is None:
            yield Finding(f"no_{name}", name)
        elif not each.evidence:
            yield Finding("enclosure_no_evidence", name, {"part": name})
        if name == "rights" and each.ready and each.form == "unknown":
            yield Finding("rights_form", name)
        sent = next((event.day for event in application.events if event.what == "submitted"), None)
        if each.ready and sent and each.ready > sent:
            yield Finding("enclosure_later", name, {"day": each.ready.isoformat(), "part": name})


def _events(application: Application) -> Iterator[Finding]:
    for number, (event, after) in enumerate(pairwise([*application.events, None]), 1):
        place = f"events[{number}]"
        if event and event.what in ("submitted", "resubmitted") and not event.number:
            yield Finding("event_no_number", place)
        if event and event.what in ("returned", "refused") and not event.remarks:
            yield Finding("event_no_remarks", place)
        if event and event.what == "returned" and after is None:
            yield Finding("to_resubmit", place)


def _clock(event: Event, end: date | None, calendar: Calendar, today: date) -> Clock:
    name, days = CLOCKS[event.what]
    assert event.day
    if days is None:
        return Clock(name, event.day, None, None, "closed" if end else "unknown", {})
    due = calendar.due(datetime.combine(event.day, time(12), calendar.zone), days, "working_days")
    last, until = due.at.date(), end or today
    late = until > last
    state: State = ("ended_late" if late else "ended") if end else "over" if late else "running"
    return Clock(name, event.day, days, last, state, due.doubts, due.beyond)
