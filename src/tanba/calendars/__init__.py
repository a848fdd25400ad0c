"""Working days of Kazakhstan, and when a term ends. Pure, but for reading the data once.

A term begins on the day after the event and ends with its last day (Civil Code, art. 173-175); one counted in calendar days whose
last day is no working day ends on the next one (art. 176). Hours run from the moment itself. Where it is doubtful whether a day is off, it
counts as a working day, so that no term comes out too long, and the answer says so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from tanba.datafolder import read_folder
from tanba.errors import InputError

Unit = Literal["working_days", "days", "hours", "minutes"]
UNITS: tuple[Unit, ...] = ("working_days", "days", "hours", "minutes")
Name = Mapping[str, str]
"""{kk, ru, en}."""

DAY, LAST_MOMENT = timedelta(days=1), time(23, 59, 59)
SATURDAY = 5
LONGEST = 3660
"""Of a term, in its unit."""


@dataclass(frozen=True, slots=True)
class Due:
    """The last moment of a term, in the calendar's zone. `doubts` are days of which it is not known whether they are off."""

    at: datetime
    doubts: Mapping[date, Name] = field(default_factory=dict)
    beyond: bool = False
    """Whether the term reaches into years for which no list of days off was read."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """`off`: days off beside weekends, with their names; `working`: weekend days that were made working days."""

    zone: ZoneInfo
    first: int
    last: int
    off: Mapping[date, Name]
    working: frozenset[date]
    doubtful: Mapping[date, Name]

    def is_working(self, day: date) -> bool:
        """Whether people work on that day."""
        return day in self.working or (day.weekday() < SATURDAY and day not in self.off)

    def due(self, start: datetime, within: int, unit: str) -> Due:
        """When a term that an event at `start` (with its zone) sets going ends.

        >>> when = kazakhstan().due(datetime(2025, 3, 19, 17, tzinfo=ZoneInfo("Asia/Almaty")), 3, "working_days").at
        >>> f"{when:%Y-%m-%d %H:%M}"  # Nauryz lies between
        '2025-03-27 23:59'

        Raises InputError on an unknown unit, and on a term of no or of absurd length.
        """
        if unit not in UNITS or not 0 < within <= LONGEST:
            raise InputError("{within} {unit} is no term", "Units: {known}.", within=within, unit=unit, known=", ".join(UNITS))
        if unit in ("hours", "minutes"):
            return Due((start + timedelta(**{unit: within})).astimezone(self.zone))
        begin = start.astimezone(self.zone).date()
        last = self._working_days(begin, within) if unit == "working_days" else self._next_working(begin + within * DAY)
        doubts = {day: name for day, name in self.doubtful.items() if begin < day <= last}
        beyond = not self.first <= begin.year <= last.year <= self.last
        return Due(datetime.combine(last, LAST_MOMENT, self.zone), doubts, beyond)

    def with_changes(self, off: Mapping[date, Name], working: Iterable[date]) -> "Calendar":
        """What an officer entered goes before the list: days off, and days on which people work."""
        worked = frozenset(working)
        kept = {day: name for day, name in self.off.items() if day not in worked} | dict(off)
        doubtful = {day: name for day, name in self.doubtful.items() if day not in worked and day not in off}
        return Calendar(self.zone, self.first, self.last, kept, (self.working | worked) - off.keys(), doubtful)

    def _working_days(self, day: date, within: int) -> date:
        for _ in range(within):
            day = self._next_working(day + DAY)
        return day

    def _next_working(self, day: date) -> date:
        while not self.is_working(day):
            day += DAY
        return day


def kazakhstan() -> Calendar:
    """As published; see `kz.yaml` for sources and doubts."""
    data = read_folder(Path(__file__).parent)["kz"]
    years = range(data["first"], data["last"] + 1)
    holidays = _named(data["holidays"], years)
    off = holidays | _named(data["days_off"], years) | {date.fromisoformat(each["off"]): MOVED for each in data["moved"]}
    working = frozenset(date.fromisoformat(each["working"]) for each in data["moved"])
    doubtful = {date.fromisoformat(each["day"]): each["name"] for each in data["doubtful"]}
    calendar = Calendar(ZoneInfo(data["zone"]), data["first"], data["last"], off, working, doubtful)
    return calendar.with_changes(_observed(calendar, holidays), ())


MOVED: Name = {"kk": "ауыстырылған демалыс күні", "ru": "перенесённый выходной", "en": "moved day off"}


def _named(entries: Iterable[Mapping[str, Any]], years: Iterable[int]) -> dict[date, Name]:
    """{day: name}; `MM-DD` stands for that day of every year from `first` to `last`."""
    found: dict[date, Name] = {}
    for each in entries:
        whole = len(each["day"]) > len("MM-DD")
        days = [each["day"]] if whole else [f"{y}-{each['day']}" for y in years if each.get("first", y) <= y <= each.get("last", y)]
        found |= {date.fromisoformat(day): each["name"] for day in days}
    return found


def _observed(calendar: Calendar, holidays: Mapping[date, Name]) -> dict[date, Name]:
    """For each holiday on a weekend the next working day, one after another."""
    moved: dict[date, Name] = {}
    for day in sorted(holidays):
        if day.weekday() >= SATURDAY and day not in calendar.working:
            free = day + DAY
            while not calendar.is_working(free) or free in moved:
                free += DAY
            moved[free] = MOVED
    return moved
