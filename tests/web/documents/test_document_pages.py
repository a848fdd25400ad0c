"""Documents of the register: listed with their gaps, made in every language and form, sealed, downloaded by everybody who reads."""

from collections.abc import Callable
from html import escape
from io import BytesIO
from typing import Any

import docx
import pytest
from django.test import Client
from django.urls import reverse

from tanba.digest import sha256
from tanba.documents.model import statements
from tanba.errors import StoreError
from tanba.strings import LANGUAGES, t
from tanba.web import bounds
from tanba.web.accounts.models import User
from tanba.web.documents import desk, recording
from tanba.web.evidence import outbox
from tanba.web.evidence.models import Artifact, Evidence
from tanba.web.systems.models import Part, System
from tests_web import BIN
from web.evidence.doing import owe

HOSTILE = '<img src=x onerror="alert(1)"> #eval("1") \u202e'
SignIn = Callable[..., Client]


def page(system: System) -> str:
    return reverse("documents:page", args=[system.organisation_id, system.slug])


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_names_every_document_and_its_gaps(system: System, alice: User, sign_in: SignIn, language: str) -> None:
    shown = sign_in(alice, language).get(page(system)).content.decode()
    for name in desk.names(system):
        assert escape(t(f"documents.title_{name}", language)) in shown
    assert t("documentpages.none", language) in shown
    assert f'aria-current="page">{t("documentpages.tab", language)}' in shown


@pytest.mark.parametrize(("form", "begin"), [("docx", b"PK"), ("pdf", b"%PDF"), ("html", b"<!doctype")])
@pytest.mark.parametrize("languages", ["kk", "ru", "en", "kk+ru"])
def test_an_auditor_makes_and_downloads_one_and_it_is_sealed(
    system: System, dana: User, sign_in: SignIn, form: str, begin: bytes, languages: str
) -> None:
    browser = sign_in(dana)
    answer = browser.post(page(system), {"document": "prohibited", "languages": languages, "form": form}, follow=True)
    name = f"scorer-prohibited.{languages}.{form}"
    assert answer.status_code == 200
    assert f"{name} is ready" in answer.content.decode()
    row = Artifact.objects.get(kind="document")
    assert (row.name, row.by, row.system) == (name, dana, system)
    outbox.drain()
    row.refresh_from_db()
    assert row.is_sealed
    given = content(browser.get(reverse("evidence:content", args=[system.organisation_id, row.pk])))
    assert given.startswith(begin)
    assert sha256(given) == row.digest
    assert f"№ {row.position}" in browser.get(page(system)).content.decode()


def test_what_the_register_knows_stands_in_the_document(system: System, bob: User, carol: User) -> None:
    for name, value in {"uses_model": True, "owns_system": True, "stage": "pilot"}.items():
        system.answer(name, value, "passport 4.2", bob)
    Part.objects.create(system=system, kind="model", details={"name": "gbm 4", "licence": "MIT"})
    given = outbox.upload(system, "upload", "proof.pdf", b"x", bob)
    given.save()
    Evidence.objects.create(obligation=owe(system, "230-VIII/8/1"), artifact=given)
    outbox.drain()
    made = desk.make("dossier", desk.known(system))
    said = [each.text["en"] for _, each in statements(made)]
    assert {"Qarlygash JSC", BIN, "Bob", "gbm 4", "MIT"} <= set(said)
    assert any("passport 4.2" in each for each in said)
    assert "bob@tanba.example" not in str(made)
    assert made.checkpoint is not None
    assert made.checkpoint.size >= 1
    assert "proof.pdf, № 0, " in desk.known(system)["evidence"]["230-VIII/8/1"][0]["kk"]


def test_hostile_texts_of_the_register_come_out_as_texts(system: System, alice: User, sign_in: SignIn) -> None:
    System.objects.filter(pk=system.pk).update(name={"en": HOSTILE}, purpose={"ru": HOSTILE}, vendor=HOSTILE, channels=[HOSTILE])
    browser = sign_in(alice)
    for form in ("docx", "pdf", "html"):
        assert browser.post(page(system), {"document": "passport", "languages": "en", "form": form}).status_code == 302
    rows = {row.name.rpartition(".")[2]: outbox.content_of(row) or b"" for row in Artifact.objects.filter(kind="document")}
    assert '#eval("1")' in "".join(docx.Document(BytesIO(rows["docx"])).element.body.itertext())
    assert b"<img" not in rows["html"]
    assert "<img src=x" not in browser.get(page(system)).content.decode()


@pytest.mark.parametrize("wrong", [{"document": "poem"}, {"languages": "de"}, {"form": "exe"}])
def test_what_does_not_exist_is_refused_and_nothing_is_made(system: System, alice: User, sign_in: SignIn, wrong: dict[str, str]) -> None:
    answer = sign_in(alice).post(page(system), {"document": "passport", "languages": "kk", "form": "pdf", **wrong})
    assert answer.status_code == 422
    assert not Artifact.objects.exists()


def test_a_busy_server_says_so_and_makes_nothing(system: System, alice: User, sign_in: SignIn) -> None:
    with bounds.place(), bounds.place():
        answer = sign_in(alice).post(page(system), {"document": "passport", "languages": "kk", "form": "html"})
    assert t("documentpages.busy", "en") in answer.content.decode()
    assert not Artifact.objects.exists()


def test_a_store_that_is_away_is_told_and_no_document_is_recorded(
    system: System, alice: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> None:
        raise StoreError("the store is away", "Try again.")

    monkeypatch.setattr(recording, "upload", away)
    answer = sign_in(alice).post(page(system), {"document": "passport", "languages": "kk", "form": "html"})
    assert "the store is away" in answer.content.decode()
    assert not Artifact.objects.filter(kind="document").exists()


def test_a_document_that_was_made_can_be_erased_and_the_page_says_so(system: System, carol: User, sign_in: SignIn) -> None:
    row, _ = desk.write(system, "passport", "kk", "html", carol)
    outbox.drain()
    row.refresh_from_db()
    assert outbox.erase(row, carol, "asked")
    shown = sign_in(carol).get(page(system)).content.decode()
    assert t("ledger.word_erased", "en") in shown
    assert row.name not in shown
