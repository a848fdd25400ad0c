"""Pages of incidents: entered once, never in the future, append-only, sealed, stopped by proofs, closed by sign-off."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tanba.ids import uuid7
from tanba.strings import LANGUAGES, catalogue
from tanba.web.accounts.models import Organisation, User
from tanba.web.evidence import ledger, outbox
from tanba.web.evidence.models import Artifact
from tanba.web.incidents import acts, counting
from tanba.web.incidents.models import Event, Incident, Message, Proof, Step, Term
from tanba.web.incidents.shown import remaining
from tanba.web.lawtracker.policy import adopt_one
from tanba.web.systems.models import System
from web.incidents.doing import HOSTILE, entered, form, place, send, written

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def new(browser: Client, organisation: Organisation, **values: Any) -> Any:
    return browser.post(reverse("incidents:new", args=[organisation.pk]), form(**values))


def page(browser: Client, row: Incident) -> str:
    return str(browser.get(place("show", row)).content.decode())


def test_it_works(system: System, bob: User, sign_in: SignIn) -> None:
    browser = sign_in(bob)
    answer = new(browser, system.organisation, personal_data="yes", systems=[str(system.pk)], persons="312")
    row = Incident.objects.get()
    assert answer["Location"] == place("show", row)
    shown = page(browser, row)
    assert "Personal-data breach notice" in shown
    assert "running" in shown
    assert "Law 94-V, art. 25(2)(8)" in shown
    assert "312" in shown
    assert row.next_due is not None
    [event] = row.events.all()
    assert (event.kind, event.artifact.kind, event.at) == ("entered", "incident", row.aware)
    assert event.artifact.made_here is not None
    assert json.loads(event.artifact.made_here)["details"]["persons"] == 312
    outbox.drain()
    event.artifact.refresh_from_db()
    assert event.artifact.is_sealed


def test_sent_twice_it_is_entered_once(company: Organisation, bob: User, sign_in: SignIn) -> None:
    token, browser = str(uuid7()), sign_in(bob)
    first, second = new(browser, company, token=token), new(browser, company, token=token)
    assert first["Location"] == second["Location"]
    assert (Incident.objects.count(), Artifact.objects.filter(kind="incident").count()) == (1, 1)


def test_a_token_of_another_organisation_shows_nothing_of_it(company: Organisation, bob: User, charlie: User, sign_in: SignIn) -> None:
    theirs = entered(charlie.memberships.get().organisation, charlie)
    new(sign_in(bob), company, token=str(theirs.token))
    ours = Incident.objects.get(organisation=company)
    assert ours.pk != theirs.pk
    assert ours.token != theirs.token


def test_numbers_follow_one_another_in_each_organisation(company: Organisation, bob: User, charlie: User) -> None:
    other = charlie.memberships.get().organisation
    assert [entered(company, bob).number, entered(other, charlie).number, entered(company, bob).number] == [1, 1, 2]


@pytest.mark.parametrize("aware", ["in a moment", "2126-01-01T00:00", "1812-09-07T06:00", "soon", ""])
def test_a_time_that_has_not_come_is_refused(aware: str, company: Organisation, bob: User, sign_in: SignIn) -> None:
    aware = written(-timedelta(minutes=2)) if aware == "in a moment" else aware
    answer = new(sign_in(bob), company, aware=aware)
    assert answer.status_code == 422
    assert not Incident.objects.exists()


def test_what_was_known_before_stands_in_the_events(company: Organisation, bob: User, sign_in: SignIn) -> None:
    row = entered(company, bob, what="First")
    send(sign_in(bob), "edit", row, **form(what="Second", personal_data="no"))
    row.refresh_from_db()
    assert (row.what, row.personal_data, row.next_due) == ("Second", False, None)
    told = [json.loads(event.artifact.made_here or b"")["details"] for event in row.events.order_by("id")]
    assert told[0]["what"] == "First"
    assert told[1]["what"] == "Second"
    assert (
        send(
            sign_in(bob),
            "edit",
            row,
            **form(what="Second", personal_data="no", aware=timezone.localtime(row.aware).strftime("%Y-%m-%dT%H:%M")),
        ).status_code
        == 302
    )


def test_answering_changes_the_clock(company: Organisation, bob: User, sign_in: SignIn) -> None:
    row = entered(company, bob)
    shown = page(sign_in(bob), row)
    assert "unknown: not answered" in shown
    assert "if it runs" in shown
    acts.change(row, {"personal_data": False}, [], bob)
    assert "no clock" in page(sign_in(bob), row)


def test_risk_comes_from_the_assessment_of_the_systems_unless_somebody_answers(system: System, bob: User) -> None:
    row = entered(system.organisation, bob, [system])
    assert counting.pure(row).facts["high_risk"] is None
    System.objects.filter(pk=system.pk).update(risk_levels="high")
    row = Incident.objects.get()
    assert counting.pure(row).facts["high_risk"] is True
    row.high_risk = False
    assert counting.pure(row).facts["high_risk"] is False


def test_a_proof_with_a_number_stops_the_clock_once(company: Organisation, carol: User, sign_in: SignIn) -> None:
    row = entered(company, carol, ago=timedelta(hours=2), personal_data=True)
    values = {"clock": "breach", "sent_at": written(timedelta(hours=1)), "reference": "15-22"}
    for _ in range(2):
        assert send(sign_in(carol), "prove", row, **values).status_code == 302
    assert Proof.objects.count() == 1
    assert Event.objects.filter(kind="proof").count() == 1
    row.refresh_from_db()
    assert row.next_due is None
    shown = page(sign_in(carol), row)
    assert "No. 15-22" in shown
    assert Artifact.objects.filter(kind="incident-proof").count() == 1


def test_a_confirmation_is_kept_encrypted_and_named_in_the_proof(company: Organisation, carol: User, sign_in: SignIn) -> None:
    row = entered(company, carol, ago=timedelta(hours=2), personal_data=True)
    file = SimpleUploadedFile(f"{HOSTILE}.pdf", b"the portal's confirmation")
    send(sign_in(carol), "prove", row, clock="breach", sent_at=written(), file=file)
    kept = Artifact.objects.get(kind="upload")
    assert outbox.content_of(kept) == b"the portal's confirmation"
    assert Proof.objects.get().file == kept
    assert "<script>" not in page(sign_in(carol), row)


@pytest.mark.parametrize(
    "wrong",
    [
        {"sent_at": written(-timedelta(hours=1))},
        {"sent_at": written(timedelta(days=2))},
        {"reference": ""},
        {"clock": "letter"},
        {"sent_at": ""},
    ],
)
def test_a_proof_that_cannot_be_is_refused(wrong: dict[str, str], company: Organisation, carol: User, sign_in: SignIn) -> None:
    row = entered(company, carol, ago=timedelta(hours=2), personal_data=True)
    values = {"clock": "breach", "sent_at": written(timedelta(hours=1)), "reference": "1", **wrong}
    assert send(sign_in(carol), "prove", row, **values).status_code == 422
    assert not Proof.objects.exists()


def test_closing_asks_for_cause_measures_and_lessons(company: Organisation, carol: User, sign_in: SignIn) -> None:
    row, browser = entered(company, carol), sign_in(carol)
    send(browser, "close", row, reason="Done")
    assert Incident.objects.get().closed_at is None
    acts.change(row, {"root_cause": "A field", "measures": "Mended", "lessons": "Test fields"}, [], carol)
    send(browser, "close", row, reason="Done")
    row = Incident.objects.get()
    assert (row.closed_by, row.next_due, row.events.last().kind) == (carol, None, "closed")  # type: ignore[union-attr]
    for name, values in (("note", {"text": "x"}), ("edit", form()), ("close", {"reason": "x"}), ("prove", {})):
        assert send(browser, name, row, **values).status_code == 403, name
    assert Event.objects.count() == 3


def test_with_four_eyes_somebody_else_closes(company: Organisation, carol: User, alice: User, sign_in: SignIn) -> None:
    Organisation.objects.update(four_eyes=True)
    row = entered(Organisation.objects.get(pk=company.pk), carol, root_cause="a", measures="b", lessons="c")
    assert send(sign_in(carol), "close", row, reason="Done").status_code == 403
    assert send(sign_in(alice), "close", row, reason="Done").status_code == 302
    assert Incident.objects.get().closed_by == alice


def test_the_list_has_the_next_clock_first_and_says_what_is_late(company: Organisation, carol: User, sign_in: SignIn) -> None:
    entered(company, carol, what="No clock", personal_data=False)
    entered(company, carol, what="Running", personal_data=True)
    entered(company, carol, what="Late", personal_data=True, ago=timedelta(days=9))
    shown = sign_in(carol).get(reverse("incidents:list", args=[company.pk])).content.decode()
    assert [shown.index(f">{word}<") for word in ("Late", "Running", "No clock")] == sorted(
        shown.index(f">{word}<") for word in ("Late", "Running", "No clock")
    )
    assert "1 incident is past its term" in shown
    assert re.search(r"\d+ d \d+ h late", shown)
    portfolio = sign_in(carol).get(reverse("systems:portfolio", args=[company.pk])).content.decode()
    assert "1 incident is past its term" in portfolio


def test_hostile_words_stay_words_on_every_page(system: System, carol: User, sign_in: SignIn) -> None:
    company = system.organisation
    texts = dict.fromkeys(("what", "root_cause", "measures", "lessons"), HOSTILE)
    contract = Term.objects.create(organisation=company, kind="vendor", within=1, unit="days", source=HOSTILE, by=carol)
    row = entered(company, carol, [system], ago=timedelta(hours=1), vendor=True, contract=contract, **texts)
    browser = sign_in(carol)
    send(browser, "note", row, text=HOSTILE)
    send(browser, "prove", row, clock="vendor", sent_at=written(), reference=HOSTILE)
    Step.objects.create(organisation=company, when="late", channel="webhook", to='http://x/"><script>')
    Message.objects.create(organisation=company, channel="webhook", to='http://x/"><script>').attempts.create(
        outcome="network", detail=HOSTILE
    )
    pages = [place("show", row), place("edit", row), *(place("draft", row, to) for to in ("breach", "users", "vendor", "order"))]
    pages += [reverse(f"incidents:{name}", args=[company.pk]) for name in ("list", "ladder")]
    for address in pages:
        answer = browser.get(address)
        assert answer.status_code == 200, address
        shown = answer.content.decode()
        assert "<script>" not in shown, address
        assert "<img src=x" not in shown, address
    for form_ in ("md", "html", "text"):
        answer = browser.get(place("draft", row, "vendor"), {"as": form_, "lang": "ru", "in": "kk+ru"})
        assert "attachment" in answer["Content-Disposition"]
        if form_ == "html":
            assert b"<script>" not in answer.content


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_in_three_languages(language: str, system: System, carol: User, sign_in: SignIn) -> None:
    company = system.organisation
    row = entered(company, carol, [system], personal_data=True, ago=timedelta(days=9))
    Step.objects.create(organisation=company, when="after", value=15, channel="slack")
    browser = sign_in(carol, language)
    addresses = [reverse(f"incidents:{name}", args=[company.pk]) for name in ("list", "new", "ladder")]
    addresses += [place("show", row), place("edit", row), place("draft", row, "breach"), place("stop", system)]
    for address in addresses:
        shown = browser.get(address).content.decode()
        assert f'<html lang="{language}">' in shown
        words = re.sub(r"<[^>]*>", "\n", shown)
        own = {str(texts[language]) for texts in catalogue().values()}
        for key, texts in catalogue().items():
            for other in set(LANGUAGES) - {language}:
                text = texts[other]
                if key.startswith("incidents.") and isinstance(text, str) and len(text) > 9 and "{" not in text:
                    assert text not in words or any(text in mine for mine in own), (address, key, other)


def test_a_draft_has_the_names_of_its_own_language(system: System, carol: User, sign_in: SignIn) -> None:
    row = entered(system.organisation, carol, [system])
    shown = sign_in(carol).get(place("draft", row, "breach"), {"lang": "kk"}).content.decode()
    assert "Кредиттік скоринг" in shown
    assert "«Қарлығаш» АҚ" in shown
    assert sign_in(carol).get(place("draft", row, "nobody")).status_code == 404
    assert sign_in(carol).get(place("draft", row, "breach"), {"lang": "de"}).status_code == 404


def test_a_term_of_the_rules_starts_clocks_that_waited_for_it(company: Organisation, carol: User, sign_in: SignIn) -> None:
    row = entered(company, carol, personal_data=False, critical_infrastructure=True)
    assert row.next_due is None
    values = {"kind": "critical", "within": "3", "unit": "hours", "source": "monitoring rules, clause 12"}
    for _ in range(2):
        sign_in(carol).post(reverse("incidents:add_term", args=[company.pk]), values)
    term = Term.objects.get()
    row.refresh_from_db()
    assert row.next_due == row.aware + timedelta(hours=3)
    sign_in(carol).post(reverse("incidents:withdraw_term", args=[company.pk, term.pk]))
    row.refresh_from_db()
    assert row.next_due is None


def test_adopting_the_practice_makes_its_clock_count(company: Organisation, carol: User, sign_in: SignIn) -> None:
    row = entered(company, carol, high_risk=True, personal_data=False, ago=timedelta(hours=30))
    shown = page(sign_in(carol), row)
    assert "recommendation, not adopted" in shown
    assert "alarms nobody" in shown
    assert counting.overdue(company, timezone.now()) == 0
    adopt_one(company, "practice/incident-notice", carol)
    assert counting.overdue(company, timezone.now()) == 1


def test_a_ladder_is_kept_tested_and_sealed_without_addresses(company: Organisation, carol: User, sign_in: SignIn) -> None:
    browser, where = sign_in(carol), reverse("incidents:ladder", args=[company.pk])
    values = {"when": "share", "value": "50", "channel": "email", "to": "duty@tanba.example"}
    for _ in range(2):
        assert browser.post(where, values).status_code == 302
    step = Step.objects.get()
    for _ in range(2):
        browser.post(reverse("incidents:test_step", args=[company.pk, step.pk]))
    assert [(message.incident, message.to) for message in Message.objects.all()] == [(None, "duty@tanba.example")]
    browser.post(reverse("incidents:remove_step", args=[company.pk, step.pk]))
    assert not Step.objects.exists()
    outbox.drain()
    assert Artifact.objects.filter(kind="escalation-ladder", state="sealed").count() == 2
    assert b"duty@" not in b"".join(entry for _, entry in ledger.log().store.entries(0, ledger.log().head().checkpoint.size))


@pytest.mark.parametrize(
    "values",
    [
        {"when": "share", "value": "100", "channel": "slack"},
        {"when": "after", "value": "", "channel": "slack"},
        {"when": "late", "channel": "email", "to": "a@b\nBcc: c@d"},
        {"when": "late", "channel": "webhook", "to": "javascript:alert(1)"},
    ],
)
def test_a_step_that_cannot_be_meant_is_refused(values: dict[str, str], company: Organisation, carol: User, sign_in: SignIn) -> None:
    assert sign_in(carol).post(reverse("incidents:ladder", args=[company.pk]), values).status_code == 422
    assert not Step.objects.exists()


def test_the_page_of_the_ladder_shows_names_of_settings_and_no_secret(
    company: Organisation, carol: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TANBA_TELEGRAM_TOKEN", "123:SECRET")
    shown = sign_in(carol).get(reverse("incidents:ladder", args=[company.pk])).content.decode()
    assert "SECRET" not in shown
    assert "smtp_server, smtp_from" in shown


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        (timedelta(hours=-3, minutes=-20), "3 h 20 min left"),
        (timedelta(days=2, hours=1, minutes=3), "2 d 1 h late"),
        (timedelta(seconds=-20), "0 min left"),
    ],
)
def test_what_is_left_is_said_in_words(gone: timedelta, said: str) -> None:
    from django.utils import translation

    now = timezone.now()
    with translation.override("en"):
        assert remaining(now - gone, now) == said


def test_a_day_off_that_an_officer_enters_moves_the_clocks(company: Organisation, carol: User, sign_in: SignIn) -> None:
    row = entered(company, carol, personal_data=True)
    before = Incident.objects.get().next_due
    assert before is not None
    off = timezone.localtime(before).date()
    values = {"day": off.isoformat(), "is_off": "off", "basis": "a resolution"}
    answer = sign_in(carol).post(reverse("requests:calendar", args=[company.pk]), values)
    assert answer.status_code == 302
    moved = Incident.objects.get(pk=row.pk).next_due
    assert moved is not None
    assert moved > before
