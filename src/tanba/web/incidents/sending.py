"""From alarms that are due to messages that left. `round_now` is done by the ticker of each serving process, every two seconds.

A message is written in the transaction in which its alarms fire. Whoever moves `next_try` of a waiting message on sends it, so that of
many processes one does; where it dies, another tries after `LEASE`: sent at least once. Each endpoint has a thread of its own, so that
one that hangs holds up nobody else.
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from tanba.errors import TanbaError
from tanba.web.incidents.channels import UndeliveredError, deliver
from tanba.web.incidents.models import Alarm, Attempt, Incident, Message, Step
from tanba.workspace import Config, current

BATCH, AT_ONCE, THREADS = 500, 500, 64
LEASE = timedelta(seconds=120)
"""Longer than the longest try."""

FIRST, LONGEST, MOST_TRIES = timedelta(seconds=30), timedelta(hours=1), 20
SLOW, REST = 5.0, timedelta(seconds=30)
"""An endpoint that lets us wait longer rests: what else is for it is tried later."""

_report = logging.getLogger("tanba.incidents")
_busy: set[tuple[str, str]] = set()
_lock = threading.Lock()
Run = Callable[[Callable[[], None]], object]


def round_now() -> None:
    """One round: fire what is due, hand messages to the threads."""
    now = timezone.now()
    fire(now)
    send(now)


def fire(now: datetime) -> int:
    """Turn alarms whose moment has come into messages; several for one person about one incident make one. Returns how many fired."""
    done = 0
    while fired := _fire_some(now):
        done += fired
    return done


@transaction.atomic
def _fire_some(now: datetime) -> int:
    due = Alarm.objects.filter(fired_at=None, at__lte=now).order_by("at")
    rows = list(due.select_for_update(skip_locked=True).values_list("pk", "incident_id", "step_id")[:BATCH])
    if not rows:
        return 0
    Alarm.objects.filter(pk__in=[pk for pk, _, _ in rows]).update(fired_at=now)
    steps = Step.objects.in_bulk({step for _, _, step in rows})
    homes = dict(Incident.objects.filter(pk__in={incident for _, incident, _ in rows}).values_list("pk", "organisation_id"))
    wanted = dict.fromkeys((incident, steps[step].channel, steps[step].to) for _, incident, step in rows)
    Message.objects.bulk_create(
        Message(organisation_id=homes[incident], incident_id=incident, channel=channel, to=to, made_at=now, next_try=now)
        for incident, channel, to in wanted
    )
    return len(rows)


def _apart(work: Callable[[], None]) -> None:
    """In a thread that does not hold up the end of the process: what it leaves is sent when its lease has ended."""
    threading.Thread(target=work, name="alarms", daemon=True).start()


def send(now: datetime, run: Run = _apart) -> None:
    """Hand what waits to `run`, one piece of work for each endpoint that is not at work already; too many wait for the next round."""
    waiting = Message.objects.filter(state=Message.State.WAITING, next_try__lte=now).order_by()
    endpoints = {(channel, to if channel == "webhook" else "") for channel, to in waiting.values_list("channel", "to").distinct()}
    for endpoint in endpoints:
        with _lock:
            if endpoint in _busy or len(_busy) >= THREADS:
                continue
            _busy.add(endpoint)
        run(partial(_serve, endpoint))


def _serve(endpoint: tuple[str, str]) -> None:
    """Send what is due at one endpoint, until it is slow."""
    try:
        config = current().config()
        for pk, next_try in _due(endpoint):
            begin = time.monotonic()
            if not _claimed(pk, next_try):
                continue
            _try(Message.objects.select_related("incident").get(pk=pk), config)
            if time.monotonic() - begin > SLOW:
                _waiting(endpoint).filter(next_try__lte=timezone.now()).update(next_try=timezone.now() + REST)
                break
    except Exception:
        _report.exception("messages of incidents could not be sent")
    finally:
        with _lock:
            _busy.discard(endpoint)
        if threading.current_thread() is not threading.main_thread():
            connection.close()


def _waiting(endpoint: tuple[str, str]) -> QuerySet[Message]:
    channel, to = endpoint
    found = Message.objects.filter(state=Message.State.WAITING, channel=channel)
    return found.filter(to=to) if to else found


def _due(endpoint: tuple[str, str]) -> list[tuple[UUID, datetime]]:
    found = _waiting(endpoint).filter(next_try__lte=timezone.now()).order_by("next_try", "id")
    return list(found.values_list("pk", "next_try")[:AT_ONCE])


def _claimed(pk: UUID, next_try: datetime) -> bool:
    """Whether it is ours: nobody else moved it on."""
    mine = Message.objects.filter(pk=pk, state=Message.State.WAITING, next_try=next_try)
    return bool(mine.update(next_try=timezone.now() + LEASE))


def _try(message: Message, config: Config) -> None:
    """One try, noted before and after."""
    attempt = Attempt.objects.create(message=message)
    try:
        deliver(message, config, attempt.at)
    except (UndeliveredError, TanbaError) as error:
        outcome, detail = (error.outcome, error.detail) if isinstance(error, UndeliveredError) else ("settings", error.message[:200])
        tries = message.tries + 1
        state = Message.State.FAILED if tries >= MOST_TRIES else Message.State.WAITING
        changes = {"tries": tries, "state": state, "next_try": timezone.now() + pause(tries)}
        if outcome != "settings":  # that stands on the page of the ladder
            _report.warning("a message of incidents was not taken (%s)", outcome)
    else:
        outcome, detail, changes = "sent", "", {"tries": message.tries + 1, "state": Message.State.SENT}
    with transaction.atomic():
        Attempt.objects.filter(pk=attempt.pk).update(outcome=outcome, detail=detail)
        Message.objects.filter(pk=message.pk).update(**changes)


def pause(tries: int) -> timedelta:
    """Until the next try: longer each time."""
    longer: timedelta = FIRST * int(2 ** min(tries - 1, 10))
    return min(longer, LONGEST)
