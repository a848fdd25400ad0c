"""Overrides: a reason, a second person, and never a silent replacement."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from believable import SCORER, assessed
from tanba.strings import catalogue
from tanba.web.accounts.models import Organisation, User
from tanba.web.assessments.models import Override
from tanba.web.systems.models import System

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
REASON = "The vendor's recall in March shows that harm to many users is likely."


def propose(browser: Client, system: System, level: str = "risk:high", reason: str = REASON) -> None:
    browser.post(reverse("assessments:propose", args=[system.organisation_id, system.slug]), {"level": level, "reason": reason})


def decide(browser: Client, override: Override, decision: str = "approve") -> int:
    system = override.system
    address = reverse("assessments:decide", args=[system.organisation_id, system.slug, override.pk])
    return browser.post(address, {"decision": decision}).status_code


def shown(browser: Client, system: System) -> str:
    return browser.get(reverse("assessments:show", args=[system.organisation_id, system.slug])).content.decode()


def test_another_person_approves_and_the_engines_answer_stays(company: Organisation, carol: User, alice: User, sign_in: SignIn) -> None:
    system = assessed(company, SCORER, carol)
    propose(sign_in(carol), system)
    override = Override.objects.get()
    assert (override.state, override.author, override.approver) == ("waiting", carol, None)
    assert decide(sign_in(alice), override) == 302
    override.refresh_from_db()
    assert (override.state, override.approver) == ("approved", alice)
    assert override.decided_at is not None
    system.refresh_from_db()
    assert system.risk_levels == "medium"
    page = shown(sign_in(carol), system)
    assert catalogue()["assessments.override_beside"]["en"] in page
    assert 'class="decided level-medium"' in page
    assert REASON.replace("'", "&#x27;") in page


def test_the_author_cannot_decide(company: Organisation, carol: User, sign_in: SignIn) -> None:
    system = assessed(company, SCORER, carol)
    browser = sign_in(carol)
    propose(browser, system)
    decide(browser, Override.objects.get())
    assert Override.objects.get().state == "waiting"
    with pytest.raises(IntegrityError), transaction.atomic():
        Override.objects.update(approver=carol, state="approved", decided_at=timezone.now())


def test_system_owners_propose_for_their_own_and_decide_nothing(
    company: Organisation, bob: User, carol: User, dana: User, sign_in: SignIn
) -> None:
    own, other = assessed(company, SCORER, bob, "own"), assessed(company, SCORER, carol, "other")
    propose(sign_in(bob), own)
    propose(sign_in(bob), other)
    propose(sign_in(dana), own, "autonomy:high")
    assert list(Override.objects.values_list("system__slug", flat=True)) == ["own"]
    assert decide(sign_in(bob), Override.objects.get()) == 403
    assert decide(sign_in(dana), Override.objects.get()) == 403


@pytest.mark.parametrize(
    ("level", "reason"),
    [("risk:high", "because"), ("risk:huge", REASON), ("documentation:high", REASON), ("", REASON), ("risk:high", "  " * 30)],
)
def test_without_a_level_or_a_reason_nothing_is_proposed_and_what_was_typed_stays(
    level: str, reason: str, company: Organisation, carol: User, sign_in: SignIn
) -> None:
    system, browser = assessed(company, SCORER, carol), sign_in(carol)
    propose(browser, system, level, reason)
    assert not Override.objects.exists()
    page = shown(browser, system)
    assert catalogue()["assessments.override_incomplete"]["en"].format(count=20) in page
    assert f"{reason.strip()[:20]}".replace("'", "&#x27;") in page


def test_one_proposal_for_an_axis_waits_at_a_time(company: Organisation, carol: User, alice: User, sign_in: SignIn) -> None:
    system = assessed(company, SCORER, carol)
    propose(sign_in(carol), system)
    propose(sign_in(alice), system, "risk:minimal")
    assert Override.objects.count() == 1
    decide(sign_in(alice), Override.objects.get(), "reject")
    assert Override.objects.get().state == "rejected"
    propose(sign_in(alice), system, "risk:minimal")
    assert Override.objects.count() == 2


def test_a_decision_is_final(company: Organisation, carol: User, alice: User, sign_in: SignIn) -> None:
    system = assessed(company, SCORER, carol)
    propose(sign_in(carol), system)
    override = Override.objects.get()
    decide(sign_in(alice), override)
    decide(sign_in(alice), override, "reject")
    override.refresh_from_db()
    assert override.state == "approved"
