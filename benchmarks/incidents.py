"""A 24-hour clock among 10,000 open ones: how late its alarm arrives at a real receiver, and what a round costs.

Beside it the naive way: every clock of every open incident computed anew in each round.
"""

import os
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from benchmarks.systems import ROOT

CLOCKS, RINGS = 10_000, 8


class Receiver(ThreadingHTTPServer):
    """Takes everything, and notes when."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.at: list[float] = []


class Handler(BaseHTTPRequestHandler):
    """Of one message."""

    server: Receiver

    def do_POST(self) -> None:
        self.server.at.append(time.time())
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


def run() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder, Receiver() as receiver:
        os.environ |= {"TANBA_HOME": folder, "TANBA_WEBHOOK_SECRET": "x"}
        threading.Thread(target=receiver.serve_forever, daemon=True).start()
        from tanba.web import example, start

        start.prepare()
        example.load_example(ROOT / "examples")
        from django.utils import timezone

        from tanba.web.incidents import counting, sending
        from tanba.web.incidents.models import Incident

        organisation = _filled(f"http://127.0.0.1:{receiver.server_port}/hook")
        idle = _milliseconds(sending.round_now, 20)
        naive = _milliseconds(lambda: [counting.counted(row) for row in Incident.objects.filter(closed_at=None)[:500]], 1) * CLOCKS / 500
        yield f"a round with {CLOCKS:,} open clocks and nothing due: {idle:.1f} ms; each clock computed anew {naive:,.0f} ms"
        late = _late(organisation, receiver)
        spread = f"{min(late):.1f}-{max(late):.1f} s (median {statistics.median(late):.1f})"
        yield f"24-hour clock among them, {RINGS} times: alarm at the receiver after {spread}"
        begin = time.perf_counter()
        fired = sending.fire(timezone.now() + timedelta(days=3))
        yield f"all {fired:,} due at the same moment: messages written in {time.perf_counter() - begin:.1f} s"


def _filled(hook: str) -> Any:
    """The example company with 10,000 open incidents whose house clock ends within the next two days."""
    from django.utils import timezone

    from tanba.web.accounts.models import Organisation
    from tanba.web.incidents.models import Alarm, Incident, Message, Step

    organisation = Organisation.objects.get()
    Message.objects.all().delete()
    Step.objects.all().delete()
    Incident.objects.update(closed_at=timezone.now())
    step = Step.objects.create(organisation=organisation, when="late", channel="webhook", to=hook)
    now, facts = timezone.now(), {"severity": "serious", "high_risk": True, "personal_data": False}
    rows = [Incident(organisation=organisation, number=100 + n, what="x", aware=now - timedelta(seconds=n), **facts) for n in range(CLOCKS)]
    Incident.objects.bulk_create(rows, batch_size=1000)
    day = timedelta(hours=24)
    Alarm.objects.bulk_create((Alarm(incident=row, step=step, clock="house", at=row.aware + day) for row in rows), batch_size=1000)
    return organisation


def _late(organisation: Any, receiver: Receiver) -> list[float]:
    """Seconds from the end of a clock to the receiver, by the register's own ticker."""
    from django.utils import timezone

    from tanba.web.incidents import acts
    from tanba.web.incidents.sending import round_now
    from tanba.web.tick import Ticker

    ticker, found = Ticker(round_now), []
    ticker.start()
    for number in range(RINGS):
        end: datetime = timezone.now() + timedelta(seconds=1 + number / RINGS)
        seen, values = len(receiver.at), {"severity": "serious", "high_risk": True, "personal_data": False}
        acts.enter(organisation, {"what": "x", "aware": end - timedelta(hours=24), **values}, [], None)
        while len(receiver.at) == seen:
            time.sleep(0.01)
        found.append(receiver.at[-1] - end.timestamp())
    ticker.stop()
    return found


def _milliseconds(work: Any, rounds: int) -> float:
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        work()
        times.append((time.perf_counter() - begin) * 1000)
    return statistics.median(times)
