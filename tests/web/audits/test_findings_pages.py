"""Verdicts and findings through the pages: who sends what, what is sealed, what nobody can change."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tanba.web.accounts.models import Organisation, User
from tanba.web.assessments.run import reassess
from tanba.web.audits import desk
from tanba.web.audits.models import Check, Engagement, Finding, Step
from tanba.web.evidence.acts import described, details_of
from tanba.web.evidence.models import Artifact
from tanba.web.systems.models import System
from web.audits.scoped import engage, seated

SignIn = Callable[..., Client]


@pytest.fixture
def engagement(company: Organisation, system: System, carol: User, bob: User) -> Engagement:
    system.answer("manipulates", False, "card", bob)
    system.parts.create(kind="data_library", details={"name": "Loans", "producer": "Bank"})
    reassess(system, bob)
    return engage(company, [system], carol, further=[{"id": "1", "text": "Access rights"}])


@pytest.fixture
def erlan(engagement: Engagement, carol: User) -> User:
    return seated(engagement, carol)


def at(name: str, engagement: Engagement, *more: Any) -> str:
    return reverse(f"audits:{name}", args=[engagement.organisation_id, engagement.pk, *more])


def find(browser: Client, engagement: Engagement, **more: Any) -> Any:
    sent = {"seen": "No metadata", "severity": "major", "provision": "230-VIII/20/2/1", "places": "B-1", "due": "2026-12-10", **more}
    return browser.post(at("new_finding", engagement, "scorer"), sent)


def say(browser: Client, engagement: Engagement, act: str, **more: Any) -> Any:
    return browser.post(at("finding", engagement, 1), {"act": act, "text": "Because", **more})


def test_a_verdict_is_given_beside_the_facts_and_the_newest_counts(
    engagement: Engagement, system: System, erlan: User, sign_in: SignIn
) -> None:
    browser = sign_in(erlan)
    proof = system.artifacts.filter(kind="assessment").get()
    for verdict in ("not_checked", "agrees"):
        sent = {"item": "230-VIII/17/3/1#methods", "verdict": verdict, "method": "Looked at the screens", "evidence": [str(proof.pk)]}
        assert browser.post(at("checks", engagement, "scorer"), sent).status_code == 302
    assert Check.objects.count() == 2
    assert desk.newest(engagement, system)["230-VIII/17/3/1#methods"].content["verdict"] == "agrees"
    page = browser.get(at("checks", engagement, "scorer")).content.decode()
    assert "Looked at the screens" in page
    assert "assessment.json" in page
    sealed = Artifact.objects.filter(kind="audit-check", system=system).first()
    assert sealed
    assert details_of(sealed)["evidence"] == [str(proof.pk)]


@pytest.mark.parametrize("key", ["data/1/Loans", "further/1", "230-VIII/17/3/7"])
def test_every_item_takes_a_verdict_and_an_unknown_one_none(engagement: Engagement, erlan: User, sign_in: SignIn, key: str) -> None:
    browser = sign_in(erlan)
    assert browser.post(at("checks", engagement, "scorer"), {"item": key, "verdict": "agrees"}).status_code == 302
    assert browser.post(at("checks", engagement, "scorer"), {"item": f"{key}?", "verdict": "agrees"}).status_code == 422
    assert Check.objects.count() == 1


@pytest.mark.parametrize("name", ["alice", "carol", "bob", "dana"])
def test_nobody_without_a_seat_gives_verdicts_or_makes_findings(
    engagement: Engagement, sign_in: SignIn, request: pytest.FixtureRequest, name: str
) -> None:
    browser = sign_in(request.getfixturevalue(name))
    assert browser.post(at("checks", engagement, "scorer"), {"item": "further/1", "verdict": "agrees"}).status_code == 403
    assert find(browser, engagement).status_code == 403
    assert not Finding.objects.exists()


def test_a_finding_goes_from_the_auditor_to_the_company_and_back_and_every_step_is_sealed(
    engagement: Engagement, system: System, erlan: User, bob: User, sign_in: SignIn
) -> None:
    auditor, owner = sign_in(erlan), sign_in(bob)
    assert find(auditor, engagement).status_code == 302
    assert say(owner, engagement, "close").status_code == 403
    assert say(auditor, engagement, "answer").status_code == 403
    file = SimpleUploadedFile("passport.pdf", b"passport")
    assert say(owner, engagement, "answer", text="Done", file=file).status_code == 302
    assert say(auditor, engagement, "return").status_code == 302
    assert say(owner, engagement, "answer", text="Now").status_code == 302
    assert say(auditor, engagement, "accept").status_code == 302
    assert say(auditor, engagement, "close").status_code == 302
    assert say(owner, engagement, "answer").status_code == 403
    row = Finding.objects.get()
    assert [step.act for step in row.steps.all()] == ["made", "answer", "return", "answer", "accept", "close"]
    assert desk.value(row).state == "closed"
    kinds = [
        each.kind
        for each in Artifact.objects.filter(system=system, kind__startswith="audit-").exclude(kind="audit-engagement").order_by("id")
    ]
    assert kinds == ["audit-finding", "audit-answer", "audit-finding", "audit-answer", "audit-finding", "audit-finding"]
    answer = row.steps.all()[1]
    assert Artifact.objects.get(pk=answer.content["evidence"][0]).name == "passport.pdf"
    page = auditor.get(at("finding", engagement, 1)).content.decode()
    assert "passport.pdf" in page
    for step in Step.objects.all():
        assert described(step.artifact, details_of(step.artifact))


def test_a_change_is_a_new_version_and_the_first_one_stays(engagement: Engagement, erlan: User, sign_in: SignIn) -> None:
    browser = sign_in(erlan)
    find(browser, engagement)
    changed = {"act": "change", "seen": "Half of it", "severity": "minor", "places": "B-1\nB-2"}
    assert browser.post(at("finding", engagement, 1), changed).status_code == 302
    value = desk.value(Finding.objects.get())
    assert (value.version, value.state, value.says.seen, value.content.seen) == (2, "open", "Half of it", "No metadata")
    page = browser.get(at("finding", engagement, 1)).content.decode()
    assert "No metadata" in page
    assert "Half of it" in page


@pytest.mark.parametrize(
    "change",
    [{"seen": ""}, {"severity": "huge"}, {"provision": "230-VIII/99"}, {"due": "soon"}, {"evidence": ["nothing"]}, {"seen": "x" * 2001}],
)
def test_a_wrong_finding_comes_back_with_what_was_typed(
    engagement: Engagement, erlan: User, sign_in: SignIn, change: dict[str, Any]
) -> None:
    answer = find(sign_in(erlan), engagement, recommendation="Write them down", **change)
    assert answer.status_code == 422
    assert "Write them down" in answer.content.decode()
    assert not Finding.objects.exists()


def test_an_answer_without_words_is_refused_and_nothing_is_lost(engagement: Engagement, erlan: User, bob: User, sign_in: SignIn) -> None:
    find(sign_in(erlan), engagement)
    answer = say(sign_in(bob), engagement, "answer", text="")
    assert answer.status_code == 422
    assert desk.value(Finding.objects.get()).state == "open"


def test_after_the_audit_is_closed_nobody_adds_to_it(engagement: Engagement, erlan: User, carol: User, bob: User, sign_in: SignIn) -> None:
    find(sign_in(erlan), engagement)
    desk.close(engagement, carol)
    assert not desk.close(engagement, carol)
    assert say(sign_in(bob), engagement, "answer").status_code == 403
    assert sign_in(carol).get(at("finding", engagement, 1)).status_code == 200


def test_numbers_and_words_of_strangers_lead_nowhere(engagement: Engagement, erlan: User, charlie: User, sign_in: SignIn) -> None:
    assert sign_in(erlan).get(at("finding", engagement, 9)).status_code == 404
    assert sign_in(charlie).get(at("show", engagement)).status_code == 404


def test_hostile_words_stay_words(engagement: Engagement, erlan: User, sign_in: SignIn) -> None:
    browser = sign_in(erlan)
    find(browser, engagement, seen='<img src=x onerror="alert(1)">')
    assert "<img src=x" not in browser.get(at("finding", engagement, 1)).content.decode()
    assert "<img src=x" not in browser.get(at("show", engagement)).content.decode()


def test_the_pack_of_the_register_holds_verdicts_findings_and_artifacts_by_name(
    engagement: Engagement, system: System, erlan: User, sign_in: SignIn
) -> None:
    from tanba.documents.catalogue import make
    from tanba.documents.model import statements
    from tanba.web.documents.desk import known

    browser = sign_in(erlan)
    proof = system.artifacts.filter(kind="assessment").get()
    find(browser, engagement, evidence=[str(proof.pk)])
    said = [each.text["en"] for _, each in statements(make("audit-pack", known(system)))]
    assert "No metadata" in said
    assert any("assessment.json, №" in each for each in said)
    assert any("Burkit Audit LLP" in each for each in said)
