"""The gate in the browser and as a call: one verdict for each file, and what could not be looked at does not pass."""

import json
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from marking.conftest import packed, scene
from tanba.marking.markid import text_of
from tanba.strings import LANGUAGES, catalogue, t
from tanba.web import bounds
from tanba.web.accounts.models import Organisation, User
from tanba.web.evidence.models import Artifact
from tanba.web.marks import desk, gatepage
from tanba.web.systems.models import System
from web.marks.test_marking_pages import HOSTILE, PICTURE, rows, send
from web.marks.test_public_page import ROOT

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
PLAIN = packed(scene(300, 200, 9))
FOLLOWS = jsonschema.Draft202012Validator(json.loads((ROOT / "spec/schema/gate-public.json").read_text())).validate


def said(key: str, language: str = "en") -> str:
    return str(escape(catalogue()[key][language]))


def judge(browser: Client, organisation: Organisation, *files: tuple[str, bytes]) -> Any:
    given = [SimpleUploadedFile(name, content) for name, content in files]
    return browser.post(reverse("marks:gate", args=[organisation.pk]), {"files": given})


def ask(content: bytes = b"", name: str = "x.jpg", **values: Any) -> Any:
    file = {"file": SimpleUploadedFile(name, content)} if content else {}
    return Client(enforce_csrf_checks=True).post("/gate/", {**file, **values})


@pytest.fixture
def marked(company: Organisation, system: System, bob: User, sign_in: SignIn) -> bytes:
    return bytes(send(sign_in(bob), company, ("secret-campaign.jpg", PICTURE), system=str(system.pk)).content)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_file_gets_its_verdict(language: str, marked: bytes, company: Organisation, dana: User, sign_in: SignIn) -> None:
    """Also an auditor may check; nothing is kept of it."""
    before = (len(rows()), Artifact.objects.count())
    answer = judge(sign_in(dana, language), company, ("good.jpg", marked), ("bare.jpg", PLAIN), ("film.mkv", b"\x1aE\xdf\xa3"))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert t("marking_desk.gate_counts", language, passes=1, refused=1, unchecked=1) in text
    good, bare, film = text.split('<li class="judged">')[1:]
    assert said("marking_desk.gate_passes", language) in good
    assert said("marking_desk.gate_both", language) in good
    for key in ("marking_desk.gate_refused",):
        assert said(key, language) in bare
    for key in ("gate.reason_no_mark", "gate.reason_no_warning"):
        assert said(key, language)[1:] in bare
    assert said("marking_desk.gate_unchecked", language) in film
    assert said("marking_desk.gate_advice_passes", language) in text
    assert (len(rows()), Artifact.objects.count()) == before


def test_a_copied_or_changed_mark_does_not_pass(marked: bytes, company: Organisation, bob: User, sign_in: SignIn) -> None:
    changed = bytearray(marked)
    changed[-40] ^= 0x55
    text = judge(sign_in(bob), company, ("changed.jpg", bytes(changed))).content.decode()
    assert said("gate.reason_false_c2pa")[1:] in text
    assert said("marking_desk.gate_both") not in text


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_do_not_pass(name: str, company: Organisation, bob: User, sign_in: SignIn) -> None:
    answer = judge(sign_in(bob), company, (name, HOSTILE[name]), ("<img src=x onerror=alert(1)>.png", HOSTILE[name]))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert said("marking_desk.gate_both") not in text
    assert "<img src=x" not in text
    assert "Traceback" not in text


@pytest.mark.parametrize("files", [(), (("a.jpg", b"x"), ("b.jpg", b"x"))])
def test_none_and_too_many(files: Any, company: Organisation, bob: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gatepage, "MOST_FILES", 1)
    answer = judge(sign_in(bob), company, *files)
    assert answer.status_code == 422
    assert (said("marking_pages.files_none") if not files else "At most 1 files") in answer.content.decode()


def test_what_cannot_be_looked_at_now_is_not_checked(
    marked: bytes, company: Organisation, bob: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = sign_in(bob)
    with bounds.place(), bounds.place():
        assert said("marking_pages.refused_busy") in judge(browser, company, ("a.jpg", marked)).content.decode()
    monkeypatch.setattr(desk, "CHECK_PIXELS", 1000)
    assert "pixels" in judge(browser, company, ("a.jpg", marked)).content.decode()
    monkeypatch.setattr(desk, "LARGEST", 1000)
    text = judge(browser, company, ("a.jpg", marked)).content.decode()
    assert t("marking_desk.gate_counts", "en", passes=0, refused=0, unchecked=1) in text


# the call


def test_the_call_says_the_verdict_and_no_more(marked: bytes, company: Organisation) -> None:
    answer = ask(marked)
    FOLLOWS(answer.json())
    assert answer.json() == {
        "conformity": "unknown", "machine_readable": "found", "media_type": "image/jpeg", "passes": True, "reasons": [],
        "schema": "tanba.gate-public/1", "warning": "found",
    }  # fmt: skip
    for secret in (text_of(rows()[0].id), company.bin, "scorer", "secret-campaign"):
        assert secret not in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "content", "passes"), [("x.jpg", PLAIN, False), ("x.mkv", b"\x1aE\xdf\xa3", None), ("x.txt", "Сөз.".encode(), False)]
)
def test_the_call_refuses(name: str, content: bytes, passes: bool | None, marked: bytes) -> None:
    answer = ask(content, name)
    FOLLOWS(answer.json())
    assert answer.json()["passes"] is passes


def test_the_call_takes_a_text(marked: bytes) -> None:
    answer = ask(text="Сөз. <script>alert(1)</script>").json()
    assert (answer["media_type"], answer["passes"], answer["reasons"]) == ("text/plain", False, ["no_mark", "no_warning"])


def test_the_call_has_the_bounds_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = ask()
    FOLLOWS(nothing.json())
    assert (nothing.status_code, nothing.json()["error"]) == (422, "no_file")
    with bounds.place(), bounds.place():
        busy = ask(PLAIN)
    assert (busy.status_code, busy["Retry-After"], busy.json()["error"]) == (429, "5", "busy")
    monkeypatch.setattr(bounds.limit, "most", 0)
    monkeypatch.setattr(bounds.limit, "wait", lambda address: 7)
    answer = ask(PLAIN)
    FOLLOWS(answer.json())
    assert (answer.status_code, answer["Retry-After"], answer.json()["error"]) == (429, "7", "too_many")
    assert Client().get("/gate/").status_code == 405
