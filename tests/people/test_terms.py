"""Terms: the law's own where it sets one, the house's elsewhere; laws of the clock for random terms and pauses."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from people.test_requests import ALONE, LENDER, stands
from tanba.calendars import kazakhstan
from tanba.errors import InputError
from tanba.people.requests import KINDS
from tanba.people.terms import HOUSE, LONGEST_HOUSE, Term, checked_house, clock, late, term_of

KZ = kazakhstan()
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 1)).map(lambda moment: moment.replace(tzinfo=KZ.zone))
WITHIN = st.integers(1, 60)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=KZ.zone)


def house(days: int) -> Term:
    return Term(days, "working_days", "house")


def test_an_objection_is_answered_in_three_working_days_by_law() -> None:
    term = term_of(stands(ALONE)["objection"])
    assert (term.within, term.unit, term.basis) == (3, "working_days", "law")
    assert term.source.startswith("kz/94-V/19-1/3@")
    assert clock(term, at("2025-03-19T17:00"), [], KZ).due == at("2025-03-27T23:59:59")  # Nauryz lies between


def test_a_withdrawal_of_consent_has_fifteen_working_days_by_law() -> None:
    term = term_of(stands(ALONE)["withdrawal"])
    assert (term.within, term.unit, term.basis) == (15, "working_days", "law")


def test_where_it_is_open_whether_the_term_applies_it_is_counted_and_named_open() -> None:
    assert term_of(stands({})["objection"]).basis == "law_open"


def test_where_the_provision_does_not_apply_or_sets_no_term_the_house_says_so() -> None:
    found = stands(LENDER | {"solely_automated": False})
    assert {term_of(found[name]).basis for name in ("objection", "explanation", "review", "support", "complaint")} == {"house"}
    assert term_of(found["support"], {"support": 2}).within == 2


def test_no_term_of_the_law_is_typed_in_code() -> None:
    """Another figure in the provision is another term."""
    from dataclasses import replace

    ground = stands(ALONE)["objection"]
    changed = replace(ground, place=replace(ground.place, deadline={"within": 9, "unit": "days", "from": "objection"}))  # type: ignore[type-var]
    assert (term_of(changed).within, term_of(changed).unit) == (9, "days")


def test_the_doubtful_day_is_named() -> None:
    found = clock(Term(3, "working_days", "law"), at("2026-05-26T16:00"), [], KZ)
    assert list(found.doubts) == [date(2026, 5, 27)]


def test_a_term_of_the_house_stands_still_for_whole_days_only() -> None:
    monday = at("2026-11-23T10:00")
    same_day = [(at("2026-11-24T09:00"), at("2026-11-24T18:00"))]
    assert clock(house(3), monday, same_day, KZ).due == at("2026-11-26T23:59:59")
    two_days_between = [(at("2026-11-24T09:00"), at("2026-11-27T18:00"))]
    assert clock(house(3), monday, two_days_between, KZ).due == at("2026-11-30T23:59:59")
    assert clock(house(3), monday, [(at("2026-11-24T09:00"), None)], KZ).due is None


@given(MOMENTS, WITHIN, st.sampled_from(["law", "law_open"]), MOMENTS)
def test_a_term_of_the_law_stands_still_for_nothing(received: datetime, within: int, basis: str, asked: datetime) -> None:
    term = Term(within, "working_days", basis)  # type: ignore[arg-type]
    assert clock(term, received, [(asked, None)], KZ) == clock(term, received, [], KZ)


@given(MOMENTS, WITHIN)
def test_without_pauses_it_is_the_calendars_own_term_counted_day_by_day(received: datetime, within: int) -> None:
    due = clock(house(within), received, [], KZ).due
    assert due is not None
    days = (due.date() - received.date()).days
    assert sum(KZ.is_working(received.date() + timedelta(n)) for n in range(1, days + 1)) == within
    assert KZ.is_working(due.date())


@given(MOMENTS, WITHIN, st.lists(st.tuples(MOMENTS, st.timedeltas(timedelta(0), timedelta(30))), max_size=4))
def test_pauses_lengthen_by_their_whole_working_days_and_by_nothing_else(
    received: datetime, within: int, drawn: list[tuple[datetime, timedelta]]
) -> None:
    pauses = [(begin, begin + length) for begin, length in drawn if begin >= received]
    plain, paused = clock(house(within), received, [], KZ).due, clock(house(within), received, pauses, KZ).due
    assert plain is not None
    assert paused is not None
    assert paused >= plain
    stood = {begin.date() + timedelta(n) for begin, end in pauses for n in range(1, (end.date() - begin.date()).days)}
    counted = [received.date() + timedelta(n) for n in range(1, (paused.date() - received.date()).days + 1)]
    assert sum(KZ.is_working(day) and day not in stood for day in counted) == within


@given(MOMENTS, WITHIN, WITHIN)
def test_a_longer_term_ends_no_sooner(received: datetime, one: int, other: int) -> None:
    assume(one <= other)
    first, second = clock(house(one), received, [], KZ).due, clock(house(other), received, [], KZ).due
    assert first is not None
    assert second is not None
    assert first <= second


def test_late_is_judged_by_when_it_ended() -> None:
    due, before, after = at("2026-11-26T23:59:59"), at("2026-11-26T12:00"), at("2026-11-27T00:00")
    assert late(due, None, after)
    assert not late(due, before, after)
    assert late(due, after, after)
    assert not late(None, None, after)


@pytest.mark.parametrize("written", [{"support": 0}, {"support": LONGEST_HOUSE + 1}, {"magic": 3}, {"support": True}, {"support": "3"}])
def test_absurd_terms_of_the_house_are_refused(written: dict[str, int]) -> None:
    with pytest.raises(InputError, match="no term of the house"):
        checked_house(written)


def test_the_house_has_a_term_for_every_kind() -> None:
    assert HOUSE.keys() == KINDS.keys()
    assert checked_house({"support": 1}) == {**HOUSE, "support": 1}
