"""What happens to a request: each act in one transaction, with its event, its sealed act and its clock.

Every function takes the row again inside the transaction, so that of two people who act at once the second is told.
"""

import hashlib
import hmac
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from tanba.calendars import Calendar
from tanba.calendars.changes import calendar_of
from tanba.errors import InputError, TanbaError
from tanba.people.answers import gaps_of, state_after
from tanba.people.requests import CLOSED, Ground, refuse_identity, refuse_move
from tanba.people.terms import Clock, Pause, clock, term_of
from tanba.web.accounts.models import Organisation, User
from tanba.web.evidence.forward import put_forward
from tanba.web.evidence.outbox import record
from tanba.web.language import say
from tanba.web.requests import texts
from tanba.web.requests.law import grounds_of
from tanba.web.requests.models import Event, Request, house_of
from tanba.web.systems.models import System
from tanba.workspace import current

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
SALT = "tanba.request"
SAME_WITHIN = timedelta(minutes=10)
"""A request of the same words from the same browser so soon after is the same."""

EVIDENCES = {"support": "support-record", "objection": "objection-record", "withdrawal": "withdrawal-record"}
"""Kinds of request whose answer is of a kind of evidence that a provision lists."""


@dataclass(frozen=True)
class Sent:
    """A request as somebody made it or a member entered it. `written` has text, name, contact, decision."""

    kind: str
    language: str
    received: datetime
    written: Mapping[str, str]
    channel: str = "form"
    category: str = ""
    sameness: str = ""
    by: User | None = field(default=None)


def receive(system: System, sent: Sent) -> tuple[Request, bool]:
    """(the request, whether it is new): one that was sent twice within minutes is not made twice. Raises InputError, StoreError."""
    if sent.received > timezone.now():
        raise InputError("{given!r} lies in the future", "Write when the request really arrived.", given=sent.received.isoformat()[:16])
    with transaction.atomic():
        if same := _same(system, sent.sameness):
            return same, False
        row = _new(system, sent)
        _event(row, "received", sent.by, {"basis": row.term_basis, "channel": row.channel, "received": _moment(row.received)})
    return row, True


def _same(system: System, sameness: str) -> Request | None:
    lately = Request.objects.filter(sameness=sameness, system=system, received__gte=timezone.now() - SAME_WITHIN)
    return lately.first() if sameness else None


def _new(system: System, sent: Sent) -> Request:
    row = Request(organisation=system.organisation, system=system, number=new_number(), kind=sent.kind, channel=sent.channel)
    row.language, row.received, row.category, row.sameness = sent.language, sent.received, sent.category, sent.sameness
    _promise(row)
    row.text = texts.keep_text(system, sent.written, sent.by)
    row.save()
    return row


def new_number() -> str:
    """Eight letters that are not mistaken for one another and say nothing of how many there are."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{drawn[:4]}-{drawn[4:]}"


def sameness_of(system: System, browser: str, kind: str, written: Mapping[str, str]) -> str:
    """A keyed digest of what a browser sent, which says nothing without the key."""
    content = "\x00".join((str(system.pk), browser, kind, *(f"{name}={written[name]}" for name in sorted(written))))
    return hmac.new(str(settings.SECRET_KEY).encode(), content.encode(errors="replace"), hashlib.sha256).hexdigest()


def link_of(row: Request) -> str:
    """The secret address under which a person follows the request and reads the answer, without host."""
    return reverse("requests:follow", args=[row.system_id, signing.Signer(salt=SALT).sign(str(row.pk))])


def by_token(system: Any, token: str) -> Request | None:
    """The request of a link; None for one that we did not make."""
    try:
        pk = signing.Signer(salt=SALT).unsign(token)
    except signing.BadSignature:
        return None
    return Request.objects.select_related("system", "organisation", "text", "answer").filter(pk=pk, system=system).first()


def take(row: Request, by: User) -> None:
    """Begin to work on it, or go on once the person has shown who they are; whoever does so has it, where nobody had.

    How identity was shown is not kept, nor any copy.
    """
    with _moving(row, "work") as now:
        now.assignee = now.assignee or by
        _event(now, "shown" if row.state == "identity" else "work", by, {})


def ask_identity(row: Request, asked: Collection[str], by: User) -> None:
    """Ask who the person is: no more than the kind needs. Raises InputError."""
    refuse_identity(row.kind, asked)
    with _moving(row, "identity") as now:
        _event(now, "identity", by, {"asked": sorted(asked), "pauses": now.term.pauses})


def withdraw(row: Request, by: User | None) -> None:
    """The person has changed their mind."""
    with _moving(row, "withdrawn") as now:
        now.closed = timezone.now()
        texts.drop_draft(now)
        _event(now, "withdrawn", by, {})


def assign(row: Request, to: User | None, by: User) -> None:
    """Give it to somebody, or to nobody."""
    with _locked(row) as now:
        now.assignee = to
        now.save(update_fields=["assignee"])
        _event(now, "assigned", by, {"to": str(to.pk) if to else None})


def reclassify(row: Request, kind: str, category: str, by: User) -> None:
    """It is of another kind than the person chose: the term of that kind counts from the same receipt."""
    with _locked(row) as now:
        _refuse_closed(now)
        before, now.kind, now.category = now.kind, kind, category if kind == "support" else ""
        _promise(now)
        now.save()
        _event(now, "kind", by, {"basis": now.term_basis, "before": before, "kind": kind})


def save_draft(row: Request, outcome: str, reason: str, text: str, by: User) -> None:
    """Keep what was written so far. Raises InputError."""
    state = state_after(row.kind, outcome, reason)
    with _locked(row) as now:
        _refuse_closed(now)
        now.outcome, now.reason = outcome, reason if state == "refused" else ""
        texts.put_draft(now, text, by)
        now.save()
    row.refresh_from_db()


def send(row: Request, by: User) -> None:
    """Answer: the draft becomes the answer that the person reads. Raises InputError on gaps and, where four eyes are on, for its writer."""
    with _locked(row) as now:
        text, state = texts.draft_of(now), state_after(now.kind, now.outcome, now.reason)
        if gap := next(iter(gaps_of(text)), "" if text.strip() else "[[…]]"):
            raise InputError(
                "there is still something to fill in: {gap}", "Replace every [[…]] with words of your own, or delete it.", gap=gap
            )
        if now.organisation.four_eyes and now.draft_by_id == by.pk:
            raise InputError("whoever wrote the answer cannot send it", "Four eyes are on: ask another member to send it.")
        refuse_move(now.state, state)
        writer = now.draft_by_id
        now.answer, now.state, now.closed = texts.keep_answer(now, text, by), state, timezone.now()
        texts.drop_draft(now)
        _settle(now, _calendar())
        now.save()
        details = {"in_time": not now.late, "outcome": now.outcome, "reason": now.reason, "writer": str(writer)}
        event = _event(now, state, by, details)
        kinds = tuple(filter(None, [EVIDENCES.get(now.kind)]))
        put_forward(now.system, event.act, kinds, say("forward.request", number=now.number), once=True)


def erase(row: Request, by: User | None, reason: str) -> bool:
    """Erase the texts of a request that has ended."""
    with _locked(row) as now:
        if now.is_open or not texts.erase(now, by, reason):
            return False
        _event(now, "erased", by, {})
    return True


def recount(organisation: Organisation | None = None) -> int:
    """Count the terms of open requests anew after the calendar was changed; how many moved."""
    rows: QuerySet[Request] = Request.objects.filter(closed=None).prefetch_related("events")
    calendar, moved = _calendar(), []
    for row in rows.filter(organisation=organisation) if organisation else rows:
        before = row.due
        _settle(row, calendar)
        if row.due != before:
            moved.append(row)
    Request.objects.bulk_update(moved, ["due"], batch_size=500)
    return len(moved)


def clock_of(row: Request) -> Clock:
    """When the term ends, with its doubts; without those where the calendar cannot be read."""
    try:
        calendar = _calendar()
    except TanbaError:
        return Clock(row.due)
    return clock(row.term, row.received, _pauses(row, row.events.all()), calendar)


def ground_of(row: Request) -> Ground:
    """What stands behind the request on the day it came."""
    return grounds_of(row.system, timezone.localtime(row.received).date())[row.kind]


def _promise(row: Request) -> None:
    """The term by what the law said on the day of receipt, or the house's."""
    term = term_of(ground_of(row), house_of(row.organisation).terms)
    row.term_within, row.term_unit, row.term_basis, row.term_source = term.within, term.unit, term.basis, term.source
    _settle(row, _calendar())


def _settle(row: Request, calendar: Calendar) -> None:
    events = row.events.all() if not row._state.adding else ()
    row.due = clock(row.term, row.received, _pauses(row, events), calendar).due


def _pauses(row: Request, events: Iterable[Event]) -> list[Pause]:
    """From when to when the person was asked who they are."""
    pauses: list[Pause] = []
    for event in events:
        if event.what == "identity":
            pauses.append((event.at, None))
        elif pauses and pauses[-1][1] is None and event.what in ("shown", *CLOSED):
            pauses[-1] = (pauses[-1][0], event.at)
    if pauses and pauses[-1][1] is None and row.closed:
        pauses[-1] = (pauses[-1][0], row.closed)
    return pauses


def _calendar() -> Calendar:
    return calendar_of(current().calendar)


@contextmanager
def _locked(row: Request) -> Iterator[Request]:
    """The row as it is now, held until the end of the transaction."""
    with transaction.atomic():
        rows = Request.objects.select_related("system", "organisation", "text", "answer", "draft_by")
        yield rows.select_for_update(of=("self",)).get(pk=row.pk)


@contextmanager
def _moving(row: Request, to: str) -> Iterator[Request]:
    """A step to another state, with the clock counted after it. Raises InputError where it cannot be."""
    with _locked(row) as now:
        refuse_move(now.state, to)
        if now.state != row.state:
            raise InputError(
                "the request has changed since this page was opened", "Look at it again: somebody may have dealt with it meanwhile."
            )
        now.state = to
        yield now
        _settle(now, _calendar())
        now.save()


def _refuse_closed(row: Request) -> None:
    """Raises InputError where it has ended."""
    if not row.is_open:
        refuse_move(row.state, "work")


def _event(row: Request, what: str, by: User | None, details: Mapping[str, Any]) -> Event:
    """One line of the timeline, and the sealed act that says the same."""
    sealed = {"event": what, "kind": row.kind, "request": row.number, **details}
    act = record(row.organisation, "request-event", sealed, by, row.system)
    return Event.objects.create(request=row, what=what, by=by, details=dict(details), act=act)


def _moment(moment: datetime) -> str:
    return timezone.localtime(moment).isoformat(timespec="minutes")
