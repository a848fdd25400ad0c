"""The catalogue is whole: three languages, provisions and facts that exist, nothing said twice; facts decide what is suggested."""

import re
from collections.abc import Iterator, Mapping
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanba.law.load import load
from tanba.people.catalogue import TIERS, Condition, controls, controls_for, matrix, principles, risks, suggest, treating
from tanba.strings import LANGUAGES, catalogue

LAW = load()
PATHS = {provision.path for provision in LAW.provisions}
KINDS = {each["kind"] for provision in LAW.provisions for each in provision.evidence}
CATEGORIES = {
    *("safety", "rights", "personal_data", "discrimination", "information", "security", "vendor", "legal", "misuse", "society"),
}


def texts() -> Iterator[tuple[str, Mapping[str, str]]]:
    for risk in risks().values():
        yield from ((f"{risk.id}.{name}", getattr(risk, name)) for name in ("title", "cause", "harm", "measure"))
    for control in controls().values():
        yield from ((f"{control.id}.{name}", getattr(control, name)) for name in ("title", "done"))


def words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.casefold()) if len(word) > 3}


def choices(fact: str) -> set[str]:
    return set(LAW.facts[fact].choices or ()) or {"yes", "no"}


def test_there_are_sixty_risks_of_every_category() -> None:
    assert len(risks()) >= 60
    assert {risk.category for risk in risks().values()} == CATEGORIES
    assert {control.area for control in controls().values()} == {"safety", "reliability", "fairness"}


def test_every_text_stands_in_three_languages_of_their_own() -> None:
    for place, text in texts():
        assert set(text) == set(LANGUAGES), place
        assert all(each.strip() == each and each for each in text.values()), place
        assert len(set(text.values())) == len(LANGUAGES), place
        assert not re.search("[ӘәҒғҚқҢңӨөҰұҮүҺһІі]", text["ru"]), place
        assert not re.search("[А-я]", text["en"]), place


def test_nothing_is_said_twice() -> None:
    for language in LANGUAGES:
        said = [(risk.id, words(f"{risk.title[language]} {risk.cause[language]} {risk.harm[language]}")) for risk in risks().values()]
        for (one, first), (two, second) in combinations(said, 2):
            assert len(first & second) / len(first | second) < 0.4, (one, two, language)
        for field in ("title", "cause", "harm", "measure"):
            assert len({getattr(risk, field)[language] for risk in risks().values()}) == len(risks()), (field, language)


@pytest.mark.parametrize("risk", risks().values(), ids=lambda risk: risk.id)
def test_a_risk_points_at_things_that_are_there(risk: object) -> None:
    found = risks()[risk.id]  # type: ignore[attr-defined]
    assert found.provision in PATHS
    assert found.evidence in KINDS
    assert set(found.stages) <= choices("stage")
    assert found.foresight in ("known", "foreseeable")
    assert found.use in ("intended", "misuse")
    for condition in found.when:
        assert set(condition.values) <= choices(condition.fact), condition
    for group in found.affects:
        assert f"risks.group_{group}" in catalogue()
    assert f"evidence.{found.evidence}" in catalogue()


@pytest.mark.parametrize("control", controls().values(), ids=lambda control: control.id)
def test_a_control_points_at_things_that_are_there(control: object) -> None:
    found = controls()[control.id]  # type: ignore[attr-defined]
    assert found.provision in PATHS
    assert found.evidence in KINDS
    assert set(found.tiers) <= set(TIERS)
    assert found.tiers
    assert set(found.treats) <= risks().keys()
    assert found.treats


def test_every_risk_is_treated_by_a_control_or_by_a_measure_of_its_own() -> None:
    treated = {risk for control in controls().values() for risk in control.treats}
    assert len(treated) > len(risks()) / 2
    assert {control.id for control in treating("rubber-stamp")} == {"human-confirms-irreversible", "workload-cap"}


def test_principles_are_the_seven_of_article_4_with_articles_that_exist() -> None:
    assert [principle.path for principle in principles().values()] == [f"230-VIII/4/{number}" for number in range(1, 8)]
    for principle in principles().values():
        assert any(principle.covers(path) for path in PATHS)
        assert set(principle.categories) <= CATEGORIES
    assert {category for principle in principles().values() for category in principle.categories} == CATEGORIES
    assert not principles()["legality"].covers("230-VIII/5-1/1")


def test_a_higher_degree_asks_for_no_fewer_controls() -> None:
    minimal, medium, high = ({control.id for control in controls_for([tier])} for tier in TIERS)
    assert minimal < medium < high
    assert len(controls_for([])) == len(controls())


def test_facts_decide_what_is_suggested_and_say_why() -> None:
    found = {each.risk.id: each for each in suggest({"use_case": "credit_scoring", "decides_about_people": True})}
    assert found["refusal-without-reason"].because == (Condition("decides_about_people", ("yes",)),)
    assert found["region-as-proxy"].answer is True
    assert "missed-equipment-failure" not in found
    assert found["stored-abroad"].answer is None
    assert [each.fact for each in found["stored-abroad"].open] == ["processes_personal_data", "stored_in_kazakhstan"]


def test_without_facts_nothing_is_ruled_out_and_only_what_fits_all_is_suggested() -> None:
    found = suggest({})
    assert len(found) == len(risks())
    assert [each.risk.id for each in found if each.answer] == ["misclassified-tier"]


ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "use_case": st.sampled_from(sorted(LAW.facts["use_case"].choices)),
        "media_kinds": st.lists(st.sampled_from(sorted(LAW.facts["media_kinds"].choices)), unique=True),
        "processes_personal_data": st.booleans(),
        "stored_in_kazakhstan": st.booleans(),
    },
)


@given(ANSWERS, st.sampled_from(["use_case", "processes_personal_data", "stored_in_kazakhstan"]))
def test_one_more_answer_never_brings_back_what_was_ruled_out(facts: dict[str, object], name: str) -> None:
    fewer = {key: value for key, value in facts.items() if key != name}
    before, after = ({each.risk.id: each.answer for each in suggest(given)} for given in (fewer, facts))
    assert after.keys() <= before.keys()
    assert {risk for risk, answer in before.items() if answer} <= {risk for risk, answer in after.items() if answer}


def test_the_matrix_names_words_of_the_catalogue() -> None:
    levels = {level for row in matrix()["rows"] for level in row}
    assert levels == set(matrix()["levels"])
    assert set(matrix()["accept"]) < levels
    assert all(f"risks.level_{level}" in catalogue() for level in levels)
