"""What the register does by itself: take artifacts into the ledger, settle statuses, have the ledger confirmed by outsiders."""

import logging
from datetime import timedelta

from django.utils import timezone

from tanba.errors import TanbaError
from tanba.ledger.confirm import confirm
from tanba.web.evidence import ledger
from tanba.web.evidence.models import Lease
from tanba.web.evidence.outbox import drain, forget
from tanba.web.evidence.status import settle
from tanba.workspace import current

EVERY = timedelta(hours=1)
_report = logging.getLogger("tanba.evidence")


def seal_and_settle() -> None:
    """One round of what needs nobody else."""
    drain()
    if claim("settle"):
        settle()
        forget()


def confirm_when_due() -> None:
    """One round of asking outsiders."""
    if claim("confirm"):
        confirm_now()


def claim(name: str, every: timedelta = EVERY) -> bool:
    """Whether this process does the task now: it moved the date on, and nobody else."""
    now = timezone.now()
    Lease.objects.get_or_create(name=name, defaults={"due": now})
    return bool(Lease.objects.filter(name=name, due__lte=now).update(due=now + every))


def confirm_now() -> list[tuple[str, TanbaError | None]]:
    """Ask witnesses and the time-stamping authority, if there are any and there is something to confirm."""
    log = ledger.log()
    if not log.head().checkpoint.size:
        return []
    found: list[tuple[str, TanbaError | None]] = list(confirm(log, current()))
    for who, problem in found:
        if problem:
            _report.warning("%s did not confirm the ledger: %s", who, problem)
    return found
