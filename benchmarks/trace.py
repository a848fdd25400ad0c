"""The decision log: what recording adds to a caller, and how fast the spool is taken into log and ledger.

Peers in the same rounds: a JSON line by `logging.FileHandler`, and a row by the standard library's sqlite3 (write-ahead log), committed
one by one and together. The same decisions everywhere; people are different ones, as in a service.
"""

import json
import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from benchmarks.ledger.ground import Rounds, folder, probe
from tanba import decisions
from tanba.ledger.home import open_ledger
from tanba.storage.home import open_objects
from tanba.trace import Decision, Tracer, home, open_tracer
from tanba.workspace import Workspace

COUNT, FEW, DRAINED, ROUNDS = 5_000, 300, 20_000, 5
FIELDS: dict[str, Any] = {
    "outcome": "refused",
    "inputs": {"income": 400_000, "term_months": 36, "region": "Almaty"},
    "outputs": {"score": 31},
    "sources": ["credit bureau", "application form"],
    "reason": "score below threshold 0.40",
    "changed": False,
}


def run() -> Iterator[str]:
    with folder() as place:
        yield from _callers(place)
        yield from _draining(place)


def _callers(place: Path) -> Iterator[str]:
    """Microseconds of one call: median and 99th percentile of a round, medians over the rounds."""
    ways: dict[str, tuple[Callable[[int], object], int]] = {}
    plain, durable = (_tracer(place / name, durable=name == "durable") for name in ("plain", "durable"))
    ways["record"] = (lambda n: plain.record(Decision(subject=f"client-{n}", **FIELDS)), COUNT)
    ways["record, contents kept"] = (_keeping(place), COUNT)
    ways["record, durable"] = (lambda n: durable.record(Decision(subject=f"client-{n}", **FIELDS)), FEW)
    ways["logging, a JSON line"] = (_logging(place), COUNT)
    ways["sqlite3, a row, NORMAL"] = (_sqlite(place, "NORMAL"), FEW)
    ways["sqlite3, a row, FULL"] = (_sqlite(place, "FULL"), FEW)
    found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in ways}
    syncs = []
    for _ in range(ROUNDS):
        syncs.append(1e6 / probe(place))
        for name, (way, count) in ways.items():
            found[name].append(_timed(way, count))
    yield f"fdatasync of 4 KiB: {_median(syncs):.0f} us"
    for name, rounds in found.items():
        middle, high, rate = (_median([each[at] for each in rounds]) for at in range(3))
        yield f"{name}: p50 {middle:.1f} us, p99 {high:.1f} us, {rate:,.0f} /s of processor time"


def _draining(place: Path) -> Iterator[str]:
    """Spool to log and ledger, durable at each commit; wall clock, and processor time of the one thread that works."""
    workspace = Workspace(place / "drained").create()
    tracer = _tracer(workspace.root)
    book, log, store = home.open_book(workspace), open_ledger(workspace), open_objects(workspace)
    used: list[float] = []

    def drained() -> float:
        for number in range(DRAINED):
            tracer.record(Decision(subject=f"client-{number}-{len(used)}", **FIELDS))
        begin, processor = time.perf_counter(), time.process_time()
        done = decisions.drain(workspace, book, log, store)
        used.append(DRAINED / (time.process_time() - processor))
        if done.entered != DRAINED:
            raise RuntimeError(f"{done.entered} of {DRAINED} were entered")
        return DRAINED / (time.perf_counter() - begin)

    together = _sqlite_together(place)
    with closing(book), closing(log.store):
        found = Rounds({"drained": drained, "sqlite3, rows together": together}, ROUNDS)
    yield found.say("drained", "decisions/s into log and ledger, wall clock", to=["sqlite3, rows together"])
    yield f"drained: {_median(used):,.0f} decisions/s of processor time ({min(used):,.0f}-{max(used):,.0f})"
    yield found.say("sqlite3, rows together", "rows/s, no ledger, no encryption, no commitments")
    size = sum(path.stat().st_size for path in (workspace.decisions, workspace.keys / home.SUBJECTS, workspace.ledger))
    yield f"{size / DRAINED / ROUNDS:,.0f} bytes a decision in log, keys and ledger"


def _tracer(root: Path, **settings: Any) -> Tracer:
    return open_tracer("credit-scorer", "190140999998", workspace=Workspace(root), risk="high", model="2.3.1", **settings)


def _keeping(place: Path) -> Callable[[int], object]:
    tracer = _tracer(place / "keeping", keep=True)
    return lambda n: tracer.record(Decision(subject=f"client-{n}", **FIELDS))


def _logging(place: Path) -> Callable[[int], object]:
    logger = logging.Logger("bench")
    logger.addHandler(logging.FileHandler(place / "decisions.log"))
    return lambda n: logger.info(json.dumps({"time": time.time(), "subject": f"client-{n}", **FIELDS}))


SCHEMA = "CREATE TABLE d (id INTEGER PRIMARY KEY, time REAL, subject TEXT, outcome TEXT, body TEXT); CREATE INDEX i ON d (subject, time)"
INSERT = "INSERT INTO d (time, subject, outcome, body) VALUES (?, ?, ?, ?)"


def _row(number: int) -> tuple[float, str, str, str]:
    return time.time(), f"client-{number}", FIELDS["outcome"], json.dumps(FIELDS)


def _sqlite(place: Path, synchronous: str) -> Callable[[int], object]:
    connection = sqlite3.connect(place / f"{synchronous}.db", isolation_level=None)
    connection.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; {SCHEMA}")
    return lambda n: connection.execute(INSERT, _row(n))


def _sqlite_together(place: Path) -> Callable[[], float]:
    connection = sqlite3.connect(place / "together.db", isolation_level=None)
    connection.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; {SCHEMA}")

    def work() -> float:
        begin = time.perf_counter()
        for start in range(0, DRAINED, 4096):
            connection.execute("BEGIN")
            connection.executemany(INSERT, [_row(start + n) for n in range(min(4096, DRAINED - start))])
            connection.execute("COMMIT")
        return DRAINED / (time.perf_counter() - begin)

    return work


def _timed(way: Callable[[int], object], count: int) -> tuple[float, float, float]:
    took = []
    processor = time.process_time()
    for number in range(count):
        begin = time.perf_counter_ns()
        way(number)
        took.append((time.perf_counter_ns() - begin) / 1000)
    rate = count / max(time.process_time() - processor, 1e-9)
    took.sort()
    return took[count // 2], took[count * 99 // 100], rate


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]
