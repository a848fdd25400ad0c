"""Laws that the assessment must obey whatever the facts, and a few sentences about whole assessments."""

from collections.abc import Collection
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tanba.errors import NotInForceError
from tanba.law.assess import LAYERS, assess
from tanba.law.exposure import exposure
from tanba.law.interview import open_questions
from tanba.law.load import load
from tanba.law.model import Fact
from tanba.law.rulebook import Rulebook, decide, on

LAW = load()
DAY = date(2026, 11, 22)
BOOK = on(LAW, DAY)
BASE = LAW.bases["owner"]


def next_question(book: Rulebook, facts: dict[str, Any], skipped: Collection[str] = ()) -> str | None:
    return next((fact for fact, _ in open_questions(book, facts, skipped)), None)


def answers(fact: Fact) -> st.SearchStrategy[Any]:
    if fact.type == "yes_no":
        return st.booleans()
    choices = st.sampled_from(sorted(fact.choices))
    return choices if fact.type == "one_of" else st.lists(choices, unique=True, max_size=3)


some_facts = st.fixed_dictionaries({}, optional={name: answers(fact) for name, fact in LAW.facts.items()})
quick = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
)


@quick
@given(some_facts, some_facts)
def test_adding_facts_never_turns_a_decided_answer_into_its_opposite(facts: dict[str, Any], more: dict[str, Any]) -> None:
    before, after = decide(BOOK, facts), decide(BOOK, {**more, **facts})
    for answers_before, answers_after in ((before.bans, after.bans), (before.rules, after.rules), (before.screen, after.screen)):
        for path, answer in answers_before.items():
            assert answer is None or answer is answers_after[path], path
    for name in LAW.notions:
        assert before.env[name] is None or before.env[name] is after.env[name], name
    for name in LAW.axes:
        assert after.env[name] <= before.env[name], name


@quick
@given(some_facts)
def test_every_unknown_names_a_question(facts: dict[str, Any]) -> None:
    report = assess(BOOK, facts)
    for ban in (*report["gate"]["bans"], *report["screen"]):
        assert (ban["answer"] == "unknown") == bool(ban["ask"]), ban["provision"]
    for entry in report["provisions"]:
        assert entry["answer"] == "applies" or entry["ask"] or entry["counsel"], entry["provision"]
    for name, axis in report["axes"].items():
        assert axis["decided"] or axis["ask"], name
    for notion in (*report["notions"].values(), *report["roles"].values()):
        assert (notion["answer"] == "unknown") == bool(notion["ask"])
    asked = [entry["fact"] for entry in report["questions"]]
    assert len(asked) == len(set(asked))
    assert not set(asked) & facts.keys()


@quick
@given(some_facts)
def test_every_settled_answer_rests_on_facts_that_were_given(facts: dict[str, Any]) -> None:
    report = assess(BOOK, facts)
    for entry in (*report["provisions"], *report["gate"]["bans"], *report["axes"].values()):
        assert set(entry["because"]) <= facts.keys()


@quick
@given(some_facts)
def test_what_would_change_is_true(facts: dict[str, Any]) -> None:
    report = assess(BOOK, facts)
    for entry in report["what_would_change"][:6]:
        changed = assess(BOOK, {**facts, entry["fact"]: entry["answer"]})
        for change in entry["changes"]:
            if change["what"] in changed["axes"]:
                assert sorted(changed["axes"][change["what"]]["levels"]) == change["after"]
            elif "/" in change["what"]:
                found = {ban["provision"].partition("/")[2].partition("@")[0]: ban["answer"] for ban in changed["gate"]["bans"]}
                assert found[change["what"]] == change["after"]


@settings(max_examples=25, deadline=None)
@given(st.fixed_dictionaries({name: answers(fact) for name, fact in LAW.facts.items()}))
def test_the_interview_ends_and_asks_only_what_is_open(truth: dict[str, Any]) -> None:
    facts: dict[str, Any] = {}
    while (question := next_question(BOOK, facts)) is not None:
        assert question not in facts
        facts[question] = truth[question]
    assert len(facts) <= len(LAW.facts)
    full, partial = decide(BOOK, truth), decide(BOOK, facts)
    assert partial.bans == full.bans
    assert exposure(BOOK, partial, None) == exposure(BOOK, full, None)
    assessed = [path for path in full.rules if BOOK.provisions[path].kind != "sanction"]
    assert {path: partial.rules[path] for path in assessed} == {path: full.rules[path] for path in assessed}
    if full.env["ai_system"] is not False:
        assert {axis: partial.env[axis] for axis in LAW.axes} == {axis: full.env[axis] for axis in LAW.axes}


def test_nothing_known_is_nothing_decided() -> None:
    report = assess(BOOK, {})
    assert report["conclusion"] == "undecided"
    assert report["gate"]["answer"] == "unknown"
    assert all(not axis["decided"] for axis in report["axes"].values())
    assert report["questions"][0]["fact"] == "uses_model"


def test_a_skipped_question_is_left_for_another_day() -> None:
    first = next_question(BOOK, {})
    assert first is not None
    assert next_question(BOOK, {}, skipped={first}) != first
    assert first not in [fact for fact, _ in open_questions(BOOK, {}, {first})]


def test_questions_of_law_come_last() -> None:
    facts = {**BASE, "failure_lowers_efficiency": True, "failure_causes_harm": False, "failure_emergency": False, "failure_significant": []}
    asked = [fact for fact, _ in open_questions(BOOK, facts)]
    legal = [LAW.facts[fact].legal for fact in asked]
    assert legal == sorted(legal)
    assert "one_element_is_medium" in asked


def test_the_tier_is_bounded_from_both_sides() -> None:
    facts = {**BASE, "failure_lowers_efficiency": True, "failure_causes_harm": True}
    assert assess(BOOK, facts)["axes"]["risk"]["levels"] == ["medium", "high"]
    facts |= {"failure_emergency": False, "failure_significant": []}
    assert assess(BOOK, facts)["axes"]["risk"]["levels"] == ["medium"]


def test_a_fine_is_not_shown_where_its_own_condition_fails() -> None:
    facts = {**BASE, "failure_lowers_efficiency": True, "failure_causes_harm": True, "failure_emergency": False, "failure_significant": []}
    medium = {entry["path"]: entry for entry in assess(BOOK, facts)["provisions"]}
    high = {entry["path"]: entry for entry in assess(BOOK, {**facts, "failure_emergency": True})["provisions"]}
    assert medium["230-VIII/18/1"]["sanction"] is None
    assert high["230-VIII/18/1"]["sanction"] == "kz/CoAO/641-1/1/2@2026-01-18"


def test_amounts_are_in_the_mci_of_the_year_and_only_where_the_text_was_read() -> None:
    facts = {
        **BASE,
        "generates_or_alters_media": True,
        "imitates_person_or_event": True,
        "distributes_results": True,
        "may_mislead": True,
        "offender_class": "large",
    }
    facts |= {"processes_personal_data": True, "personal_data_basis": "none"}
    entries = {entry["provision"].partition("@")[0]: entry for entry in assess(BOOK, facts)["exposure"]}
    marking = entries["kz/CoAO/641-1/1/1"]
    assert marking["amounts"] == [{"class": "large", "mci": 100, "kzt": 432500}]
    assert marking["repeat"]["amounts"] == [{"class": "large", "mci": 200, "kzt": 865000}]
    assert entries["kz/CoAO/79"]["amounts"] == []
    without_figure = assess(on(LAW, date(2027, 3, 1)), facts)["exposure"]
    assert all(amount["kzt"] is None for entry in without_figure for amount in entry["amounts"])


def test_practice_becomes_house_policy_only_by_adoption() -> None:
    def layers(adopted: set[str]) -> set[str]:
        return {entry["layer"] for entry in assess(BOOK, BASE, adopted=adopted)["provisions"] if entry["path"].startswith("practice/")}

    assert layers(set()) == {"recommended"}
    assert layers({"practice/five-year-archive"}) == {"recommended", "house"}


def test_unread_law_is_reported_and_companions_are_never_duties() -> None:
    report = assess(BOOK, {**BASE, "deals_in_digital_assets": True, "failure_emergency": True})
    for entry in report["provisions"]:
        assert entry["layer"] in LAYERS
        if entry["kind"] == "companion":
            assert entry["answer"] == "unknown"
        elif not entry["text_read"]:
            assert entry["layer"] == "reported"


def test_own_classification_is_compared_and_never_overrides() -> None:
    facts = {**BASE, "failure_emergency": True, "own_risk": "minimal", "use_case": "credit_scoring"}
    report = assess(BOOK, facts, similar=[("other", "high")])
    risk = report["plausibility"][0]
    assert (risk["answer"], risk["possible"]) == ("implausible", ["high"])
    assert risk["examples_differ"]
    assert risk["similar"] == [{"system": "other", "level": "high"}]
    assert report["axes"]["risk"]["levels"] == ["high"]


def test_before_the_law_there_is_no_assessment() -> None:
    with pytest.raises(NotInForceError, match="2026-01-17"):
        on(LAW, date(2026, 1, 17))
    assert on(LAW, date(2026, 1, 18)).provisions


def test_a_non_ai_system_owes_nothing_under_the_ai_law() -> None:
    report = assess(BOOK, {**BASE, "uses_model": False})
    assert report["conclusion"] == "not_ai_system"
    assert report["gate"]["answer"] == "clear"
    assert report["counts"]["statute"] == {"applies": 0, "unknown": report["counts"]["statute"]["unknown"]}


def test_a_fine_for_other_classes_only_is_not_shown() -> None:
    facts = {**BASE, "critical_ict_object": True}

    def fined(offender_class: str) -> set[str]:
        return {entry["provision"].partition("@")[0] for entry in assess(BOOK, {**facts, "offender_class": offender_class})["exposure"]}

    assert "kz/CoAO/641/5" in fined("large")
    assert "kz/CoAO/641/5" not in fined("non_profit")
