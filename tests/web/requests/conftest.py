"""A system with a public face, an outsider, and requests of people."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tanba.law.load import load
from tanba.web.accounts.models import Organisation, User
from tanba.web.faces import public as faces
from tanba.web.faces.models import Face
from tanba.web.language import COOKIE
from tanba.web.requests import desk
from tanba.web.requests.models import Request
from tanba.web.systems.models import System

HOSTILE = '<img src=x onerror="alert(1)">{{ 7 }}</textarea><script>alert(2)</script>'
FORM = {"kind": "explanation", "text": "Why was my application refused?", "decision": "", "name": "", "contact": "", "website": ""}


@pytest.fixture(autouse=True)
def _limits() -> Any:
    yield
    faces.reading.clear()
    faces.sending.clear()


@pytest.fixture
def lender(system: System, bob: User) -> System:
    """Bob's system decides about people by itself, on consent, and everybody sees its page."""
    facts = dict(load("kz").bases["owner"]) | {"decides_about_people": True, "solely_automated": True}
    for name, value in (facts | {"processes_personal_data": True, "personal_data_basis": "consent"}).items():
        system.answer(name, value, "test", bob)
    Face.objects.create(system=system, published=True, contact={"kk": "1414", "ru": "1414", "en": "Call 1414"})
    return system


@pytest.fixture
def outsider() -> Client:
    browser = Client()
    browser.cookies[COOKIE] = "en"
    return browser


@pytest.fixture
def file(lender: System) -> Callable[..., Request]:
    """`file("objection", days=9)`: a request as it came so many days ago."""

    def filed(kind: str = "explanation", days: float = 0, text: str = "Why was I refused?", by: User | None = None, **more: Any) -> Request:
        received: datetime = timezone.now() - timedelta(days=days)
        written = {"text": text, "name": "", "contact": "", "decision": "", **more.pop("written", {})}
        row, new = desk.receive(lender, desk.Sent(kind, more.pop("language", "en"), received, written, by=by, **more))
        assert new
        return row

    return filed


def ask_page(system: System) -> str:
    return reverse("requests:ask", args=[system.pk])


def address(name: str, organisation: Organisation, *args: Any) -> str:
    return reverse(f"requests:{name}", args=[organisation.pk, *args])


def answer(browser: Client, row: Request, outcome: str = "given", text: str = "Your income was too low.", reason: str = "") -> Any:
    """Write and send in one step."""
    values = {"outcome": outcome, "reason": reason, "text": text, "send": "1"}
    return browser.post(address("draft", row.organisation, row.pk), values)


def do(browser: Client, row: Request, act: str, **values: Any) -> Any:
    return browser.post(address("act", row.organisation, row.pk), {"act": act, **values})
