"""Suggestions of the catalogue for the labelled and the example systems, and checks of large registers."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from statistics import median

from benchmarks.systems import every_facts
from tanba.people.catalogue import risks, suggest
from tanba.people.riskfile import from_catalogue
from tanba.people.risks import Register, Score, findings

MANY = 500


def run() -> Iterator[str]:
    systems = every_facts()
    begin = time.perf_counter()
    found = [suggest(facts) for facts in systems]
    took = time.perf_counter() - begin
    fitting = [sum(each.answer is True for each in one) for one in found]
    waiting = [sum(each.answer is None for each in one) for one in found]
    seen = Counter(each.risk.id for one in found for each in one if each.answer)
    yield f"{len(systems)} systems, {len(risks())} risks: fit by facts median {median(fitting)} ({min(fitting)}-{max(fitting)})"
    yield f"wait for answers: median {median(waiting)} ({min(waiting)}-{max(waiting)}); suggestions {len(systems) / took:,.0f} systems/s"
    yield f"risks that fit no system here: {len(risks()) - len(seen)}: {', '.join(sorted(risks().keys() - seen.keys())) or '-'}"
    first = from_catalogue(next(iter(risks().values())))
    rows = tuple(replace(first, id=f"r{n}", inherent=Score(n % 5 + 1, n % 3 + 1, "counted")) for n in range(MANY))
    begin = time.perf_counter()
    missing = findings(Register("s", rows, date(2026, 1, 18)), date(2026, 11, 22), "P1Y")
    yield f"a register of {MANY} risks checked in {1000 * (time.perf_counter() - begin):.1f} ms, {len(missing)} findings"
