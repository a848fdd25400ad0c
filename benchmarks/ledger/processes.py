"""Four processes on one file, each holding it alone for a commit, beside plain SQLite used the same way. Run as a module: one writer."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

from benchmarks.ledger.ground import ROOT, SIGNER, Rounds, batches, events, open_log
from benchmarks.ledger.plain import Plain, rows
from tanba.ledger.audit import audit
from tanba.ledger.store.sqlite import SqliteStore

PROCESSES = 4
EACH = {10: 6_000, 100: 20_000}
"""Entries of a process by the size of its batches."""


def run(place: Path, rounds: int) -> Iterator[str]:
    for size in EACH:
        files: list[Path] = []
        found = Rounds({"tanba": _way(place, "tanba", size, files), "apsw": _way(place, "apsw", size, [])}, rounds)
        clean = all(_clean(path, EACH[size] * PROCESSES + 1) for path in files)
        yield found.say("tanba", f"entries/s, {PROCESSES} processes, batches of {size}", to=["apsw"]) + f"; audits clean: {clean}"
        yield found.say("apsw", "entries/s without a ledger")


def _way(place: Path, engine: str, size: int, files: list[Path]) -> Callable[[], float]:
    numbers = count()

    def way() -> float:
        path = place / f"{engine}-{size}-{next(numbers)}.db"
        files.append(path)
        open_log(path).store.close() if engine == "tanba" else Plain(path, engine).close()
        return _together(path, engine, size)

    return way


def _together(path: Path, engine: str, size: int) -> float:
    """All begin at once; until the last has ended."""
    command = [sys.executable, "-m", "benchmarks.ledger.processes", str(path), engine, str(size)]
    writers = [subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(PROCESSES)]
    for writer in writers:
        writer.stdout.readline()
    begin = time.perf_counter()
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        writer.stdout.readline()
    spent = time.perf_counter() - begin
    for writer in writers:
        writer.communicate()
    return EACH[size] * PROCESSES / spent


def _clean(path: Path, entries: int) -> bool:
    store = SqliteStore(path)
    findings = [each for each in audit(store, [SIGNER.key]) if not each.harmless]
    whole = not findings and store.head().size == entries
    store.close()
    return whole


def _write(path: Path, engine: str, size: int) -> None:
    work = events(EACH[size], True)
    append = open_log(path).append_many if engine == "tanba" else Plain(path, engine, shared=True).append
    ready = list(batches(work if engine == "tanba" else rows(work), size))
    print("ready", flush=True)
    sys.stdin.readline()
    for batch in ready:
        append(batch)
    print("done", flush=True)


if __name__ == "__main__":
    _write(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
