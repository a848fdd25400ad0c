"""OSCAL files: read by trestle, references resolved, nothing unknown satisfied, nothing lost, the same data the same bytes."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as whatever
from hypothesis import strategies as st

from exported import DAY, FILES, HOSTILE, PROOF, WHOLE, book, joined, nodes, prop, read, subject, subjects
from tanba.export.catalog import catalog
from tanba.export.component import component_definition
from tanba.export.model import READ_LAW, Subject, Whole, owed_of
from tanba.export.parts import control_id
from tanba.export.results import assessment_plan, assessment_results
from tanba.export.table import rows_of
from tanba.law.assess import assess
from tanba.law.model import ASSESSED
from tanba.strings import LANGUAGES


def controls(plain: Any) -> dict[str, Any]:
    return {each["id"]: each for act in plain["groups"] for article in act["groups"] for each in article["controls"]}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_catalog_holds_every_provision_of_the_day_once(lang: str, tmp_path: Path) -> None:
    plain = read(catalog(book(), lang), tmp_path)
    found = controls(plain)
    assert {prop(each, "provision") for each in found.values()} == {each.id for each in book().provisions.values()}
    assert len(found) == len(book().provisions)
    assert plain["metadata"]["last-modified"] == "2026-11-22T00:00:00+05:00"
    mark = found["kz.230-VIII.21.2"]
    provision = book().provisions["230-VIII/21/2"]
    assert mark["title"] == provision.title[lang]
    others = {each["class"]: each for each in mark["parts"] if each["name"] == "translation"}
    assert set(others) == set(LANGUAGES) - {lang}
    assert all(each["title"] == provision.title[other] for other, each in others.items())
    assert all(each["parts"][0]["prose"] == provision.must[other] for other, each in others.items())


def test_practice_lies_in_a_group_of_its_own_and_says_so() -> None:
    plain = json.loads(catalog(book(), "en"))["catalog"]
    for act in plain["groups"]:
        inside = {each["class"] for article in act["groups"] for each in article["controls"]}
        assert inside == {act["class"]}
    practice = [each for each in controls(plain).values() if each["class"] == "practice"]
    assert practice
    assert {prop(each, "strength") for each in practice} == {"practice"}


def test_what_weakens_a_provision_is_said() -> None:
    found = controls(json.loads(catalog(book(), "en"))["catalog"])
    unread = [each for each in book().provisions.values() if not each.text_read]
    assert unread
    assert {prop(found[control_id(each.path)], "text-read") for each in unread} == {"false"}
    touched = {identifier for identifier, each in found.items() if prop(each, "reported-change")}
    assert touched == {control_id(path) for path in book().changed}


def test_paths_and_controls_are_each_others() -> None:
    """No path of the data has a dot, so the way back is exact."""
    for path in book().provisions:
        assert control_id(path).removeprefix("kz.").replace(".", "/") == path


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_system_is_a_component_and_its_layers_stay_apart(lang: str, tmp_path: Path) -> None:
    every = subjects(proofs=(PROOF,), assignee="Аяз", due=DAY, due_proposed=True)
    plain = read(joined(component_definition(WHOLE, book(), every, lang)), tmp_path)
    assert [prop(each, "system") for each in plain["components"]] == [each.slug for each in every]
    for component, given in zip(plain["components"], every, strict=True):
        written = {}
        for layer in component.get("control-implementations", []):
            for each in layer["implemented-requirements"]:
                assert prop(each, "layer") == prop(layer, "layer")
                written[prop(each, "provision")] = prop(layer, "layer")
        owed = {each.provision: each.layer for each in given.owed.values() if each.applies == "yes" and each.kind != "right"}
        assert written == owed
    [proof] = [each for each in plain["back-matter"]["resources"] if prop(each, "sha256")]
    assert (prop(proof, "sha256"), prop(proof, "ledger-position")) == ("cd" * 32, "7")


def entries(result: Any) -> list[tuple[str | None, Any]]:
    """(provision, finding or observation) of one result."""
    return [(prop(each, "provision"), each) for each in [*result.get("findings", []), *result["observations"]] if prop(each, "provision")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_provision_of_an_assessment_stands_in_the_results_once(lang: str, tmp_path: Path) -> None:
    every = subjects(proofs=(PROOF,), status="met")
    plain = read(joined(assessment_results(WHOLE, book(), every, lang)), tmp_path)
    for result, given in zip(plain["results"], every, strict=True):
        wanted = [each["provision"] for part in ("provisions", "screen") for each in given.report[part]]
        wanted += [each["provision"] for each in given.report["gate"]["bans"]]
        assert Counter(provision for provision, _ in entries(result)) == Counter(wanted)
        assert prop(result, "conclusion") == given.report["conclusion"]


def test_only_what_is_met_is_satisfied_and_nothing_unknown_or_unread_is() -> None:
    every = subjects(status="met")
    plain = json.loads(joined(assessment_results(WHOLE, book(), every, "en")))["assessment-results"]
    seen = set()
    for result, given in zip(plain["results"], every, strict=True):
        for finding in result.get("findings", []):
            state = finding["target"]["status"]["state"]
            owed = given.owed.get(str(prop(finding, "provision")).partition("@")[0].removeprefix("kz/"))
            assert (state == "satisfied") == bool(owed and owed.applies == "yes" and owed.layer in (*READ_LAW, "house")), finding
            seen.add((state, owed.layer if owed else "ban"))
    assert {("satisfied", "statute"), ("not-satisfied", "reported"), ("not-satisfied", "ban"), ("satisfied", "house")} <= seen


def test_a_found_prohibition_is_a_failed_finding_with_a_risk() -> None:
    given = next(each for each in subjects() if each.report["conclusion"] == "prohibited")
    [result] = json.loads(joined(assessment_results(WHOLE, book(), [given], "en")))["assessment-results"]["results"]
    [finding, *_] = [each for each in result["findings"] if prop(each, "answer") == "found"]
    assert finding["target"]["status"] == {"reason": "fail", "state": "not-satisfied"}
    risks = {each["uuid"]: each for each in result["risks"]}
    assert risks[finding["related-risks"][0]["risk-uuid"]]["status"] == "open"


def test_what_is_not_settled_is_one_open_question_each_and_a_risk_together() -> None:
    for given in subjects():
        [result] = json.loads(joined(assessment_results(WHOLE, book(), [given], "en")))["assessment-results"]["results"]
        unknown = {each["provision"] for each in given.report["provisions"] if each["answer"] == "unknown"}
        questions = {prop(each, "provision") for each in result["observations"] if each["types"] == ["open-question"]}
        assert questions == unknown
        open_bans = {each["provision"] for each in given.report["gate"]["bans"] if each["answer"] == "unknown"}
        [risk] = [each for each in result.get("risks", []) if each["status"] == "investigating"]
        assert len(risk["related-observations"]) == len(unknown | open_bans)


def test_deciding_facts_are_observed_with_their_sources() -> None:
    given = subject(FILES[0])
    given = replace(given, sources=dict.fromkeys(given.report["facts"], "interview of 3 March"))
    [result] = json.loads(joined(assessment_results(WHOLE, book(), [given], "en")))["assessment-results"]["results"]
    facts = {prop(each, "fact"): each for each in result["observations"] if each["types"] == ["deciding-fact"]}
    deciding = {name for each in given.report["provisions"] for name in each["because"]}
    assert deciding <= set(facts)
    for name, each in facts.items():
        assert json.loads(prop(each, "value") or "") == given.report["facts"][name]["value"]
        assert "interview of 3 March" in each["relevant-evidence"][0]["description"]


def test_everything_that_was_looked_at_is_reviewed_and_nothing_else() -> None:
    given = subject(FILES[0])
    [result] = json.loads(joined(assessment_results(WHOLE, book(), [given], "en")))["assessment-results"]["results"]
    reviewed = [each["control-id"] for part in result["reviewed-controls"]["control-selections"] for each in part["include-controls"]]
    looked_at = (*ASSESSED, "prohibition", "screen")
    assert Counter(reviewed) == Counter(control_id(each.path) for each in book().provisions.values() if each.kind in looked_at)


def test_what_came_into_the_law_after_an_assessment_is_not_called_looked_at() -> None:
    """Its own answers do not settle it, so it is neither reviewed nor ruled out."""
    given = subject(FILES[0])
    settled = {name: fact | {"value": None} for name, fact in given.report["facts"].items()}
    given = replace(given, report=given.report | {"facts": settled, "provisions": []}, owed={})
    [result] = json.loads(joined(assessment_results(WHOLE, book(), [given], "en")))["assessment-results"]["results"]
    parts = {prop(part, "applies"): part["include-controls"] for part in result["reviewed-controls"]["control-selections"]}
    reviewed = {each["control-id"] for part in parts.values() for each in part}
    open_ones = [each for each in rows_of(book(), [given], everything=True) if each.owed.applies == "unknown"]
    assert open_ones
    assert not reviewed & {control_id(each.owed.path) for each in open_ones}


def test_the_plan_that_results_refer_to(tmp_path: Path) -> None:
    plan = read(joined(assessment_plan(WHOLE, book(), "kk")), tmp_path)
    results = read(joined(assessment_results(WHOLE, book(), subjects()[:1], "kk")), tmp_path)
    resource = next(each for each in results["back-matter"]["resources"] if results["import-ap"]["href"] == f"#{each['uuid']}")
    assert resource["rlinks"] == [{"href": "assessment-plan.json", "media-type": "application/json"}]
    assert plan["reviewed-controls"]["control-selections"] == [{"include-all": {}}]


def test_the_same_data_give_the_same_bytes_and_other_data_another_identifier() -> None:
    one, other = subject(FILES[0]), subject(FILES[0], status="evidenced")

    def results(given: Any) -> bytes:
        return joined(assessment_results(WHOLE, book(), [given], "en"))

    assert results(one) == results(subject(FILES[0]))
    assert results(one)[-45:] != results(other)[-45:]
    assert joined(component_definition(WHOLE, book(), [one], "en")) == joined(component_definition(WHOLE, book(), [one], "en"))


def test_the_state_of_the_ledger_is_a_property() -> None:
    plain = json.loads(joined(assessment_results(WHOLE, book(), subjects()[:1], "en")))["assessment-results"]
    assert prop(plain["metadata"], "ledger-checkpoint") == f"tanba.local/x 3 {'ab' * 32}"
    nobody = json.loads(joined(assessment_results(Whole(DAY), book(), subjects()[:1], "en")))["assessment-results"]
    assert prop(nobody["metadata"], "ledger-checkpoint") is None


def test_whatever_people_wrote_is_text_and_never_markup(tmp_path: Path) -> None:
    given = replace(
        subject(FILES[0], remark=HOSTILE, assignee=HOSTILE, proofs=(replace(PROOF, name=HOSTILE),)),
        name={"en": HOSTILE},
        purpose={"en": HOSTILE},
        sources=dict.fromkeys(book().law.facts, HOSTILE),
    )
    whole = replace(WHOLE, name={"en": HOSTILE})
    for content in (assessment_results(whole, book(), [given], "en"), component_definition(whole, book(), [given], "en")):
        plain = read(joined(content), tmp_path)
        for node in nodes(plain):
            for name in ("title", "description", "remarks", "prose", "statement"):
                assert "<script" not in str(node.get(name, "")).replace("\\<", "")
                assert "{{" not in str(node.get(name, "")).replace("\\{", "")
        text = json.dumps(plain, ensure_ascii=False)
        assert "\u202e" not in text
        assert "\\u0000" not in text


def test_a_system_that_owes_nothing_is_still_there(tmp_path: Path) -> None:
    nothing = replace(subject(FILES[0]), owed={}, name={})
    nothing = replace(nothing, report=nothing.report | {"provisions": []})
    plain = read(joined(component_definition(WHOLE, book(), [nothing], "ru")), tmp_path)
    assert plain["components"][0]["title"] == nothing.slug
    read(joined(assessment_results(WHOLE, book(), [nothing], "ru")), tmp_path)


FACTS = {name: fact for name, fact in book().law.facts.items() if fact.type == "yes_no"}


@whatever(
    st.dictionaries(st.sampled_from(sorted(FACTS)), st.booleans(), max_size=40),
    st.sampled_from(["open", "evidenced", "met"]),
    st.booleans(),
)
def test_whatever_the_facts_are_nothing_is_lost_and_nothing_unknown_is_satisfied(facts: dict[str, bool], status: str, adopt: bool) -> None:
    adopted = [each.path for each in book().provisions.values() if each.basis == "practice"] if adopt else []
    report = assess(book(), facts, system="x", adopted=adopted)
    owed = {each["path"]: replace(owed_of(each), status=status) for each in report["provisions"]}
    content = joined(assessment_results(WHOLE, book(), [Subject("x", {"en": "X"}, report, owed)], "en"))
    [result] = json.loads(content)["assessment-results"]["results"]
    counted = Counter(provision for provision, _ in entries(result))
    assert {each["provision"] for each in report["provisions"]} <= counted.keys()
    assert set(counted.values()) == {1}
    applies = {each["provision"]: each for each in report["provisions"] if each["answer"] == "applies"}
    for each in result.get("findings", []):
        if each["target"]["status"]["state"] == "satisfied":
            assert status == "met"
            assert applies[str(prop(each, "provision"))]["layer"] in (*READ_LAW, "house")
