"""Pages of risks in Chromium: a table's columns are offered and it is counted; no faults of access; they fit a phone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from browser.conftest import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
OFFICER = "d.akhmetov@qarlygash-group.example"
TABLE = Path(__file__).parents[2] / "examples/predictions/credit-scorer.csv"
PAGES = ("", "catalogue/", "new/", "print/", "controls/?edit=group-rates", "principles/?edit=fairness", "fairness/")
SYSTEM = "systems/credit-scorer/risks/"


def looked_at(page: Any) -> None:
    """WCAG 2.2 A and AA as far as axe-core can tell, and the width of a phone."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("path", PAGES)
def test_pages_have_no_faults_of_access_and_fit_a_phone(path: str, server: Server, signed_in: Callable[..., Any]) -> None:
    page = signed_in(OFFICER, locale="en")
    page.goto(server.organisation + SYSTEM + path)
    looked_at(page)


def test_a_risk_is_changed_and_the_change_stands_in_its_history(server: Server, signed_in: Callable[..., Any]) -> None:
    page = signed_in(OFFICER, locale="en")
    page.goto(server.organisation + SYSTEM)
    page.locator("table.list a.title").nth(5).click()
    page.locator("[name=residual_likelihood]").select_option("2")
    page.locator("[name=residual_consequence]").select_option("3")
    page.locator("[name=residual_reason]").fill("Бақылау тобы енгізілді")
    page.locator("#edit ~ form button").click()
    page.locator(".messages .success").wait_for()
    assert page.locator(".timeline > li").count() == 2
    looked_at(page)


def test_columns_of_a_table_are_offered_and_the_report_is_shown(server: Server, signed_in: Callable[..., Any]) -> None:
    page = signed_in(OFFICER, locale="en")
    page.goto(f"{server.organisation}{SYSTEM}fairness/")
    page.locator("input[type=file]").set_input_files(TABLE)
    page.locator("#columns option[value=region]").wait_for(state="attached")
    for name, value in {"group": "region", "prediction": "approved", "label": "repaid"}.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("form[enctype] button").click()
    page.locator(".messages .success").wait_for()
    assert page.locator(".picture svg").count() == 6
    looked_at(page)
