"""One caller: single durable appends beside the fdatasync probe, batches of a thousand beside plain SQLite."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.ledger.ground import Rounds, batches, events, fill, open_log, probe, rate
from benchmarks.ledger.plain import Plain, rows
from tanba.ledger.log import Event

BATCH = 1000
Append = Callable[[Sequence[Event]], object]


def singles(place: Path, rounds: int) -> Iterator[str]:
    """Short turns: the probe stands within a moment of what is compared with it."""
    ways: dict[str, Callable[[], float]] = {"fdatasync": lambda: probe(place, 100)}
    ways |= {name: _way(append, ids, 1, 100) for name, append, ids in _engines(place)}
    found = Rounds(ways, rounds * 3)
    yield found.say("fdatasync", "/s, 4 KiB onto the end of a file")
    yield from (found.say(name, "single durable appends/s", to=["fdatasync"]) for name in ways if name != "fdatasync")


def thousands(place: Path, rounds: int) -> Iterator[str]:
    """Batches of a thousand, ten in a turn."""
    ways = {name: _way(append, ids, BATCH, 10) for name, append, ids in _engines(place)}
    found = Rounds(ways, rounds)
    for name in ways:
        yield found.say(name, f"entries/s in batches of {BATCH}", to=[name.replace("tanba", "sqlite3")] if "tanba" in name else [])


def _engines(place: Path) -> Iterator[tuple[str, Append, bool]]:
    """(name, how to append a batch, with ids), each warm: its write-ahead log has grown to where it stays."""
    for kind, ids in (("without ids", False), ("with ids", True)):
        log = open_log(place / f"tanba {kind}")
        fill(log, 20_000, ids)
        yield f"tanba {kind}", log.append_many, ids
        for driver in ("sqlite3", "apsw"):
            plain = Plain(place / f"{driver} {kind}", driver)
            for batch in batches(rows(events(20_000, ids)), 4000):
                plain.append(batch)
            yield f"{driver} {kind}", plain.append, ids


def _way(append: Append, ids: bool, size: int, count: int) -> Callable[[], float]:
    ready = events if append.__qualname__.startswith("Log.") else lambda count, ids: rows(events(count, ids))

    def way() -> float:
        work = list(batches(ready(size * count, ids), size))
        return rate(lambda: [append(batch) for batch in work], size * count)

    return way
