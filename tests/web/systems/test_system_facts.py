from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tanba.law.load import load
from tanba.web.accounts.models import User
from tanba.web.systems.forms import NONE, AnswerForm
from tanba.web.systems.models import System


def test_the_newest_confirmed_answer_wins(system: System, bob: User) -> None:
    for value in (True, False, True):
        system.answer("uses_model", value, "x", bob)
    assert system.facts() == {"uses_model": True}
    assert system.fact_rows.count() == 3


def test_a_suggestion_counts_for_nothing_until_confirmed(system: System, bob: User) -> None:
    system.answer("uses_model", True, "card", None, confirmed=False)
    assert (system.facts(), list(system.suggested())) == ({}, ["uses_model"])
    system.answer("uses_model", True, "card", bob)
    assert (system.facts(), system.suggested()) == ({"uses_model": True}, {})


def test_a_suggestion_does_not_shake_an_answer(system: System, bob: User) -> None:
    system.answer("uses_model", True, "Bob", bob)
    system.answer("uses_model", False, "card", None, confirmed=False)
    assert system.facts() == {"uses_model": True}
    assert system.suggested()["uses_model"].value is False


def test_none_takes_an_answer_back(system: System, bob: User) -> None:
    system.answer("stage", "pilot", "Bob", bob)
    assert system.stage == "pilot"
    system.answer("stage", None, "Bob", bob)
    assert (system.facts(), system.stage) == ({}, "")


@pytest.mark.parametrize(
    ("name", "value"), [("uses_model", "yes"), ("stage", "dreamt"), ("media_kinds", ["smell"]), ("media_kinds", "image")]
)
def test_a_wrong_value_is_refused(name: str, value: Any, system: System) -> None:
    with pytest.raises(Exception, match="expected"):
        system.answer(name, value, "x", None)
    assert not system.fact_rows.exists()


def test_an_unknown_fact_is_refused(system: System) -> None:
    with pytest.raises(KeyError):
        system.answer("colour", True, "x", None)


def path(name: str, system: System, *more: str) -> str:
    return reverse(f"systems:{name}", args=[system.organisation_id, system.slug, *more])


@pytest.mark.parametrize(
    ("name", "sent", "kept"),
    [
        ("uses_model", "true", True),
        ("uses_model", "false", False),
        ("stage", "pilot", "pilot"),
        ("media_kinds", ["image", "text"], ["image", "text"]),
        ("media_kinds", [NONE], []),
    ],
)
def test_a_question_is_answered_on_its_page(
    name: str, sent: Any, kept: Any, system: System, bob: User, sign_in: Callable[..., Client]
) -> None:
    answer = sign_in(bob).post(path("fact", system, name), {"value": sent, "source": "memo 4"})
    assert answer["Location"] == path("facts", system)
    row = system.answers()[name]
    assert (row.value, row.source, row.by) == (kept, "memo 4", bob)
    system.refresh_from_db()
    assert system.assessed_at is not None, "every change of facts is assessed"


@pytest.mark.parametrize(("name", "sent"), [("uses_model", ""), ("media_kinds", [""])])
def test_not_known_takes_it_back(name: str, sent: Any, system: System, bob: User, sign_in: Callable[..., Client]) -> None:
    system.answer(name, True if name == "uses_model" else ["image"], "x", bob)
    sign_in(bob).post(path("fact", system, name), {"value": sent})
    assert system.facts() == {}


def test_a_wrong_choice_is_not_kept(system: System, bob: User, sign_in: Callable[..., Client]) -> None:
    content = sign_in(bob).post(path("fact", system, "stage"), {"value": "dreamt", "source": "memo 5"}).content.decode()
    assert "memo 5" in content
    assert system.facts() == {}


@pytest.mark.parametrize("sent", [[], ["image", ""], ["image", NONE], [NONE, ""]])
def test_ticks_that_could_mean_two_things_are_asked_again(
    sent: list[str], system: System, bob: User, sign_in: Callable[..., Client]
) -> None:
    system.answer("media_kinds", ["text"], "x", bob)
    answer = sign_in(bob).post(path("fact", system, "media_kinds"), {"value": sent, "source": "memo 6"})
    assert answer.status_code == 200
    assert "memo 6" in answer.content.decode()
    assert system.facts() == {"media_kinds": ["text"]}


@pytest.mark.parametrize(("wanted", "inside"), [("/assessment/", True), ("https://evil.example/", False), ("//evil.example", False)])
def test_the_page_returns_where_it_was_called_from(
    wanted: str, inside: bool, system: System, bob: User, sign_in: Callable[..., Client]
) -> None:
    wanted = path("show", system) + wanted.lstrip("/") if inside else wanted
    answer = sign_in(bob).post(path("fact", system, "uses_model"), {"value": "true", "return": wanted})
    assert answer["Location"] == (wanted if inside else path("facts", system))


def test_history_shows_every_answer(system: System, bob: User, alice: User, sign_in: Callable[..., Client]) -> None:
    system.answer("stage", "planned", "first", alice)
    system.answer("stage", "pilot", "second", bob)
    content = sign_in(bob).get(path("fact", system, "stage")).content.decode()
    assert content.index("second") < content.index("first")


def test_an_unknown_question_is_not_found(system: System, bob: User, sign_in: Callable[..., Client]) -> None:
    assert sign_in(bob).get(path("fact", system, "colour")).status_code == 404


def test_suggestions_are_confirmed_one_by_one_or_together(system: System, bob: User, sign_in: Callable[..., Client]) -> None:
    for name in ("uses_model", "has_users", "scores_people"):
        system.answer(name, True, "card", None, confirmed=False)
    browser = sign_in(bob)
    browser.post(path("confirm", system), {"fact": "uses_model", "confirm": "1"})
    assert system.facts() == {"uses_model": True}
    browser.post(path("confirm", system), {"confirm": "1"})
    assert system.facts() == {"uses_model": True, "has_users": True, "scores_people": True}
    row = system.answers()["has_users"]
    assert (row.source, row.by) == ("card", bob)


def test_a_suggestion_is_set_aside(system: System, bob: User, sign_in: Callable[..., Client]) -> None:
    system.answer("uses_model", True, "Bob", bob)
    system.answer("uses_model", False, "card", None, confirmed=False)
    system.answer("has_users", True, "card", None, confirmed=False)
    sign_in(bob).post(path("confirm", system), {"set_aside": "1"})
    assert (system.facts(), system.suggested()) == ({"uses_model": True}, {})
    assert system.answers()["uses_model"].source == "Bob"


def test_forms_exist_for_every_question_and_show_what_they_took(db: None) -> None:
    law = load("kz")
    for fact in law.facts.values():
        value = {"yes_no": True, "one_of": next(iter(fact.choices), None), "any_of": list(fact.choices)[:2]}[fact.type]
        form = AnswerForm({"value": AnswerForm.shown(value)}, fact=fact)
        assert form.is_valid(), fact.name
        assert form.answer() == value
