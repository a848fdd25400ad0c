"""What the register does by itself: take artifacts into the ledger, settle statuses, have the ledger confirmed by outsiders."""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta

from django.db import close_old_connections, connection
from django.utils import timezone

from tanba.errors import TanbaError
from tanba.ledger.confirm import confirm
from tanba.web.evidence import ledger
from tanba.web.evidence.models import Lease
from tanba.web.evidence.outbox import drain, forget
from tanba.web.evidence.status import settle
from tanba.web.requests.keeping import forget_old
from tanba.workspace import current

PAUSE, PATIENCE = 2.0, 5.0
"""Seconds between rounds, and for the last one to end."""

EVERY = timedelta(hours=1)
_report = logging.getLogger("tanba.evidence")


class Ticker(threading.Thread):
    """A daemon thread of the serving process. Several processes may run one each."""

    def __init__(self, work: Callable[[], object]) -> None:
        """Not started yet. What waits for outsiders gets a thread of its own, so that nobody holds up the ledger."""
        super().__init__(name=work.__name__, daemon=True)
        self._work, self._stopped = work, threading.Event()

    def run(self) -> None:
        """Until stopped; nothing that goes wrong in one round ends the next."""
        while not self._stopped.wait(PAUSE):
            close_old_connections()
            try:
                self._work()
            except Exception:
                _report.exception("a round of the register's own work failed")
        connection.close()

    def stop(self) -> None:
        """End after the current round, for which somebody outside may let us wait."""
        self._stopped.set()
        self.join(PATIENCE)


def seal_and_settle() -> None:
    """One round of what needs nobody else."""
    drain()
    if claim("settle"):
        settle()
        forget()
        _seal_left_marks()


def seal_notices() -> None:
    """One round of receipts of notices: what was shown since the last batch becomes one artifact."""
    from tanba.web.notices.sealing import EVERY as PACE
    from tanba.web.notices.sealing import seal_receipts

    if claim("notices", PACE):
        seal_receipts()


def confirm_when_due() -> None:
    """One round of asking outsiders."""
    if claim("confirm"):
        confirm_now()


def forget_when_due() -> None:
    """One round of erasing what people wrote and were told long enough ago."""
    if claim("requests"):
        forget_old()


def _seal_left_marks() -> None:
    """Marks that a process which died left unsealed."""
    from tanba.markseal import seal_left
    from tanba.storage.home import open_objects
    from tanba.web.marks import desk

    if register := desk.register_if_any():
        seal_left(register, ledger.log(), open_objects(current()), timezone.now())


def send_alarms() -> None:
    """One round of incidents: alarms whose time has come."""
    from tanba.web.incidents.sending import round_now

    round_now()


def take_decisions() -> None:
    """One round of what programs decided since the last."""
    from tanba.web.decisions.desk import drain as drain_decisions

    drain_decisions()


WORK = (seal_and_settle, seal_notices, take_decisions, confirm_when_due, forget_when_due, send_alarms)


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
