"""Server time of the portfolio page with 10,000 systems on SQLite, beside the same page with the sixteen of the example."""

import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from typing import Any

from benchmarks.systems import ROOT

SYSTEMS, ROUNDS = 10_000, 15
PAGES = {"first page": "", "search «СКОР»": "?q=СКОР", "overdue": "?need=overdue", "page 200": "?page=200"}


def run() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TANBA_HOME"] = folder
        from tanba.web import example, start

        start.prepare()
        example.load_example(ROOT / "examples")
        address, get = _signed_in()
        small = {name: _milliseconds(get, address + query) for name, query in PAGES.items()}
        _multiply()
        for name, query in PAGES.items():
            large = _milliseconds(get, address + query)
            yield f"{name}: {SYSTEMS:,} systems {large:.0f} ms; 16 systems {small[name]:.0f} ms; ratio {large / small[name]:.1f}"


def _signed_in() -> tuple[str, Any]:
    from django.test import Client

    from tanba.web.accounts.models import Membership

    administrator = Membership.objects.filter(role="administrator").select_related("user").get()
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(administrator.user)
    return f"/o/{administrator.organisation_id}/", client.get


def _multiply() -> None:
    """Copies of the assessed example systems, with names and columns of their own, until there are 10,000."""
    from tanba.ids import uuid7
    from tanba.web.systems.models import System

    originals = list(System.objects.all())
    copies = []
    for number in range(len(originals), SYSTEMS):
        original = originals[number % len(originals)]
        fields = {f.name: getattr(original, f.name) for f in System._meta.concrete_fields if f.name != "attention"}
        copies.append(System(**fields | {"id": uuid7(), "slug": f"{fields['slug']}-{number}"}))
    System.objects.bulk_create(copies, batch_size=1000)


def _milliseconds(get: Any, address: str) -> float:
    """Median time of one request inside the server process, database and template included."""
    times = []
    for _ in range(ROUNDS + 2):
        begin = time.perf_counter()
        response = get(address)
        times.append((time.perf_counter() - begin) * 1000)
        if response.status_code != 200:
            raise RuntimeError(f"{address} answered {response.status_code}")
    return statistics.median(times[2:])
