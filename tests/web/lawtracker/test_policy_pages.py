"""House policy: dated acts of named officers, counted apart from the law."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from believable import SCORER, assessed
from tanba.law.load import load
from tanba.law.policy import adoptable
from tanba.strings import LANGUAGES, catalogue
from tanba.web.accounts.models import Organisation, User
from tanba.web.lawtracker.models import Adoption
from tanba.web.lawtracker.policy import adopt_one
from tanba.web.obligations.models import Obligation
from tanba.web.systems.models import System

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
ARCHIVE = "practice/five-year-archive"


def adopt(browser: Client, company: Organisation, *paths: str) -> int:
    return browser.post(reverse("lawtracker:adopt", args=[company.pk]), {"path": paths}).status_code


def withdraw(browser: Client, company: Organisation, path: str) -> int:
    return browser.post(reverse("lawtracker:withdraw", args=[company.pk]), {"path": path}).status_code


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_recommendation_is_offered_with_its_default_and_its_effect(
    language: str, company: Organisation, carol: User, sign_in: SignIn
) -> None:
    assessed(company, SCORER, carol)
    answer = sign_in(carol, language).get(reverse("lawtracker:policy", args=[company.pk]))
    entries = {entry["p"].path: entry for entry in answer.context["entries"]}
    assert entries.keys() == adoptable(load("kz")).keys()
    assert entries[ARCHIVE]["applies"] == 1
    assert all(entry["default"] in ("recommended", "off") for entry in entries.values())
    page = answer.content.decode()
    for key in ("lawtracker.policy_lead", "lawtracker.default_on", "lawtracker.default_off", "words.layer.recommended"):
        assert catalogue()[key][language] in page


def test_adopting_moves_the_obligation_into_house_policy_at_once(company: Organisation, carol: User, sign_in: SignIn) -> None:
    system = assessed(company, SCORER, carol)
    law = system.open_statute
    assert adopt(sign_in(carol), company, ARCHIVE) == 302
    act = Adoption.objects.get()
    assert (act.path, act.by, act.on, act.withdrawn_on) == (ARCHIVE, carol, timezone.localdate(), None)
    assert Obligation.objects.get(system=system, path=ARCHIVE).layer == "house"
    system.refresh_from_db()
    assert (system.open_statute, system.open_house) == (law, 1)


def test_withdrawing_keeps_the_record(company: Organisation, carol: User, alice: User, sign_in: SignIn) -> None:
    system = assessed(company, SCORER, carol)
    adopt(sign_in(carol), company, ARCHIVE)
    assert withdraw(sign_in(alice), company, ARCHIVE) == 302
    act = Adoption.objects.get()
    assert (act.withdrawn_by, act.withdrawn_on) == (alice, timezone.localdate())
    assert Obligation.objects.get(system=system, path=ARCHIVE).layer == "recommended"
    system.refresh_from_db()
    assert system.open_house == 0
    page = sign_in(carol).get(reverse("lawtracker:policy", args=[company.pk])).content.decode()
    assert "Adopted by Carol" in page
    assert "withdrawn by Alice" in page
    adopt(sign_in(alice), company, ARCHIVE)
    assert Adoption.objects.filter(withdrawn_on=None).get().by == alice


def test_only_practice_can_be_adopted_and_only_once(company: Organisation, carol: User, sign_in: SignIn) -> None:
    browser = sign_in(carol)
    adopt(browser, company, "230-VIII/21/2", "practice/screen/realtime-biometrics", "nonsense")
    assert not Adoption.objects.exists()
    adopt(browser, company, ARCHIVE, ARCHIVE)
    assert not adopt_one(company, ARCHIVE, carol)
    assert Adoption.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Adoption.objects.create(organisation=company, path=ARCHIVE, by=carol, on=timezone.localdate())


def test_only_officers_adopt(company: Organisation, bob: User, dana: User, charlie: User, sign_in: SignIn) -> None:
    for person, status in ((bob, 403), (dana, 403), (charlie, 404)):
        assert adopt(sign_in(person), company, ARCHIVE) == status
        assert withdraw(sign_in(person), company, ARCHIVE) == status
    assert not Adoption.objects.exists()
    page = sign_in(bob).get(reverse("lawtracker:policy", args=[company.pk])).content.decode()
    assert catalogue()["lawtracker.policy_officers"]["en"] in page
    assert "/law/policy/adopt/" not in page


def test_one_organisations_policy_is_not_anothers(company: Organisation, carol: User, charlie: User, sign_in: SignIn) -> None:
    other = charlie.memberships.get().organisation
    mine, theirs = assessed(company, SCORER, carol), assessed(other, SCORER, charlie)
    adopt(sign_in(carol), company, ARCHIVE)
    layers = {row.system_id: row.layer for row in Obligation.objects.filter(path=ARCHIVE)}
    assert layers == {mine.pk: "house", theirs.pk: "recommended"}
    assert System.objects.get(pk=theirs.pk).open_house == 0


def test_all_that_is_proposed_can_be_adopted_together(company: Organisation, carol: User, sign_in: SignIn) -> None:
    assessed(company, SCORER, carol)
    browser = sign_in(carol)
    proposed = browser.get(reverse("lawtracker:policy", args=[company.pk])).context["proposed"]
    adopt(browser, company, *(entry["p"].path for entry in proposed))
    answer = browser.get(reverse("lawtracker:policy", args=[company.pk]))
    assert answer.context["proposed"] == []
    assert answer.context["adopted"] == len(proposed)
    assert all(entry["adoption"] is None for entry in answer.context["entries"] if entry["default"] == "off")
