"""One ledger that grows: what an append costs at each size, memory, audit, proofs. Run as a module: a process to be measured."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from random import Random

import apsw

from benchmarks.ledger.ground import ROOT, SIGNER, Rounds, batches, events, fill, open_log, probe, rate
from tanba.ledger import merkle
from tanba.ledger.audit import audit
from tanba.ledger.log import Log
from tanba.ledger.store.sqlite import SqliteStore

SMALLEST = 10_000
PROOFS = 4_000


def run(place: Path, rounds: int, largest: int) -> Iterator[str]:
    """Sizes ten times apart up to the largest; beside it stands one that stays small."""
    path, size = place / "ledger.db", SMALLEST * 10
    log, small = open_log(path), open_log(place / "small.db")
    fill(small, SMALLEST, True)
    while size <= largest:
        begin = time.perf_counter()
        fill(log, size, True)
        spent, each = time.perf_counter() - begin, sum(part.stat().st_size for part in place.glob("ledger.db*")) / size
        yield f"{size:,} entries: {each:.0f} bytes each, the newest {size - size // 10:,} added in {spent:.0f} s; " + _memory(path)
        yield f"{size:,} entries: " + _cost(place, small, log, rounds)
        if size == 1_000_000:
            yield from _proofs(log, rounds)
        if size >= 1_000_000:
            yield from _audits(path, log.head().checkpoint.size, rounds)
        size *= 10


def _cost(place: Path, small: Log, log: Log, rounds: int) -> str:
    ways = {"fdatasync": lambda: probe(place, 100), f"at {SMALLEST:,}": lambda: _singles(small), "appends": lambda: _singles(log)}
    return Rounds(ways, rounds * 3).say("appends", "/s, one by one", to=[f"at {SMALLEST:,}", "fdatasync"])


def _singles(log: Log) -> float:
    work = list(batches(events(100, True), 1))
    return rate(lambda: [log.append_many(each) for each in work], len(work))


def _proofs(log: Log, rounds: int) -> Iterator[str]:
    signed, random = log.head(), Random(1)
    size, root = signed.checkpoint.size, signed.checkpoint.root
    chosen = [random.randrange(size) for _ in range(PROOFS)]
    proofs = [(merkle.leaf_hash(log.entry(at)), at, log.prove(at, signed).hashes) for at in chosen]
    pair, deep = b"\x01" + root + root, len(proofs[0][2])
    store = log.store
    found = Rounds(
        {
            "one tile read": lambda: rate(lambda: [list(store.tiles(0, at >> 8, (at >> 8) + 1)) for at in chosen], PROOFS),
            "proofs made": lambda: rate(lambda: [log.prove(at, signed) for at in chosen], PROOFS),
            f"{deep} bare hashes": lambda: rate(lambda: [sha256(pair).digest() for _ in range(PROOFS * deep)], PROOFS),
            "proofs verified": lambda: rate(
                lambda: [merkle.verify_inclusion(leaf, at, size, way, root) for leaf, at, way in proofs], PROOFS
            ),
        },
        rounds,
    )
    yield found.say("proofs made", f"/s at random positions of {size:,}", to=["one tile read"])
    yield found.say("proofs verified", "/s", to=[f"{deep} bare hashes"])


def _audits(path: Path, size: int, rounds: int) -> Iterator[str]:
    ways: dict[str, Callable[[], float]] = {
        "reading and one hash each": lambda: rate(lambda: _read_and_hash(path), size),
        "audit": lambda: rate(lambda: _audit(path), size),
    }
    yield Rounds(ways, rounds).say("audit", "entries/s", to=["reading and one hash each"])


def _read_and_hash(path: Path) -> None:
    for (data,) in apsw.Connection(str(path)).execute("SELECT data FROM entry ORDER BY position"):
        sha256(b"\x00" + data).digest()


def _audit(path: Path) -> None:
    store = SqliteStore(path)
    findings = [each for each in audit(store, [SIGNER.key]) if not each.harmless]
    store.close()
    if findings:
        raise RuntimeError(f"the audit found {findings[:3]}")


def _memory(path: Path) -> str:
    """Of fresh processes, at their peak."""
    peaks = {}
    for what in MEASURED:
        command = [sys.executable, "-m", "benchmarks.ledger.growth", what, str(path)]
        peaks[what] = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout) / 1024
    return "peak memory " + ", ".join(f"{what} {peak:.0f} MiB" for what, peak in peaks.items())


def _open(path: Path) -> None:
    log = open_log(path)
    log.append(*events(1, True)[0])
    log.prove(0)
    log.store.close()


MEASURED: dict[str, Callable[[Path], None]] = {"nothing": lambda _: None, "an open log": _open, "audit": _audit}


if __name__ == "__main__":
    MEASURED[sys.argv[1]](Path(sys.argv[2]))
    status = Path("/proc/self/status").read_text()
    print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
