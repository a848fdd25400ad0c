"""A pilot: what its plan lacks, where it stands, what came out."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanba.state.pilot import (
    Criterion,
    DataSet,
    Decision,
    Milestone,
    Pilot,
    Risk,
    Role,
    Window,
    evidenced,
    fate,
    findings,
    phase,
    results,
    steps,
)

START, END = date(2026, 10, 5), date(2026, 12, 18)
DATA = DataSet("Applications", "training", ("amount",), True, "consent", "controller", "1 GB", date(2027, 1, 15))
EXIT = Criterion("AUC", "at_least", 0.74)
PLAN = Pilot(
    "credit-scorer", "to compare", "model 5.0", Window(START, END), (DATA,), (Role("lead", "T. Bekov"),),
    (Milestone("report", date(2026, 12, 16), "T. Bekov"),), (Criterion("Anonymised", "done", result=True, evidence="DMS 1"),), (EXIT,),
    (Risk("leak", "access by role"),),
)  # fmt: skip
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


def codes(plan: Pilot, day: date = START) -> list[str]:
    return [each.code for each in findings(plan, day)]


def test_a_plan_in_order_lacks_nothing_before_and_while_it_runs() -> None:
    assert codes(PLAN, START - timedelta(9)) == codes(PLAN, START) == codes(PLAN, date(2026, 12, 16)) == []


def test_an_empty_plan_lacks_every_part() -> None:
    parts = ("system", "why", "tried", "data", "roles", "milestones", "entry", "exit", "risks", "start", "end")
    assert set(codes(Pilot())) == {f"no_{part}" for part in parts}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"window": Window(START)}, "no_end"),
        ({"window": Window(END, START)}, "window_reversed"),
        ({"data": (replace(DATA, personal=None),)}, "personal_open"),
        ({"data": (replace(DATA, basis=""),)}, "personal_no_basis"),
        ({"data": (replace(DATA, anonymised="unknown"),)}, "anonymised_by_unknown"),
        ({"data": (replace(DATA, anonymised="not_anonymised"),)}, "anonymised_by_nobody"),
        ({"data": (replace(DATA, delete_by=None),)}, "data_no_deletion"),
        ({"data": (replace(DATA, delete_by=START - timedelta(1)),)}, "data_not_deleted"),
        ({"data": (replace(DATA, deleted=START),)}, "deleted_no_proof"),
        ({"data": (replace(DATA, fields=()),)}, "data_no_fields"),
        ({"roles": (Role("lead"),)}, "role_nobody"),
        ({"risks": (Risk("leak"),)}, "risk_no_measure"),
        ({"milestones": (Milestone("report", END + timedelta(1), "T. Bekov"),)}, "milestone_outside"),
        ({"milestones": (Milestone("report", None, "T. Bekov"),)}, "milestone_no_day"),
        ({"milestones": (Milestone("report", END),)}, "milestone_no_owner"),
        ({"exit": (Criterion("AUC"),)}, "criterion_no_threshold"),
        ({"exit": (Criterion("", "done"),)}, "criterion_no_metric"),
        ({"exit": (replace(EXIT, result=0.8),)}, "criterion_no_evidence"),
        ({"entry": (Criterion("Data are anonymised", "done", result=False, evidence="DMS 1"),)}, "entry_not_met"),
        ({"entry": (Criterion("Data are anonymised", "done"),)}, "entry_not_measured"),
    ],
)
def test_each_thing_that_is_missing_is_named_once(changed: dict[str, Any], code: str) -> None:
    assert codes(replace(PLAN, **changed)).count(code) == 1


def test_data_that_are_not_personal_need_neither_basis_nor_anonymising() -> None:
    assert codes(replace(PLAN, data=(replace(DATA, personal=False, basis="", anonymised="unknown"),))) == []


def test_once_the_period_is_over_criteria_are_measured_and_somebody_decides() -> None:
    assert {"exit_not_measured", "no_decision", "milestone_late"} <= set(codes(PLAN, END + timedelta(1)))


def test_an_exit_criterion_that_is_not_met_is_a_result_and_no_gap_unless_the_system_goes_on() -> None:
    failed = replace(PLAN, exit=(replace(EXIT, result=0.7, evidence="report"),), milestones=(Milestone("report", END, "T. Bekov", END),))
    stopped = replace(failed, decision=Decision("stop", END, "D. Akhmetov", "AUC too low"))
    assert codes(stopped, END + timedelta(1)) == []
    assert codes(replace(stopped, decision=replace(stopped.decision, outcome="production")), END) == ["decided_over_criteria"]


@given(st.floats(-10, 10), st.floats(-10, 10))
def test_a_result_meets_at_least_or_at_most_and_both_only_where_it_is_the_threshold(result: float, threshold: float) -> None:
    pair = [Criterion("x", compare, threshold, result=result).outcome for compare in ("at_least", "at_most")]
    assert pair.count("met") == (2 if result == threshold else 1)


@given(st.one_of(st.none(), st.booleans(), st.floats(-10, 10)), st.one_of(st.none(), st.floats(-10, 10)))
def test_what_is_not_known_is_never_met(result: Any, threshold: float | None) -> None:
    outcome = Criterion("x", "at_least", threshold, result=result).outcome
    assert (outcome == "not_measured") is (result is None or isinstance(result, bool) or threshold is None)


@given(DAYS)
def test_a_pilot_without_an_end_is_never_running(day: date) -> None:
    assert phase(replace(PLAN, window=Window(START)), day) == "undated"
    assert phase(PLAN, day) == ("before" if day < START else "running" if day <= END else "ended")


@given(DAYS, DAYS, DAYS)
def test_a_milestone_is_outside_exactly_where_the_window_does_not_hold_its_day(start: date, until: date, day: date) -> None:
    plan = replace(PLAN, window=Window(start, until), milestones=(Milestone("report", day, "T. Bekov", day),))
    assert ("milestone_outside" in codes(plan)) is not (start <= day <= until)


def test_steps_come_by_day_and_what_is_done_is_none() -> None:
    found = steps(PLAN, START - timedelta(1))
    assert [each.code for each in found] == ["start", "milestone", "end", "delete"]
    done = replace(PLAN, milestones=(Milestone("report", END, "x", END),), data=(replace(DATA, deleted=END, proof="act 3"),))
    assert [each.code for each in steps(replace(done, decision=Decision("stop")), END)] == []


def test_a_plan_is_evidence_once_window_data_and_criteria_are_written_down() -> None:
    assert evidenced(PLAN) == ("pilot-plan",)
    for changed in ({"window": Window(START)}, {"data": ()}, {"exit": (Criterion("AUC"),)}, {"entry": ()}):
        assert evidenced(replace(PLAN, **changed)) == ()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "day", "word"),
    [
        ({}, START, "to_delete"),
        ({}, date(2027, 1, 16), "late"),
        ({"deleted": END}, date(2027, 2, 1), "deleted"),
        ({"delete_by": None}, END, "unknown"),
    ],
)
def test_what_became_of_data_is_said(changed: dict[str, Any], day: date, word: str) -> None:
    assert fate(replace(DATA, **changed), day) == word


def test_results_are_counted() -> None:
    rows = (replace(EXIT, result=0.8), replace(EXIT, result=0.1), EXIT)
    assert results(rows) == {"met": 1, "not_met": 1, "not_measured": 1}
