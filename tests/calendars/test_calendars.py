"""Working days and terms: known cases, laws that hold for all, and agreement with an independent library."""

from datetime import UTC, date, datetime, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanba.calendars import MOVED, UNITS, Calendar, kazakhstan
from tanba.errors import InputError

KZ = kazakhstan()
DOUBTED = {date(2026, 5, 27), date(2028, 5, 5)}
"""Days that the library computes and nobody announced: off for it, working days for us until an officer says otherwise."""


def at(day: str, hour: int = 12) -> datetime:
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=KZ.zone)


def last_day(start: str, within: int, unit: str = "working_days") -> str:
    return KZ.due(at(start), within, unit).at.date().isoformat()


@pytest.mark.parametrize(
    ("what", "start", "within", "unit", "last"),
    [
        ("an objection on Monday is answered by Thursday", "2026-11-23", 3, "working_days", "2026-11-26"),
        ("one on Thursday by Tuesday, the weekend between", "2026-11-26", 3, "working_days", "2026-12-01"),
        ("one before Independence Day gets the day after it", "2026-12-14", 2, "working_days", "2026-12-17"),
        ("Nauryz of 2026 falls on a weekend, and two days follow it", "2026-03-20", 1, "working_days", "2026-03-26"),
        ("a breach found on a Saturday is reported on Monday", "2026-11-28", 1, "working_days", "2026-11-30"),
        ("New Year of 2028: a weekend, two days moved", "2027-12-31", 1, "working_days", "2028-01-05"),
        ("a Saturday that was made a working day counts", "2024-05-03", 1, "working_days", "2024-05-04"),
        ("calendar days end on a working day", "2026-11-27", 1, "days", "2026-11-30"),
        ("ten calendar days in the middle of a week", "2026-11-16", 10, "days", "2026-11-26"),
        ("Christmas does not move", "2024-01-05", 1, "working_days", "2024-01-08"),
    ],
)
def test_terms(what: str, start: str, within: int, unit: str, last: str) -> None:
    assert last_day(start, within, unit) == last, what


def test_hours_run_from_the_moment_whatever_the_day() -> None:
    due = KZ.due(datetime(2026, 11, 28, 20, 30, tzinfo=UTC), 24, "hours")
    assert due.at == datetime(2026, 11, 29, 20, 30, tzinfo=UTC)
    assert due.at.utcoffset() == timedelta(hours=5)


def test_a_late_evening_in_utc_is_the_next_day_here() -> None:
    assert KZ.due(datetime(2026, 11, 22, 20, tzinfo=UTC), 1, "working_days").at.date() == date(2026, 11, 24)


def test_a_doubtful_day_counts_as_working_and_is_named() -> None:
    due = KZ.due(at("2026-05-26"), 1, "working_days")
    assert due.at.date() == date(2026, 5, 27)
    assert list(due.doubts) == [date(2026, 5, 27)]
    settled = KZ.with_changes({date(2026, 5, 27): MOVED}, ())
    assert settled.due(at("2026-05-26"), 1, "working_days").at.date() == date(2026, 5, 28)
    assert not settled.due(at("2026-05-26"), 1, "working_days").doubts


def test_an_officer_may_make_a_holiday_a_working_day() -> None:
    assert KZ.with_changes({}, [date(2026, 12, 16)]).is_working(date(2026, 12, 16))
    assert not KZ.is_working(date(2026, 12, 16))


def test_years_without_a_list_are_named() -> None:
    assert KZ.due(at("2029-01-05"), 2, "days").beyond
    assert KZ.due(at("2028-12-29"), 5, "working_days").beyond
    assert not KZ.due(at("2026-01-05"), 2, "days").beyond


@pytest.mark.parametrize(("within", "unit"), [(0, "days"), (-1, "hours"), (99_999, "days"), (3, "weeks"), (3, "")])
def test_what_is_no_term_is_refused(within: int, unit: str) -> None:
    with pytest.raises(InputError, match="is no term"):
        KZ.due(at("2026-11-23"), within, unit)


moments = st.datetimes(datetime(2024, 1, 1), datetime(2028, 6, 30)).map(lambda when: when.replace(tzinfo=UTC))


@given(moments, st.integers(1, 60), st.sampled_from(UNITS))
def test_a_longer_term_never_ends_earlier_and_days_end_at_night_on_a_working_day(start: datetime, within: int, unit: str) -> None:
    due = KZ.due(start, within, unit)
    assert start < due.at <= KZ.due(start, within + 1, unit).at
    assert unit in ("hours", "minutes") or (KZ.is_working(due.at.date()) and due.at.hour == 23)


@given(moments, st.integers(1, 20), st.integers(1, 20))
def test_working_days_add_up(start: datetime, one: int, two: int) -> None:
    assert KZ.due(KZ.due(start, one, "working_days").at, two, "working_days").at == KZ.due(start, one + two, "working_days").at


def test_ten_thousand_terms_agree_with_an_independent_library() -> None:
    """Every difference lies on a day that we hold for doubtful; none stays unexplained."""
    import random

    chance = random.Random(20261129)
    library = holidays.country_holidays("KZ", years=range(2024, 2030))
    worked = {date(2024, 5, 4), date(2025, 1, 5)}  # weekend days that the library knows as substituted, and does not hold for working days
    explained = 0
    for _ in range(10_000):
        start, within = date(2024, 1, 1) + timedelta(chance.randrange(1_640)), chance.randrange(1, 31)
        ours = KZ.due(datetime(start.year, start.month, start.day, 12, tzinfo=KZ.zone), within, "working_days").at.date()
        if ours != (theirs := counted(start, within, library, worked)):
            explained += 1
            assert any(start < day <= max(ours, theirs) for day in DOUBTED), (start, within)
    assert 0 < explained < 500


def counted(day: date, within: int, library: holidays.HolidayBase, worked: set[date]) -> date:
    while within:
        day += timedelta(days=1)
        within -= day in worked or library.is_working_day(day)
    return day


def test_every_day_of_the_years_agrees_but_for_the_doubtful_ones() -> None:
    library = holidays.country_holidays("KZ", years=range(2024, 2029))
    days = [date(2024, 1, 1) + timedelta(number) for number in range((date(2028, 12, 31) - date(2024, 1, 1)).days + 1)]
    assert {day for day in days if KZ.is_working(day) != library.is_working_day(day)} <= DOUBTED | {date(2024, 5, 4), date(2025, 1, 5)}


def test_every_name_has_three_languages() -> None:
    assert isinstance(KZ, Calendar)
    for name in [*KZ.off.values(), *KZ.doubtful.values()]:
        assert name.keys() == {"kk", "ru", "en"}
