"""Training: coverage by role, what is due, programmes of the state."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanba.errors import InputError
from tanba.law.load import load
from tanba.law.rulebook import on
from tanba.state.programmes import programmes
from tanba.state.training import Applied, Course, Planned, Record, Role, Training, checked, coverage, due, ends, findings, steps

DAY = date(2026, 11, 30)
LAW = Course("law", "The AI law", "P1Y")
PLAN = Training("x", (LAW,), (Role("engineer", "ML engineer", 2, ("law",)),))


def record(day: date | None, person: str = "", until: date | None = None) -> Record:
    return Record("engineer", "law", day, person, "Legal", 6, until, "QL-1")


def with_records(*records: Record) -> Training:
    return replace(PLAN, records=records)


def test_a_person_counts_once_with_the_last_record_and_nobody_without_a_name_is_lost() -> None:
    both = with_records(record(date(2025, 6, 1), "E-01"), record(date(2026, 6, 1), "E-01"), record(date(2026, 6, 1)))
    (found,) = coverage(both, DAY)
    assert (found.valid, found.expired, found.open) == (2, 0, 0)


def test_a_certificate_says_its_own_end_else_the_house_renews() -> None:
    assert ends(record(date(2026, 6, 1)), PLAN) == date(2027, 6, 1)
    assert ends(record(date(2026, 6, 1), until=date(2026, 12, 1)), PLAN) == date(2026, 12, 1)
    assert ends(record(date(2026, 6, 1)), replace(PLAN, courses=(Course("law"),))) is None


def test_what_runs_out_within_thirty_days_is_due() -> None:
    plan = with_records(record(date(2025, 12, 30), "E-01"), record(date(2025, 12, 31), "E-02"), record(date(2025, 11, 1), "E-03"))
    assert [(each.person, until) for each, until in due(plan, DAY)] == [("E-03", date(2026, 11, 1)), ("E-01", date(2026, 12, 30))]
    (found,) = coverage(plan, DAY)
    assert (found.valid, found.soon, found.expired) == (2, 1, 1)


def test_nobody_counted_is_unknown_and_never_covered() -> None:
    plan = replace(with_records(record(date(2026, 6, 1))), roles=(Role("engineer", "ML engineer", None, ("law",)),))
    (found,) = coverage(plan, DAY)
    assert found.open is None
    assert [each.code for each in findings(plan, DAY)] == ["people_unknown"]


def test_a_gap_is_named_until_a_course_is_planned() -> None:
    plan = with_records(record(date(2026, 6, 1), "E-01"))
    assert [(each.code, each.values["count"]) for each in findings(plan, DAY)] == [("not_covered", 1)]
    planned = replace(plan, planned=(Planned("law", "engineer", date(2026, 12, 9)),))
    assert findings(planned, DAY) == []
    assert [each.code for each in findings(planned, date(2026, 12, 10))] == ["not_covered", "plan_late"]
    assert [(each.day, each.code) for each in steps(planned, DAY)] == [(date(2026, 12, 9), "course")]


def test_a_record_that_lacks_something_or_is_still_to_come_is_named() -> None:
    plan = replace(with_records(Record("engineer", "law", DAY + timedelta(1))), roles=(Role("engineer"),))
    assert {each.code for each in findings(plan, DAY)} == {
        "record_no_provider",
        "record_no_hours",
        "record_no_certificate",
        "record_to_come",
    }
    (found,) = coverage(with_records(record(DAY + timedelta(1))), DAY)
    assert found.valid == 0


@pytest.mark.parametrize(
    ("plan", "place"),
    [
        (replace(PLAN, records=(Record("pilot", "law"),)), "records[1].role"),
        (replace(PLAN, records=(Record("engineer", "lwa"),)), "records[1].course"),
        (replace(PLAN, planned=(Planned("lwa", "engineer"),)), "planned[1].course"),
        (replace(PLAN, roles=(Role("engineer", "", 1, ("lwa",)),)), "roles[1].courses[1]"),
        (replace(PLAN, programmes=(Applied("moon"),)), "programmes[1].programme"),
        (replace(PLAN, courses=(Course("law", "", "a year"),)), "courses[1].renew"),
    ],
)
def test_a_name_that_nothing_has_is_refused(plan: Training, place: str) -> None:
    with pytest.raises(InputError) as caught:
        checked(plan)
    assert caught.value.values["place"] == place


@given(
    st.lists(st.tuples(st.dates(date(2024, 1, 1), date(2027, 12, 31)), st.sampled_from(("", "E-01", "E-02"))), max_size=8),
    st.integers(0, 9),
)
def test_open_places_are_never_fewer_than_people_without_a_valid_record(rows: list[tuple[date, str]], people: int) -> None:
    plan = replace(with_records(*(record(day, person) for day, person in rows)), roles=(Role("engineer", "", people, ("law",)),))
    (found,) = coverage(plan, DAY)
    assert found.open == max(0, people - found.valid)
    assert found.soon <= found.valid <= len(rows)


def test_every_programme_names_a_provision_in_force_or_a_source_and_what_is_unknown() -> None:
    book = on(load(), DAY)
    assert len(programmes()) == 5
    for each in programmes().values():
        assert bool(each.provision) is not bool(each.source)
        assert each.provision in book.provisions or each.source.startswith("https://")
        assert {*each.title} == {*each.about} == {*each.unknown} == {"kk", "ru", "en"}


def test_no_programme_is_a_duty() -> None:
    book = on(load(), DAY)
    assert {book.provisions[each.provision].kind for each in programmes().values() if each.provision} <= {"informs", "competence"}
