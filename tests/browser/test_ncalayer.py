"""Signing a document with NCALayer in a real browser, against a false NCALayer; and without one."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import pem

from fake_ncalayer import PORT, running
from signing_makers import house
from tanba.strings import t

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Any, server: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """The page of a document that was made just now, before the administrator."""
    context = browser.new_context(
        ignore_https_errors=True, bypass_csp=request.node.get_closest_marker("slow") is not None, viewport={"width": 1280, "height": 900}
    )
    opened = context.new_page()
    opened.goto(server.link("a.sarsenova@qarlygash-group.example"))
    opened.locator("main button").click()
    opened.wait_for_url(re.compile(r"/o/[0-9a-f-]+/$"))
    opened.goto(f"{server.organisation}systems/credit-scorer/documents/")
    opened.select_option("select[name=form]", "pdf")
    opened.locator("aside form button").first.click()
    opened.locator("table.list .sub a").first.click()
    opened.wait_for_selector("[data-sign]")
    yield opened
    context.close()


@pytest.fixture
def listening(tmp_path: Path) -> Callable[..., Any]:
    """The false NCALayer; skips where its place is taken by a real one."""

    def start(*answer: Any) -> Any:
        try:
            return running(tmp_path, *answer)
        except OSError:
            pytest.skip(f"something listens on {PORT}")

    return start


def test_a_press_of_the_button_brings_a_checked_gost_signature(page: Any, server: Any, listening: Callable[..., Any]) -> None:
    (server.home / "trust").mkdir(exist_ok=True)
    (server.home / "trust/root.pem").write_bytes(pem.armor("CERTIFICATE", house().root.der))
    with listening() as asked:
        page.locator("[data-sign]").click()
        page.wait_for_selector(".note.success, .messages", timeout=60_000)
    [request] = asked
    assert (request["module"], request["method"]) == ("kz.gov.pki.knca.basics", "sign")
    assert request["args"]["signerParams"] == {"extKeyUsageOids": ["1.3.6.1.5.5.7.3.4"]}
    text = page.locator("#signatures").locator("..").inner_text()
    language = page.locator("html").get_attribute("lang")
    assert "САРСЕНОВА АЙГЕРИМ" in text
    assert t("signaturepage.state_good", language) in text
    assert "********0123" in text


def test_who_closes_the_window_of_ncalayer_is_told(page: Any, listening: Callable[..., Any]) -> None:
    language = page.locator("html").get_attribute("lang")
    with listening(lambda _: {"status": True, "body": {}}):
        page.locator("[data-sign]").click()
        page.get_by_text(t("signaturepage.cancelled", language)).wait_for()
    assert page.locator("[data-sign]").is_enabled()
    with listening(lambda _: {"status": False, "code": "500", "message": "no storage"}):
        page.locator("[data-sign]").click()
        page.get_by_text("no storage").wait_for()


def test_without_ncalayer_the_page_says_so_and_offers_a_file(page: Any) -> None:
    language = page.locator("html").get_attribute("lang")
    page.locator("[data-sign]").click()
    page.get_by_text(t("signaturepage.absent", language)).wait_for()
    assert page.locator("form[data-ncalayer] input[type=file]").is_visible()


@pytest.mark.slow
def test_the_page_of_a_document_and_its_public_check_are_accessible_and_no_wider_than_a_phone(page: Any, tmp_path: Path) -> None:
    """WCAG 2.2 A and AA as far as axe-core can tell."""
    from axe_playwright_python.sync_playwright import Axe

    with page.expect_download() as download:
        page.locator("dl.facts a[download]").click()
    download.value.save_as(tmp_path / "made.pdf")
    own, public = page.url, page.locator("a[href^='/check/']").get_attribute("href")
    for address in (own, page.evaluate("path => new URL(path, location).href", public)):
        page.goto(address)
        page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        assert found.violations_count == 0, (address, found.generate_report())
        page.set_viewport_size({"width": 360, "height": 780})
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address
    page.set_input_files("input[type=file]", tmp_path / "made.pdf")
    page.locator("form.panel button").click()
    page.get_by_text(t("checkpage.verdict_same", page.locator("html").get_attribute("lang"))).wait_for()
