"""Evidence as people give it: the owner puts a file forward, it is sealed before their eyes, the officer accepts it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tanba.strings import t

pytestmark = pytest.mark.browser
ADMINISTRATOR, OFFICER, OWNER, AUDITOR = (
    f"{name}@qarlygash-group.example" for name in ("a.sarsenova", "d.akhmetov", "s.nurlanova", "b.alimov")
)
PROVISIONS = {"kk": "230-VIII/5", "ru": "230-VIII/6", "en": "230-VIII/8/1"}
NAMES = {"kk": "Хабарлама (соңғы).pdf", "ru": "Уведомление.pdf", "en": "Notice <b>to</b> users.pdf"}
SYSTEM = "systems/chat-assistant"
Enter = Callable[..., Any]


def speak(page: Any, lang: str) -> None:
    page.locator(f"form.languages button[value={lang}]").click()
    page.wait_for_load_state()
    assert page.locator("html").get_attribute("lang") == lang


def choose(page: Any, name: str, content: bytes = b"%PDF what it shows") -> None:
    page.locator("#id_file").set_input_files({"name": name, "mimeType": "application/pdf", "buffer": content})


def open_obligation(page: Any, server: Any, provision: str) -> str:
    """From the list, by the badge of the status. Its address."""
    page.goto(f"{server.organisation}{SYSTEM}/obligations/")
    page.locator("tr", has=page.locator(f"a[href$='/law/at/{provision}/']")).locator("a.badge").click()
    page.wait_for_url(re.compile(r"/evidence/$"))
    return str(page.url)


def becomes(page: Any, status: str, lang: str) -> None:
    """Without a reload: the page looks again by itself while something is being sealed."""
    page.wait_for_selector(f"#status.{status}", timeout=60_000)
    assert page.locator("#status").inner_text() == t(f"obligations.status_{status}", lang)


@pytest.mark.parametrize("lang", ["kk", *(pytest.param(lang, marks=pytest.mark.slow) for lang in ("ru", "en"))])
def test_from_a_file_to_a_duty_that_is_met(signed_in: Enter, server: Any, lang: str, tmp_path: Path) -> None:
    owner, officer = signed_in(OWNER), signed_in(OFFICER)
    for page in (owner, officer):
        speak(page, lang)
    address = open_obligation(owner, server, PROVISIONS[lang])
    assert t("proof.next_put", lang) in owner.locator("#next").inner_text()
    choose(owner, NAMES[lang])
    owner.locator("#id_description").fill("Screens")
    owner.locator("#id_expires").fill("2030-06-30")
    owner.locator("form[enctype] button").click()
    owner.wait_for_load_state()
    assert t("proof.put_forward", lang) in owner.locator(".messages").inner_text()
    assert NAMES[lang].replace("/", "").split(">")[-1] in owner.locator("#put-forward").inner_text()
    assert owner.locator("#put-forward b").count() == 0
    becomes(owner, "evidenced", lang)
    assert t("proof.next_reviewer", lang) in owner.locator("#next").inner_text()
    assert owner.locator("form[action$='/accept/']").count() == 0

    officer.goto(address)
    assert t("proof.next_accept", lang) in officer.locator("#next").inner_text()
    officer.locator("form[action$='/accept/'] button").click()
    officer.wait_for_load_state()
    assert t("proof.criterion_open", lang) in officer.locator("#accepted").inner_text()
    for box in officer.locator("#accepted .check label").all():
        box.click()
    officer.locator("#id_remark").fill("It fits.")
    officer.locator("form[action$='/accept/'] button").click()
    officer.wait_for_load_state()
    becomes(officer, "met", lang)
    officer.screenshot(path=tmp_path / f"met-{lang}.png", full_page=True)
    assert t("proof.accepted", lang) in officer.locator("#accepted").inner_text()
    officer.goto(server.organisation)
    assert t("obligations.status_met", lang) in officer.locator(".proved").inner_text()

    owner.goto(address)
    owner.once("dialog", lambda dialog: dialog.dismiss())
    owner.locator("form[action$='/withdraw/'] button").click()
    assert owner.locator("#status").get_attribute("class") == "badge met"
    owner.once("dialog", lambda dialog: dialog.accept())
    owner.locator("form[action$='/withdraw/'] button").click()
    owner.wait_for_selector("#status.open")
    assert t("proof.withdrawn", lang) in owner.locator("#put-forward").inner_text()


@pytest.mark.slow
def test_the_ledger_grows_on_an_open_page(signed_in: Enter, server: Any) -> None:
    reader, owner = signed_in(AUDITOR), signed_in(OWNER)
    speak(reader, "en")
    reader.goto(f"{server.organisation}ledger/")
    size = int(reader.locator("#state strong").inner_text())
    assert reader.locator("main form").count() == 1  # the box, which changes nothing
    open_obligation(owner, server, "230-VIII/10/1")
    choose(owner, "more.pdf")
    owner.locator("form[enctype] button").click()
    reader.wait_for_function("size => Number(document.querySelector('#state strong').innerText) > size", arg=size, timeout=60_000)
    for _ in range(9):  # what rests a minute after the start may be sealed just now, which is news too
        reader.evaluate("document.querySelector('#state').dataset.mine = 'yes'")
        with reader.expect_response(lambda answer: "/ledger/state/" in answer.url, timeout=15_000) as answer:
            pass
        if answer.value.status == 204:
            break
    assert answer.value.status == 204
    assert reader.locator("#state").get_attribute("data-mine") == "yes"  # what one reads or copies is left alone


def test_a_receipt_is_downloaded_and_checked(signed_in: Enter, server: Any, tmp_path: Path) -> None:
    page = signed_in(OWNER)
    speak(page, "en")
    page.goto(f"{server.organisation}{SYSTEM}/evidence/")
    page.locator("tr", has=page.locator(".badge.clear")).locator("th a").last.click()
    page.wait_for_selector("#verdict")
    for name in ("content", "receipt"):
        with page.expect_download() as download:
            page.locator(f"a[href$='/{name}/']").click()
        download.value.save_as(tmp_path / name)
    page.goto(f"{server.organisation}ledger/")
    for file, word, there in (("content", "fits", True), ("receipt", "fits", False)):
        page.locator("#id_receipt").set_input_files(tmp_path / "receipt")
        page.locator("#id_file").set_input_files(tmp_path / file)
        page.locator("form[action$='/check/'] button").click()
        page.wait_for_selector("aside .note")
        assert (t(f"proof.{word}", "en") in page.locator("aside .note").inner_text()) is there
    assert t("ledger.word_altered", "en") in page.locator("aside .note").inner_text()


def test_it_works_without_scripts(signed_in: Enter, server: Any) -> None:
    page = signed_in(OWNER, java_script_enabled=False)
    address = open_obligation(page, server, "230-VIII/10/2")
    choose(page, "plain.pdf")
    page.locator("form[enctype] button").click()
    for _ in range(20):
        page.wait_for_timeout(500)
        page.goto(address)
        if "evidenced" in str(page.locator("#status").get_attribute("class")):
            break
    assert page.locator("#status").get_attribute("class") == "badge evidenced"


@pytest.fixture
def places(signed_in: Enter, server: Any) -> list[str]:
    """Addresses of the new pages, with something on each: a file, an acceptance, an assessment."""
    page = signed_in(OFFICER)
    address = open_obligation(page, server, "230-VIII/21/1")
    if not page.locator("#put-forward li").count():
        choose(page, "a very long name of a file that says what it shows to whom, when, and why at all, in one line.pdf")
        page.locator("form[enctype] button").click()
        page.wait_for_load_state()
        page.wait_for_selector("#status.evidenced", timeout=60_000)
    found = [address, f"{server.organisation}ledger/", f"{server.organisation}{SYSTEM}/evidence/", f"{server.organisation}organisation/"]
    page.goto(found[2])
    seen = {}
    for link in page.locator("th a").all():
        seen[link.inner_text()] = link.evaluate("link => link.href")
    return [*found, *seen.values()]


@pytest.mark.slow
def test_pages_have_no_accessibility_fault(signed_in: Enter, places: list[str]) -> None:
    """WCAG 2.2 A and AA as far as axe-core can tell."""
    from axe_playwright_python.sync_playwright import Axe

    page = signed_in(ADMINISTRATOR, bypass_csp=True)
    for address in places:
        page.goto(address)
        for details in page.locator("details:not([open]) > summary").all():
            details.click() if details.is_visible() else None
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        assert found.violations_count == 0, (address, found.generate_report())


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_nothing_is_wider_than_a_phone(signed_in: Enter, places: list[str], lang: str) -> None:
    page = signed_in(ADMINISTRATOR)
    page.set_viewport_size({"width": 360, "height": 780})
    speak(page, lang)
    for address in places:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address
