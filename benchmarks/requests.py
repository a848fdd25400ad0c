"""Server time of the list of 10,000 requests on SQLite, beside the same page with the five of the example; terms counted per second."""

import os
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta

from benchmarks.portfolio import _milliseconds, _signed_in
from benchmarks.systems import ROOT

REQUESTS, TERMS = 10_000, 2_000
PAGES = {"first page": "", "late": "?late=1", "one kind": "?kind=objection", "page 100": "?page=100", "all, newest": "?state=all"}


def run() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TANBA_HOME"] = folder
        from tanba.web import example, start

        start.prepare()
        example.load_example(ROOT / "examples")
        address, get = _signed_in()
        desk = f"{address}requests/"
        small = {name: _milliseconds(get, desk + query) for name, query in PAGES.items()}
        portfolio = _milliseconds(get, address)
        _multiply()
        for name, query in PAGES.items():
            large = _milliseconds(get, desk + query)
            yield f"{name}: {REQUESTS:,} requests {large:.0f} ms ({_queries(get, desk + query)} queries); 5 requests {small[name]:.0f} ms"
        yield f"portfolio with {REQUESTS:,} requests: {_milliseconds(get, address):.0f} ms; with 5: {portfolio:.0f} ms"
        yield from _recount()
    yield from _terms()


def _multiply() -> None:
    """Copies of the example's requests, each received and due at a time of its own; a third has ended."""
    from django.utils import timezone

    from tanba.ids import uuid7
    from tanba.web.requests.desk import new_number
    from tanba.web.requests.models import Request

    originals, copies, now = list(Request.objects.all()), [], timezone.now()
    for number in range(len(originals), REQUESTS):
        original = originals[number % len(originals)]
        fields = {field.attname: getattr(original, field.attname) for field in Request._meta.concrete_fields}
        moved = timedelta(minutes=number * 7 % 30_000)
        fields |= {"id": uuid7(), "number": new_number(), "received": now - moved, "due": now - moved + timedelta(days=15)}
        fields |= {"state": "withdrawn", "closed": now} if number % 3 == 0 else {}
        copies.append(Request(**fields))
    Request.objects.bulk_create(copies, batch_size=500)


def _queries(get: object, address: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        get(address)  # type: ignore[operator]
    return len(captured)


def _recount() -> Iterator[str]:
    from tanba.web.requests.desk import recount

    begin = time.perf_counter()
    moved = recount()
    yield f"terms of all open requests counted anew after a change of the calendar: {time.perf_counter() - begin:.2f} s ({moved:,} moved)"


def _terms() -> Iterator[str]:
    from datetime import datetime

    from tanba.calendars import kazakhstan
    from tanba.people.terms import Term, clock

    calendar, start = kazakhstan(), datetime.fromisoformat("2026-01-19T10:00+05:00")
    term, begin = Term(15, "working_days", "house"), time.perf_counter()
    for number in range(TERMS):
        clock(term, start + timedelta(hours=number), [], calendar)
    yield f"clock of a term of 15 working days: {TERMS / (time.perf_counter() - begin):,.0f} a second"
