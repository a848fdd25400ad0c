"""What the ledger's benchmarks stand on: events, a folder on the real disk, the fdatasync probe, alternating rounds."""

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from tanba.ids import uuid7
from tanba.ledger.log import Event, Log
from tanba.ledger.note import LOG, Signer
from tanba.ledger.store.sqlite import SqliteStore

SIGNER = Signer("ledger.example/bench", LOG, bytes(range(32)))
ROOT = Path(__file__).parents[2]
SIZE = 500
"""Bytes of an entry as it is stored; every engine gets the same."""
TIME = "2026-11-22T12:00:00.000000Z"
PAGE = os.urandom(4096)


def event(number: int, id_: str | None = None) -> bytes:
    """An entry without its time: the ledger adds 37 bytes."""
    named = b'"id":"%b",' % id_.encode() if id_ else b""
    head = b'{"author":null,"commitment":"%064x",%b"kind":"bench","organisation":"190140999998","system":"' % (number, named)
    return head + b"x" * (SIZE - 37 - len(head) - 2) + b'"}'


def events(count: int, ids: bool, start: int = 0) -> list[Event]:
    """Entries with or without ids, made before the clock runs."""
    names = [str(uuid7()) if ids else None for _ in range(count)]
    return [(event(number, id_), id_) for number, id_ in enumerate(names, start)]


@contextmanager
def folder() -> Iterator[Path]:
    """A folder for the time of a measurement: under TMPDIR, else in the checkout's `build`. A disk in memory is refused."""
    above = Path(os.environ.get("TMPDIR", ROOT / "build"))
    above.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=above) as name:
        path = Path(name)
        kinds = {line.split()[1]: line.split()[2] for line in Path("/proc/mounts").read_text().splitlines()}
        mount = next(str(above) for above in (path.resolve(), *path.resolve().parents) if str(above) in kinds)
        if kinds[mount] in ("tmpfs", "ramfs"):
            raise RuntimeError(f"{path} is in memory: set TMPDIR to a folder on a disk")
        yield path


def open_log(path: Path) -> Log:
    """As the product opens it, with a first entry, so that no measurement makes the tables."""
    log = Log(SqliteStore(path), SIGNER)
    if not log.head().checkpoint.size:
        log.append(*events(1, True)[0])
    return log


def fill(log: Log, count: int, ids: bool) -> None:
    """Many entries, a few thousand in a commit."""
    start = log.head().checkpoint.size
    while start < count:
        log.append_many(events(min(4000, count - start), ids, start))
        start = log.head().checkpoint.size


def probe(place: Path, count: int = 200) -> float:
    """How often a second a sync returns: 4 KiB at a time onto the end of a fresh file, each on the disk before the next."""
    file = os.open(place / "probe", os.O_CREAT | os.O_WRONLY | os.O_TRUNC)
    try:
        begin = time.perf_counter()
        for number in range(count):
            os.pwrite(file, PAGE, number * len(PAGE))
            os.fdatasync(file)
        return count / (time.perf_counter() - begin)
    finally:
        os.close(file)


def rate(work: Callable[[], object], count: int) -> float:
    """`work` does `count` of something: how many a second."""
    begin = time.perf_counter()
    work()
    return count / (time.perf_counter() - begin)


class Rounds:
    """Figures of several ways, taken in turn: whatever slows the machine down slows all of them."""

    def __init__(self, ways: dict[str, Callable[[], float]], count: int) -> None:
        self.found: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(count):
            for name, way in ways.items():
                self.found[name].append(way())

    def median(self, name: str) -> float:
        return statistics.median(self.found[name])

    def ratio(self, name: str, to: str) -> float:
        """Median of the ratios within a round."""
        return statistics.median(ours / theirs for ours, theirs in zip(self.found[name], self.found[to], strict=True))

    def say(self, name: str, unit: str, *, to: Sequence[str] = ()) -> str:
        """A line: median, range, ratios."""
        low, high = min(self.found[name]), max(self.found[name])
        ratios = "".join(f"; {self.ratio(name, each):.2f} x {each}" for each in to)
        return f"{name}: {self.median(name):,.0f} {unit} ({low:,.0f}-{high:,.0f}){ratios}"


def batches(items: Sequence[Event], size: int) -> Iterator[list[Event]]:
    """`items` in pieces."""
    rest = iter(items)
    while piece := list(islice(rest, size)):
        yield piece
