"""Many callers, one commit: while one batch is made durable, the next gathers. A caller hears after the sync that covers its entry."""

import asyncio
import threading
from concurrent import futures
from concurrent.futures import Future
from contextlib import suppress

from tanba.errors import StoreError
from tanba.ledger.log import Event, Log

LARGEST = 4_096
"""Entries in one commit, so that no caller waits for an endless batch."""

Waiter = tuple[Event, "Future[int] | asyncio.Future[int]", asyncio.AbstractEventLoop | None]


class GroupCommit:
    """A writer thread over a log. Use as a context manager; leaving waits for what was handed in."""

    def __init__(self, log: Log) -> None:
        """Starts the thread."""
        self._log = log
        self._waiting: list[Waiter] = []
        self._wake = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="ledger", daemon=True)
        self._thread.start()

    def __enter__(self) -> "GroupCommit":
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Finish."""
        self.close()

    def submit(self, event: bytes, id: str | None = None) -> "Future[int]":
        """Hand in one entry from any thread. The future gives its position once it is durable, or raises StoreError."""
        future: Future[int] = Future()
        self._hand_in(((event, id), future, None))
        return future

    async def append(self, event: bytes, id: str | None = None) -> int:
        """Hand in one entry and wait until it is durable."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[int] = loop.create_future()
        self._hand_in(((event, id), future, loop))
        return await future

    def close(self) -> None:
        """Take no more, and wait for what was handed in."""
        with self._wake:
            self._closed = True
            self._wake.notify()
        self._thread.join()

    def _hand_in(self, waiter: Waiter) -> None:
        with self._wake:
            if self._closed:
                raise StoreError("the ledger is closed")
            self._waiting.append(waiter)
            if len(self._waiting) == 1:
                self._wake.notify()

    def _run(self) -> None:
        while batch := self._next():
            try:
                results: list[int | BaseException] = list(self._log.append_many([event for event, _, _ in batch]))
            except BaseException as error:  # every caller of the batch hears of it; the thread goes on
                results = [error] * len(batch)
            _answer(batch, results)

    def _next(self) -> list[Waiter]:
        with self._wake:
            while not self._waiting and not self._closed:
                self._wake.wait()
            batch, self._waiting = self._waiting[:LARGEST], self._waiting[LARGEST:]
            return batch


def _answer(batch: list[Waiter], results: list[int | BaseException]) -> None:
    by_loop: dict[asyncio.AbstractEventLoop | None, list[tuple[Future[int] | asyncio.Future[int], int | BaseException]]] = {}
    for (_, future, loop), result in zip(batch, results, strict=True):
        by_loop.setdefault(loop, []).append((future, result))
    for loop, answers in by_loop.items():
        if loop is None:
            _settle(answers)
            continue
        with suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(_settle, answers)


def _settle(answers: "list[tuple[Future[int] | asyncio.Future[int], int | BaseException]]") -> None:
    for future, result in answers:
        with suppress(futures.InvalidStateError, asyncio.InvalidStateError):  # its caller went away, perhaps this very moment
            if isinstance(result, BaseException):
                future.set_exception(result)
            else:
                future.set_result(result)
