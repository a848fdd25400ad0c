"""A company's own forms in the register: uploaded in versions, refused with reasons, withdrawn, filled; edited documents read back."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from company_form import form
from hostile_docx import HOSTILE_FILES, plain_docx
from tanba.documents.catalogue import make
from tanba.documents.render import render
from tanba.strings import LANGUAGES, t
from tanba.web.accounts.models import User
from tanba.web.companyforms.models import CompanyForm, current
from tanba.web.companyforms.values import put, value_of
from tanba.web.documents.desk import known
from tanba.web.evidence import outbox
from tanba.web.evidence.models import Artifact
from tanba.web.systems.models import Part, System
from word_edits import edited

SignIn = Callable[..., Client]


def address(system: System, name: str) -> str:
    places = [system.organisation_id] if name == "all" else [system.organisation_id, system.slug]
    return reverse(f"companyforms:{name}", args=places)


def uploaded(browser: Client, system: System, content: bytes, name: str = "Passport") -> Any:
    return browser.post(address(system, "all"), {"name": name, "file": SimpleUploadedFile("f.docx", content)}, follow=True)


def text_of(row: Artifact) -> str:
    return "".join(docx.Document(BytesIO(outbox.content_of(row) or b"")).element.body.itertext())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_is_uploaded_in_versions_sealed_and_listed(system: System, carol: User, sign_in: SignIn, language: str) -> None:
    browser = sign_in(carol, language)
    for version in (1, 2):
        answer = uploaded(browser, system, form())
        assert answer.status_code == 200
        assert t("companyformpages.kept", language, name="Passport", version=version) in answer.content.decode()
    outbox.drain()
    shown = browser.get(address(system, "all")).content.decode()
    for word in ("live", "older"):
        assert t(f"companyformpages.{word}", language) in shown
    assert "passport.known_errors" in shown
    assert [row.kind for row in Artifact.objects.filter(name="f.docx")] == ["document-template"] * 2
    assert all(row.is_sealed for row in Artifact.objects.filter(name="f.docx"))


def test_unknown_fields_are_listed_and_nothing_is_kept(system: System, alice: User, sign_in: SignIn) -> None:
    answer = uploaded(sign_in(alice), system, plain_docx("{{ passport.purpse }} <b> {{ 7*7 }}"))
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "passport.purpse" in shown
    assert "perhaps: passport.purpose" in shown
    assert not CompanyForm.objects.exists()
    assert not Artifact.objects.exists()


@pytest.mark.parametrize("name", ["zip bomb", "billion laughs", "macro", "DDE", "remote picture", "huge picture", "empty"])
def test_a_hostile_file_is_refused_on_both_pages_and_nothing_is_kept(name: str, system: System, alice: User, sign_in: SignIn) -> None:
    make_, said = HOSTILE_FILES[name]
    browser = sign_in(alice)
    answer = uploaded(browser, system, make_())
    assert answer.status_code == 422
    answer = browser.post(address(system, "edited"), {"edited": SimpleUploadedFile("e.docx", make_())}, follow=True)
    assert name == "empty" or said.replace("'", "&#x27;") in answer.content.decode()
    assert not Artifact.objects.exists()


def test_owners_and_auditors_read_the_page_and_upload_nothing(system: System, bob: User, dana: User, sign_in: SignIn) -> None:
    for user in (bob, dana):
        browser = sign_in(user)
        assert browser.get(address(system, "all")).status_code == 200
        assert uploaded(browser, system, form()).status_code == 403


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_auditor_fills_a_form_and_the_file_is_sealed(system: System, carol: User, dana: User, sign_in: SignIn, language: str) -> None:
    uploaded(sign_in(carol), system, form())
    browser = sign_in(dana)
    page = browser.get(reverse("documents:page", args=[system.organisation_id, system.slug])).content.decode()
    assert "Passport 1" in page
    [row] = CompanyForm.objects.all()
    answer = browser.post(address(system, "fill"), {"fill-company_form": row.pk, "fill-language": language}, follow=True)
    made = Artifact.objects.get(kind="document")
    assert made.name == f"scorer-Passport.{language}.docx"
    assert made.name in answer.content.decode()
    assert t("documents.gap", "kk") in text_of(made)
    assert "{" not in text_of(made)


def test_a_withdrawn_form_is_not_offered_and_the_one_before_it_is(system: System, carol: User, sign_in: SignIn) -> None:
    browser = sign_in(carol)
    for _ in range(2):
        uploaded(browser, system, form())
    newest = CompanyForm.objects.get(version=2)
    browser.post(reverse("companyforms:withdraw", args=[system.organisation_id, newest.pk]))
    assert [row.version for row in current(CompanyForm.objects.all())] == [1]
    assert Artifact.objects.filter(kind="document-template-withdrawal").count() == 1
    browser.post(address(system, "fill"), {"fill-company_form": newest.pk, "fill-language": "kk"})
    assert not Artifact.objects.filter(kind="document").exists()


def test_a_form_whose_content_was_erased_is_not_offered(system: System, carol: User, sign_in: SignIn) -> None:
    browser = sign_in(carol)
    uploaded(browser, system, form())
    outbox.drain()
    row = CompanyForm.objects.get()
    row.artifact.refresh_from_db()
    assert outbox.erase(row.artifact, carol, "asked")
    browser.post(address(system, "fill"), {"fill-company_form": row.pk, "fill-language": "kk"})
    assert not Artifact.objects.filter(kind="document").exists()
    assert browser.get(address(system, "all")).status_code == 200


def described(system: System) -> System:
    system.purpose, system.vendor, system.channels = {"kk": "Бағалайды", "ru": "Оценивает"}, "Kerege", ["app"]
    system.save()
    Part.objects.create(system=system, kind="model", details={"name": "gbm 4", "licence": "MIT"})
    return system


TEXTS = {
    "passport/name@kk": "Скорер",
    "passport/purpose@kk": "Жаңа мақсат",
    "passport/department@kk": "Тәуекел",
    "passport/vendor@kk": "Alatau",
    "passport/channels@kk": "app, сайт",
    "passport/models.0.licence@kk": "Apache",
    "passport/accuracy@kk": "0,91",
    "passport/risk@kk": "ең төмен",
}


def sent_back(browser: Client, system: System, texts: dict[str, str]) -> Any:
    content = edited(render(make("passport", known(system)), "kk", "docx"), texts)
    return browser.post(address(system, "edited"), {"edited": SimpleUploadedFile("e.docx", content)})


def test_edits_are_shown_with_boxes_and_what_is_ticked_goes_into_the_register_sealed(system: System, bob: User, sign_in: SignIn) -> None:
    described(system)
    browser = sign_in(bob)
    answer = sent_back(browser, system, TEXTS)
    shown = answer.content.decode()
    assert shown.count('name="take"') == len(TEXTS) - 1
    assert t("edited.reason_computed", "en") in shown
    signed, boxes = answer.context["signed"], [str(number) for number, each in answer.context["edits"] if not each.reason]
    left = next(str(number) for number, each in answer.context["edits"] if each.field == "vendor")
    browser.post(address(system, "apply"), {"signed": signed, "take": [each for each in boxes if each != left]})
    system.refresh_from_db()
    assert (system.name["kk"], system.purpose, system.channels) == ("Скорер", {"kk": "Жаңа мақсат", "ru": "Оценивает"}, ["app", "сайт"])
    assert (system.department, system.vendor, system.limits["accuracy"]["kk"]) == ("Тәуекел", "Kerege", "0,91")
    assert system.parts.get().details == {"name": "gbm 4", "licence": "Apache"}
    act = Artifact.objects.get(kind="document-edits")
    assert (act.by, act.system) == (bob, system)
    assert b'"models.0.licence"' in (act.made_here or b"")
    assert "Жаңа".encode() not in (act.made_here or b"")


def test_what_changed_meanwhile_is_not_written_over(system: System, bob: User, sign_in: SignIn) -> None:
    described(system)
    browser = sign_in(bob)
    answer = sent_back(browser, system, {"passport/purpose@kk": "Жаңа", "passport/vendor@kk": "Alatau"})
    System.objects.filter(pk=system.pk).update(purpose={"kk": "Басқа"})
    after = browser.post(address(system, "apply"), {"signed": answer.context["signed"], "take": ["0", "1"]}, follow=True)
    system.refresh_from_db()
    assert (system.purpose, system.vendor) == ({"kk": "Басқа"}, "Alatau")
    assert t("companyformpages.changed_meanwhile", "en", count=1) in after.content.decode()


@pytest.mark.parametrize("signed", ["", "x", "e30:1abc:def"])
def test_differences_that_the_register_did_not_sign_are_not_taken(signed: str, system: System, bob: User, sign_in: SignIn) -> None:
    after = sign_in(bob).post(address(system, "apply"), {"signed": signed, "take": ["0"]}, follow=True)
    assert t("companyformpages.too_late", "en") in after.content.decode()
    assert not Artifact.objects.exists()


def test_who_may_not_edit_the_system_reads_no_document_back(system: System, dana: User, sign_in: SignIn) -> None:
    described(system)
    assert sent_back(sign_in(dana), system, TEXTS).status_code == 403
    page = sign_in(dana).get(reverse("documents:page", args=[system.organisation_id, system.slug])).content.decode()
    assert t("companyformpages.edited_lead", "en") not in page


def test_nothing_ticked_changes_nothing_and_nothing_edited_says_so(system: System, bob: User, sign_in: SignIn) -> None:
    described(system)
    browser = sign_in(bob)
    assert t("edited.nothing", "en") in sent_back(browser, system, {}).content.decode()
    answer = sent_back(browser, system, TEXTS)
    after = browser.post(address(system, "apply"), {"signed": answer.context["signed"]}, follow=True)
    assert t("companyformpages.nothing_ticked", "en") in after.content.decode()
    assert not Artifact.objects.exists()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("name", "ru"), "x"),
        (("purpose", "en"), "x"),
        (("department", "kk"), "x"),
        (("vendor",), "x"),
        (("regions",), ["x", "y"]),
        (("limits", "known_errors", "ru"), "x"),
        (("principles", "fairness", "kk"), "x"),
        (("models", 0, "source"), "x"),
    ],
)
def test_a_value_that_is_set_is_the_one_that_stands_there(path: tuple[Any, ...], value: Any, system: System, bob: User) -> None:
    described(system)
    put(system, path, value, bob)
    system.save()
    assert value_of(System.objects.get(pk=system.pk), path) == value
    with pytest.raises(KeyError):
        put(system, ("models", 5, "name"), "x", bob)
    assert value_of(system, ("models", 5, "name")) is None
