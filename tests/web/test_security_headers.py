from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

import tanba.web
from tanba.web.accounts.models import User
from tanba.web.systems.models import System
from tests_web import PASSWORD

TEMPLATES = sorted(Path(tanba.web.__file__).parent.rglob("*.html"))


@pytest.fixture
def page(system: System, alice: User, sign_in: Callable[..., Client]) -> object:
    return sign_in(alice).get(reverse("systems:show", args=[system.organisation_id, system.slug]))


def test_every_answer_carries_its_policy(page: object, client: Client) -> None:
    headers = page.headers  # type: ignore[attr-defined]
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_no_template_needs_what_the_policy_forbids(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert "style=" not in text
    assert "<style" not in text
    assert " onclick=" not in text
    assert "javascript:" not in text
    assert text.count("<script") == text.count("<script src=")
    assert "http://" not in text.replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert "https://" not in text, "works without the internet"


def test_cookies_are_kept_from_scripts_and_other_sites(alice: User) -> None:
    browser = Client()
    browser.post("/sign-in/", {"email": alice.email, "password": PASSWORD})
    browser.get("/account/")
    browser.post(reverse("language"), {"language": "ru"})
    for name in ("sessionid", "csrftoken", "tanba_language"):
        assert browser.cookies[name]["samesite"] == "Lax", name
    assert browser.cookies["csrftoken"]["httponly"]
    assert browser.cookies["tanba_language"]["httponly"]


def test_forms_need_their_token(alice: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    User.objects.update(language="en")
    answer = browser.post(reverse("accounts:sign_out"))
    assert answer.status_code == 403
    assert "is out of date" in answer.content.decode()


@pytest.mark.parametrize(("path", "status"), [("/nowhere/", 404), ("/o/00000000-0000-7000-8000-000000000000/", 404)])
def test_pages_of_trouble_keep_the_frame(path: str, status: int, alice: User, sign_in: Callable[..., Client]) -> None:
    answer = sign_in(alice).get(path)
    assert answer.status_code == status
    assert "There is no such page" in answer.content.decode()
    assert "not legal advice" in answer.content.decode()


def test_our_own_faults_are_calm(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Client(raise_request_exception=False)
    browser.force_login(alice)

    def fails(*args: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("tanba.web.home.render", fails)
    answer = browser.get("/organisations/")
    assert answer.status_code == 200
    monkeypatch.setattr("tanba.web.accounts.views.render", fails)
    answer = browser.get("/organisations/")
    assert answer.status_code == 500
    assert "secret detail" not in answer.content.decode()


def test_a_foreign_host_is_refused(client: Client, db: None) -> None:
    assert client.get("/sign-in/", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "tanba/tanba.css",
        "tanba/tanba.js",
        "tanba/seal.svg",
        "tanba/fonts/golos-text-cyrillic-ext-wght-normal.woff2",
        "django_htmx/htmx-2.min.js",
    ],
)
def test_what_pages_need_is_served_from_the_package(path: str, client: Client, db: None) -> None:
    answer = client.get(f"/static/{path}")
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content)
    answer.close()


def test_monitors_get_an_answer(client: Client, db: None) -> None:
    assert client.get("/healthz").content == b"ok"
