"""The two checks of art. 20(2): never better than the facts, and a text that was not read stays unknown."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanba.law.assess import assess
from tanba.law.load import load
from tanba.law.rulebook import on
from tanba.state.audit import Further
from tanba.state.checklist import DATA, WORKS, Item, checklist, gaps

BOOK = on(load(), date(2026, 11, 30))
LIBRARY = {"name": "Loans", "producer": "Bank", "source": "own", "licence": "own"}


def made(facts: dict[str, Any], libraries: Any = (LIBRARY,), evidence: Any = None) -> list[Item]:
    return checklist(assess(BOOK, facts), libraries, evidence or {})


def points(item: Item) -> dict[str, str]:
    return {point.name: point.answer for point in item.points}


def test_a_library_is_never_better_than_reported_since_the_list_of_metadata_was_not_read() -> None:
    item = made({"trains_on_works": False, "processes_personal_data": False}, evidence={DATA: ["passport"]})[0]
    assert set(points(item).values()) == {"reported", "given", "untrained", "unprocessed"}
    assert item.answer == "reported"


@pytest.mark.parametrize(
    ("facts", "evidence", "name", "answer"),
    [
        ({}, {}, "works", "open"),
        ({"trains_on_works": True}, {}, "works", "gap"),
        ({"trains_on_works": True}, {WORKS: ["scan"]}, "works", "given"),
        ({}, {}, "personal", "open"),
        ({"processes_personal_data": True}, {}, "personal", "open"),
        ({"processes_personal_data": True, "personal_data_basis": "consent"}, {}, "personal", "given"),
        ({}, {}, "evidence", "gap"),
    ],
)
def test_points_of_a_library_follow_the_facts(facts: dict[str, Any], evidence: dict[str, Any], name: str, answer: str) -> None:
    assert points(made(facts, evidence=evidence)[0])[name] == answer


@pytest.mark.parametrize("name", ["producer", "source", "licence"])
def test_what_nobody_wrote_is_a_gap(name: str) -> None:
    item = made({}, [{**LIBRARY, name: ""}])[0]
    assert (points(item)[name], item.answer) == ("gap", "gap")


def test_without_a_library_that_is_the_gap() -> None:
    _, first = gaps(made({}, ()))[0]
    assert (first.name, first.answer) == ("libraries", "gap")


def test_each_of_the_seven_stands_with_its_elements_and_a_key_for_the_auditors_verdict() -> None:
    found = [item for item in made({}) if item.check == "prohibited"]
    assert [item.key for item in found] == [f"230-VIII/17/3/{number}" for number in range(1, 8)]
    keys = [point.key for item in found for point in item.points]
    assert len(keys) == len(set(keys))
    assert all(key.startswith("230-VIII/17/3/") for key in keys)


@given(st.dictionaries(st.sampled_from(["manipulates", "scores_people", "determines_emotions", "biometric_classification"]), st.booleans()))
def test_a_capability_says_what_the_assessment_says(facts: dict[str, bool]) -> None:
    report = assess(BOOK, facts)
    found = {item.key: item.answer for item in checklist(report, (), {}) if item.check == "prohibited"}
    assert found == {ban["provision"].partition("@")[0].removeprefix("kz/"): ban["answer"] for ban in report["gate"]["bans"]}


def test_an_element_that_does_not_matter_any_more_is_no_gap() -> None:
    item = next(each for each in made({"manipulates": False}) if each.key == "230-VIII/17/3/1")
    assert item.answer == "clear"
    assert "unknown" not in {point.answer for point in item.points}


def test_libraries_of_one_name_and_further_checks_have_keys_of_their_own() -> None:
    items = checklist(assess(BOOK, {}), [LIBRARY, LIBRARY], {}, [Further("1", "Logs"), Further("2", "Rights")])
    assert len({item.key for item in items}) == len(items)
    assert [item.answer for item in items[-2:]] == ["open", "open"]
