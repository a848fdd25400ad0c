"""Sign-in, interview and assessment in each language, as an owner does it; a team member reads; an outsider sees nothing."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tanba.law.load import load
from tanba.strings import t

pytestmark = pytest.mark.browser
ADMINISTRATOR, OWNER, AUDITOR = (
    "a.sarsenova@qarlygash-group.example",
    "s.nurlanova@qarlygash-group.example",
    "b.alimov@qarlygash-group.example",
)
ANSWERS = {
    "uses_model": "yes",
    "model_abilities": ["adapts", "learns", "optimises"],
    "operated_in_kazakhstan": "yes",
}
NAMES = {"kk": "Сұрақ-жауап көмекшісі", "ru": "Помощник вопросов и ответов", "en": "Question assistant"}


def speak(page: Any, lang: str) -> None:
    page.locator(f"form.languages button[value={lang}]").click()
    page.wait_for_load_state()
    assert page.locator("html").get_attribute("lang") == lang


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_from_sign_in_through_interview_to_assessment(signed_in: Callable[..., Any], server: Any, lang: str, tmp_path: Path) -> None:
    page = signed_in(ADMINISTRATOR)
    speak(page, lang)
    page.goto(f"{server.organisation}new/")
    page.locator(f"[name=name_{lang}]").fill(NAMES[lang])
    page.locator("form.panel button").first.click()
    page.wait_for_load_state()
    page.goto(re.sub(r"(systems/[^/]+/).*", r"\1interview/", page.url))
    law = load()
    for _ in range(6):
        name = page.locator("input[name=fact]").get_attribute("value")
        heading = page.locator("#question").inner_text()
        assert heading == law.facts[name].question[lang]
        answer(page, name)
        page.wait_for_function("before => document.querySelector('#question').innerText !== before", arg=heading)
    page.goto(page.url.partition("interview")[0] + "assessment/")
    text = page.locator("main").inner_text()
    assert law.axes["risk"].label[lang] in text
    assert t("words.disclaimer", lang) in page.locator("body").inner_text()
    page.screenshot(path=tmp_path / f"assessment-{lang}.png", full_page=True)


def answer(page: Any, name: str) -> None:
    """Give the planned answer, else no, else postpone."""
    wanted = ANSWERS.get(name, "no")
    if isinstance(wanted, list):
        for value in wanted:
            page.locator(f"input[name=value][value={value}]").check()
        page.locator(".question form button").first.click()
    elif page.locator(f"button[name=value][value={wanted}]").count():
        page.locator(f"button[name=value][value={wanted}]").click()
    else:
        page.locator("button[name=later]").click()


def test_the_interview_works_without_scripts(signed_in: Callable[..., Any], server: Any) -> None:
    page = signed_in(ADMINISTRATOR, java_script_enabled=False)
    page.goto(f"{server.organisation}systems/wealth-adviser/interview/")
    before = page.locator("input[name=fact]").get_attribute("value")
    page.locator("button[name=later]").click()
    page.wait_for_load_state()
    assert page.locator("input[name=fact]").get_attribute("value") != before


def test_an_auditor_reads_and_cannot_change(signed_in: Callable[..., Any], server: Any) -> None:
    page = signed_in(AUDITOR)
    assert page.goto(f"{server.organisation}systems/trust-score/assessment/").status == 200
    assert page.goto(f"{server.organisation}new/").status == 403


def test_a_system_owner_cannot_edit_what_is_not_theirs(signed_in: Callable[..., Any], server: Any) -> None:
    page = signed_in(OWNER)
    assert page.goto(f"{server.organisation}systems/chat-assistant/edit/").status == 200
    assert page.goto(f"{server.organisation}systems/credit-scorer/edit/").status == 403


def test_an_outsider_sees_nothing(signed_in: Callable[..., Any], server: Any) -> None:
    page = signed_in("charlie@elsewhere.example")
    for path in ("", "systems/trust-score/", "systems/trust-score/assessment/", "obligations/", "people/", "law/policy/", "new/"):
        assert page.goto(f"{server.organisation}{path}").status == 404, path


PAGES = (
    "",
    "systems/trust-score/assessment/",
    "systems/wealth-adviser/interview/",
    "systems/credit-scorer/",
    "obligations/",
    "law/",
    "law/at/230-VIII/21/2/",
    "law/claims/",
    "law/policy/",
    "people/",
    "new/",
    "proposals/",
)


@pytest.mark.slow
@pytest.mark.parametrize("path", PAGES)
def test_pages_have_no_accessibility_fault(signed_in: Callable[..., Any], server: Any, path: str) -> None:
    """WCAG 2.2 A and AA as far as axe-core can tell."""
    from axe_playwright_python.sync_playwright import Axe

    page = signed_in(ADMINISTRATOR, bypass_csp=True)
    page.goto(f"{server.organisation}{path}")
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
@pytest.mark.parametrize("path", ["", "systems/trust-score/assessment/", "obligations/", "law/"])
def test_nothing_is_wider_than_a_phone(signed_in: Callable[..., Any], server: Any, path: str, lang: str) -> None:
    page = signed_in(ADMINISTRATOR)
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto(f"{server.organisation}{path}")
    speak(page, lang)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
