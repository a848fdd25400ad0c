"""A document counts as evidence once somebody who may change the system put it forward, and no longer once it was taken back."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tanba.documents.catalogue import TEMPLATES
from tanba.law.load import load
from tanba.web.accounts.models import User
from tanba.web.documents import desk
from tanba.web.documents.models import Made
from tanba.web.evidence import outbox
from tanba.web.evidence.models import Artifact, Evidence
from tanba.web.evidence.status import settle
from tanba.web.systems.models import System
from web.evidence.doing import owe

SignIn = Callable[..., Client]
KNOWN = {each["kind"] for provision in load("kz").provisions for each in provision.evidence}


def address(name: str, made: Made) -> str:
    return reverse(f"documents:{name}", args=[made.statement.organisation_id, made.pk])


def made(system: System, name: str, by: User) -> Made:
    row, _ = desk.write(system, name, "kk", "html", by)
    return Made.objects.get(file=row)


def test_every_kind_of_evidence_that_a_document_is_stands_in_the_law_data() -> None:
    assert {kind for each in TEMPLATES.values() for kind in each.evidences} <= KNOWN


def test_put_forward_it_evidences_what_lists_its_kind_and_taken_back_nothing(system: System, alice: User, sign_in: SignIn) -> None:
    owed, other = owe(system, "230-VIII/17/1"), owe(system, "230-VIII/7/1")
    document = made(system, "classification", alice)
    outbox.drain()
    settle()
    owed.refresh_from_db()
    assert owed.status == "open"  # making it proved nothing
    browser = sign_in(alice)
    assert address("put_forward", document) in browser.get(address("one", document)).content.decode()
    assert browser.post(address("put_forward", document), follow=True).status_code == 200
    settle()
    owed.refresh_from_db()
    other.refresh_from_db()
    assert (owed.status, other.status) == ("evidenced", "open")
    browser.post(address("put_forward", document))
    assert Evidence.objects.count() == 1
    browser.post(address("withdraw", document))
    owed.refresh_from_db()
    assert owed.status == "open"
    assert Artifact.objects.filter(kind="evidence-withdrawal").count() == 1


@pytest.mark.parametrize("name", ["prohibited", "classification"])
def test_nobody_puts_forward_what_is_no_evidence_or_what_was_taken_back(name: str, system: System, alice: User, sign_in: SignIn) -> None:
    owe(system, "230-VIII/17/1")
    document, browser = made(system, name, alice), sign_in(alice)
    if name == "classification":
        browser.post(address("withdraw", document))
    assert browser.post(address("put_forward", document)).status_code == 403
    assert not Evidence.objects.exists()


def test_who_may_not_change_the_system_does_not_put_its_documents_forward(system: System, dana: User, sign_in: SignIn) -> None:
    owe(system, "230-VIII/17/1")
    document = made(system, "classification", dana)
    assert sign_in(dana).post(address("put_forward", document)).status_code == 403
    assert not Evidence.objects.exists()


def test_a_policy_of_the_organisation_is_evidence_for_each_of_its_systems(system: System, alice: User, sign_in: SignIn) -> None:
    owed = owe(system, "230-VIII/21/3")
    row, _ = desk.write(system.organisation, "labelling-policy", "kk", "html", alice)
    document = Made.objects.get(file=row)
    page = sign_in(alice).post(address("put_forward", document), follow=True).content.decode()
    assert Evidence.objects.get().obligation == owed
    assert "21(3)" in page
