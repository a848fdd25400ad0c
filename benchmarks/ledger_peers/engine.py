"""One shape for all engines, so that the same work is done on each. Standard library only: peers run in their own environment."""

import builtins
import io
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

Record = Any
"""An entry as the engine stores it."""

CALLERS = 256


def content(number: int) -> bytes:
    """The same 500 bytes of JSON for every engine."""
    head = b'{"author":null,"commitment":"%064x","kind":"bench","organisation":"190140999998","system":"' % number
    tail = b'","time":"2026-11-22T12:00:00.000000Z"}'
    return head + b"x" * (500 - len(head) - len(tail)) + tail


class Engine:
    """An engine opened on a folder. What it lacks raises NotImplementedError and is not measured."""

    files = True
    """Whether it keeps anything outside memory."""

    def __init__(self, folder: Path, durable: bool) -> None:
        """`durable`: every append is on the disk when it returns, by the engine's own switch or by force."""
        raise NotImplementedError

    def append(self, content: bytes) -> None:
        raise NotImplementedError

    def append_many(self, contents: Sequence[bytes]) -> None:
        raise NotImplementedError

    def crowd(self, contents: Sequence[bytes]) -> None:
        """As many callers, each waiting for its own."""
        raise NotImplementedError

    def prove(self, position: int) -> None:
        raise NotImplementedError

    def close(self) -> None:
        pass

    def check(self) -> list[str]:
        """What the engine's own verification finds."""
        raise NotImplementedError

    def head(self) -> Any:
        """What the engine lets one keep outside; None where it has nothing of the kind."""
        return None

    def against(self, head: Any) -> list[str]:
        """What it finds with that."""
        raise NotImplementedError

    def load(self) -> list[Record]:
        """Its storage, raw."""
        raise NotImplementedError

    def save(self, records: list[Record]) -> None:
        """Its storage, overwritten raw."""
        raise NotImplementedError

    def rewrite(self, record: Record) -> Record:
        """The record with another content, its hashes left alone."""
        raise NotImplementedError

    def forged(self, records: list[Record], at: int) -> list[Record]:
        """One entry rewritten, and everything computed anew that needs no secret."""
        raise NotImplementedError

    def forge(self, at: int) -> None:
        """The storage overwritten with that."""
        self.save(self.forged(self.load(), at))


class Threads(Engine):
    """An engine with a lock of its own."""

    def crowd(self, contents: Sequence[bytes]) -> None:
        with ThreadPoolExecutor(CALLERS) as pool:
            list(pool.map(self.append, contents))


def force_syncs() -> None:
    """Every file written from now on is synced as it is closed, and its folder where the file is new."""
    plain = builtins.open

    def opened(file: Any, mode: str = "r", *rest: Any, **more: Any) -> Any:
        new = isinstance(file, str | os.PathLike) and not os.path.exists(file)
        found = plain(file, mode, *rest, **more)
        if not set(mode) & set("wax+"):
            return found
        close = found.close

        def synced() -> None:
            if not found.closed:
                found.flush()
                os.fdatasync(found.fileno())
            close()
            if new:
                above = os.open(os.path.dirname(os.path.abspath(file)), os.O_RDONLY)
                os.fsync(above)
                os.close(above)

        found.close = synced
        return found

    builtins.open = io.open = opened
