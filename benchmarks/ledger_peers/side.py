"""One engine in a process of its own: orders on standard input, answers on standard output, one line of JSON each."""

import json
import os
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.ledger_peers.engine import Engine, content
from benchmarks.ledger_peers.names import engine
from benchmarks.ledger_peers.tamper import table


class Side:
    """Answers orders."""

    def __init__(self, kind: type[Engine], place: Path, durable: bool) -> None:
        self._kind, self._place = kind, place
        (place / "store").mkdir()
        self._engine, self._count = kind(place / "store", durable), 0

    def fill(self, count: int) -> None:
        """As fast as the engine takes it."""
        try:
            self.batch(count)
        except NotImplementedError:
            self.singles(count)

    def singles(self, count: int) -> float:
        append = self._engine.append
        return self._added(count, lambda work: [append(each) for each in work])

    def batch(self, count: int) -> float:
        return self._added(count, self._engine.append_many)

    def crowd(self, count: int) -> float:
        return self._added(count, self._engine.crowd)

    def check(self, _: int) -> float:
        found: list[str] = []
        rate = _rate(lambda: found.extend(self._engine.check()), self._count)
        if found:
            raise RuntimeError(f"not whole: {found[:3]}")
        return rate

    def prove(self, count: int) -> float:
        random = Random(3)
        chosen = [random.randrange(self._count) for _ in range(count)]
        return _rate(lambda: [self._engine.prove(each) for each in chosen], count)

    def tamper(self, _: int) -> dict[str, str]:
        (self._place / "tamper").mkdir()
        return table(self._kind, self._place / "tamper")

    def _added(self, count: int, add: Callable[[list[bytes]], Any]) -> float:
        work = [content(number) for number in range(self._count, self._count + count)]
        rate = _rate(lambda: add(work), count)
        self._count += count
        return rate


def _rate(work: Callable[[], Any], count: int) -> float:
    begin = time.perf_counter()
    work()
    return count / (time.perf_counter() - begin)


def main(name: str, place: str, durable: bool) -> None:
    with tempfile.TemporaryDirectory(dir=place) as folder:
        os.environ |= {"HOME": folder, "AIR_BLACKBOX_TELEMETRY": "off"}
        side = Side(engine(name), Path(folder), durable)
        for line in sys.stdin:
            what, count = json.loads(line)
            try:
                answer: Any = getattr(side, what)(count)
            except NotImplementedError:
                answer = None
            os.write(1, json.dumps(answer).encode() + b"\n")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(sys.argv[1], sys.argv[2], sys.argv[3] == "durable")
