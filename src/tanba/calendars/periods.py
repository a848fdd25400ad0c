"""Periods of years, months and days (ISO 8601), as provisions and policies write them. Pure."""

import re
from datetime import date, timedelta

from tanba.errors import InputError


def later(day: date, period: str) -> date:
    """The day on which a period that begins on `day` ends; the last day of the month where the month is shorter. Raises InputError.

    >>> later(date(2028, 2, 29), "P1Y").isoformat()
    '2029-02-28'
    """
    match = re.fullmatch(r"P(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,5})D)?", period)
    if not match or period == "P":
        raise InputError("{period!r} is no period", "Write it as P1Y, P6M or P30D.", period=period)
    years, months, days = (int(number or 0) for number in match.groups())
    month = day.month - 1 + months
    first = date(day.year + years + month // 12, month % 12 + 1, 1)
    return first + timedelta(min(day.day, _length(first)) - 1 + days)


def _length(first: date) -> int:
    """Days of the month that begins on `first`."""
    return (date(first.year + first.month // 12, first.month % 12 + 1, 1) - first).days
