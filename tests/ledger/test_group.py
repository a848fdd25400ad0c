"""Many callers, one commit: everybody hears after the sync, or why not, and nobody waits for ever."""

import asyncio
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as Waited
from pathlib import Path

import pytest

import trees
from tanba.errors import StoreError
from tanba.ledger import group as module
from tanba.ledger.group import GroupCommit
from tanba.ledger.log import Event, Log
from tanba.ledger.store import Store
from trees import SIGNER, audit, event

PATIENCE = 20


class Slow(Log):
    """A log whose commits begin when they are let, and that can fail."""

    def __init__(self, store: Store) -> None:
        super().__init__(store, SIGNER)
        self.go, self.begun = threading.Event(), threading.Semaphore(0)
        self.go.set()
        self.batches: list[int] = []
        self.failing: Mapping[int, BaseException] = {}

    def append_many(self, events: Sequence[Event]) -> list[int]:
        self.batches.append(len(events))
        self.begun.release()
        assert self.go.wait(PATIENCE)
        if error := self.failing.get(len(self.batches)):
            raise error
        return super().append_many(events)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Slow]:
    log = Slow(trees.Place("sqlite", str(tmp_path / "ledger")).open())
    yield log
    log.store.close()


def test_who_is_told_finds_the_entry(log: Slow) -> None:
    with GroupCommit(log) as group:
        futures = [group.submit(event(number)) for number in range(20)]
        for number, future in enumerate(futures):
            assert log.entry(future.result(PATIENCE)).startswith(event(number)[:-1])
    assert [future.result() for future in futures] == list(range(20))


def test_while_one_batch_is_written_the_next_gathers(log: Slow) -> None:
    with GroupCommit(log) as group:
        log.go.clear()
        first = group.submit(event(0))
        assert log.begun.acquire(timeout=PATIENCE)
        others = [group.submit(event(number)) for number in range(1, 50)]
        with pytest.raises(Waited):
            first.result(0.02)
        assert not any(future.done() for future in others)
        log.go.set()
        assert [future.result(PATIENCE) for future in [first, *others]] == list(range(50))
    assert log.batches == [1, 49]


def test_no_batch_is_endless(log: Slow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST", 10)
    with GroupCommit(log) as group:
        log.go.clear()
        futures = [group.submit(event(0))]
        assert log.begun.acquire(timeout=PATIENCE)
        futures += [group.submit(event(number)) for number in range(1, 36)]
        log.go.set()
        assert [future.result(PATIENCE) for future in futures] == list(range(36))
    assert log.batches == [1, 10, 10, 10, 5]


def test_many_threads(log: Slow) -> None:
    def work(thread: int) -> list[int]:
        return [group.submit(event(number, f"{thread}"), f"{number % 40}/{thread % 4}").result(PATIENCE) for number in range(50)]

    with GroupCommit(log) as group, ThreadPoolExecutor(8) as pool:
        positions = [position for each in pool.map(work, range(8)) for position in each]
    assert sorted(set(positions)) == list(range(160))
    assert len(audit(log.store)) == 160
    assert len(log.batches) < 400


def test_many_tasks(log: Slow) -> None:
    async def all_of_them() -> list[int]:
        return await asyncio.gather(*(group.append(event(number), f"{number % 150}") for number in range(200)))

    with GroupCommit(log) as group:
        positions = asyncio.run(all_of_them())
        assert positions == [*range(150), *range(50)]
        again = asyncio.run(all_of_them())  # another loop
    assert again == positions
    assert len(audit(log.store)) == 150


def test_threads_and_two_loops_at_once(log: Slow) -> None:
    async def tasks(name: str) -> list[int]:
        return await asyncio.gather(*(group.append(event(number, name)) for number in range(100)))

    with GroupCommit(log) as group, ThreadPoolExecutor(4) as pool:
        loops = [pool.submit(asyncio.run, tasks(name)) for name in "ab"]
        threads = pool.submit(lambda: [group.submit(event(number, "c")).result(PATIENCE) for number in range(100)])
        positions = [position for each in [*loops, threads] for position in each.result(PATIENCE)]
    assert sorted(positions) == list(range(300))


def test_who_goes_away_disturbs_nobody(log: Slow) -> None:
    """A caller that gives up, from a thread or a task: the others are answered, and its entry may be there."""

    async def some_give_up() -> list[int]:
        tasks = [asyncio.create_task(group.append(event(number, "task"), f"task/{number}")) for number in range(10)]
        await asyncio.sleep(0.01)
        for task in tasks[::2]:
            task.cancel()
        log.go.set()
        told = await asyncio.gather(*tasks, return_exceptions=True)
        assert [isinstance(each, asyncio.CancelledError) for each in told] == [True, False] * 5
        return [each for each in told if isinstance(each, int)]

    with GroupCommit(log) as group:
        log.go.clear()
        futures = [group.submit(event(number, "thread"), f"thread/{number}") for number in range(10)]
        assert log.begun.acquire(timeout=PATIENCE)
        assert all(future.cancel() for future in futures[1::2])
        positions = asyncio.run(some_give_up())
        assert [future.result(PATIENCE) for future in futures[::2]] == [log.store.find(f"thread/{number}") for number in range(0, 10, 2)]
        with pytest.raises(CancelledError):
            futures[1].result(PATIENCE)
        assert positions == [log.store.find(f"task/{number}") for number in range(1, 10, 2)]
        assert group.submit(event(0, "after")).result(PATIENCE) == 20


class Going(Future[int]):
    """Its caller goes away between any look at it and the answer."""

    def set_result(self, result: int) -> None:
        self.cancel()
        super().set_result(result)

    def set_exception(self, exception: BaseException | None) -> None:
        self.cancel()
        super().set_exception(exception)


def test_who_goes_away_at_the_very_moment_of_the_answer(log: Slow, monkeypatch: pytest.MonkeyPatch) -> None:
    with GroupCommit(log) as group:
        for failing in ({}, {2: StoreError("the disk is full")}):
            log.failing = failing
            with monkeypatch.context() as patch:
                patch.setattr(module, "Future", Going)
                going = group.submit(event(0))
            with pytest.raises(CancelledError):
                going.result(PATIENCE)
        assert group.submit(event(1)).result(PATIENCE) == 1


def test_a_loop_that_is_gone_disturbs_nobody(log: Slow) -> None:
    with GroupCommit(log) as group:
        log.go.clear()
        loop = asyncio.new_event_loop()
        task = loop.create_task(group.append(event(0)))
        loop.run_until_complete(asyncio.sleep(0.01))
        assert log.begun.acquire(timeout=PATIENCE)
        task.cancel()
        loop.run_until_complete(asyncio.gather(task, return_exceptions=True))
        loop.close()
        log.go.set()
        assert group.submit(event(1)).result(PATIENCE) == 1


@pytest.mark.parametrize(
    "error",
    [StoreError("the disk is full"), ZeroDivisionError(), SystemExit(1), KeyboardInterrupt()],
    ids=lambda error: type(error).__name__,
)
def test_a_failure_reaches_every_caller_of_its_batch_and_nobody_else(log: Slow, error: BaseException) -> None:
    async def task() -> str:
        try:
            return str(await group.append(event(1, "task")))
        except BaseException as caught:
            return type(caught).__name__

    with GroupCommit(log) as group, ThreadPoolExecutor(2) as pool:
        log.go.clear()
        first = group.submit(event(0))
        assert log.begun.acquire(timeout=PATIENCE)
        asking = pool.submit(asyncio.run, task()) if isinstance(error, Exception) else None
        futures = [group.submit(event(number)) for number in range(1, 5)]
        while len(group._waiting) < 4 + bool(asking):
            time.sleep(0.001)
        log.failing = {2: error}
        log.go.set()
        assert first.result(PATIENCE) == 0
        for future in futures:
            with pytest.raises(type(error)):
                future.result(PATIENCE)
        assert asking is None or asking.result(PATIENCE) == type(error).__name__
        assert group.submit(event(5)).result(PATIENCE) == 1
    assert len(audit(log.store)) == 2


def test_closing_waits_for_what_was_handed_in(log: Slow) -> None:
    group = GroupCommit(log)
    log.go.clear()
    futures = [group.submit(event(number)) for number in range(100)]
    closing = threading.Thread(target=group.close)
    closing.start()
    closing.join(0.05)
    assert closing.is_alive()
    with pytest.raises(StoreError, match="the ledger is closed"):
        group.submit(event(100))
    log.go.set()
    closing.join(PATIENCE)
    assert [future.result(0) for future in futures] == list(range(100))
    group.close()
    assert len(audit(log.store)) == 100
    assert not group._thread.is_alive()


def test_closing_without_work(log: Slow) -> None:
    with GroupCommit(log) as group:
        pass
    assert not group._thread.is_alive()
    with pytest.raises(StoreError, match="the ledger is closed"):
        asyncio.run(group.append(event(0)))
    assert log.batches == []


def test_closing_within_a_loop(log: Slow) -> None:
    async def task() -> list[int]:
        with GroupCommit(log) as group:
            tasks = [asyncio.create_task(group.append(event(number))) for number in range(10)]
            await asyncio.sleep(0)
        return await asyncio.gather(*tasks)

    assert asyncio.run(task()) == list(range(10))
