"""The test of a synthetic result as questions, and the guidelines that are printed from the standard."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from tanba.marking.standard import Standard
from tanba.marking.standardfile import place, save_standard
from tanba.marking.synthetic import FACTS
from tanba.strings import LANGUAGES, catalogue
from tanba.web.accounts.models import Organisation, User
from tanba.web.marks.guidelines import AUDIENCES, CHANNELS
from tanba.workspace import current

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def said(key: str, language: str = "en") -> str:
    return str(escape(catalogue()[key][language]))


def ask(browser: Client, organisation: Organisation, **facts: str) -> str:
    return browser.get(reverse("marks:synthetic", args=[organisation.pk]), facts).content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("facts", "norm", "reasons"),
    [
        ({"by_ai": "yes", "voice": "yes", "distributed": "yes"}, "norm_21_2", ["reason_voice", "reason_no_threshold"]),
        (
            {"by_ai": "yes", "appearance": "no", "voice": "no", "behaviour": "no", "event": "no", "reaches_users": "yes"},
            "norm_21_1",
            ["reason_no_imitation", "reason_users"],
        ),
        ({"by_ai": "no"}, "norm_none", ["reason_not_ai"]),
        ({"by_ai": "yes"}, "norm_unknown", ["reason_not_settled", "fact_distributed"]),
    ],
)
def test_every_answer_with_its_reasons_and_sources(
    facts: dict[str, str], norm: str, reasons: list[str], language: str, company: Organisation, dana: User, sign_in: SignIn
) -> None:
    text = ask(sign_in(dana, language), company, **facts)
    for key in (norm, *reasons):
        assert said(f"synthetic.{key}", language)[1:] in text, key
    for path in ("230-VIII/1/4", "230-VIII/21/1", "230-VIII/21/2"):
        assert reverse("lawtracker:provision", args=[company.pk, path]) in text
    assert said("marking_desk.bylaws", language) in text


def test_without_answers_there_are_questions_only(company: Organisation, dana: User, sign_in: SignIn) -> None:
    text = ask(sign_in(dana), company)
    assert "verdict" not in text
    assert all(text.count(f'name="{name}"') == 3 for name in FACTS)


def test_what_the_house_adds_is_no_law(company: Organisation, dana: User, sign_in: SignIn) -> None:
    browser, facts = sign_in(dana), {"by_ai": "yes", "distributed": "no", "reaches_users": "no"}
    assert said("marking_desk.marked_by_policy") in ask(browser, company, **facts)
    save_standard(current(), Standard(everything=False))
    assert said("marking_desk.marked_by_policy") not in ask(browser, company, **facts)


@pytest.mark.parametrize("wrong", ["<script>alert(1)</script>", "perhaps"])
def test_answers_that_do_not_fit(wrong: str, company: Organisation, dana: User, sign_in: SignIn) -> None:
    text = ask(sign_in(dana), company, by_ai=wrong)
    assert said("web.form_wrong") in text
    assert "<script>alert(1)" not in text
    assert "verdict" not in text


# guidelines


def guide(browser: Client, organisation: Organisation, audience: str) -> Any:
    return browser.get(reverse("marks:guidelines", args=[organisation.pk, audience]))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_channel_with_the_standard_s_own_words(
    audience: str, language: str, company: Organisation, dana: User, sign_in: SignIn
) -> None:
    standard = Standard(("ru", "kk"), "top-left", size=0.075, wording={"created": {"ru": "Сделано <b>машиной</b>"}})
    save_standard(current(), standard)
    text = guide(sign_in(dana, language), company, audience).content.decode()
    for name in CHANNELS:
        assert said(f"guidelines.channel_{name}", language) in text, name
    for number in range(1, 5):
        if "{" not in said(f"guidelines.step_{audience}_{number}", language):
            assert said(f"guidelines.step_{audience}_{number}", language) in text
    assert said(f"guidelines.title_{audience}", language) in text
    assert "Сделано &lt;b&gt;машиной&lt;/b&gt; · ЖИ жасаған" in text
    assert said("marking_pages.place_top-left", language) in text
    assert ("7.5" if language == "en" else "7,5") in text
    assert standard.version in text
    assert said("guidelines.house_note", language) in text
    assert said("words.layer.reported", language) in text, "the order on the form of marks was not read"
    assert "{" not in text.partition("<main")[2]


def test_vendors_are_told_where_to_check(company: Organisation, dana: User, sign_in: SignIn) -> None:
    assert "http://testserver/verify/" in guide(sign_in(dana), company, "vendors").content.decode()


def test_no_guideline_for_others_and_none_from_a_broken_standard(company: Organisation, dana: User, sign_in: SignIn) -> None:
    browser = sign_in(dana)
    assert guide(browser, company, "everybody").status_code == 404
    current().create()
    place(current()).write_text("languages: [de]\n")
    answer = guide(browser, company, "product")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
