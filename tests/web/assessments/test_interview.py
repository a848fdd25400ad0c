"""The interview in the browser, with htmx and without JavaScript."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from believable import CLEAR, MEDIUM, OWNED, SCORER, assessed
from tanba.law.load import load
from tanba.strings import LANGUAGES, catalogue
from tanba.web.accounts.models import Organisation, User
from tanba.web.systems.models import System

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def address(system: System) -> str:
    return reverse("assessments:interview", args=[system.organisation_id, system.slug])


def asked(browser: Client, system: System, **query: str) -> str:
    """The fact that the page asks for; empty where nothing is left."""
    answer = browser.get(address(system), query)
    assert answer.status_code == 200
    found: str = answer.context["asked"]["fact"].name if answer.context["asked"] else ""
    return found


def reply(browser: Client, system: System, fact: str, **values: object) -> None:
    answer = browser.post(address(system), {"fact": fact, **values})
    assert answer.status_code == 302, answer.context["trouble"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_says_why_it_is_asked(language: str, company: Organisation, carol: User, sign_in: SignIn) -> None:
    system = assessed(company, {"uses_model": True}, carol)
    answer = sign_in(carol, language).get(address(system), {"fact": "model_abilities"})
    page, fact = answer.content.decode(), load("kz").facts["model_abilities"]
    assert fact.question[language] in page
    assert fact.help
    assert fact.help[language][:30] in page
    for choice in fact.choices.values():
        assert choice[language] in page
    assert "/law/at/230-VIII/1/8/" in page
    assert catalogue()["words.basis.statute"][language] in page
    assert load("kz").notions["ai_system"].label[language] in page


def test_from_nothing_to_a_decided_result(company: Organisation, carol: User, sign_in: SignIn) -> None:
    """Answering what is asked decides the system; nothing is asked twice, and fewer questions than there are facts."""
    system, browser, count = assessed(company, {}, carol), sign_in(carol), 0
    known = {**OWNED, **CLEAR, **MEDIUM, "human_control": "always_final_choice"}
    while name := asked(browser, system):
        fact = load("kz").facts[name]
        value = known.get(name, {"yes_no": False, "one_of": next(iter(fact.choices), ""), "any_of": []}[fact.type])
        sent = {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value or "-"  # type: ignore[call-overload]
        reply(browser, system, name, value=sent)
        count += 1
        assert count < 80
    system.refresh_from_db()
    assert (system.conclusion, system.risk_levels, system.questions) == ("classified", "medium", 0)
    assert count < len(load("kz").facts)
    assert system.fact_rows.values("name").distinct().count() == system.fact_rows.count() == count


def test_an_answer_is_kept_with_its_author_and_counts_at_once(company: Organisation, carol: User, sign_in: SignIn) -> None:
    system = assessed(company, OWNED, carol)
    reply(sign_in(carol), system, "failure_emergency", value="true")
    row = system.fact_rows.get(name="failure_emergency")
    assert (row.value, row.by, row.confirmed) == (True, carol, True)
    system.refresh_from_db()
    assert system.risk_levels == "high"


def test_putting_off_moves_on_and_can_be_taken_up_again(company: Organisation, carol: User, sign_in: SignIn) -> None:
    system, browser = assessed(company, OWNED, carol), sign_in(carol)
    first = asked(browser, system)
    reply(browser, system, first, later="1")
    assert asked(browser, system) != first
    assert not system.fact_rows.filter(name=first).exists()
    while name := asked(browser, system):
        reply(browser, system, name, later="1")
    answer = browser.get(address(system))
    assert first in answer.context["put_off"]
    browser.post(address(system), {"resume": "1"})
    assert asked(browser, system) == first


def test_back_leads_to_the_question_before(company: Organisation, carol: User, sign_in: SignIn) -> None:
    system, browser = assessed(company, {}, carol), sign_in(carol)
    reply(browser, system, "uses_model", value="true")
    reply(browser, system, "operated_in_kazakhstan", value="true")
    assert browser.get(address(system)).context["back"].endswith("?fact=operated_in_kazakhstan")
    assert browser.get(address(system), {"fact": "operated_in_kazakhstan"}).context["back"].endswith("?fact=uses_model")
    assert browser.get(address(system), {"fact": "uses_model"}).context["back"] is None


@pytest.mark.parametrize(
    ("fact", "sent"),
    [
        ("uses_model", {}),
        ("uses_model", {"value": "maybe"}),
        ("stage", {"value": "done"}),
        ("model_abilities", {}),
        ("model_abilities", {"value": ["learns", "-"]}),
        ("model_abilities", {"value": ["flies"]}),
    ],
)
def test_what_is_no_answer_is_asked_again_and_nothing_is_kept(
    fact: str, sent: dict[str, object], company: Organisation, carol: User, sign_in: SignIn
) -> None:
    system = assessed(company, {}, carol)
    answer = sign_in(carol).post(address(system), {"fact": fact, **sent})
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    assert answer.context["asked"]["fact"].name == fact
    assert not system.fact_rows.exists()


def test_typed_choices_stay_ticked(company: Organisation, carol: User, sign_in: SignIn) -> None:
    system = assessed(company, {}, carol)
    answer = sign_in(carol).post(address(system), {"fact": "model_abilities", "value": ["learns", "-"]})
    assert [choice["value"] for choice in answer.context["asked"]["choices"] if choice["picked"]] == ["learns", "-"]


def test_none_of_these_is_an_answer(company: Organisation, carol: User, sign_in: SignIn) -> None:
    system = assessed(company, {"uses_model": True}, carol)
    reply(sign_in(carol), system, "model_abilities", value="-")
    assert system.facts()["model_abilities"] == []
    system.refresh_from_db()
    assert system.conclusion == "not_ai_system"


def test_a_suggestion_is_shown_with_its_source_and_keeps_it_when_confirmed(company: Organisation, carol: User, sign_in: SignIn) -> None:
    system, browser = assessed(company, {}, carol), sign_in(carol)
    system.answer("uses_model", True, "MLmodel, flavor sklearn", carol, confirmed=False)
    page = browser.get(address(system), {"fact": "uses_model"}).content.decode()
    assert "MLmodel, flavor sklearn" in page
    assert "uses_model" not in system.facts()
    reply(browser, system, "uses_model", value="true")
    assert system.answers()["uses_model"].source == "MLmodel, flavor sklearn"
    assert not system.suggested()


def test_a_changed_suggestion_has_the_interview_as_its_source(company: Organisation, carol: User, sign_in: SignIn) -> None:
    system = assessed(company, {}, carol)
    system.answer("uses_model", True, "MLmodel", carol, confirmed=False)
    reply(sign_in(carol), system, "uses_model", value="false")
    row = system.answers()["uses_model"]
    assert (row.value, row.source) == (False, "interview")


def test_the_same_answer_again_writes_nothing(company: Organisation, carol: User, sign_in: SignIn) -> None:
    system = assessed(company, {"uses_model": True}, carol)
    reply(sign_in(carol), system, "uses_model", value="true")
    assert system.fact_rows.count() == 1


def test_unknown_facts_are_not_found(company: Organisation, carol: User, sign_in: SignIn) -> None:
    system, browser = assessed(company, {}, carol), sign_in(carol)
    assert browser.get(address(system), {"fact": "shoe_size"}).status_code == 404
    assert browser.post(address(system), {"fact": "shoe_size", "value": "true"}).status_code == 404


def test_htmx_gets_the_card_alone_but_history_restore_the_whole_page(company: Organisation, carol: User, sign_in: SignIn) -> None:
    system, browser = assessed(company, OWNED, carol), sign_in(carol)
    part = browser.get(address(system), headers={"hx-request": "true"}).content.decode()
    assert "<html" not in part
    assert 'id="interview"' in part
    restored = browser.get(address(system), headers={"hx-request": "true", "hx-history-restore-request": "true"}).content.decode()
    assert "<html" in restored


def test_own_classification_is_asked_last(company: Organisation, carol: User, sign_in: SignIn) -> None:
    system, browser = assessed(company, SCORER, carol), sign_in(carol)
    seen = []
    while name := asked(browser, system):
        seen.append(name)
        reply(browser, system, name, later="1")
    assert seen[-3:] == ["own_risk", "own_autonomy", "own_mode"]
    assert not {"use_case", "offender_class"} & set(seen)


def test_system_owners_are_asked_about_their_own_systems_only(
    company: Organisation, bob: User, carol: User, dana: User, sign_in: SignIn
) -> None:
    own, other = assessed(company, {}, bob, "own"), assessed(company, {}, carol, "other")
    browser = sign_in(bob)
    assert browser.get(address(own)).status_code == 200
    assert browser.get(address(other)).status_code == 403
    assert browser.post(address(other), {"fact": "uses_model", "value": "true"}).status_code == 403
    assert sign_in(dana).get(address(own)).status_code == 403


DESCRIPTIONS = {
    "kk": "Чат-бот клиенттерге жауап береді, нейрондық желі негізінде жұмыс істейді.",
    "ru": "Чат-бот отвечает клиентам и работает на нейронной сети.",
    "en": "A chatbot that answers customers and works on a neural network.",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_description_suggests_answers_with_the_words(language: str, company: Organisation, carol: User, sign_in: SignIn) -> None:
    system, browser = assessed(company, {}, carol), sign_in(carol, language)
    there = reverse("assessments:describe", args=[company.pk, system.slug])
    answer = browser.post(there, {"text": DESCRIPTIONS[language]})
    names = {suggestion.fact for suggestion in answer.context["new"]}
    assert {"uses_model", "generates_or_alters_media"} <= names
    assert "<mark>" in answer.content.decode()
    assert DESCRIPTIONS[language] in answer.content.decode()
    assert system.facts() == {}
    assert system.suggested()["uses_model"].value is True
    rows = system.fact_rows.count()
    browser.post(there, {"text": DESCRIPTIONS[language]})
    assert system.fact_rows.count() == rows


def test_a_description_never_overwrites_but_says_where_it_differs(company: Organisation, carol: User, sign_in: SignIn) -> None:
    system = assessed(company, {"uses_model": False, "generates_or_alters_media": True}, carol)
    answer = sign_in(carol).post(reverse("assessments:describe", args=[company.pk, system.slug]), {"text": DESCRIPTIONS["en"]})
    assert [entry["s"].fact for entry in answer.context["differ"]] == ["uses_model"]
    assert "generates_or_alters_media" in [suggestion.fact for suggestion in answer.context["agree"]]
    assert system.facts()["uses_model"] is False
    assert "uses_model" not in system.suggested()


def test_an_empty_description_does_nothing(company: Organisation, carol: User, sign_in: SignIn) -> None:
    system = assessed(company, {}, carol)
    answer = sign_in(carol).post(reverse("assessments:describe", args=[company.pk, system.slug]), {"text": "   "})
    assert answer.status_code == 200
    assert not answer.context["described"]


def test_a_description_that_resembles_a_prohibition_says_which(company: Organisation, carol: User, sign_in: SignIn) -> None:
    system = assessed(company, {}, carol)
    there = reverse("assessments:describe", args=[company.pk, system.slug])
    text = "A neural network detects the emotions of callers by voice without their consent."
    answer = sign_in(carol).post(there, {"text": text}).content.decode()
    assert "settle them first" in answer
    assert "law/at/230-VIII/17/3/6/" in answer
    assert system.facts() == {}
