"""The list of trusted systems: what is enclosed, what may follow what, whose clock runs."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanba.calendars import kazakhstan
from tanba.errors import InputError
from tanba.state.trustedlist import CLOCKS, NEXT, Application, Enclosure, Event, checked, clocks, evidenced, findings, steps

CALENDAR = kazakhstan()
DAY = date(2026, 11, 30)
READY = Enclosure(date(2026, 10, 20), "DMS 1", "certificate")
SENT = Event("submitted", date(2026, 10, 28), "QG-1174")
FULL = Application("fraud-monitor", "the sectoral body", READY, READY, READY)
DAYS = st.dates(date(2026, 4, 26), date(2027, 11, 30))


def codes(application: Application, tier: list[str] | None = None) -> list[str]:
    return [each.code for each in findings(application, ["high"] if tier is None else tier, DAY)]


def test_a_pack_in_order_of_a_high_risk_system_lacks_nothing() -> None:
    assert codes(FULL) == []


def test_an_empty_application_lacks_every_enclosure() -> None:
    assert set(codes(Application())) == {"no_body", "no_application", "no_rights", "no_audit"}


def test_the_list_is_for_high_risk_only_and_an_open_degree_is_said() -> None:
    assert codes(FULL, ["medium"]) == ["not_high"]
    assert codes(FULL, ["medium", "high"]) == ["degree_open"]
    assert codes(FULL, []) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"audit": replace(READY, evidence="")}, "enclosure_no_evidence"),
        ({"rights": replace(READY, form="unknown")}, "rights_form"),
        ({"audit": replace(READY, ready=date(2026, 10, 29)), "events": (SENT,)}, "enclosure_later"),
        ({"events": (replace(SENT, number=""),)}, "event_no_number"),
        ({"events": (SENT, Event("returned", date(2026, 11, 11), remarks="…"))}, "to_resubmit"),
        ({"events": (SENT, Event("refused", date(2026, 11, 11)))}, "event_no_remarks"),
    ],
)
def test_each_thing_that_is_missing_is_named(changed: dict[str, Any], code: str) -> None:
    assert codes(replace(FULL, **changed)) == [code]


def test_ten_working_days_from_wednesday_end_on_the_second_wednesday_after() -> None:
    (clock,) = clocks([SENT], CALENDAR, date(2026, 11, 2))
    assert (clock.name, clock.due, clock.state) == ("review", date(2026, 11, 11), "running")
    assert clocks([SENT], CALENDAR, date(2026, 11, 12))[0].state == "over"


def test_a_holiday_and_the_bridge_before_it_put_the_end_off() -> None:
    (clock,) = clocks([Event("submitted", date(2026, 12, 10))], CALENDAR, date(2026, 12, 10))
    assert clock.due == date(2026, 12, 25)  # 16 December is a holiday


def test_each_return_sets_no_term_for_the_applicant_and_the_repeated_review_is_five_days() -> None:
    events = [SENT, Event("returned", date(2026, 11, 11)), Event("resubmitted", date(2026, 11, 20))]
    review, correction, again = clocks(events, CALENDAR, DAY)
    assert (review.state, correction.state, correction.due) == ("ended", "closed", None)
    assert (again.due, again.state) == (date(2026, 11, 27), "over")
    assert clocks(events[:2], CALENDAR, DAY)[1].state == "unknown"
    assert steps(FULL, clocks(events[:2], CALENDAR, DAY)) == []


def test_publication_is_counted_from_the_decision() -> None:
    events = [SENT, Event("accepted", date(2026, 11, 10)), Event("published", date(2026, 11, 18))]
    assert [(each.name, each.state) for each in clocks(events, CALENDAR, DAY)] == [("review", "ended"), ("publication", "ended_late")]


@given(DAYS, st.sampled_from(sorted(CLOCKS)))
def test_a_term_never_ends_on_a_day_off_nor_on_the_day_it_begins(day: date, what: Any) -> None:
    (clock,) = clocks([Event(what, day)], CALENDAR, day)
    assert (clock.due is None) is (what == "returned")
    assert clock.due is None or (clock.due > day and CALENDAR.is_working(clock.due))


@given(DAYS, DAYS)
def test_a_later_submission_never_ends_earlier(one: date, other: date) -> None:
    (first,), (second,) = (clocks([Event("submitted", day)], CALENDAR, day) for day in sorted((one, other)))
    assert first.due
    assert second.due
    assert first.due <= second.due


@given(DAYS)
def test_more_working_days_never_end_earlier(day: date) -> None:
    (five,), (ten,) = (clocks([Event(what, day)], CALENDAR, day) for what in ("resubmitted", "submitted"))
    assert five.due
    assert ten.due
    assert five.due < ten.due
    between = [five.due + timedelta(n) for n in range(1, (ten.due - five.due).days + 1)]
    assert sum(CALENDAR.is_working(each) for each in between) == 5


@given(DAYS, st.integers(0, 40))
def test_a_clock_that_has_ended_runs_no_more(day: date, after: int) -> None:
    end = day + timedelta(after)
    (clock,) = clocks([Event("submitted", day), Event("refused", end)], CALENDAR, end)
    assert clock.due
    assert clock.state == ("ended" if end <= clock.due else "ended_late")
    assert not clock.running


@pytest.mark.parametrize(
    ("events", "place"),
    [
        ([Event("returned", DAY)], "events[1]"),
        ([SENT, SENT], "events[2]"),
        ([SENT, Event("returned", date(2026, 10, 27))], "events[2]"),
        ([Event("submitted", DAY + timedelta(1))], "events[1]"),
        ([Event("submitted")], "events[1].day"),
        ([SENT, Event("refused", DAY), Event("published", DAY)], "events[3]"),
    ],
)
def test_what_cannot_have_happened_is_refused(events: list[Event], place: str) -> None:
    with pytest.raises(InputError) as caught:
        checked(events, DAY)
    assert caught.value.values["place"] == place


def test_a_pack_is_evidence_once_it_is_whole_and_filed() -> None:
    assert evidenced(FULL) == ()
    assert evidenced(replace(FULL, events=(SENT,))) == ("trusted-list-application",)
    assert evidenced(replace(FULL, events=(SENT,), audit=Enclosure())) == ()


@given(st.data(), st.integers(0, 8))
def test_every_path_through_what_may_follow_is_accepted(data: st.DataObject, length: int) -> None:
    events: list[Event] = []
    for number in range(length):
        what = data.draw(st.sampled_from(NEXT[events[-1].what if events else ""]))
        events.append(Event(what, SENT.day and SENT.day + timedelta(number)))
    checked(events, DAY)
    found = clocks(events, CALENDAR, DAY)
    assert sum(each.running for each in found) == (bool(events) and events[-1].what in CLOCKS)
