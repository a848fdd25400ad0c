"""Many callers, one commit: 256 asyncio callers that each wait for the disk, and callers who come at a fixed rate."""

import asyncio
import statistics
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.ledger.ground import Rounds, events, fill, open_log, probe, rate
from tanba.ledger.group import GroupCommit
from tanba.ledger.log import Event, Log

CALLERS, COUNT = 256, 50_000
OFFERED, SECONDS = 20_000, 5


def callers(place: Path, rounds: int) -> Iterator[str]:
    """Events a second while every caller waits for its own answer; each commit bears a newly signed checkpoint."""
    ways: dict[str, Callable[[], float]] = {"fdatasync": lambda: probe(place)}
    for name, ids in (("without ids", False), ("with ids", True)):
        log = open_log(place / name)
        fill(log, 20_000, ids)
        ways[name] = _crowd(log, ids)
    found = Rounds(ways, rounds)
    yield found.say("fdatasync", "/s")
    yield from (found.say(name, f"events/s for {CALLERS} callers", to=["fdatasync"]) for name in ways if name != "fdatasync")


def _crowd(log: Log, ids: bool) -> Callable[[], float]:
    def way() -> float:
        work = iter(events(COUNT, ids))
        return rate(lambda: asyncio.run(_wait_each(log, work)), COUNT)

    return way


async def _wait_each(log: Log, work: Iterator[Event]) -> None:
    async def caller() -> None:
        for event, id_ in work:
            await group.append(event, id_)

    with GroupCommit(log) as group:
        await asyncio.gather(*(caller() for _ in range(CALLERS)))


def open_loop(place: Path, rounds: int) -> Iterator[str]:
    """Callers come whether earlier ones were answered or not; a wait counts from the moment when one was due."""
    log = open_log(place / "open")
    fill(log, 20_000, True)
    waits, syncs = [], []
    for _ in range(rounds):
        syncs.append(probe(place))
        waits.append(sorted(asyncio.run(_offer(log, events(OFFERED * SECONDS, True)))))
    middle, late, last = (statistics.median(each[int(len(each) * share)] * 1000 for each in waits) for share in (0.5, 0.99, 0.9999))
    yield (
        f"{OFFERED:,}/s offered for {SECONDS} s, with ids: p50 {middle:.1f} ms, p99 {late:.1f} ms, p99.99 {last:.1f} ms "
        f"({late / 1000 * statistics.median(syncs):.1f} fdatasyncs at p99); rounds: "
        + ", ".join(f"{each[len(each) * 99 // 100] * 1000:.1f}" for each in waits)
    )


async def _offer(log: Log, work: list[Event]) -> list[float]:
    loop, waits = asyncio.get_running_loop(), []

    async def caller(due: float, event: bytes, id_: str | None) -> None:
        await group.append(event, id_)
        waits.append(loop.time() - due)

    with GroupCommit(log) as group:
        begin, done, tasks = loop.time(), 0, set()
        while done < len(work):
            while done < min(len(work), (loop.time() - begin) * OFFERED):
                task = loop.create_task(caller(begin + done / OFFERED, *work[done]))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
                done += 1
            await asyncio.sleep(0.0005)
        while tasks:
            await asyncio.wait(tasks)
    return waits
