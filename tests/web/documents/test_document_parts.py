"""What single features give to the documents of a system: agreement, notices, the index of the evidence bundle."""

import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tanba.documents.catalogue import make
from tanba.documents.model import Document, gaps, statements
from tanba.documents.render import EDITIONS, MEDIA_TYPES
from tanba.people import noticefile
from tanba.strings import t
from tanba.web.accounts.models import User
from tanba.web.agreements.drafting import publish
from tanba.web.agreements.models import Wording
from tanba.web.documents import desk
from tanba.web.evidence import outbox
from tanba.web.evidence.collect import make_bundle
from tanba.web.evidence.models import Artifact, Evidence
from tanba.web.faces.models import Face
from tanba.web.requests import texts
from tanba.web.systems.models import System
from tanba.workspace import current
from web.evidence.doing import owe

SignIn = Callable[..., Client]


def document(system: System, name: str, base: str = "") -> Document:
    return make(name, desk.known(system, base))


def said(found: Document, field: str) -> list[str]:
    return [each.text.get("ru") or each.text["kk"] for name, each in statements(found) if name == field]


def test_the_agreement_in_force_is_the_document_and_before_it_the_draft(system: System, carol: User) -> None:
    draft = document(system, "agreement")
    assert draft.front
    assert t("agreement.draft", "ru") in draft.front[0]["ru"]
    publish(system, timezone.localdate(), carol)
    publish(system, timezone.localdate() + timedelta(days=30), carol)
    found = document(system, "agreement")
    assert found.front
    assert t("agreement.effective", "ru", day=timezone.localdate().isoformat()) in found.front[0]["ru"]


def test_words_of_an_officer_stand_in_the_agreement(system: System) -> None:
    Wording.objects.create(system=system, own={"limits": {"ru": "Ответ может быть неверным."}})
    found = document(system, "agreement")
    texts_ = [each.text for name, each in statements(found) if name == "agreement_limits"]
    assert {"ru": "Ответ может быть неверным."} in texts_
    assert any("kk" in each for each in texts_)


@pytest.mark.parametrize("form", MEDIA_TYPES)
@pytest.mark.parametrize("edition", EDITIONS)
def test_a_published_version_is_downloaded_in_every_language_and_form(
    edition: str, form: str, system: System, carol: User, dana: User, sign_in: SignIn
) -> None:
    publish(system, timezone.localdate(), carol)
    version = reverse("agreements:version", args=[system.organisation_id, system.slug, 1])
    browser = sign_in(dana, "ru")
    found = browser.get(version, {"as": form, "in": edition})
    assert f"{system.slug}-agreement-1.{edition}.{form}" in found["Content-Disposition"]
    assert found.content.startswith({"docx": b"PK", "html": b"<!doctype", "pdf": b"%PDF"}[form])
    assert f'value="{form}"' in browser.get(version).content.decode()
    if form == "html":
        assert t("agreement.section_rights", edition[:2]) in unescape(found.content.decode())


def test_notices_are_those_of_the_policy_with_the_open_page_s_address(system: System) -> None:
    closed = document(system, "notices", "https://tanba.example")
    assert any(each.gap for name, each in statements(closed) if name == "page")
    Face.objects.create(system=system, published=True, contact={"kk": "1414"})
    found = document(system, "notices", "https://tanba.example")
    address = f"https://tanba.example{reverse('faces:page', args=[system.pk])}"
    assert said(found, "page") == [address]
    assert all(address in text for text in said(found, "label"))
    assert said(found, "since") == [timezone.now().date().isoformat()]
    assert gaps(found) == []


def test_a_policy_that_cannot_be_read_is_a_gap_and_no_hindrance(system: System) -> None:
    noticefile.place(current().create()).write_text("languages: nonsense\n")
    assert len(gaps(document(system, "notices"))) > 10
    assert document(system, "passport")


def test_the_index_is_that_of_the_bundle(system: System, carol: User, tmp_path: Path) -> None:
    proof = outbox.upload(system, "upload", "plan.pdf", b"x", carol)
    proof.save()
    Evidence.objects.create(obligation=owe(system, "230-VIII/18/1/1"), artifact=proof)
    texts.keep_text(system, {"text": "Why?"}, carol)
    outbox.drain(everything=True)
    found = document(system, "bundle-index")
    make_bundle(system, tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as content:
        index: dict[str, Any] = json.loads(content.read(next(name for name in content.namelist() if name.endswith("index.json"))))
    rows = said(found, "artifacts")
    assert len(rows) == 3 * len(index["artifacts"]) > 3
    shown = "\n".join(rows)
    assert "plan.pdf" in shown
    assert Artifact.objects.get(name="plan.pdf").digest in shown
    personal = Artifact.objects.get(kind="request-text")
    assert personal.digest not in shown
    assert personal.name not in shown
    assert t("documents.digest_kept", "ru") in rows
    evidenced = [each for name, each in statements(found) if name == "artifacts" and each.sources]
    assert {source.provision.partition("@")[0] for each in evidenced for source in each.sources} == {"kz/230-VIII/18/1/1"}


def test_they_are_made_on_the_page_of_documents(system: System, dana: User, sign_in: SignIn) -> None:
    browser = sign_in(dana)
    page = reverse("documents:page", args=[system.organisation_id, system.slug])
    for name in ("agreement", "notices", "bundle-index"):
        assert browser.post(page, {"document": name, "languages": "kk+ru", "form": "html"}).status_code == 302
        assert Artifact.objects.filter(name=f"{system.slug}-{name}.kk+ru.html").exists()
