"""Clocks in words: what a page says of each, beside its colour."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tanba.law.words import bare, cite
from tanba.people.clocks import Clock
from tanba.web.language import current, pick, say
from tanba.web.templatetags import at, day

TONES = {"running": "gold", "late": "late", "stopped": "met", "stopped_late": "medium", "unknown": "unknown", "none": ""}


@dataclass(frozen=True, slots=True)
class Shown:
    """One clock on a page. `left` is the time until, or since, its end."""

    clock: Clock
    state: str
    tone: str
    left: str
    basis: str
    source: str
    path: str
    remarks: tuple[str, ...]


def shown(found: Iterable[Clock], now: datetime) -> list[Shown]:
    """In the order of the clocks."""
    return [_one(clock, now) for clock in found]


def _one(clock: Clock, now: datetime) -> Shown:
    state = say(f"incidents.state_{clock.state}")
    if clock.missing:
        state = f"{state}: {say(f'incidents.missing_{clock.missing}')}"
    source = cite(clock.provision, current()) if clock.provision else clock.term.source if clock.term else ""
    tone = "late" if clock.overdue(now) else "medium" if clock.state == "late" else TONES[clock.state]
    left = remaining(clock.due.at, now) if clock.due and clock.open else ""
    path = bare(clock.provision) if clock.provision else ""
    return Shown(clock, state, tone, left, say(f"incidents.basis_{clock.basis}"), source, path, tuple(_remarks(clock)))


def _remarks(clock: Clock) -> Iterable[str]:
    if clock.reported and clock.state != "none":
        yield say("incidents.reported")
    if clock.basis == "recommended" and clock.state in ("running", "late", "unknown"):
        yield say("incidents.not_adopted")
    if clock.due and clock.due.doubts:
        yield say("incidents.doubts", days=", ".join(f"{day(each)} ({pick(name)})" for each, name in sorted(clock.due.doubts.items())))
    if clock.due and clock.due.beyond:
        yield say("incidents.beyond")
    if clock.state == "stopped" and clock.due is None:
        yield say("incidents.sent_untimed")
    if clock.sent:
        yield say("incidents.sent_told", time=at(clock.sent.at), number=clock.sent.number or "–")


def remaining(due: datetime, now: datetime) -> str:
    """`3 h 20 min left`, `2 days late`, in the language of the page."""
    late = now > due
    gone = abs(due - now)
    days, rest = divmod(gone, timedelta(days=1))
    hours, minutes = divmod(int(rest.total_seconds()) // 60, 60)
    parts = [(days, "days"), (hours, "hours"), (minutes, "minutes")]
    told = " ".join(say(f"incidents.short_{unit}", count=count) for count, unit in [each for each in parts if each[0]][:2])
    return say("incidents.late_by" if late else "incidents.left", time=told or say("incidents.short_minutes", count=0))
