"""Agreements: drafts show their gaps, managers publish with a day, everybody reads, acceptance names the version."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tanba.digest import sha256
from tanba.people.receipt import read, verify
from tanba.strings import LANGUAGES, t
from tanba.web.accounts.models import User
from tanba.web.agreements.drafting import publish, text_of
from tanba.web.agreements.models import Agreement, Wording, in_force
from tanba.web.evidence.models import Artifact
from tanba.web.faces.models import Face
from tanba.web.faces.suspensions import suspensions
from tanba.web.language import COOKIE
from tanba.web.notices import desk
from tanba.web.systems.models import System
from tests_web import BIN

HOSTILE = '<img src=x onerror="alert(1)">'
SCHEMAS = Path(__file__).parent.parent.parent.parent / "spec" / "schema"
SignIn = Callable[..., Client]


def validate(name: str, value: object) -> None:
    jsonschema.Draft202012Validator(json.loads((SCHEMAS / f"{name}.json").read_text())).validate(value)


@pytest.fixture
def public(system: System, bob: User) -> System:
    for name, value in {"uses_model": True, "owns_system": True, "has_users": True, "decides_about_people": True}.items():
        system.answer(name, value, "x", bob)
    Face.objects.create(system=system, published=True, contact={"kk": "1414 нөмірі", "ru": "1414", "en": f"1414 {HOSTILE}"})
    return system


def at(name: str, system: System, *more: Any) -> str:
    return reverse(f"agreements:{name}", args=[system.organisation_id, system.slug, *more])


def test_a_manager_publishes_from_a_day_and_it_is_sealed_and_never_changed(public: System, carol: User, sign_in: SignIn) -> None:
    today = timezone.localdate()
    assert sign_in(carol).post(at("publish", public), {"effective": today.isoformat()}).status_code == 302
    made = Agreement.objects.get()
    assert (made.number, made.effective, made.by) == (1, today, carol)
    validate("agreement", made.content)
    row = Artifact.objects.get(kind="user-agreement")
    assert json.loads(row.made_here or b"") == made.content
    public.answer("decides_about_people", False, "x", carol)
    made.refresh_from_db()
    assert "used in decisions about people" in text_of(made, "en")
    page = sign_in(carol).get(at("show", public)).content.decode()
    assert "<del>" in page
    assert "<ins>" in page


def test_yesterday_is_no_day_to_begin(public: System, carol: User, sign_in: SignIn) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    for given in (yesterday.isoformat(), "soon", ""):
        answer = sign_in(carol).post(at("publish", public), {"effective": given})
        assert answer.status_code == 422
    assert not Agreement.objects.exists()


@pytest.mark.parametrize("who", ["bob", "dana"])
def test_who_does_not_manage_publishes_nothing(public: System, who: str, sign_in: SignIn, request: pytest.FixtureRequest) -> None:
    answer = sign_in(request.getfixturevalue(who)).post(at("publish", public), {"effective": timezone.localdate().isoformat()})
    assert answer.status_code == 403
    assert not Agreement.objects.exists()


def test_the_version_of_a_day_is_the_last_published_of_those_that_have_begun(public: System, carol: User) -> None:
    days = [date(2026, 12, 1), date(2026, 12, 10), date(2026, 12, 5)]
    for day in days:
        publish(public, day, carol)
    found = {day: in_force(public, date(2026, 12, day)) for day in (1, 2, 4, 5, 11)}
    assert in_force(public, date(2026, 11, 30)) is None
    assert {day: made and made.number for day, made in found.items()} == {1: 1, 2: 1, 4: 1, 5: 3, 11: 3}


def test_the_owner_writes_a_section_in_one_language_and_the_gap_stays_in_the_others(public: System, bob: User, sign_in: SignIn) -> None:
    own = {"own_0": "x", "own_kk": "Жауап қате болуы мүмкін.", "own_ru": "", "own_en": ""}
    answer = sign_in(bob).post(at("section", public, "limits"), own)
    assert answer.status_code == 302
    assert Wording.objects.get().own == {"limits": {"kk": "Жауап қате болуы мүмкін."}}
    assert "Жауап қате болуы мүмкін." in sign_in(bob, "kk").get(at("show", public)).content.decode()
    assert t("agreement.gap_limits", "ru") in sign_in(bob, "ru").get(at("show", public)).content.decode()
    assert Artifact.objects.filter(kind="agreement-wording", by=bob).count() == 1
    sign_in(bob).post(at("section", public, "limits"), {"own_kk": " "})
    assert Wording.objects.get().own == {}


def test_an_owner_of_another_system_writes_nothing_and_an_unknown_section_is_not_found(
    public: System, bob: User, alice: User, sign_in: SignIn
) -> None:
    other = System.objects.create(organisation=public.organisation, slug="other", name={"en": "Other"}, owner=alice)
    assert sign_in(bob).post(at("section", other, "limits"), {"own_kk": "x"}).status_code == 403
    assert sign_in(alice).get(at("section", public, "none")).status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_everybody_reads_the_version_in_force_and_former_ones(public: System, carol: User, client: Client, language: str) -> None:
    today = timezone.localdate()
    publish(public, today, carol)
    Wording.objects.create(system=public, own={"limits": dict.fromkeys(LANGUAGES, "Өз сөзіміз")})
    publish(public, today, carol)
    publish(public, today + timedelta(days=5), carol)
    client.cookies[COOKIE] = language
    address = reverse("agreements:public", args=[public.pk])
    now = client.get(address).content.decode()
    assert "Өз сөзіміз" in now
    assert t("agreements.stands", language, number=2) in now
    former = client.get(reverse("agreements:public_version", args=[public.pk, 1])).content.decode()
    assert t("agreements.former", language) in former
    assert t("agreement.gap_limits", language) in former
    later = client.get(reverse("agreements:public_version", args=[public.pk, 3])).content.decode()
    assert t("agreements.not_yet", language) in later
    assert client.get(reverse("agreements:public_version", args=[public.pk, 4])).status_code == 404
    assert address in client.get(reverse("faces:page", args=[public.pk])).content.decode()


def test_nobody_reads_what_is_not_public_or_not_published(public: System, carol: User, client: Client) -> None:
    address = reverse("agreements:public", args=[public.pk])
    assert client.get(address).status_code == 404
    publish(public, timezone.localdate(), carol)
    assert client.get(address).status_code == 200
    Face.objects.update(published=False)
    assert client.get(address).status_code == 404


def send(client: Client, name: str, system: System, given: Any) -> Any:
    return client.post(reverse(f"agreements:{name}", args=[system.pk]), json.dumps(given), content_type="application/json")


def test_acceptance_is_of_the_version_in_force_and_its_receipt_names_the_very_text(
    public: System, carol: User, client: Client, sign_in: SignIn
) -> None:
    made = publish(public, timezone.localdate(), carol)
    told = client.get(reverse("agreements:api", args=[public.pk])).json()
    validate("agreement-public", told)
    given = {"user": "user-1", "language": "kk", "version": told["version"]}
    for act in ("shown", "accepted"):
        answer = send(client, f"api_{act}", public, given)
        assert answer.status_code == 201
        validate("notice-given", answer.json())
        claims = read(answer.json()["receipt"], told["keys"])
        verify(claims, datetime.now(UTC), system=str(public.pk), user="user-1", version=made.version)
        assert (claims.subject, claims.act, claims.text) == ("agreement", act, sha256(told["texts"]["kk"].encode()))
    assert [(row.act, row.count) for row in desk.shown().counts(str(public.pk))] == [("accepted", 1), ("shown", 1)]
    assert t("notice.act_accepted", "en") in sign_in(carol).get(at("show", public)).content.decode()
    Wording.objects.create(system=public, own={"limits": {"kk": "Жаңа"}})
    publish(public, timezone.localdate(), carol)
    refused = send(client, "api_accepted", public, given)
    assert (refused.status_code, refused.json()["why"]) == (409, "former")
    assert send(client, "api_accepted", public, {**given, "version": None}).status_code == 409


def test_without_a_version_in_force_or_while_stopped_nothing_is_accepted(public: System, carol: User, client: Client) -> None:
    given = {"user": "user-1", "language": "kk", "version": "x"}
    assert send(client, "api_accepted", public, given).status_code == 404
    made = publish(public, timezone.localdate(), carol)
    suspensions().stop(BIN, public.slug, datetime.now(UTC), "harm", "Carol")
    assert send(client, "api_accepted", public, {**given, "version": made.version}).status_code == 503


def test_hostile_text_is_shown_and_does_nothing(public: System, carol: User, client: Client, sign_in: SignIn) -> None:
    bad = dict.fromkeys(LANGUAGES, HOSTILE)
    System.objects.filter(pk=public.pk).update(name=bad, purpose=bad)
    for own in (bad, dict.fromkeys(LANGUAGES, f"{HOSTILE} 2")):
        Wording.objects.update_or_create(system=public, defaults={"own": {"limits": own}})
        publish(System.objects.get(pk=public.pk), timezone.localdate(), carol)
    browser = sign_in(carol)
    for page in (
        at("show", public),
        at("section", public, "limits"),
        at("version", public, 2),
        reverse("agreements:all", args=[public.organisation_id]),
    ):
        shown = browser.get(page).content.decode()
        assert HOSTILE not in shown
        assert "&lt;img" in shown
    assert HOSTILE not in client.get(reverse("agreements:public", args=[public.pk])).content.decode()
    assert HOSTILE not in client.get(reverse("faces:page", args=[public.pk])).content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_speak_three_languages(public: System, carol: User, sign_in: SignIn, language: str) -> None:
    publish(public, timezone.localdate(), carol)
    browser = sign_in(carol, language)
    assert escape(t("agreements.lead", language)) in browser.get(reverse("agreements:all", args=[public.organisation_id])).content.decode()
    assert t("agreement.section_rights", language) in browser.get(at("show", public)).content.decode()
    assert t("agreements.first", language) in browser.get(at("version", public, 1)).content.decode()
    assert t("agreements.from_facts", language) in browser.get(at("section", public, "limits")).content.decode()
