"""Clocks of an incident: golden cases with the law's own terms, and laws that hold for all facts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanba.calendars import kazakhstan
from tanba.people.clocks import Clock, Terms, Written, clocks, next_due
from tanba.people.incidents import CLOCKS, FACTS, SEVERITIES, Incident, Sent, Term
from tanba.web.incidents.law import terms

ALMATY = ZoneInfo("Asia/Almaty")
CALENDAR = kazakhstan()
AWARE = datetime(2026, 11, 20, 17, 30, tzinfo=ALMATY)  # a Friday
TERMS = terms(date(2026, 11, 20), adopted=True)
SERIOUS = Incident("The scorer refused everybody", AWARE, severity="serious", facts={"high_risk": True})


def by_name(incident: Incident, now: datetime, known: Terms = TERMS) -> Mapping[str, Clock]:
    return {clock.name: clock for clock in clocks(incident, known, CALENDAR, now)}


def with_facts(incident: Incident, **facts: bool | None) -> Incident:
    return replace(incident, facts={**incident.facts, **facts})


def test_a_breach_on_friday_evening_is_notified_by_the_end_of_monday() -> None:
    clock = by_name(with_facts(SERIOUS, personal_data=True), AWARE)["breach"]
    assert clock.due is not None
    assert (clock.state, clock.basis, f"{clock.due.at:%a %H:%M}") == ("running", "other-law", "Mon 23:59")
    assert clock.provision.startswith("kz/94-V/25/2/8@")


def test_the_law_data_give_the_breach_term_and_practice_the_24_hours() -> None:
    assert TERMS.breach is not None
    assert TERMS.house is not None
    assert (TERMS.breach.within, TERMS.breach.unit, TERMS.breach.reported) == (1, "working_days", True)
    assert (TERMS.house.within, TERMS.house.unit, TERMS.house.reported) == (24, "hours", False)


def test_before_the_law_nothing_is_known_of_terms() -> None:
    assert terms(date(2025, 5, 1)) == Terms()
    assert by_name(with_facts(SERIOUS, personal_data=True), AWARE, Terms())["breach"].missing == "term"


def test_the_house_clock_is_a_recommendation_that_alarms_nobody_until_it_is_adopted() -> None:
    no_breach = with_facts(SERIOUS, personal_data=False)
    recommended = by_name(no_breach, AWARE + timedelta(hours=30), terms(date(2026, 11, 20)))
    assert (recommended["house"].basis, recommended["house"].counts) == ("recommended", False)
    assert not recommended["house"].overdue(AWARE + timedelta(hours=30))
    adopted = by_name(no_breach, AWARE + timedelta(hours=30))
    assert (adopted["house"].basis, adopted["house"].state, adopted["house"].counts) == ("house", "late", True)
    assert next_due(recommended.values()) is None
    assert next_due(adopted.values()) == AWARE + timedelta(hours=24)


@pytest.mark.parametrize(
    ("severity", "high", "state"),
    [
        ("serious", True, "running"),
        ("minor", True, "none"),
        ("critical", False, "none"),
        (None, True, "unknown"),
        (None, False, "none"),
        ("serious", None, "unknown"),
    ],
)
def test_the_house_clock_is_for_serious_incidents_of_high_risk_systems(severity: str | None, high: bool | None, state: str) -> None:
    incident = replace(SERIOUS, severity=severity, facts={"high_risk": high})
    assert by_name(incident, AWARE)["house"].state == state


def test_the_critical_rule_is_unknown_until_an_officer_enters_the_term() -> None:
    incident = with_facts(SERIOUS, critical_infrastructure=True)
    assert (by_name(incident, AWARE)["critical"].state, by_name(incident, AWARE)["critical"].missing) == ("unknown", "term")
    entered = Term(3, "hours", "monitoring rules, clause 12")
    clock = by_name(incident, AWARE, replace(TERMS, critical=entered))["critical"]
    assert (clock.state, clock.basis, clock.due and clock.due.at) == ("running", "entered", AWARE + timedelta(hours=3))


def test_a_fact_nobody_answered_leaves_the_clock_unknown_with_an_end_that_counts() -> None:
    clock = by_name(SERIOUS, AWARE + timedelta(days=9))["breach"]
    assert (clock.state, clock.missing, clock.counts) == ("unknown", "fact", True)
    assert clock.overdue(AWARE + timedelta(days=9))


def test_a_proof_stops_the_clock_in_time_or_late() -> None:
    incident = with_facts(SERIOUS, personal_data=True)
    for at, state in ((AWARE + timedelta(hours=1), "stopped"), (AWARE + timedelta(days=5), "stopped_late")):
        clock = by_name(replace(incident, sent={"breach": Sent(at, "1")}), AWARE + timedelta(days=30))["breach"]
        assert (clock.state, clock.open) == (state, False)


def test_days_in_doubt_are_named() -> None:
    incident = replace(with_facts(SERIOUS, personal_data=True), aware=datetime(2026, 5, 26, 12, tzinfo=ALMATY))
    clock = by_name(incident, incident.aware)["breach"]
    assert clock.due is not None
    assert list(clock.due.doubts) == [date(2026, 5, 27)]


# laws

moments = st.datetimes(datetime(2026, 2, 1), datetime(2026, 12, 1), timezones=st.just(UTC))
spans = st.timedeltas(timedelta(0), timedelta(days=40))
answers = st.sampled_from([True, False, None])


@st.composite
def incidents(draw: st.DrawFn) -> Incident:
    aware = draw(moments)
    sent = draw(st.dictionaries(st.sampled_from(CLOCKS), spans, max_size=3))
    return Incident(
        "x",
        aware,
        severity=draw(st.sampled_from([*SEVERITIES, None])),
        facts={name: draw(answers) for name in FACTS},
        vendor_term=draw(st.sampled_from([None, Term(4, "hours", "x"), Term(3, "working_days", "x")])),
        sent={name: Sent(aware + after) for name, after in sent.items()},
    )


everything = st.builds(
    Terms,
    st.sampled_from([None, Written("p", 1, "working_days")]),
    st.sampled_from([None, Written("q", 24, "hours")]),
    st.booleans(),
    st.sampled_from([None, Term(3, "hours", "x")]),
)
RANK = {"running": 0, "late": 1}


@given(incidents(), everything, spans, spans)
def test_time_only_makes_a_clock_late_and_changes_nothing_else(incident: Incident, known: Terms, one: timedelta, more: timedelta) -> None:
    before = by_name(incident, incident.aware + one, known)
    after = by_name(incident, incident.aware + one + more, known)
    for name in CLOCKS:
        assert after[name] == replace(before[name], state=after[name].state)
        assert after[name].state == before[name].state or (before[name].state, after[name].state) == ("running", "late")


@given(incidents(), everything, spans)
def test_no_clock_is_said_exactly_where_a_fact_rules_it_out(incident: Incident, known: Terms, after: timedelta) -> None:
    found = by_name(incident, incident.aware + after, known)
    for name, fact in (("breach", "personal_data"), ("critical", "critical_infrastructure"), ("vendor", "vendor")):
        assert (found[name].state == "none") is (incident.facts[fact] is False)
        if found[name].state == "none":
            assert found[name].due is None


@given(incidents(), everything, spans, st.sampled_from(FACTS), answers)
def test_a_fact_moves_its_own_clock_only(incident: Incident, known: Terms, after: timedelta, fact: str, answer: Any) -> None:
    own = {"personal_data": "breach", "critical_infrastructure": "critical", "vendor": "vendor", "high_risk": "house"}
    now = incident.aware + after
    one, other = by_name(incident, now, known), by_name(with_facts(incident, **{fact: answer}), now, known)
    assert {name for name in CLOCKS if one[name] != other[name]} <= {own.get(fact, "")}


@given(incidents(), everything, spans)
def test_an_end_is_after_the_awareness_time_and_of_a_proof_the_clock_stands_still(
    incident: Incident, known: Terms, after: timedelta
) -> None:
    for clock in by_name(incident, incident.aware + after, known).values():
        if clock.due:
            assert clock.due.at > incident.aware
        if clock.name in incident.sent and clock.state != "none":
            assert not clock.open
        assert (clock.state == "unknown") is bool(clock.missing)


@given(incidents(), everything, spans, st.sampled_from(["Asia/Almaty", "America/Adak", "Pacific/Kiritimati"]))
def test_the_zone_in_which_a_moment_is_written_changes_nothing(incident: Incident, known: Terms, after: timedelta, zone: str) -> None:
    moved = replace(incident, aware=incident.aware.astimezone(ZoneInfo(zone)))
    assert by_name(moved, incident.aware + after, known) == by_name(incident, incident.aware + after, known)


@given(incidents(), everything, spans)
def test_answering_what_was_unknown_keeps_the_end(incident: Incident, known: Terms, after: timedelta) -> None:
    open_ = by_name(with_facts(incident, personal_data=None), incident.aware + after, known)["breach"]
    yes = by_name(with_facts(incident, personal_data=True), incident.aware + after, known)["breach"]
    assert open_.due == yes.due
