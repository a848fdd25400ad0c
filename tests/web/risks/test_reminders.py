"""Who is reminded that a refresh comes, when, and how often."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tanba.web.accounts.models import User
from tanba.web.risks import reminders
from tanba.web.risks.models import Reminder
from tanba.web.systems.models import System
from tanba.web.tick import WAITING
from web.evidence.doing import owe


def mail_settings(monkeypatch: pytest.MonkeyPatch, letters: list[tuple[str, str, str]], fail: bool = False) -> None:
    def mail(server: Any, sender: str, to: str, subject: str, text: str, **_: Any) -> None:
        if fail:
            raise reminders.UndeliveredError("network")
        letters.append((to, subject, text))

    for name, value in {"SMTP_SERVER": "mail.tanba.example:465", "SMTP_FROM": "tanba@tanba.example"}.items():
        monkeypatch.setenv(f"TANBA_{name}", value)
    monkeypatch.setattr("tanba.net.mail", mail)


def due_in(system: System, days: int) -> None:
    day = timezone.localdate() + timedelta(days)
    owe(system, "230-VIII/18/1/4", due=day, remind_on=day - timedelta(30))


def test_the_owner_is_reminded_once_of_a_refresh_that_comes(system: System, bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    letters: list[tuple[str, str, str]] = []
    mail_settings(monkeypatch, letters)
    due_in(system, 10)
    assert [reminders.remind() for _ in range(3)] == [1, 0, 0]
    ((to, _, text),) = letters
    assert to == bob.email
    assert f"/systems/{system.slug}/risks/" in text
    assert "Credit scorer" not in text


def test_without_an_owner_compliance_is_reminded(system: System, carol: User, monkeypatch: pytest.MonkeyPatch) -> None:
    letters: list[tuple[str, str, str]] = []
    mail_settings(monkeypatch, letters)
    System.objects.filter(pk=system.pk).update(owner=None)
    due_in(system, -3)
    assert reminders.remind() == 1
    assert letters[0][0] == carol.email


@pytest.mark.parametrize("days", [31, 400])
def test_nobody_is_reminded_early(days: int, system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    letters: list[tuple[str, str, str]] = []
    mail_settings(monkeypatch, letters)
    due_in(system, days)
    assert reminders.remind() == 0
    assert not Reminder.objects.exists()


def test_a_letter_that_is_not_taken_is_tried_later(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    mail_settings(monkeypatch, [], fail=True)
    due_in(system, 10)
    assert reminders.remind() == 0
    row = Reminder.objects.get()
    assert (row.sent_at, row.tries) == (None, 1)
    assert row.next_try > timezone.now()


def test_without_a_mail_server_nothing_is_written(system: System) -> None:
    due_in(system, 10)
    assert reminders.remind() == 0
    assert not Reminder.objects.exists()


def test_reminders_run_in_the_tick() -> None:
    assert reminders.remind_when_due in WAITING
