"""`tanba calendar`: when a term ends on Kazakhstan's working calendar, and the days off of a year."""

import argparse
import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from tanba.errors import FINE, InputError
from tanba.strings import t


def arguments(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("--year", type=int, default=None, help=say("calendar.year.help"))
    parser.add_argument("--from", dest="start", metavar="YYYY-MM-DD[THH:MM]", default=None, help=say("calendar.from.help"))
    parser.add_argument("--within", type=int, metavar="N", default=None, help=say("calendar.within.help"))
    parser.add_argument(
        "--unit", choices=("working_days", "days", "hours", "minutes"), default="working_days", help=say("calendar.unit.help")
    )
    parser.add_argument("--json", action="store_true", help=say("calendar.json.help"))


def run(options: argparse.Namespace) -> int:
    """Print the end of a term, or else the days off."""
    from tanba.calendars.changes import calendar_of
    from tanba.workspace import current

    calendar = calendar_of(current().calendar)
    said = _term(calendar, options) if options.within is not None else _year(calendar, options)
    if options.json:
        print(json.dumps({**said, "schema": "tanba.calendar/1"}, ensure_ascii=False))
        return FINE
    if "due" in said:
        print(t("cli.calendar.due", options.lang, due=said["due"].replace("T", " ")[:16], zone=calendar.zone.key))
    for day in said["days"]:
        print(day["day"], t(f"cli.calendar.{day['kind']}", options.lang), day["name"][options.lang], sep="  ")
    if said["beyond"]:
        print(t("cli.calendar.beyond", options.lang, first=calendar.first, last=calendar.last))
    return FINE


def _term(calendar: Any, options: argparse.Namespace) -> dict[str, Any]:
    """The end of a term, and the days that leave it in doubt."""
    due = calendar.due(moment(calendar, options.start), options.within, options.unit)
    return {
        "beyond": due.beyond,
        "days": [_day(day, "doubtful", name) for day, name in sorted(due.doubts.items())],
        "due": due.at.isoformat(),
    }


def _year(calendar: Any, options: argparse.Namespace) -> dict[str, Any]:
    """Days off, working weekend days and doubtful days of a year."""
    from tanba.calendars import MOVED

    year = options.year or datetime.now(calendar.zone).year
    found = [_day(day, "off", name) for day, name in calendar.off.items() if day.year == year]
    found += [_day(day, "working", MOVED) for day in calendar.working if day.year == year]
    found += [_day(day, "doubtful", name) for day, name in calendar.doubtful.items() if day.year == year]
    return {"beyond": not calendar.first <= year <= calendar.last, "days": sorted(found, key=lambda each: str(each["day"]))}


def _day(day: date, kind: str, name: Any) -> dict[str, Any]:
    return {"day": day.isoformat(), "kind": kind, "name": dict(name)}


def moment(calendar: Any, written: str | None) -> datetime:
    """A moment as it was typed, in the calendar's zone where it names none; now where nothing was typed. Raises InputError."""
    if written is None:
        return datetime.now(calendar.zone)
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise InputError("{given!r} is not a moment", "Write YYYY-MM-DD or YYYY-MM-DDTHH:MM.", given=written) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=calendar.zone)
