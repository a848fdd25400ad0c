"""The form for everybody: filed without account or script, followed under a secret link, and no lever against the server."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from tanba.errors import StoreError
from tanba.strings import LANGUAGES, t
from tanba.web.accounts.models import User
from tanba.web.evidence import outbox
from tanba.web.evidence.models import Artifact
from tanba.web.faces import public as faces
from tanba.web.faces.models import Face
from tanba.web.language import COOKIE
from tanba.web.requests import desk, texts
from tanba.web.requests.models import Event, Request
from tanba.web.requests.public import LARGEST
from tanba.web.systems.models import System
from web.requests.conftest import FORM, HOSTILE, answer, ask_page
from web.requests.test_requests_desk import of_other_languages


def filed(browser: Client, system: System, **values: str) -> Any:
    return browser.post(ask_page(system), {**FORM, **values})


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_in_three_languages_without_script(language: str, lender: System) -> None:
    browser = Client()
    browser.cookies[COOKIE] = language
    page = browser.get(ask_page(lender)).content.decode()
    assert f'<html lang="{language}">' in page
    assert "<script" not in page
    for key in ("requests.ask_lead", "requests.privacy", "requests.hint_review", "requests.kinds_and_terms"):
        assert escape(t(key, language)) in page, key
    assert escape(t("requests.term_law", language, amount=t("words.unit.working_days", language, count=3))) in page
    assert of_other_languages(page, language) == []
    followed = browser.post(ask_page(lender), FORM, follow=True).content.decode()
    assert t("requests.got_it", language) in followed
    assert of_other_languages(followed, language) == []


def test_an_outsider_files_and_follows(lender: System, outsider: Client) -> None:
    sent = filed(outsider, lender, kind="objection", contact="me@mail.example")
    row = Request.objects.get()
    assert sent.status_code == 302
    page = outsider.get(sent["Location"])
    assert row.number in page.content.decode()
    assert t("requests.got_it", "en") in page.content.decode()
    assert (page["Cache-Control"], page["Referrer-Policy"]) == ("no-store", "same-origin")
    assert (row.kind, row.state, row.channel, row.language) == ("objection", "received", "form", "en")
    assert (row.term_within, row.term_basis) == (3, "law")
    assert texts.written(row) == {"text": FORM["text"], "name": "", "contact": "me@mail.example", "decision": ""}


def test_what_the_person_wrote_is_in_no_row_in_no_act_and_in_no_entry(lender: System, outsider: Client) -> None:
    filed(outsider, lender, text="My secret illness is known", name="Aisulu", contact="aisulu@mail.example")
    outbox.drain()
    for row in Artifact.objects.all():
        kept = b"".join(bytes(each or b"") for each in (row.event, row.entry, row.made_here))
        assert b"illness" not in kept
        assert b"ulu" not in kept.lower()
    row = Request.objects.get()
    assert "illness" not in str({field.name: getattr(row, field.name) for field in Request._meta.concrete_fields})


def test_it_is_sealed(lender: System, outsider: Client) -> None:
    filed(outsider, lender)
    outbox.drain()
    assert set(Artifact.objects.values_list("kind", "state")) == {("request-text", "sealed"), ("request-event", "sealed")}


def test_sent_twice_within_minutes_it_is_not_made_twice_and_the_link_is_given_again(lender: System, outsider: Client) -> None:
    first, second = filed(outsider, lender), filed(outsider, lender)
    assert Request.objects.count() == Event.objects.count() == 1
    assert first["Location"].partition("?")[0] == second["Location"].partition("?")[0]
    assert t("requests.got_it_before", "en") in outsider.get(second["Location"]).content.decode()


def test_the_same_words_from_another_browser_are_another_persons(lender: System, outsider: Client) -> None:
    outsider.get(ask_page(lender))
    filed(outsider, lender)
    other = Client()
    other.get(ask_page(lender))
    filed(other, lender)
    assert Request.objects.count() == 2


def test_later_the_same_words_are_a_new_request(lender: System, outsider: Client) -> None:
    filed(outsider, lender)
    Request.objects.update(received=Request.objects.get().received - desk.SAME_WITHIN)
    filed(outsider, lender)
    assert Request.objects.count() == 2


@pytest.mark.parametrize(
    "values", [{"kind": "magic"}, {"kind": ""}, {"text": ""}, {"text": "short"}, {"text": "x" * 4001}, {"name": "n" * 121}]
)
def test_what_does_not_fit_is_told_and_nothing_typed_is_lost(values: dict[str, str], lender: System, outsider: Client) -> None:
    page = filed(outsider, lender, contact="keep@mail.example", **values)
    assert page.status_code == 422
    assert "keep@mail.example" in page.content.decode()
    assert not Request.objects.exists()


def test_a_program_that_fills_every_field_is_caught_and_a_person_may_send_again(lender: System, outsider: Client) -> None:
    page = filed(outsider, lender, website="http://spam.example")
    assert page.status_code == 422
    assert escape(t("requests.trapped", "en")) in page.content.decode()
    assert FORM["text"] in page.content.decode()
    assert not Request.objects.exists()
    assert filed(outsider, lender).status_code == 302


def test_kinds_that_the_facts_rule_out_are_not_offered_and_said(lender: System, outsider: Client, bob: User) -> None:
    lender.answer("solely_automated", False, "test", bob)
    page = outsider.get(ask_page(lender)).content.decode()
    assert 'value="objection"' not in page
    assert t("requests.standing_not_applicable", "en") in page
    assert filed(outsider, lender, kind="objection").status_code == 422


def test_hostile_markup_stays_text_on_every_page(lender: System, outsider: Client, carol: User, sign_in: Callable[..., Client]) -> None:
    filed(outsider, lender, text=HOSTILE, name=HOSTILE, contact=HOSTILE, decision=HOSTILE[:80])
    row = Request.objects.get()
    officer = sign_in(carol)
    answer(officer, row, text=HOSTILE)
    pages = [officer.get(reverse("requests:show", args=[row.organisation_id, row.pk])), outsider.get(desk.link_of(row))]
    pages.append(filed(outsider, lender, text=HOSTILE, kind="magic"))
    for page in pages:
        text = page.content.decode()
        assert 'onerror="' not in text
        assert "<script>alert" not in text
        assert "&lt;img src=x" in text


@pytest.mark.parametrize("page", ["", "not-a-link/"])
def test_what_is_not_there_what_is_not_published_and_forged_links_look_alike(page: str, lender: System, outsider: Client) -> None:
    Face.objects.update(published=False)
    hidden = outsider.get(ask_page(lender) + page)
    absent = outsider.get(reverse("requests:ask", args=[uuid4()]) + page)
    assert (hidden.status_code, absent.status_code) == (404, 404)
    told = [re.sub(r'value="[^"]*"|"X-CSRFToken": "[^"]*"', "", each.content.decode()) for each in (hidden, absent)]
    assert told[0] == told[1]
    assert outsider.post(ask_page(lender), FORM).status_code == 404


def test_a_link_that_was_changed_or_belongs_to_another_system_opens_nothing(file: Callable[..., Request], outsider: Client) -> None:
    row = file()
    link = desk.link_of(row)
    assert outsider.get(link).status_code == 200
    forged = link[:-2] + ("a" if link[-2] != "a" else "b") + "/"
    guessed = reverse("requests:follow", args=[row.system_id, str(row.pk)])
    elsewhere = link.replace(str(row.system_id), str(uuid4()))
    assert [outsider.get(each).status_code for each in (forged, guessed, elsewhere)] == [404, 404, 404]


def test_the_answer_is_read_even_when_the_face_is_no_longer_public(
    file: Callable[..., Request], outsider: Client, carol: User, sign_in: Callable[..., Client]
) -> None:
    row = file()
    answer(sign_in(carol), row)
    Face.objects.update(published=False)
    assert "Your income was too low." in outsider.get(desk.link_of(row)).content.decode()


def test_a_huge_body_is_refused_before_it_is_read(lender: System, outsider: Client) -> None:
    assert filed(outsider, lender, text="x" * LARGEST).status_code == 413
    assert outsider.post(ask_page(lender), b"x" * 3_000_000, content_type="application/x-www-form-urlencoded").status_code == 413
    assert not Request.objects.exists()


def test_the_longest_kazakh_text_fits(lender: System, outsider: Client) -> None:
    assert filed(outsider, lender, text="қ" * 4000).status_code == 302


def test_null_bytes_and_lone_surrogates_break_nothing(lender: System, outsider: Client) -> None:
    assert filed(outsider, lender, text="a\x00" * 10).status_code == 422
    body = "kind=support&text=" + "%ED%A0%80" * 12
    assert outsider.post(ask_page(lender), body, content_type="application/x-www-form-urlencoded").status_code == 302


def test_a_form_without_its_token_is_refused(lender: System) -> None:
    browser = Client(enforce_csrf_checks=True)
    assert browser.post(ask_page(lender), FORM).status_code == 403
    assert not Request.objects.exists()


def test_floods_are_told_when_to_come_again(lender: System, outsider: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faces.sending, "most", 2)
    answers = [filed(outsider, lender, text=f"Why was I refused {n}?") for n in range(3)]
    assert [each.status_code for each in answers] == [302, 302, 429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert Request.objects.count() == 2
    monkeypatch.setattr(faces.reading, "most", 1)
    faces.reading.clear()
    assert [outsider.get(reverse("requests:follow", args=[lender.pk, "x"])).status_code for _ in range(2)] == [404, 429]


def test_where_texts_cannot_be_kept_nothing_is_made_and_that_is_told(
    lender: System, outsider: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(texts, "keep_text", broken)
    assert filed(outsider, lender).status_code == 503
    assert not Request.objects.exists()


def test_a_person_takes_a_request_back_and_only_once(file: Callable[..., Request], outsider: Client) -> None:
    row = file()
    assert outsider.post(desk.link_of(row)).status_code == 302
    row.refresh_from_db()
    assert row.state == "withdrawn"
    assert outsider.post(desk.link_of(row)).status_code == 200
    assert [event.what for event in row.events.all()] == ["received", "withdrawn"]


def test_the_face_leads_to_the_form(lender: System, outsider: Client) -> None:
    assert ask_page(lender) in outsider.get(reverse("faces:page", args=[lender.pk])).content.decode()
