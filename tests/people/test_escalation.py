"""The ladder: when each step is due, what it may be, and what a message says."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanba.calendars import Due
from tanba.errors import InputError
from tanba.people.clocks import Clock
from tanba.people.escalation import Step, alarms, checked, signature, text
from tanba.people.incidents import Term

AWARE = datetime(2026, 11, 20, 9, tzinfo=UTC)


def clock(name: str = "house", basis: str = "house", state: str = "running", hours: int = 24) -> Clock:
    return Clock(name, basis, state, Term(hours, "hours"), due=Due(AWARE + timedelta(hours=hours)))  # type: ignore[arg-type]


def moments(*steps: Step, clocks: tuple[Clock, ...] = ()) -> list[tuple[str, float]]:
    return [(alarm.clock, (alarm.at - AWARE) / timedelta(hours=1)) for alarm in alarms(AWARE, clocks or (clock(),), steps)]


def test_minutes_count_from_awareness_shares_and_lateness_from_each_clock() -> None:
    ladder = (Step("after", 15, "slack"), Step("share", 50, "slack"), Step("late", 0, "slack"))
    both = (clock(), clock("vendor", "contract", hours=4))
    assert moments(*ladder, clocks=both) == [("", 0.25), ("house", 12.0), ("vendor", 2.0), ("house", 24.0), ("vendor", 4.0)]


@pytest.mark.parametrize(
    "still", [clock(state="stopped"), clock(state="none"), clock(basis="recommended"), Clock("house", "house", "unknown", None)]
)
def test_clocks_that_do_not_count_alarm_nobody(still: Clock) -> None:
    assert moments(Step("late", 0, "slack"), Step("share", 50, "slack"), clocks=(still,)) == []


def test_a_clock_of_which_it_is_not_known_whether_it_runs_alarms_too() -> None:
    assert moments(Step("late", 0, "slack"), clocks=(clock(state="unknown"),)) == [("house", 24.0)]


@given(st.integers(1, 99), st.integers(1, 500))
def test_a_share_lies_within_the_term(share: int, hours: int) -> None:
    [(_, at)] = moments(Step("share", share, "slack"), clocks=(clock(hours=hours),))
    assert 0 < at < hours


@pytest.mark.parametrize(
    "step",
    [
        Step("after", 15, "email", "duty@tanba.example"),
        Step("share", 50, "telegram", "-100123"),
        Step("late", 0, "telegram", "@tanba_duty"),
        Step("late", 0, "slack"),
        Step("late", 0, "webhook", "https://hooks.tanba.example/x"),
    ],
)
def test_steps_that_can_be_meant(step: Step) -> None:
    assert checked(step) is step


@pytest.mark.parametrize(
    "step",
    [
        Step("after", 0, "slack"),
        Step("share", 100, "slack"),
        Step("late", 5, "slack"),
        Step("soon", 1, "slack"),
        Step("late", 0, "pigeon", "x"),
        Step("late", 0, "slack", "https://hooks.slack.example/secret"),
        Step("late", 0, "email", "a@b\r\nBcc: everybody@tanba.example"),
        Step("late", 0, "email", "a@b, c@d"),
        Step("late", 0, "email", "duty@[-"),
        Step("late", 0, "webhook", "file:///etc/passwd"),
        Step("late", 0, "webhook", "http://a b"),
        Step("late", 0, "telegram", "drop table"),
    ],
)
def test_steps_that_cannot_are_refused(step: Step) -> None:
    with pytest.raises(InputError):
        checked(step)


def test_a_message_is_a_number_and_a_link() -> None:
    assert text(7, "https://tanba.example/o/1/incidents/7/") == "tanba · № 7\nhttps://tanba.example/o/1/incidents/7/"


@given(st.text(min_size=1), st.integers(0, 1 << 40), st.binary())
def test_a_receiver_can_check_the_signature_with_hmac_alone(secret: str, moment: int, body: bytes) -> None:
    head, _, mac = signature(secret, moment, body).partition(",v1=")
    assert head == f"t={moment}"
    key = secret.encode()
    assert mac == hmac.new(key, str(moment).encode() + b"." + body, hashlib.sha256).hexdigest()
