"""A real server in a process of its own, a real Chromium, and the cast of the example company."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-prefers-reduced-motion",
]


@dataclass(frozen=True)
class Server:
    """Where it listens, what its workspace is, and the organisation's address."""

    base: str
    home: Path
    organisation: str

    def link(self, email: str) -> str:
        """A fresh one-time sign-in link for somebody."""
        code = f"from tanba.web import start; start.prepare(); print(start.sign_in_link({email!r}, {self.base!r}))"
        done = subprocess.run([sys.executable, "-c", code], env=environment(self.home), capture_output=True, text=True, check=True)
        return done.stdout.strip()


def environment(home: Path) -> dict[str, str]:
    return {**os.environ, "TANBA_HOME": str(home), "DJANGO_SETTINGS_MODULE": "tanba.web.settings"}


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("register")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "tanba", "serve", "--port", str(port), "--example", str(ROOT / "examples"), "--lang", "en"]
    process = subprocess.Popen(command, env=environment(home), stdout=subprocess.DEVNULL, cwd=home)
    try:
        base = f"http://127.0.0.1:{port}"
        _wait(f"{base}/healthz")
        code = (
            "from tanba.web import start; start.prepare()\n"
            "from tanba.web.accounts.models import Membership, Organisation, User\n"
            "other = Organisation.objects.create(name={'kk': 'Басқа', 'ru': 'Другая', 'en': 'Other'}, bin='000000000000')\n"
            "stranger = User.objects.create_user('charlie@elsewhere.example', name='Charlie')\n"
            "Membership.objects.create(user=stranger, organisation=other, role='administrator')\n"
            "print(Organisation.objects.exclude(pk=other.pk).get().pk)"
        )
        done = subprocess.run([sys.executable, "-c", code], env=environment(home), capture_output=True, text=True, check=True)
        yield Server(base, home, f"{base}/o/{done.stdout.strip()}/")
    finally:
        process.terminate()
        process.wait(10)


def _wait(address: str) -> None:
    for _ in range(150):
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(address)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """For one file: while Playwright runs there is an event loop in this thread, and Django refuses its database."""
    if CHROMIUM is None:
        pytest.skip("needs Chromium (Debian: apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        instance = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield instance
        instance.close()


@pytest.fixture
def signed_in(browser: Any, server: Server) -> Iterator[Callable[..., Any]]:
    """A page of somebody who has followed a sign-in link; every console error and failed request fails the test."""
    contexts: list[Any] = []
    troubles: list[str] = []

    def enter(email: str, **options: Any) -> Any:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", lambda request: troubles.append(request.url) if not request.url.startswith(server.base) else None)
        page.goto(server.link(email))
        page.locator("main button").click()
        page.wait_for_url(re.compile(r"/o/[0-9a-f-]+/$"))
        return page

    yield enter
    for context in contexts:
        context.close()
    expected = "the server responded with a status of 4"
    assert [trouble for trouble in troubles if expected not in trouble] == []
