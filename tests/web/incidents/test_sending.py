"""Alarms leave in time, once for each person, by real channels; a receiver that hangs, fails or leads elsewhere holds nobody up."""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tanba.web.accounts.models import Organisation, User
from tanba.web.evidence import ledger, outbox
from tanba.web.evidence.models import Artifact
from tanba.web.incidents import acts, channels, counting, sending
from tanba.web.incidents.models import Alarm, Attempt, Incident, Message, Step
from tanba.web.lawtracker.policy import adopt_one
from tanba.web.systems.models import System
from tanba.workspace import Config
from web.incidents.receivers import mailing, receiving

pytestmark = pytest.mark.django_db
SECRETS = {"telegram_token": "123:TELEGRAM", "webhook_secret": "HOOK", "smtp_password": "PASS"}


def at_once(work: Callable[[], None]) -> None:
    work()


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending._report, "warning", lambda *_: None)
    sending._busy.clear()


@pytest.fixture
def adopted(company: Organisation, carol: User) -> Organisation:
    adopt_one(company, "practice/incident-notice", carol)
    return company


def settings(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        monkeypatch.setenv(f"TANBA_{name.upper()}", value)


def entered(organisation: Organisation, by: User, ago: timedelta = timedelta(0), **values: Any) -> Incident:
    given = {"what": "It broke", "severity": "serious", "high_risk": True, "personal_data": False, "aware": timezone.now() - ago}
    return acts.enter(organisation, given | values, [], by)


def step(organisation: Organisation, when: str = "late", value: int = 0, channel: str = "slack", to: str = "") -> Step:
    return Step.objects.create(organisation=organisation, when=when, value=value, channel=channel, to=to)


# firing


def test_the_24_hour_clock_fires_when_its_time_has_come_and_not_before(adopted: Organisation, carol: User) -> None:
    step(adopted)
    row = entered(adopted, carol, timedelta(hours=23))
    due = row.aware + timedelta(hours=24)
    assert sending.fire(due - timedelta(seconds=1)) == 0
    assert sending.fire(due) == 1
    [message] = Message.objects.all()
    assert (message.incident_id, message.channel, message.state) == (row.pk, "slack", "waiting")


def test_an_alarm_fires_once_also_when_the_clock_of_the_machine_goes_back(adopted: Organisation, carol: User) -> None:
    step(adopted)
    row = entered(adopted, carol, timedelta(hours=25))
    now = timezone.now()
    assert sending.fire(now) == 1
    for moment in (now - timedelta(days=2), now, now + timedelta(days=2)):
        assert sending.fire(moment) == 0
    counting.plan(row)
    assert sending.fire(now) == 0
    assert Message.objects.count() == 1


def test_a_recommendation_alarms_nobody_until_it_is_adopted(company: Organisation, carol: User) -> None:
    step(company)
    entered(company, carol, timedelta(hours=25))
    assert sending.fire(timezone.now()) == 0
    adopt_one(company, "practice/incident-notice", carol)
    assert sending.fire(timezone.now()) == 1


def test_several_steps_that_are_due_for_one_person_make_one_message(adopted: Organisation, carol: User) -> None:
    for when, value in (("after", 15), ("share", 50), ("late", 0)):
        step(adopted, when, value, "telegram", "@duty_officer")
    step(adopted, channel="slack")
    entered(adopted, carol, timedelta(hours=30))
    assert sending.fire(timezone.now()) == 4
    assert sorted(Message.objects.values_list("channel", flat=True)) == ["slack", "telegram"]


def test_a_proof_and_closing_end_the_alarms(adopted: Organisation, carol: User) -> None:
    step(adopted)
    proved, closed = entered(adopted, carol), entered(adopted, carol)
    assert Alarm.objects.count() == 2
    acts.prove(proved, "house", timezone.now(), "1", carol)
    acts.close(closed, "done", carol)
    assert Alarm.objects.count() == 0
    assert [row.next_due for row in Incident.objects.all()] == [None, None]


def test_a_step_that_is_added_rings_for_what_is_still_to_come_only(adopted: Organisation, carol: User) -> None:
    old, new = entered(adopted, carol, timedelta(hours=30)), entered(adopted, carol, timedelta(hours=1))
    counting.plan_step(step(adopted), timezone.now())
    assert [alarm.incident_id for alarm in Alarm.objects.all()] == [new.pk]
    assert old.pk != new.pk


# real channels


def test_a_receiver_gets_a_signed_number_and_link_and_no_word_more(
    adopted: Organisation, carol: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings(monkeypatch, public_address="https://register.tanba.example", **SECRETS)
    with receiving() as receiver:
        step(adopted, channel="webhook", to=f"{receiver.address}/hook")
        row = entered(adopted, carol, timedelta(hours=25), what="Aigerim's file leaked")
        sending.fire(timezone.now())
        sending.send(timezone.now(), at_once)
    [(path, headers, body)] = receiver.got
    said = json.loads(body)
    link = f"https://register.tanba.example/o/{adopted.pk}/incidents/{row.number}/"
    assert (path, said) == ("/hook", {"id": str(Message.objects.get().pk), "link": link, "number": row.number, "schema": "tanba.alarm/1"})
    moment, _, mac = headers["Tanba-Signature"].removeprefix("t=").partition(",v1=")
    assert mac == hmac.new(b"HOOK", moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert Message.objects.get().state == "sent"


def test_telegram_and_slack(adopted: Organisation, carol: User, monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as receiver:
        settings(monkeypatch, telegram_api=receiver.address, slack_webhook=f"{receiver.address}/services/SECRET", **SECRETS)
        step(adopted, channel="telegram", to="-100")
        step(adopted, channel="slack")
        entered(adopted, carol, timedelta(hours=25))
        sending.fire(timezone.now())
        sending.send(timezone.now(), at_once)
    got = {path: json.loads(body) for path, _, body in receiver.got}
    assert got["/bot123:TELEGRAM/sendMessage"]["chat_id"] == "-100"
    assert all(said["text"].startswith("tanba · № 1\nhttp") and len(said["text"].splitlines()) == 2 for said in got.values())
    assert set(got) == {"/bot123:TELEGRAM/sendMessage", "/services/SECRET"}


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_mail_over_tls_with_a_private_authority(
    security: str, adopted: Organisation, carol: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mailing(tmp_path, security) as (box, port, cert):
        server = {"smtp_server": f"localhost:{port}", "smtp_security": security, "smtp_from": "tanba@tanba.example"}
        settings(monkeypatch, smtp_authority=str(cert), **server)
        step(adopted, channel="email", to="duty@tanba.example")
        step(adopted, channel="email", to="nobody@tanba.example")
        entered(adopted, carol, timedelta(hours=25))
        sending.fire(timezone.now())
        sending.send(timezone.now(), at_once)
    [(sender, recipients, content)] = box.got
    assert (sender, recipients) == ("tanba@tanba.example", ["duty@tanba.example"])
    assert b"It broke" not in content
    outcomes = dict(Attempt.objects.values_list("message__to", "outcome"))
    assert outcomes == {"duty@tanba.example": "sent", "nobody@tanba.example": "network"}
    assert "nobody@" not in Attempt.objects.get(outcome="network").detail


def test_a_mail_server_whose_certificate_nobody_vouches_for_gets_nothing(
    adopted: Organisation, carol: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mailing(tmp_path, "tls") as (box, port, _):
        settings(monkeypatch, smtp_server=f"localhost:{port}", smtp_from="tanba@tanba.example")
        step(adopted, channel="email", to="duty@tanba.example")
        entered(adopted, carol, timedelta(hours=25))
        sending.fire(timezone.now())
        sending.send(timezone.now(), at_once)
    assert box.got == []
    assert "certificate" in Attempt.objects.get().detail.lower()


@pytest.mark.parametrize(("manner", "outcome"), [("fail", "refused"), ("lead", "redirect"), ("hang", "network")])
def test_a_receiver_that_does_not_take_it_is_tried_again_later(
    manner: str, outcome: str, adopted: Organisation, carol: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings(monkeypatch, **SECRETS)
    monkeypatch.setattr(channels, "PATIENCE", 0.3)
    with receiving() as receiver:
        receiver.manner = manner
        step(adopted, channel="webhook", to=f"{receiver.address}/hook")
        entered(adopted, carol, timedelta(hours=25))
        sending.fire(timezone.now())
        sending.send(timezone.now(), at_once)
        sending.send(timezone.now(), at_once)  # its time has not come again
        assert [path for path, _, _ in receiver.got] == ["/hook"]  # and nobody went elsewhere
        message = Message.objects.get()
        assert (message.state, message.tries, Attempt.objects.get().outcome) == ("waiting", 1, outcome)
        assert timedelta(seconds=20) < message.next_try - timezone.now() <= sending.FIRST
        receiver.manner = "ok"
        receiver.freed.set()
        Message.objects.update(next_try=timezone.now())
        sending.send(timezone.now(), at_once)
    assert Message.objects.get().state == "sent"
    assert list(Attempt.objects.values_list("outcome", flat=True)) == [outcome, "sent"]


def test_pauses_grow_to_an_hour_and_after_the_last_try_it_is_given_up(adopted: Organisation, carol: User) -> None:
    assert [sending.pause(tries).total_seconds() for tries in (1, 2, 3, 30)] == [30, 60, 120, 3600]
    Message.objects.create(organisation=adopted, channel="slack", tries=sending.MOST_TRIES - 1)
    sending.send(timezone.now(), at_once)
    assert Message.objects.get().state == "failed"
    assert (Attempt.objects.get().outcome, Attempt.objects.get().detail) == ("settings", "slack_webhook")


def test_secrets_stand_in_no_attempt_and_in_no_settings_that_are_printed(adopted: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    settings(monkeypatch, telegram_api="http://127.0.0.1:1", slack_webhook="http://127.0.0.1:1/services/SLACKSECRET\x01", **SECRETS)
    for channel in ("telegram", "slack"):
        Message.objects.create(organisation=adopted, channel=channel, to="1")
    sending.send(timezone.now(), at_once)
    told = " ".join(Attempt.objects.values_list("detail", flat=True)) + repr(Config(slack_webhook="SLACKSECRET", telegram_token="TELEGRAM"))
    assert Attempt.objects.count() == 2
    assert not any(word in told for word in ("TELEGRAM", "SLACKSECRET", "HOOK", "PASS"))


def test_nothing_about_steps_or_messages_in_the_ledger_names_an_address(adopted: Organisation, carol: User, system: System) -> None:
    step(adopted, channel="email", to="duty@tanba.example")
    entered(adopted, carol, what="Aigerim's file leaked")
    outbox.drain(everything=True)
    written = b"".join(entry for _, entry in ledger.log().store.entries(0, ledger.log().head().checkpoint.size))
    assert Artifact.objects.filter(kind="incident", state="sealed").exists()
    assert b"duty@" not in written
    assert b"Aigerim" not in written


@pytest.mark.django_db(transaction=True)
def test_a_receiver_that_hangs_holds_up_nobody_else(adopted: Organisation, carol: User, monkeypatch: pytest.MonkeyPatch) -> None:
    settings(monkeypatch, **SECRETS)
    monkeypatch.setattr(channels, "PATIENCE", 3.0)
    with receiving() as slow, receiving() as quick:
        slow.manner = "hang"
        for number in range(20):
            step(adopted, "after", number + 1, "webhook", f"{slow.address}/{number}")
        step(adopted, channel="webhook", to=f"{quick.address}/quick")
        entered(adopted, carol, timedelta(hours=25))
        begin = time.monotonic()
        sending.round_now()
        assert time.monotonic() - begin < 2
        sending.round_now()
        while not quick.got and time.monotonic() - begin < 10:
            time.sleep(0.02)
            sending.round_now()
        took = time.monotonic() - begin
        slow.freed.set()
        while sending._busy and time.monotonic() - begin < 20:
            time.sleep(0.02)
    assert len(quick.got) == 1
    assert took < 5
    assert threading.active_count() < 200


def test_what_a_process_left_unfinished_is_sent_by_another(adopted: Organisation, carol: User, monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as receiver:
        settings(monkeypatch, slack_webhook=receiver.address, **SECRETS)
        Message.objects.create(organisation=adopted, channel="slack")
        now: datetime = Message.objects.get().next_try
        assert sending._claimed(Message.objects.get().pk, now)  # and here it died
        assert not sending._claimed(Message.objects.get().pk, now)
        sending.send(timezone.now(), at_once)
        assert receiver.got == []
        Message.objects.update(next_try=timezone.now() - timedelta(seconds=1))  # the lease has ended
        sending.send(timezone.now(), at_once)
    assert len(receiver.got) == 1
