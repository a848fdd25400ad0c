"""By when a request is to be answered: the law's own term where a provision sets one, else the house's, which is named so. Pure.

A term of the law stands still for nothing: no provision that was read stops it. A term of the house stands still while the person has
been asked who they are, and only for whole days: a day of which a part was left counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from tanba.calendars import Calendar, Name
from tanba.errors import InputError
from tanba.people.requests import KINDS, Ground

Basis = Literal["law", "law_open", "house"]
"""The law's; the law's while it is open whether it applies; the house's."""

Pause = tuple[datetime, datetime | None]
"""From when, and until when; None while it lasts."""

HOUSE: Mapping[str, int] = {
    "explanation": 15,
    "data": 15,
    "refusal": 3,
    "objection": 3,
    "review": 15,
    "withdrawal": 15,
    "support": 5,
    "complaint": 15,
}
"""Working days, until an officer sets others."""

LONGEST_HOUSE = 60
STOOD: Name = {"kk": "мерзім тоқтап тұрды", "ru": "срок стоял", "en": "the term stood still"}


@dataclass(frozen=True, slots=True)
class Term:
    """`source` is the provision's id, empty for the house's own term; only such a term `pauses`."""

    within: int
    unit: str
    basis: Basis
    source: str = ""
    start: str = ""

    @property
    def pauses(self) -> bool:
        """Whether it stands still while identity is asked."""
        return self.basis == "house"


@dataclass(frozen=True, slots=True)
class Clock:
    """When a term ends; None while it stands still. `doubts` and `beyond` as in `calendars.Due`."""

    due: datetime | None
    doubts: Mapping[date, Name] = field(default_factory=dict)
    beyond: bool = False


def term_of(ground: Ground, house: Mapping[str, int] = HOUSE) -> Term:
    """The term of a request. Where it is open whether the law's term applies, it is counted, by precaution, and named open."""
    written = ground.place.deadline if ground.place and ground.standing in ("applies", "unknown") else None
    if ground.place and written and "within" in written:
        basis: Basis = "law" if ground.standing == "applies" else "law_open"
        return Term(int(written["within"]), str(written["unit"]), basis, ground.place.id, str(written.get("from", "")))
    return Term(house.get(ground.kind, HOUSE[ground.kind]), "working_days", "house")


def clock(term: Term, received: datetime, pauses: Sequence[Pause], calendar: Calendar) -> Clock:
    """When the term ends.

    >>> from tanba.calendars import kazakhstan
    >>> day = datetime.fromisoformat("2026-11-23T10:00+05:00")
    >>> f'{clock(Term(3, "working_days", "law"), day, [], kazakhstan()).due:%Y-%m-%d}'
    '2026-11-26'
    """
    standing = pauses if term.pauses else ()
    if any(end is None for _, end in standing):
        return Clock(None)
    stood = {day: STOOD for begin, end in standing if end for day in _whole_days(begin, end, calendar)}
    counted = calendar.with_changes(stood, ()) if stood else calendar
    due = counted.due(received, term.within, term.unit)
    return Clock(due.at, due.doubts, due.beyond)


def late(due: datetime | None, ended: datetime | None, now: datetime) -> bool:
    """Whether the term has passed, or had when the request ended."""
    return due is not None and (ended or now) > due


def checked_house(written: Mapping[str, int]) -> dict[str, int]:
    """Terms of the house as an officer set them. Raises InputError on an unknown kind or an absurd length."""
    for kind, days in written.items():
        if kind not in KINDS or type(days) is not int or not 0 < days <= LONGEST_HOUSE:
            raise InputError(
                "{kind}: {days} is no term of the house",
                "Known kinds with 1 to {most} working days.",
                kind=kind,
                days=days,
                most=LONGEST_HOUSE,
            )
    return {**HOUSE, **written}


def _whole_days(begin: datetime, end: datetime, calendar: Calendar) -> list[date]:
    """Working days that lie wholly between two moments."""
    first, last = (moment.astimezone(calendar.zone).date() for moment in (begin, end))
    days = ((first + timedelta(n)) for n in range(1, (last - first).days))
    return [day for day in days if calendar.is_working(day)]
