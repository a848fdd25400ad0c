"""What the register does by itself, with a real witness on the loopback."""

import threading
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tanba.errors import StoreError
from tanba.ledger import home
from tanba.ledger.note import WITNESS, Signer
from tanba.ledger.witness import Witness, application
from tanba.strings import catalogue
from tanba.web import tick
from tanba.web.accounts.models import User
from tanba.web.evidence import ledger, outbox, rounds
from tanba.web.evidence.models import Artifact, Evidence, Lease
from tanba.web.evidence.verdicts import judge
from tanba.web.systems.models import System
from tanba.workspace import current
from web.evidence.doing import address, given, owe, seal, status

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def round_of_all() -> None:
    for work in (*tick.AT_HOME, *tick.WAITING):
        work()


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Witness]:
    """Listens on the loopback, knows the ledger of this workspace, and is named in its policy with a quorum of one."""
    one = Witness(Signer("witness.example", WITNESS, b"w" * 32), [], tmp_path / "witness")
    with make_server("127.0.0.1", 0, application(one), handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        one.logs = [ledger.log().keyring.signer.key]
        lines = f"witness w {one.signer.key.text} http://127.0.0.1:{server.server_port}\nquorum w\n"
        current().trust.write_text(lines, encoding="utf-8")
        yield one
        server.shutdown()
        thread.join()


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is logged as a warning."""
    lines: list[str] = []
    monkeypatch.setattr(rounds._report, "warning", lambda text, *values: lines.append(text % values))
    return lines


def test_a_round_seals_settles_and_asks(witness: Witness, system: System, bob: User) -> None:
    row = owe(system)
    artifact = given(row, bob).artifact
    round_of_all()
    assert status(row) == "evidenced"
    artifact.refresh_from_db()
    found = judge(outbox.receipt_of(artifact), b"what it shows")
    assert found.words == ("untimed",)
    assert found.verdict
    assert [*found.verdict.witnesses] == ["w"]
    assert {lease.name for lease in Lease.objects.all()} == {"settle", "notices", "confirm", "requests", "risks"}
    assert all(lease.due > timezone.now() for lease in Lease.objects.all())


def test_what_expires_overnight_falls_back_within_the_hour(system: System, bob: User) -> None:
    row = owe(system)
    given(row, bob, expires=timezone.localdate())
    round_of_all()
    assert status(row) == "evidenced"
    Evidence.objects.update(expires=date(2020, 1, 1))
    round_of_all()
    assert status(row) == "evidenced"  # not every two seconds
    Lease.objects.update(due=timezone.now())
    round_of_all()
    assert status(row) == "open"


def test_a_later_round_confirms_what_was_added(witness: Witness, system: System, bob: User) -> None:
    row = owe(system)
    for _ in range(3):
        given(row, bob)
        Lease.objects.update(due=timezone.now())
        round_of_all()
    assert [anchor.size for anchor in ledger.log().store.anchors()] == [1, 2, 3]
    assert home.witnessed(ledger.log(), witness.signer.key) == 3


def test_a_task_is_given_once_until_it_is_due_again() -> None:
    assert rounds.claim("confirm")
    assert not rounds.claim("confirm")
    assert rounds.claim("settle")
    Lease.objects.filter(name="confirm").update(due=timezone.now() - timedelta(seconds=1))
    assert rounds.claim("confirm")
    assert not rounds.claim("confirm")


def test_an_empty_ledger_is_not_shown_to_anybody(witness: Witness) -> None:
    assert rounds.confirm_now() == []


@pytest.mark.parametrize("trouble", ["silent", "stranger", "ahead"])
def test_a_witness_that_does_not_sign_is_logged_and_nothing_else(
    trouble: str, witness: Witness, system: System, bob: User, said: list[str]
) -> None:
    row = owe(system)
    given(row, bob)
    seal()
    if trouble == "silent":
        text = current().trust.read_text(encoding="utf-8")
        current().trust.write_text(text.replace("http://127.0.0.1:", "http://127.0.0.1:1/?"), encoding="utf-8")
    elif trouble == "stranger":
        witness.logs = []
    else:  # it has signed two entries, and an old copy of the ledger was put in place
        ledger.close()
        older = current().ledger.read_bytes()
        second = given(row, bob).artifact
        seal()
        rounds.confirm_now()
        ledger.close()
        current().ledger.write_bytes(older)
        Artifact.objects.filter(pk=second.pk).update(state="waiting")
        seal()
    round_of_all()
    assert len(said) == 1
    assert said[0].startswith("w did not confirm the ledger:")


def test_a_round_that_fails_does_not_end_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    rounds: list[int] = []
    enough = threading.Event()

    def failing() -> None:
        rounds.append(len(rounds))
        if len(rounds) >= 3:
            enough.set()
        raise StoreError("the ledger is closed")

    reported: list[str] = []
    monkeypatch.setattr(tick, "PAUSE", 0.01)
    monkeypatch.setattr(tick._report, "exception", reported.append)
    ticker = tick.Ticker(failing)
    ticker.start()
    assert enough.wait(10)
    ticker.stop()
    assert not ticker.is_alive()
    assert len(reported) == len(rounds) >= 3


# on the page


def confirm(browser: Client, system: System) -> str:
    answer = browser.post(reverse("evidence:confirm", args=[system.organisation_id]), follow=True)
    return str(answer.content.decode())


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_asking_now(language: str, witness: Witness, system: System, bob: User, carol: User, sign_in: SignIn) -> None:
    artifact = given(owe(system), bob).artifact
    seal()
    browser = sign_in(carol, language)
    where = reverse("evidence:ledger", args=[system.organisation_id])
    assert catalogue()["proof.confirm"][language] in browser.get(where).content.decode()
    page = confirm(browser, system)
    assert catalogue()["proof.confirmed_by"][language].format(who="w") in page
    assert catalogue()["cli.ledger.status.alone"][language] not in page
    assert "— witness.example" in bytes(outbox.receipt_of(Artifact.objects.get(pk=artifact.pk))).decode()
    page = browser.get(address("artifact", artifact)).content.decode()
    assert catalogue()["proof.witnesses"][language] in page
    assert catalogue()["ledger.word_unwitnessed"][language] not in page


def test_asking_somebody_who_is_away(witness: Witness, system: System, bob: User, carol: User, sign_in: SignIn) -> None:
    given(owe(system), bob)
    seal()
    witness.logs = []
    page = confirm(sign_in(carol), system)
    assert 'class="note error"' in page
    assert "did not sign" in page


def test_nobody_to_ask(system: System, bob: User, carol: User, sign_in: SignIn) -> None:
    given(owe(system), bob)
    seal()
    assert catalogue()["proof.nobody_asked"]["en"] in confirm(sign_in(carol), system)


def test_a_policy_that_cannot_be_read_is_said(system: System, bob: User, carol: User, sign_in: SignIn) -> None:
    artifact = given(owe(system), bob).artifact
    seal()
    current().trust.write_text("nonsense\n", encoding="utf-8")
    browser = sign_in(carol)
    assert "ledger-policy.txt" in confirm(browser, system)
    assert "ledger-policy.txt" in browser.get(reverse("evidence:ledger", args=[system.organisation_id])).content.decode()
    assert "ledger-policy.txt" in browser.get(address("artifact", artifact)).content.decode()


def test_a_clock_of_any_zone_gives_the_same_entry_time(system: System, bob: User, settings: Any) -> None:
    settings.TIME_ZONE = "America/Adak"
    given(owe(system), bob)
    seal()
    [entry] = [bytes(row.entry or b"") for row in Artifact.objects.all()]
    assert b'Z"}' in entry
    moment = datetime.fromisoformat(entry.rpartition(b'"time":"')[2][:27].decode())
    assert abs(timezone.now() - moment) < timedelta(minutes=1)
