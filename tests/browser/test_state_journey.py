"""Dealings with the state in Chromium: a result is entered, an event, a checklist taken; no faults of access; pages fit a phone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from browser.conftest import Server
from browser.test_risks_pages import looked_at

pytestmark = [pytest.mark.browser, pytest.mark.slow]
OFFICER = "d.akhmetov@qarlygash-group.example"
TABLE = Path(__file__).parents[2] / "examples/state/unified-requirements.csv"
PILOT, FRAUD = "systems/credit-scorer/state/", "systems/fraud-monitor/state/"
PAGES = (
    *(PILOT, f"{PILOT}pilot/", f"{PILOT}pilot/edit/data/", f"{PILOT}pilot/edit/goal/", f"{FRAUD}trusted-list/", f"{FRAUD}security/"),
    *(f"{FRAUD}security/edit/tests/", "training/", "training/edit/roles/", "training/edit/programmes/"),
)


@pytest.mark.parametrize("path", PAGES)
def test_pages_have_no_faults_of_access_and_fit_a_phone(path: str, server: Server, signed_in: Callable[..., Any]) -> None:
    page = signed_in(OFFICER, locale="en")
    page.goto(server.organisation + path)
    looked_at(page)


def test_a_measured_result_meets_its_criterion(server: Server, signed_in: Callable[..., Any]) -> None:
    page = signed_in(OFFICER, locale="en")
    page.goto(f"{server.organisation}{PILOT}pilot/edit/exit/")
    page.locator("[name=exit-1-result]").fill("0.041")
    page.locator("[name=exit-1-evidence]").fill("report pd-5.0, table 5")
    page.locator(".actions.sticky button").click()
    page.locator(".messages .success").wait_for()
    assert page.locator("[aria-labelledby=exit] .badge.clear").count() == 2
    looked_at(page)


def test_the_checklist_is_taken_and_publication_of_the_application_is_entered(server: Server, signed_in: Callable[..., Any]) -> None:
    page = signed_in(OFFICER, locale="en")
    page.goto(f"{server.organisation}{FRAUD}security/")
    page.locator("details:has(form[enctype]) > summary").click()
    page.locator("input[type=file]").set_input_files(TABLE)
    page.locator("form[enctype] button").click()
    page.locator(".messages .success").wait_for()
    assert page.locator("[aria-labelledby=requirements] tbody tr").count() == 4
    page.goto(f"{server.organisation}{FRAUD}trusted-list/")
    page.locator("details:has([name=what]) > summary").click()
    page.locator("[name=what]").select_option("published")
    page.locator("details form[action$='event/'] button").click()
    page.locator(".messages .success").wait_for()
    assert page.locator("[aria-labelledby=events] .timeline > li").count() == 4
    looked_at(page)
