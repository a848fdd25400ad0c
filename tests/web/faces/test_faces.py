"""The public page of a system: shown when a manager says so, with somewhere to turn, and to nobody else before."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tanba.strings import LANGUAGES, t
from tanba.web.accounts.models import User
from tanba.web.evidence.models import Artifact
from tanba.web.faces import public
from tanba.web.faces.models import Face
from tanba.web.faces.suspensions import suspensions
from tanba.web.language import COOKIE
from tanba.web.systems.models import System
from tanba.workspace import current
from tests_web import BIN

HOSTILE = '<img src=x onerror="alert(1)">'
CONTACT = {"contact_kk": "1414 нөміріне қоңырау шалыңыз", "contact_ru": "Звоните 1414", "contact_en": f"Call 1414 {HOSTILE}"}


def users_page(system: System) -> str:
    return reverse("faces:users", args=[system.organisation_id, system.slug])


def show(system: System) -> Face:
    return Face.objects.create(system=system, published=True, contact={"kk": "1414"})


def test_a_manager_publishes_and_anybody_reads_in_three_languages(system: System, carol: User, sign_in: Callable[..., Client]) -> None:
    browser = sign_in(carol)
    assert browser.post(users_page(system), {**CONTACT, "published": "on"}).status_code == 302
    for language in LANGUAGES:
        anybody = Client()
        anybody.cookies[COOKIE] = language
        page = anybody.get(reverse("faces:page", args=[system.pk])).content.decode()
        assert t("faces.turn_to", language) in page
        assert f'lang="{language}"' in page
        assert HOSTILE not in page
        assert BIN in page
    assert Artifact.objects.filter(kind="public-page", system=system, by=carol).count() == 1


def test_without_somewhere_to_turn_it_stays_closed(system: System, carol: User, sign_in: Callable[..., Client]) -> None:
    page = sign_in(carol).post(users_page(system), {"published": "on"})
    assert page.status_code == 200
    assert t("faces.contact_missing", "en") in page.content.decode()
    assert not Face.objects.filter(published=True).exists()


def test_the_owner_of_a_system_writes_the_contact_and_does_not_publish(system: System, bob: User, sign_in: Callable[..., Client]) -> None:
    sign_in(bob).post(users_page(system), {**CONTACT, "published": "on"})
    face = Face.objects.get(system=system)
    assert face.contact["ru"] == "Звоните 1414"
    assert not face.published


def test_what_is_not_published_and_what_is_not_there_look_alike(system: System, client: Client) -> None:
    Face.objects.create(system=system, contact={"kk": "1414"})
    hidden, absent = (client.get(reverse("faces:page", args=[pk])) for pk in (system.pk, uuid4()))
    assert (hidden.status_code, absent.status_code) == (404, 404)
    told = [re.sub(r'value="[^"]*"|"X-CSRFToken": "[^"]*"', "", answer.content.decode()) for answer in (hidden, absent)]
    assert told[0] == told[1]


def test_a_rejected_system_is_not_shown(system: System, client: Client) -> None:
    show(system)
    System.objects.filter(pk=system.pk).update(state="rejected")
    assert client.get(reverse("faces:page", args=[system.pk])).status_code == 404


def test_a_stopped_system_says_so_at_once(system: System, client: Client) -> None:
    show(system)
    assert t("faces.stopped", "kk") not in client.get(reverse("faces:page", args=[system.pk])).content.decode()
    suspensions().stop(BIN, system.slug, datetime(2026, 11, 29, tzinfo=UTC), "wrong refusals", "Carol")
    page = client.get(reverse("faces:page", args=[system.pk])).content.decode()
    assert t("faces.stopped", "kk") in page
    assert "wrong refusals" not in page


def test_where_stops_cannot_be_read_the_page_and_the_call_say_so_without_naming_files(system: System, client: Client) -> None:
    Face.objects.create(system=system, published=True, contact={"en": "Ask us"})
    suspensions().close()
    current().create().state.write_bytes(b"damaged " * 1000)
    for address in (reverse("faces:page", args=[system.pk]), reverse("notices:api", args=[system.pk])):
        answer = client.get(address)
        assert answer.status_code == 503
        assert b"state.sqlite3" not in answer.content


def test_who_comes_too_often_is_told_when_to_come_again(system: System, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    show(system)
    monkeypatch.setattr(public.reading, "most", 2)
    answers = [client.get(reverse("faces:page", args=[system.pk])) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[-1]["Retry-After"]) > 0


def test_the_list_costs_the_same_for_many_systems(
    system: System, carol: User, sign_in: Callable[..., Client], django_assert_max_num_queries: Callable[..., object]
) -> None:
    for number in range(30):
        System.objects.create(organisation=system.organisation, slug=f"s{number}", name={"en": f"S {number}"})
    browser = sign_in(carol)
    with django_assert_max_num_queries(6):  # type: ignore[attr-defined]
        assert browser.get(reverse("faces:all", args=[system.organisation_id])).status_code == 200
