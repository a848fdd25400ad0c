"""The assessment page, its history and its differences, in three languages."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from believable import MEDIUM, OWNED, SCORER, STUDIO, TRUST_SCORE, assessed
from tanba.digest import sha256
from tanba.strings import LANGUAGES, catalogue
from tanba.web.accounts.models import Organisation, User
from tanba.web.assessments import present
from tanba.web.assessments.diff import difference
from tanba.web.assessments.run import reassess
from tanba.web.lawtracker.models import Adoption
from tanba.web.lawtracker.policy import adopt_one
from tanba.web.systems.models import System

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def page(browser: Client, system: System, name: str = "assessments:show", **query: str) -> str:
    answer = browser.get(reverse(name, args=[system.organisation_id, system.slug]), query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "facts", [SCORER, TRUST_SCORE, STUDIO, OWNED, {}, {"uses_model": False}], ids=["medium", "ban", "synthetic", "open", "empty", "none"]
)
def test_every_kind_of_result_has_a_page(facts: dict[str, Any], language: str, company: Organisation, carol: User, sign_in: SignIn) -> None:
    system = assessed(company, facts, carol)
    shown = page(sign_in(carol, language), system)
    assert catalogue()["words.disclaimer"][language] in shown
    assert f'<html lang="{language}">' in shown
    assert "kz/230-VIII" not in shown.replace("/at/230-VIII", "")
    assert "None" not in shown


def test_the_prohibition_comes_first_with_each_element_ticked(company: Organisation, carol: User, sign_in: SignIn) -> None:
    shown = page(sign_in(carol), assessed(company, TRUST_SCORE, carol))
    gate, sentence = shown.index('class="gate found"'), shown.index('class="sentence"')
    assert gate < sentence
    banner = shown[gate:sentence]
    assert banner.count('<li class="yes">') == 3
    assert 'class="exception no"' in banner
    assert "Stop the release" in banner


def test_a_clear_gate_says_how_many_were_checked(company: Organisation, carol: User, sign_in: SignIn) -> None:
    shown = page(sign_in(carol), assessed(company, SCORER, carol))
    assert "All 7 prohibitions are checked – none found" in shown
    assert 'class="gate found"' not in shown


def test_layers_are_apart_and_statute_counts_hold_no_house_policy(company: Organisation, carol: User, sign_in: SignIn) -> None:
    adopt_one(company, "practice/five-year-archive", carol)
    shown = page(sign_in(carol), assessed(company, SCORER, carol))
    parts = shown.split('class="panel layer layer-')[1:]
    names = [part.partition('"')[0] for part in parts]
    assert names[0] == "statute"
    assert {"right", "companion", "house", "recommended"} <= set(names)
    archive = [name for name, part in zip(names, parts, strict=True) if "Five-year archive" in part.split("</details></details>")[0]]
    assert archive == ["house"]


def test_fines_are_printed_only_where_the_text_was_read(company: Organisation, carol: User, sign_in: SignIn) -> None:
    company.offender_class = "large"
    company.save()
    shown = page(sign_in(carol), assessed(company, {**STUDIO, "may_mislead": True, "processes_personal_data": True}, carol))
    exposure = shown[shown.index('id="exposure"') : shown.index('id="plausibility"')]
    assert "432\u00a0500" in exposure
    assert "Amount unverified" in exposure
    for figure in ("3 000", "3000"):
        assert f"{figure} MCI" not in exposure


def test_an_implausible_classification_is_said_at_the_top(company: Organisation, carol: User, sign_in: SignIn) -> None:
    shown = page(sign_in(carol), assessed(company, {**SCORER, "own_risk": "minimal"}, carol))
    head = shown[: shown.index('class="axes"')]
    assert "your own – minimal, engine – medium" in head


def test_a_similar_system_is_named(company: Organisation, carol: User, sign_in: SignIn) -> None:
    assessed(company, SCORER, carol, "elder")
    shown = page(sign_in(carol), assessed(company, SCORER, carol, "younger"))
    assert "/systems/elder/assessment/" in shown[shown.index('id="plausibility"') :]


def test_a_system_without_assessment_points_to_the_interview(company: Organisation, carol: User, sign_in: SignIn) -> None:
    system = System.objects.create(organisation=company, slug="new", name={"en": "New"})
    assert "/systems/new/interview/" in page(sign_in(carol), system)


def test_changed_house_policy_makes_an_assessment_stale_until_it_is_made_again(company: Organisation, carol: User, sign_in: SignIn) -> None:
    system, browser = assessed(company, SCORER, carol), sign_in(carol)
    stale = catalogue()["assessments.stale"]["en"]
    assert stale not in page(browser, system)
    adopt_one(company, "practice/five-year-archive", carol)
    assert stale in page(browser, system)
    browser.post(reverse("assessments:again", args=[company.pk, "scorer"]))
    assert stale not in page(browser, system)


def test_the_json_has_the_digest_that_the_page_names(company: Organisation, carol: User, sign_in: SignIn) -> None:
    system, browser = assessed(company, SCORER, carol), sign_in(carol)
    kept = system.assessments.get()
    answer = browser.get(reverse("assessments:past", args=[company.pk, "scorer", kept.pk]), {"format": "json"})
    assert sha256(answer.content) == kept.artifact.digest
    assert kept.artifact.digest in page(browser, system)


def test_history_and_difference(company: Organisation, carol: User, sign_in: SignIn) -> None:
    system, browser = assessed(company, SCORER, carol), sign_in(carol)
    system.answer("failure_emergency", True, "test", carol)
    reassess(system, carol)
    newer, older = system.assessments.all()
    shown = page(browser, system, "assessments:history")
    assert shown.count('type="radio"') == 4
    shown = page(browser, system, "assessments:compare", a=str(newer.pk), b=str(older.pk))
    assert "medium → <strong>high</strong>" in shown
    assert "no → <strong>yes</strong>" in shown
    old_page = browser.get(reverse("assessments:past", args=[company.pk, "scorer", older.pk])).content.decode()
    assert catalogue()["assessments.past"]["en"] in old_page


@pytest.mark.parametrize("query", [{}, {"a": "x", "b": "y"}])
def test_a_difference_of_nothing_is_not_found(query: dict[str, str], company: Organisation, carol: User, sign_in: SignIn) -> None:
    system = assessed(company, SCORER, carol)
    assert sign_in(carol).get(reverse("assessments:compare", args=[company.pk, system.slug]), query).status_code == 404


def test_one_assessment_twice_is_sent_back_with_a_word(company: Organisation, carol: User, sign_in: SignIn) -> None:
    system, same = assessed(company, SCORER, carol), str(assessed(company, SCORER, carol, "other").assessments.get().pk)
    answer = sign_in(carol).get(reverse("assessments:compare", args=[company.pk, system.slug]), {"a": same, "b": same}, follow=True)
    assert catalogue()["assessments.choose_two"]["en"] in answer.content.decode()


def test_no_difference_between_equal_reports(company: Organisation, carol: User) -> None:
    report = assessed(company, SCORER, carol).assessments.get().report
    assert not any(difference(report, report).values())


@pytest.mark.parametrize(
    ("axis", "levels", "words"),
    [
        ("risk", ["medium"], "medium"),
        ("risk", ["high", "medium"], "at least medium"),
        ("risk", ["minimal", "medium"], "minimal or medium"),
        ("risk", ["minimal", "medium", "high"], "not settled"),
        ("mode", ["open", "local"], "open or local"),
    ],
)
def test_ranges_in_words(axis: str, levels: list[str], words: str) -> None:
    with translation.override("en"):
        assert present.levels_in_words(axis, levels) == words


def test_half_of_a_medium_risk_is_shown_as_a_range(company: Organisation, carol: User, sign_in: SignIn) -> None:
    shown = page(sign_in(carol), assessed(company, {**SCORER, **MEDIUM, "failure_causes_harm": False}, carol))
    assert shown.count('class="possible level-') >= 2
    assert "minimal or medium" in shown


def test_the_page_takes_the_same_few_queries_however_many_provisions(
    company: Organisation, carol: User, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    system, browser = assessed(company, STUDIO, carol), sign_in(carol)
    Adoption.objects.create(organisation=company, path="practice/five-year-archive", by=carol, on=date(2026, 2, 1))
    page(browser, system)
    with django_assert_max_num_queries(14):
        page(browser, system)
