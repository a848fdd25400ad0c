"""What the register does by itself: take artifacts into the ledger, settle statuses, have the ledger confirmed by outsiders."""

import logging
import threading
from datetime import timedelta

from django.db import close_old_connections, connection
from django.utils import timezone

from tanba.errors import TanbaError
from tanba.ledger.confirm import confirm
from tanba.web.evidence import ledger
from tanba.web.evidence.models import Lease
from tanba.web.evidence.outbox import drain, forget
from tanba.web.evidence.status import settle
from tanba.workspace import current

PAUSE = 2.0
EVERY = timedelta(hours=1)
_report = logging.getLogger("tanba.evidence")


class Ticker(threading.Thread):
    """A daemon thread of the serving process. Several processes may run one each."""

    def __init__(self) -> None:
        """Not started yet."""
        super().__init__(name="tick", daemon=True)
        self._stopped = threading.Event()

    def run(self) -> None:
        """Until stopped; nothing that goes wrong in one round ends the next."""
        while not self._stopped.wait(PAUSE):
            close_old_connections()
            try:
                tick()
            except Exception:
                _report.exception("a round of the register's own work failed")
        connection.close()

    def stop(self) -> None:
        """End after the current round."""
        self._stopped.set()
        self.join()


def tick() -> None:
    """One round."""
    drain()
    if claim("settle"):
        settle()
        forget()
    if claim("confirm"):
        confirm_now()


def claim(name: str) -> bool:
    """Whether this process does the task now: it moved the date on, and nobody else."""
    now = timezone.now()
    Lease.objects.get_or_create(name=name, defaults={"due": now})
    return bool(Lease.objects.filter(name=name, due__lte=now).update(due=now + EVERY))


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
