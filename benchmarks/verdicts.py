"""Systems per second on one core: bare verdicts, and assessments with reasons and what-would-change; all provisions loaded."""

import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from benchmarks.systems import every_facts
from tanba.law.assess import assess
from tanba.law.load import load
from tanba.law.rulebook import decide, on

SECONDS = 2.0


def run() -> Iterator[str]:
    book = on(load(), date(2026, 11, 22))
    facts = every_facts()
    yield f"{len(book.provisions)} provisions in force, {len(facts)} different systems"
    bare, full = rate(lambda f: decide(book, f), facts), rate(lambda f: assess(book, f), facts)
    yield f"bare verdicts: {bare:,.0f} systems/s"
    yield f"assessments with reasons and what-would-change: {full:,.0f} systems/s (1/{bare / full:.0f} of bare)"


def rate(work: Callable[[dict[str, Any]], object], facts: list[dict[str, Any]]) -> float:
    """Best of three rounds: calls per second of process time."""
    for entry in facts:
        work(entry)
    return max(_round(work, facts) for _ in range(3))


def _round(work: Callable[[dict[str, Any]], object], facts: list[dict[str, Any]]) -> float:
    done, start = 0, time.process_time()
    while (spent := time.process_time() - start) < SECONDS:
        for entry in facts:
            work(entry)
        done += len(facts)
    return done / spent
