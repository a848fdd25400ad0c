"""`<tanba-notice>` in Chromium, on a site that is not the register's: keyboard alone, Escape, languages, no script, a stop, a receipt."""

import base64
import http.server
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from browser.conftest import Server, environment

pytestmark = [pytest.mark.slow, pytest.mark.browser]
POLICY = "default-src 'none'; script-src 'self' {base}; connect-src 'self' {base}; style-src 'none'"
PAGE = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>Shop</title>
<script src="{base}/static/tanba/tanba-notice.js" defer></script><script src="/shop.js"></script></head>
<body><main><h1>Shop</h1><input id="ask"><tanba-notice register="{base}" system="{system}" user="user-1"{more}>
<a href="{base}/ai/{system}/">Мұнда жасанды интеллект пайдаланылады</a></tanba-notice></main></body></html>"""
SCRIPT = "window.told = []; for (const name of ['shown', 'failed', 'suspended'])"
SCRIPT += " addEventListener(`tanba-notice-${name}`, (event) => told.push([name, event.detail]));"


class Shop(http.server.BaseHTTPRequestHandler):
    """A site of somebody else with a strict policy."""

    base = system = lang = more = ""

    def do_GET(self) -> None:
        script = self.path == "/shop.js"
        page = SCRIPT if script else PAGE.format(base=self.base, system=self.system, lang=self.lang, more=self.more)
        self.send_response(404 if self.path.endswith(".json") else 200)
        self.send_header("Content-Type", "text/javascript" if script else "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", POLICY.format(base=self.base))
        self.end_headers()
        self.wfile.write(page.encode())

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def shop(server: Server) -> Iterator[tuple[str, type[Shop]]]:
    """(address, handler): the site, listed in the register's policy."""
    handler = type("ThisShop", (Shop,), {"base": server.base, "lang": "kk"})
    site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    address = f"http://127.0.0.1:{site.server_port}"
    handler.system = within(server, SYSTEM).strip()
    (server.home / "notices.yaml").write_text(f'origins: ["{address}"]\n')
    threading.Thread(target=site.serve_forever, daemon=True).start()
    yield address, handler
    site.shutdown()
    site.server_close()
    (server.home / "notices.yaml").unlink()


SYSTEM = "from tanba.web.systems.models import System\nprint(System.objects.get(slug='chat-assistant').pk)\n"
STOP = (
    "from datetime import UTC, datetime\nfrom tanba.suspension import Suspensions\nfrom tanba.workspace import current\n"
    "Suspensions(current().state).{act}('190140999998', 'chat-assistant', datetime.now(UTC), 'test', 'test')\n"
)


def within(server: Server, code: str) -> str:
    """Run something in a process of the register's workspace."""
    code = f"from tanba.web import start; start.prepare()\n{code}"
    return subprocess.run([sys.executable, "-c", code], env=environment(server.home), capture_output=True, text=True, check=True).stdout


@pytest.fixture
def visit(browser: Any, shop: tuple[str, type[Shop]]) -> Iterator[Any]:
    """`visit(**options)`: a page of the site, whose every request to a third party and console error fails the test."""
    contexts, troubles = [], []

    def visited(**options: Any) -> Any:
        context = browser.new_context(viewport={"width": 360, "height": 740}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        known = (shop[0], shop[1].base)
        page.on("request", lambda request: troubles.append(request.url) if not request.url.startswith(known) else None)
        page.goto(shop[0])
        return page

    yield visited
    for context in contexts:
        context.close()
    assert [trouble for trouble in troubles if "status of 4" not in trouble and "favicon" not in trouble] == []


def until(page: Any, count: int) -> None:
    """Wait for so many events. Playwright's own waiting evaluates text, which the site's policy forbids."""
    for _ in range(100):
        if page.evaluate("told.length") == count:
            return
        page.wait_for_timeout(50)
    raise AssertionError(page.evaluate("told"))


def focused(page: Any) -> str:
    return str(page.evaluate("document.querySelector('tanba-notice').shadowRoot.activeElement?.textContent || document.activeElement.id"))


def test_with_the_keyboard_alone_a_kazakh_reader_is_told_and_a_receipt_comes(visit: Any) -> None:
    page = visit()
    dialog = page.get_by_role("dialog", name="Мұнда жасанды интеллект пайдаланылады")
    dialog.wait_for()
    assert "жасанды интеллект жүйесі пайдаланыла отырып көрсетіледі: «Көмек» чат-көмекшісі" in dialog.inner_text()
    assert focused(page) == "Түсінікті, жалғастыру"
    for _ in range(3):
        page.keyboard.press("Escape")
    assert dialog.is_visible()
    assert page.evaluate("told.length") == 0
    for _ in range(12):  # around the dialogue and never out of it into the page
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") != "ask"
    page.locator("button.go").focus()
    page.keyboard.press("Enter")
    until(page, 1)
    name, detail = page.evaluate("told[0]")
    assert (name, detail["user"], detail["language"]) == ("shown", "user-1", "kk")
    claims = json.loads(base64.urlsafe_b64decode(detail["receipt"].partition(".")[0] + "==="))
    assert (claims["channel"], claims["via"]) == ("text", "page")
    assert page.get_by_role("dialog").count() == 0
    page.reload()
    until(page, 1)
    assert page.get_by_role("dialog").count() == 0
    assert page.evaluate("told[0][1].receipt") == detail["receipt"]


def test_the_reader_turns_the_language_with_the_keyboard(visit: Any) -> None:
    page = visit()
    page.get_by_role("button", name="Русский").press("Enter")
    assert page.get_by_role("dialog", name="Здесь используется искусственный интеллект").is_visible()
    assert focused(page) == "Русский"
    assert page.locator("tanba-notice").evaluate("each => each.shadowRoot.querySelector('dialog').lang") == "ru"
    page.get_by_role("button", name="Понятно, продолжить").press("Enter")
    until(page, 1)
    assert page.evaluate("told[0][1].language") == "ru"


def test_without_script_it_is_a_link_to_the_public_page(visit: Any) -> None:
    page = visit(java_script_enabled=False)
    link = page.get_by_role("link", name="Мұнда жасанды интеллект пайдаланылады")
    assert link.is_visible()
    link.click()
    page.wait_for_url(re.compile(r"/ai/[0-9a-f-]+/$"))
    assert "жасанды интеллект" in page.content()


def test_a_stopped_system_cannot_be_gone_on_with(visit: Any, server: Server) -> None:
    within(server, STOP.format(act="stop"))
    try:
        page = visit()
        until(page, 1)
        assert page.evaluate("told[0][0]") == "suspended"
        assert "тоқтатыла тұрды" in page.get_by_role("dialog").inner_text()
        assert page.get_by_role("button", name="Түсінікті, жалғастыру").count() == 0
    finally:
        within(server, STOP.format(act="restart"))


def test_where_the_register_is_not_reached_people_are_told_all_the_same_and_no_receipt_is_claimed(
    visit: Any, shop: tuple[str, type[Shop]]
) -> None:
    shop[1].more = ' src="/none.json" inline'
    page = visit()
    until(page, 1)
    assert page.evaluate("told[0][0]") == "failed"
    section = page.get_by_role("region", name="Мұнда жасанды интеллект пайдаланылады")
    assert "жасанды интеллект жүйесі пайдаланыла отырып" in section.inner_text()
    page.get_by_role("button", name="Түсінікті, жалғастыру").click()
    until(page, 2)
    assert page.evaluate("told[1][1].receipt") is None


def test_nothing_moves_where_less_motion_is_wanted_and_the_component_is_accessible(visit: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = visit(reduced_motion="reduce", bypass_csp=True)
    page.get_by_role("dialog").wait_for()
    assert page.evaluate("document.querySelector('tanba-notice').shadowRoot.getAnimations().length") == 0
    found = Axe().run(page, context="tanba-notice").response["violations"]
    assert [each["id"] for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_size_and_place(server: Server) -> None:
    source = (Path(__file__).parent.parent.parent / "src/tanba/web/static/tanba/tanba-notice.js").read_bytes()
    assert len(source) < 10_000
    assert b"eval" not in source
    assert b"innerHTML" not in source
