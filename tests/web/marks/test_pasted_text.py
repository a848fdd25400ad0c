"""A text is pasted and comes back marked; what is refused; the page for everybody finds the mark again."""

import re
from base64 import b64decode
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from tanba.digest import sha256
from tanba.marking import home
from tanba.marking.markid import text_of
from tanba.marking.standard import Standard
from tanba.marking.verify import verify
from tanba.strings import LANGUAGES, catalogue, t
from tanba.web.accounts.models import Organisation, User
from tanba.web.evidence.models import Artifact
from tanba.web.marks import desk, forms, publicpage
from tanba.web.systems.models import System
from tanba.workspace import current
from web.evidence.doing import kinds, seal, well_sealed
from web.marks.test_marking_pages import rows

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
LETTER = '\nҚұрметті оқырман! Бұл хатты ЖИ жазды.\r\n\r\n</textarea><script>alert(1)</script> & "сөз".\r\n'
AS_WRITTEN = LETTER.replace("\r\n", "\n")


def page(organisation: Organisation) -> str:
    return reverse("marks:text", args=[organisation.pk])


def paste(browser: Client, organisation: Organisation, text: str = LETTER, **values: Any) -> Any:
    return browser.post(page(organisation), {"text": text, "kind": "plain", "source": "created", "languages": ["kk", "ru"], **values})


def said(key: str, language: str = "en") -> str:
    return str(escape(catalogue()[key][language]))


def shown(answer: Any) -> str:
    """The marked text as a browser reads it from the page."""
    (text,) = re.findall(r'<textarea id="marked"[^>]*>\n(.*?)</textarea>', answer.content.decode(), re.DOTALL)
    return unescape(text)


def downloaded(answer: Any) -> bytes:
    (address,) = re.findall(r'href="data:[^"]*;base64,([^"]+)"', answer.content.decode())
    return b64decode(address)


@pytest.mark.parametrize("kind", forms.KINDS)
def test_it_comes_back_marked_remembered_and_sealed(kind: str, system: System, company: Organisation, bob: User, sign_in: SignIn) -> None:
    text = '{"text": "ЖИ жазды. Бұл – екінші сөйлем."}' if kind == "json" else LETTER
    answer = paste(sign_in(bob), company, text, kind=kind, system=str(system.pk))
    assert answer.status_code == 200
    (row,) = rows()
    assert (row.kind, row.organisation, row.system, row.digest_after) == ("text", company.bin, "scorer", sha256(downloaded(answer)))
    assert row.digest_before == sha256(text.replace("\r\n", "\n").encode())
    assert shown(answer).encode() == downloaded(answer)
    checked = verify(downloaded(answer), f"x.{forms.KINDS[kind]}", Standard(), desk.issuer_if_any(), desk.register())
    assert (checked.machine, checked.warning, [mark.id for mark in checked.marks]) == ("found", "found", [row.id])
    assert text_of(row.id) in answer.content.decode()
    assert seal() == 1
    assert kinds() == ["mark"]
    well_sealed()


def test_html_in_it_stays_text(company: Organisation, bob: User, sign_in: SignIn) -> None:
    browser = sign_in(bob)
    for answer in (paste(browser, company), paste(browser, company, kind="<script>alert(1)</script>")):
        assert "<script>alert(1)" not in answer.content.decode()


def test_what_was_copied_from_the_page_is_found_by_anybody(company: Organisation, bob: User, sign_in: SignIn) -> None:
    """A browser sends what stands in a field with CR LF."""
    text = shown(paste(sign_in(bob), company))
    browser = Client()
    sent = {"text": text.replace("\n", "\r\n")}
    found = browser.post("/verify/", sent, headers={"accept": "application/json"}).json()
    assert (found["machine_readable"], found["warning"], [mark["found"] for mark in found["marks"]]) == ("found", "found", ["proved"])
    assert {layer["state"] for layer in found["layers"] if layer["layer"] == "c2pa"} == {"valid"}
    answer = browser.post("/verify/", sent).content.decode()
    assert said("marking_pages.verdict_found", "kk") in answer
    assert said("marking_pages.pasted_text", "kk") in answer


def test_a_comment_of_markdown_is_read_in_a_pasted_text(company: Organisation, bob: User, sign_in: SignIn) -> None:
    text = shown(paste(sign_in(bob), company, "# Тақырып\n\nСөйлем.", kind="markdown"))
    found = Client().post("/verify/", {"text": text}, headers={"accept": "application/json"}).json()
    assert {layer["layer"]: layer["state"] for layer in found["layers"]}["metadata"] == "present"


@pytest.mark.parametrize(
    ("values", "key", "filled"),
    [
        ({"text": " \r\n "}, "marking_desk.text_empty", {}),
        ({"text": "ә" * 11}, "marking_desk.text_long", {"count": "10"}),
        ({"languages": []}, "web.form_wrong", {}),
        ({"kind": "docx"}, "web.form_wrong", {}),
        ({"source": "dreamt"}, "web.form_wrong", {}),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_does_not_fit_is_said_and_changes_nothing(
    language: str, values: Any, key: str, filled: Any, company: Organisation, bob: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms, "LONGEST_TEXT", 10)
    answer = paste(sign_in(bob, language), company, **{"text": "Сөйлем.", **values})
    assert answer.status_code == 422
    assert str(escape(t(key, language, **filled))) in answer.content.decode()
    assert rows() == []
    assert not Artifact.objects.exists()


def test_json_that_is_none_is_said(company: Organisation, bob: User, sign_in: SignIn) -> None:
    answer = paste(sign_in(bob), company, '{"a": ', kind="json")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert rows() == []


def test_auditors_are_offered_nothing(company: Organisation, dana: User, sign_in: SignIn) -> None:
    assert "<textarea" not in sign_in(dana).get(page(company)).content.decode()
    assert paste(sign_in(dana), company).status_code == 403


def test_keys_that_are_made_here_bear_the_organisation_s_name(company: Organisation, bob: User, sign_in: SignIn) -> None:
    paste(sign_in(bob), company)
    assert home.load_issuer(current()).organisation == company.name["kk"]


def test_keys_of_several_organisations_bear_no_name_of_one(company: Organisation, charlie: User, bob: User, sign_in: SignIn) -> None:
    paste(sign_in(bob), company)
    assert home.load_issuer(current()).organisation == ""


def test_a_long_text_is_refused_by_the_page_for_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    for longest in (publicpage.LONGEST_TEXT, 10):
        monkeypatch.setattr(publicpage, "LONGEST_TEXT", longest)
        text = "x" * 3_000_000 if longest > 10 else "x" * 11
        answer = Client().post("/verify/", {"text": text})
        assert answer.status_code == 413
        assert said("marking_pages.refused_too_large_advice", "kk") in answer.content.decode()
