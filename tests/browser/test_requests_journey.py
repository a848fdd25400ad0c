"""An outsider files a request on a phone without script, the officer answers, the outsider reads the answer."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from browser.conftest import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
OFFICER = "d.akhmetov@qarlygash-group.example"
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True, "java_script_enabled": False}


@pytest.fixture
def phone(browser: Any, server: Server) -> Iterator[Any]:
    context = browser.new_context(**PHONE)
    context.add_cookies([{"name": "tanba_language", "value": "kk", "url": server.base}])
    yield context.new_page()
    context.close()


def wide(page: Any) -> int:
    return int(page.locator("html").bounding_box()["width"])


def test_an_outsider_files_on_a_phone_an_officer_answers_and_the_outsider_reads(
    phone: Any, server: Server, signed_in: Callable[..., Any]
) -> None:
    officer = signed_in(OFFICER, locale="en")
    officer.goto(f"{server.organisation}systems/limit-manager/users/")
    phone.goto(officer.locator("main a[href*='/ai/']").first.get_attribute("href"))
    phone.locator("main a.button", has_text="Өтініш жіберу").click()
    phone.locator("input[name=kind][value=objection]").check()
    phone.locator("[name=text]").fill("Лимитім өздігінен төмендеді. Мұндай автоматты шешімге қарсымын.")
    assert wide(phone) <= 360
    phone.locator("main form button").click()
    phone.get_by_text("Өтінішіңіз қабылданды.").wait_for()
    assert wide(phone) <= 360
    link = phone.get_by_label("Құпия сілтеме").input_value()
    number = re.search(r"№ (\w{4}-\w{4})", phone.locator("h1").inner_text())
    assert number

    officer.goto(f"{server.organisation}requests/")
    officer.get_by_role("link", name=number[1]).click()
    officer.locator("button[value=take]").click()
    officer.locator("[name=outcome]").select_option("upheld")
    officer.locator("button[name=new]").click()
    text = officer.locator("textarea[name=text]")
    assert "19-1-бап" in text.input_value()
    officer.locator("button[name=send]").click()  # a gap is left: nothing is sent
    officer.locator(".messages .error").wait_for()
    text.fill(re.sub(r"\[\[.*?\]\]", "Лимитіңіз қайта қаралды.", text.input_value()))
    officer.locator("button[name=send]").click()
    officer.locator(".messages .success").wait_for()

    phone.goto(link)
    assert phone.get_by_role("heading", name="Жауап берілді").count() == 1
    assert "Лимитіңіз қайта қаралды." in phone.locator("main").inner_text()
    assert wide(phone) <= 360
    phone.goto(link.replace("/request/", "/request/x"))
    assert phone.get_by_role("heading", name="Мұндай бет жоқ").count() == 1


@pytest.mark.parametrize("page", ["requests/", "requests/terms/", "requests/calendar/", "requests/new/"])
def test_pages_of_the_desk_have_no_faults_of_access_and_fit_a_phone(page: str, server: Server, signed_in: Callable[..., Any]) -> None:
    from axe_playwright_python.sync_playwright import Axe

    desk = signed_in(OFFICER, locale="en")
    desk.goto(server.organisation + page)
    found = Axe().run(desk)
    assert found.violations_count == 0, found.generate_report()
    desk.set_viewport_size({"width": 360, "height": 740})
    desk.goto(server.organisation + page)
    assert wide(desk) <= 360
