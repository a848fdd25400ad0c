"""Who is told when a clock runs: a ladder of steps, and when each of them is due. Pure.

A message carries a number and a link, nothing else: what happened, and to whom, is read after signing in.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from tanba.errors import InputError
from tanba.people.clocks import Clock

CHANNELS = ("email", "telegram", "slack", "webhook")
WHEN = ("after", "share", "late")
"""N minutes after the awareness time; at N per cent of a term; when a term has ended unsent."""

MOST_STEPS, MOST_MINUTES = 20, 60 * 24 * 30
FORMS = {
    "email": r"[A-Za-z0-9.!#$%&*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{0,189}",
    "telegram": r"-?[0-9]{1,20}|@[A-Za-z0-9_]{5,32}",
    "slack": "",
    "webhook": r"https?://\S{3,400}",
}


@dataclass(frozen=True, slots=True)
class Step:
    """`to`: an address, a chat, or the address of a receiver; empty for Slack, whose address is a secret of the workspace."""

    when: str
    value: int
    channel: str
    to: str = ""


@dataclass(frozen=True, slots=True)
class Alarm:
    """A step (its place in the ladder) that is due at a moment. `clock` is empty for steps that count from awareness."""

    clock: str
    step: int
    at: datetime


def checked(step: Step) -> Step:
    """Raises InputError on what cannot be meant."""
    most = {"after": MOST_MINUTES, "share": 99, "late": 0}.get(step.when, -1)
    if not (0 if step.when == "late" else 1) <= step.value <= most:
        raise InputError("{when} {value} is no time of a step", "Minutes, per cent below 100, or late.", when=step.when, value=step.value)
    if step.channel not in CHANNELS or not re.fullmatch(FORMS[step.channel], step.to) or not step.to.isascii():
        raise InputError(
            "{to!r} is no address of {channel}",
            "An e-mail address, a chat's number or @name, https://… for a webhook; none for Slack.",
            to=step.to,
            channel=step.channel,
        )
    return step


def alarms(aware: datetime, clocks: Iterable[Clock], ladder: Iterable[Step]) -> Iterator[Alarm]:
    """When each step is due, for the clocks that count."""
    ends = {clock.name: clock.due.at for clock in clocks if clock.counts and clock.due}
    for place, step in enumerate(ladder):
        if step.when == "after":
            yield Alarm("", place, aware + timedelta(minutes=step.value))
        else:
            share = step.value / 100 if step.when == "share" else 1
            yield from (Alarm(name, place, aware + (end - aware) * share) for name, end in ends.items())


def text(number: int, link: str) -> str:
    """What is sent to people: the same in every language."""
    return f"tanba · № {number}\n{link}"


def signature(secret: str, moment: int, body: bytes) -> str:
    """Of a message to a receiver: HMAC-SHA-256 over `moment.body`, so that neither can be exchanged. `moment`: seconds since 1970.

    >>> signature("key", 0, b"{}")[:21]
    't=0,v1=7314351dd949aa'
    """
    made = hmac.new(secret.encode(), b"%d." % moment + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={made}"
