"""The public page that checks a document: who holds it learns what it prints, and whether a file is the one that was sealed."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import jsonschema
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse

from tanba.digest import sha256
from tanba.errors import StoreError
from tanba.seal import Receipt, Trust, measure, verify
from tanba.strings import LANGUAGES, t
from tanba.web.accounts.models import User
from tanba.web.documents import checkpage, desk, recording
from tanba.web.documents.models import Made
from tanba.web.evidence import ledger, outbox
from tanba.web.evidence.models import Artifact
from tanba.web.language import COOKIE
from tanba.web.systems.models import System

SignIn = Callable[..., Client]
ROOT = Path(__file__).parents[3]
BASE = "https://register.example.kz"


@pytest.fixture
def made(system: System, bob: User) -> Made:
    row, _ = desk.write(system, "passport", "kk", "html", bob, BASE)
    outbox.drain()
    return Made.objects.get(file=row)


def send(client: Client, made: Made, content: bytes, name: str = "passport.html") -> str:
    answer = client.post(reverse("documents:check", args=[made.pk]), {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 200
    return answer.content.decode()


def content(made: Made) -> bytes:
    return outbox.content_of(made.file) or b""


def test_the_digest_is_sealed_before_the_file_which_prints_its_place(made: Made) -> None:
    text = content(made).decode()
    statement = made.statement
    assert statement.is_sealed
    assert statement.position is not None
    assert made.file.position is not None
    assert statement.position < made.file.position
    for wanted in (f"№ {statement.position} жазба", str(statement.pk), ledger.log().origin, f"{BASE}/check/{made.pk}/", "<svg"):
        assert wanted in text
    assert text.count(made.stated["digest"]) == 2
    schema = json.loads((ROOT / "spec/schema/document.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(made.stated)


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_an_account_one_sees_kind_day_digest_and_place_and_nothing_of_the_system_or_its_people(
    made: Made, client: Client, language: str
) -> None:
    client.cookies[COOKIE] = language
    answer = client.get(reverse("documents:check", args=[made.pk]))
    shown = answer.content.decode()
    assert t("documents.title_passport", language) in shown
    assert made.stated["digest"] in shown
    assert f"№ {made.statement.position}" in shown
    assert str(made.statement.pk) in shown
    for hidden in ("Bob", "scorer", "Credit scorer", "Кредиттік", str(made.statement.organisation_id)):
        assert not re.search(rf"\b{hidden}\b", shown), hidden
    assert (answer["X-Robots-Tag"], answer["Referrer-Policy"]) == ("noindex", "same-origin")


def test_this_very_file_is_told_from_one_with_another_byte(made: Made, client: Client) -> None:
    assert t("checkpage.verdict_same", "kk") in send(client, made, content(made))
    assert t("checkpage.verdict_other", "kk") in send(client, made, content(made) + b"\n")
    assert t("checkpage.verdict_other", "kk") in send(client, made, b"%PDF another document")


def test_no_file_and_an_empty_one_are_refused_in_words(made: Made, client: Client) -> None:
    for sent in ({}, {"file": SimpleUploadedFile("x.pdf", b"")}):
        answer = client.post(reverse("documents:check", args=[made.pk]), sent)
        assert answer.status_code == 422
        assert t("checkpage.no_file", "kk") in answer.content.decode()


def test_what_is_too_large_is_refused_before_it_is_read(made: Made, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpage, "LARGEST", 10)
    monkeypatch.setattr(checkpage, "SPARE", 10)
    answer = client.post(reverse("documents:check", args=[made.pk]), {"file": SimpleUploadedFile("x.pdf", b"x" * 1000)})
    assert answer.status_code == 413


def test_who_comes_too_often_waits(made: Made, client: Client) -> None:
    address = reverse("documents:check", args=[made.pk])
    answers = [client.post(address, {}).status_code for _ in range(21)]
    assert answers[-1] == 429
    assert client.get(address).status_code == 200


def test_a_form_from_elsewhere_is_refused(made: Made) -> None:
    browser = Client(enforce_csrf_checks=True)
    assert browser.post(reverse("documents:check", args=[made.pk]), {"file": SimpleUploadedFile("x", b"x")}).status_code == 403


@pytest.mark.parametrize("name", ["check", "check_statement", "check_statement_receipt", "check_file_receipt"])
def test_neither_a_guess_nor_the_number_of_an_artifact_opens_a_page(made: Made, client: Client, name: str) -> None:
    for id_ in (uuid4(), made.statement.pk, made.file.pk, made.statement.organisation_id):
        assert client.get(reverse(f"documents:{name}", args=[id_])).status_code == 404


def test_receipts_check_without_us_and_name_nobody(made: Made, client: Client, tmp_path: Path) -> None:
    statement = client.get(reverse("documents:check_statement", args=[made.pk])).content
    for name, sealed in (("statement", statement), ("file", content(made))):
        written = client.get(reverse(f"documents:check_{name}_receipt", args=[made.pk])).content
        assert json.loads(written)["author"] is None
        verdict = verify(Receipt.parse(written), Trust(ledger.trust().policy), measure(sealed))
        assert "erased" in verdict.words  # who made it is left out
        (tmp_path / "r.json").write_bytes(written)
        (tmp_path / "content").write_bytes(sealed)
        command = [sys.executable, ROOT / "verify/tanba_verify.py", "r.json", "--content", "content", "--lang", "en"]
        assert subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=60).returncode == 3  # nobody was named as trusted
        (tmp_path / "content").write_bytes(sealed + b" ")
        assert subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=60).returncode == 1


def test_a_file_on_its_way_into_the_ledger_compares_and_has_no_receipt_yet(system: System, bob: User, client: Client) -> None:
    row, _ = desk.write(system, "passport", "kk", "html", bob)
    made = row.made  # type: ignore[attr-defined]
    assert t("checkpage.verdict_same", "kk") in send(client, made, content(made))
    assert client.get(reverse("documents:check_file_receipt", args=[made.pk])).status_code == 404
    assert t("lastpage.no_address", "kk") in content(made).decode()
    assert "<svg" not in content(made).decode()


def test_a_withdrawn_document_says_so_to_everybody(made: Made, carol: User, sign_in: SignIn, client: Client) -> None:
    answer = sign_in(carol).post(reverse("documents:withdraw", args=[made.statement.organisation_id, made.pk]), follow=True)
    assert t("onedocument.withdrawn_now", "en") in answer.content.decode()
    sign_in(carol).post(reverse("documents:withdraw", args=[made.statement.organisation_id, made.pk]))
    assert Artifact.objects.filter(kind="document-withdrawal").count() == 1
    shown = send(client, made, content(made))
    assert t("checkpage.withdrawn", "kk") in shown
    assert t("checkpage.verdict_same", "kk") in shown


def test_an_erased_file_leaves_the_page_and_no_digest_of_it(made: Made, carol: User, client: Client) -> None:
    before = content(made)
    assert outbox.erase(made.file, carol, "asked for by a person")
    shown = send(client, made, before)
    assert t("checkpage.erased", "kk") in shown
    assert t("checkpage.verdict_erased", "kk") in shown
    assert sha256(before) not in shown
    assert sha256(before).encode() not in client.get(reverse("documents:check_file_receipt", args=[made.pk])).content


def test_where_the_ledger_takes_nothing_no_document_is_made(system: System, bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise StoreError("the store is away", "Try again.")

    monkeypatch.setattr(ledger.log(), "append_many", away)
    with pytest.raises(StoreError, match="the store is away"):
        desk.write(system, "passport", "kk", "html", bob)
    assert not Made.objects.exists()
    assert not Artifact.objects.filter(kind="document").exists()


@pytest.mark.parametrize(
    ("configured", "host", "base"),
    [
        ("https://ai.example.kz/", "localhost", "https://ai.example.kz"),
        ("", "register.example.kz", "http://register.example.kz"),
        ("", "register.example.kz:8000", "http://register.example.kz:8000"),
        ("", "localhost:8000", ""),
        ("", "127.0.0.1", ""),
        ("", "[::1]:8000", ""),
        ("", "[2001:db8::1]:8000", "http://[2001:db8::1]:8000"),
    ],
)
def test_a_code_leads_to_where_others_reach_the_register(monkeypatch: pytest.MonkeyPatch, configured: str, host: str, base: str) -> None:
    monkeypatch.setenv("TANBA_PUBLIC_ADDRESS", configured)
    with override_settings(ALLOWED_HOSTS=["*"]):
        assert recording.base_of(RequestFactory().get("/", HTTP_HOST=host)) == base


def test_the_page_of_a_document_leads_to_file_ledger_and_check(made: Made, dana: User, sign_in: SignIn) -> None:
    shown = sign_in(dana).get(reverse("documents:one", args=[made.statement.organisation_id, made.pk])).content.decode()
    assert reverse("documents:check", args=[made.pk]) in shown
    assert f"№ {made.file.position}" in shown
    assert t("onedocument.withdraw", "en") not in shown
    listed = sign_in(dana).get(reverse("documents:page", args=[made.statement.organisation_id, "scorer"])).content.decode()
    assert reverse("documents:one", args=[made.statement.organisation_id, made.pk]) in listed
