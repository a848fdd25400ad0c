"""Signatures brought back to a document in the register: kept only where they are over it, judged when shown, numbers of persons masked."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import pem
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from signing_makers import house, p12, signed
from tanba.signing.keyfile import read_key
from tanba.signing.pdfsign import How
from tanba.signing.pdfsign import sign as sign_pdf
from tanba.strings import t
from tanba.web import bounds
from tanba.web.accounts.models import User
from tanba.web.documents import desk, recording, signing
from tanba.web.documents.models import Made, Signature
from tanba.web.evidence import outbox
from tanba.web.evidence.models import Artifact
from tanba.web.systems.models import System
from tanba.workspace import current

SignIn = Callable[..., Client]


@pytest.fixture
def made(system: System, bob: User) -> Made:
    row, _ = desk.write(system, "prohibited", "kk", "pdf", bob, "https://register.example.kz")
    outbox.drain()
    return Made.objects.get(file=row)


@pytest.fixture
def trusted() -> None:
    folder = current().create().signature_roots
    folder.mkdir()
    for gost in (True, False):
        (folder / f"{gost}.pem").write_bytes(pem.armor("CERTIFICATE", house(gost).root.der))


def content(made: Made) -> bytes:
    return outbox.content_of(made.file) or b""


def now() -> datetime:
    return timezone.now().replace(microsecond=0) - timedelta(minutes=1)


def cms(over: bytes, gost: bool = True) -> bytes:
    return signed(over, house(gost).person, house(gost).centre, at=now())


def signed_pdf(over: bytes) -> bytes:
    return sign_pdf(over, read_key(p12(house(False).person, b"x", house(False).centre), "x", now()), How("Бекітемін"), now())


def give(client: Client, made: Made, written: bytes, name: str = "signature.cms") -> Any:
    address = reverse("documents:sign", args=[made.statement.organisation_id, made.pk])
    return client.post(address, {"file": SimpleUploadedFile(name, written)}, follow=True)


@pytest.mark.parametrize("gost", [True, False])
def test_a_cms_over_the_document_is_kept_sealed_and_shown_with_a_masked_number(
    made: Made, trusted: None, bob: User, sign_in: SignIn, gost: bool
) -> None:
    answer = give(sign_in(bob), made, cms(content(made), gost))
    shown = answer.content.decode()
    assert t("signaturepage.taken", "en") in shown
    for said in (
        "САРСЕНОВА АЙГЕРИМ",
        "********0123",
        t("signaturepage.state_good", "en"),
        t("signatures.finding_revocation_not_checked", "en"),
    ):
        assert said in shown
    assert "900101400123" not in shown
    outbox.drain()
    row = Signature.objects.get().artifact
    assert (row.kind, row.is_sealed, row.system) == ("document-signature", True, made.statement.system)


def test_a_signed_pdf_has_to_begin_with_the_document(made: Made, trusted: None, bob: User, sign_in: SignIn, client: Client) -> None:
    good = signed_pdf(content(made))
    shown = give(sign_in(bob), made, good, "signed.pdf").content.decode()
    assert "Бекітемін" in shown
    other, _ = desk.write(made.statement.system, "prohibited", "ru", "pdf", bob)
    answer = give(sign_in(bob), made, signed_pdf(outbox.content_of(other) or b""), "other.pdf")
    assert answer.status_code == 422
    assert Signature.objects.count() == 1
    public = client.post(reverse("documents:check", args=[made.pk]), {"file": SimpleUploadedFile("signed.pdf", good)}).content.decode()
    assert t("checkpage.verdict_signed", "kk") in public
    assert "САРСЕНОВА" not in public
    found = recording.find(Signature.objects.get().artifact.digest)
    assert found is not None
    assert (found["word"], found["withdrawn"]) == ("sealed", False)
    Made.objects.update(withdrawn_at=timezone.now())
    found = recording.find(Signature.objects.get().artifact.digest)
    assert found is not None
    assert found["withdrawn"]


def test_a_pdf_whose_page_was_replaced_before_it_was_signed_is_no_copy_of_the_document(
    made: Made, trusted: None, bob: User, sign_in: SignIn, client: Client
) -> None:
    forged = signed_pdf(replaced(content(made)))
    assert forged.startswith(content(made))
    answer = give(sign_in(bob), made, forged, "signed.pdf")
    assert (answer.status_code, Signature.objects.count()) == (422, 0)
    public = client.post(reverse("documents:check", args=[made.pk]), {"file": SimpleUploadedFile("signed.pdf", forged)}).content.decode()
    assert t("checkpage.verdict_other", "kk") in public


def replaced(pdf: bytes) -> bytes:
    """The file with another first page, behind all of its bytes."""
    written = IncrementalPdfFileWriter(BytesIO(pdf), strict=False)
    page = written.root["/Pages"]["/Kids"][0]
    while "/Kids" in page:
        page = page["/Kids"][0]
    page["/Contents"] = written.add_object(StreamObject(stream_data=b"0 0 m 100 100 l S"))
    written.update_container(page)
    made = BytesIO()
    written.write(made)
    return made.getvalue()


def test_several_people_sign_one_pdf_one_after_another(made: Made, trusted: None, bob: User, sign_in: SignIn) -> None:
    assert give(sign_in(bob), made, signed_pdf(signed_pdf(content(made))), "signed.pdf").status_code == 200
    assert len(signing.shown(made)[0].found) == 2


def test_without_roots_it_is_kept_and_said_to_be_open(made: Made, bob: User, sign_in: SignIn) -> None:
    shown = give(sign_in(bob), made, cms(content(made), False)).content.decode()
    assert t("signatures.finding_no_roots", "en") in shown
    assert t("signaturepage.state_open", "en") in shown


@pytest.mark.parametrize("what", ["other", "garbage", "unsigned", "spoiled", "empty"])
def test_what_is_no_signature_of_this_document_is_refused_in_words_and_not_kept(made: Made, bob: User, sign_in: SignIn, what: str) -> None:
    written = {
        "other": cms(b"another document", False),
        "garbage": b"hello",
        "unsigned": content(made),
        "spoiled": cms(content(made), False)[:-1] + b"x",
        "empty": b"",
    }[what]
    answer = give(sign_in(bob), made, written)
    assert answer.status_code == 422
    assert 'class="errorlist"' in answer.content.decode()
    assert not Signature.objects.exists()
    assert not Artifact.objects.filter(kind="document-signature").exists()


def test_the_same_signature_is_not_kept_twice_and_not_endlessly_many(
    made: Made, bob: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = cms(content(made), False)
    assert give(sign_in(bob), made, written).status_code == 200
    assert give(sign_in(bob), made, written).status_code == 422
    monkeypatch.setattr(signing, "MOST", 1)
    answer = give(sign_in(bob), made, signed_pdf(content(made)), "x.pdf")
    assert answer.status_code == 422
    assert Signature.objects.count() == 1


def test_an_erased_document_takes_no_signature_and_an_erased_signature_is_not_shown(
    made: Made, bob: User, carol: User, sign_in: SignIn
) -> None:
    before = content(made)
    give(sign_in(bob), made, cms(before, False))
    outbox.drain()
    assert outbox.erase(Signature.objects.get().artifact, carol, "asked for by the person")
    page = reverse("documents:one", args=[made.statement.organisation_id, made.pk])
    assert "САРСЕНОВА" not in sign_in(bob).get(page).content.decode()
    assert outbox.erase(made.file, carol, "asked for by the person")
    answer = give(sign_in(bob), made, cms(before))
    assert answer.status_code == 422


def test_an_auditor_reads_signatures_and_gives_none(made: Made, bob: User, dana: User, sign_in: SignIn) -> None:
    give(sign_in(bob), made, cms(content(made), False))
    browser = sign_in(dana)
    shown = browser.get(reverse("documents:one", args=[made.statement.organisation_id, made.pk])).content.decode()
    assert "САРСЕНОВА" in shown
    assert "data-ncalayer" not in shown
    assert give(browser, made, cms(content(made))).status_code == 403


def test_a_busy_server_says_so(made: Made, bob: User, sign_in: SignIn) -> None:
    with bounds.place(), bounds.place():
        answer = give(sign_in(bob), made, cms(content(made), False))
    assert t("documentpages.busy", "en") in answer.content.decode()
    assert not Signature.objects.exists()


def test_only_the_page_of_a_document_may_speak_to_ncalayer(made: Made, bob: User, sign_in: SignIn) -> None:
    browser = sign_in(bob)
    own = browser.get(reverse("documents:one", args=[made.statement.organisation_id, made.pk]))["Content-Security-Policy"]
    assert "connect-src 'self' wss://127.0.0.1:13579;" in own
    others = browser.get(reverse("documents:page", args=[made.statement.organisation_id, "scorer"]))["Content-Security-Policy"]
    assert "wss:" not in others
    script = (Path(signing.__file__).parents[1] / "static/tanba/ncalayer.js").read_text()
    assert script.count("wss://127.0.0.1:13579") == 1


def test_a_document_of_the_organisation_has_its_page_is_signed_and_checked(
    system: System, carol: User, sign_in: SignIn, client: Client, trusted: None
) -> None:
    row, _ = desk.write(system.organisation, desk.names(system.organisation)[0], "ru", "docx", carol, "https://register.example.kz")
    made = Made.objects.get(file=row)
    assert "САРСЕНОВА" in give(sign_in(carol), made, cms(content(made), False)).content.decode()
    shown = sign_in(carol).get(reverse("documents:one", args=[system.organisation_id, made.pk])).content.decode()
    assert shown.count("<h1") == 1
    assert reverse("documents:organisation", args=[system.organisation_id]) in shown
    assert client.get(reverse("documents:check", args=[made.pk])).status_code == 200
