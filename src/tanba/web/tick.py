"""What the register does by itself: rounds of work of every feature, in threads of the serving process.

Several processes may run them: who moves the date of a task on does it (`evidence.rounds.claim`).
"""

import logging
import threading
from collections.abc import Callable

from django.db import close_old_connections, connection

from tanba.web.decisions.desk import drain
from tanba.web.documents.sets import make_when_due as make_documents
from tanba.web.evidence.rounds import confirm_when_due, seal_and_settle
from tanba.web.exchange.desk import work as exchange
from tanba.web.incidents.sending import round_now
from tanba.web.marks.left import seal_when_due as seal_marks
from tanba.web.notices.sealing import seal_when_due as seal_notices
from tanba.web.requests.keeping import forget_when_due
from tanba.web.risks.reminders import remind_when_due

Work = Callable[[], object]
AT_HOME: tuple[Work, ...] = (seal_and_settle, seal_marks, seal_notices, drain, forget_when_due)
"""What needs nobody else, in turn in one thread."""

WAITING: tuple[Work, ...] = (confirm_when_due, round_now, remind_when_due, make_documents, exchange)
"""What waits for outsiders or takes long: each in a thread of its own, so that nobody holds up the ledger."""

PAUSE, PATIENCE = 2.0, 5.0
"""Seconds between rounds, and for the last one to end."""

_report = logging.getLogger("tanba.tick")


class Ticker(threading.Thread):
    """A daemon thread that does its works in turn until it is stopped; nothing that goes wrong in one ends the others."""

    def __init__(self, *works: Work) -> None:
        """Not started yet."""
        super().__init__(name=works[0].__name__, daemon=True)
        self._works, self._stopped = works, threading.Event()

    def run(self) -> None:
        """Rounds, `PAUSE` apart."""
        while not self._stopped.wait(PAUSE):
            close_old_connections()
            for work in self._works:
                try:
                    work()
                except Exception:
                    _report.exception("a round of the register's own work failed")
        connection.close()

    def stop(self) -> None:
        """End after the current round, for which somebody outside may let us wait."""
        self._stopped.set()
        self.join(PATIENCE)


def tickers() -> list[Ticker]:
    """All of them, not started."""
    return [Ticker(*AT_HOME), *map(Ticker, WAITING)]
