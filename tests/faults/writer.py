"""Writers to kill. Run as a module it waits for orders on its standard input, one JSON object a line, and forks a writer for each: such a
child starts at once, for everything is imported. A writer prints `pid N`, then `<position> <seed>` for each entry acknowledged and, in the
end, `end <exit code>`. With an order as its argument it is the writer itself.
"""

import json
import os
import subprocess
import sys
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

from faults.ledgers import event, open_log
from tanba.errors import StoreError, TanbaError
from tanba.ledger.group import GroupCommit
from tanba.ledger.log import Log

ROOT = Path(__file__).parents[2]
ENVIRONMENT = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}", "PYTHONDONTWRITEBYTECODE": "1"}


def say(position: int, seed: str) -> None:
    os.write(1, f"{position} {seed}\n".encode())  # one write, so that lines of several threads stay whole


def singles(log: Log, seeds: Sequence[str], random: Random) -> None:
    for seed in seeds:
        say(log.append(*event(seed)), seed)


def batches(log: Log, seeds: Sequence[str], random: Random) -> None:
    while seeds:
        size = random.choice((1, 7, 60, 300))
        for seed, position in zip(seeds[:size], log.append_many([event(seed) for seed in seeds[:size]]), strict=True):
            say(position, seed)
        seeds = seeds[size:]


def threads(log: Log, seeds: Sequence[str], random: Random) -> None:
    """Four callers of one group commit, each with up to eight entries under way."""

    def call(mine: Sequence[str]) -> None:
        for start in range(0, len(mine), 8):
            waiting = [(seed, group.submit(*event(seed))) for seed in mine[start : start + 8]]
            for seed, future in waiting:
                say(future.result(), seed)

    with GroupCommit(log) as group, ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(call, seeds[number::4]) for number in range(4)]:
            done.result()


def stubborn(log: Log, seeds: Sequence[str], random: Random) -> None:
    """Asks again, once, for what was refused."""
    for seed in seeds:
        try:
            say(log.append(*event(seed)), seed)
        except StoreError:
            say(log.append(*event(seed)), seed)


WAYS = {each.__name__: each for each in (singles, batches, threads, stubborn)}
STEADY = ("singles", "batches", "threads")


def write(path: str, way: str, seed: str, count: int) -> int:
    """As a command of the product does: an error ends with its own words and code."""
    log = open_log(Path(path))
    try:
        WAYS[way](log, [f"{seed}-{number}" for number in range(count)], Random(seed))
    except TanbaError as error:
        print(f"{type(error).__name__}: {error.message} | {error.hint}", file=sys.stderr)
        return error.exit_code
    finally:
        log.store.close()
    return 0


def serve() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if not child:
            try:
                os.write(1, b"pid %d\n" % os.getpid())
                code = write(**order)
            except BaseException:
                traceback.print_exc()
                code = 70
            os._exit(code)
        os.write(1, b"end %d\n" % os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


class Writer:
    """A hand on such a process. One order at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "faults.writer"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT
        )

    def order(self, path: Path, way: str, seed: str, count: int) -> int:
        """Begin. Gives the writer's process id."""
        self._process.stdin.write(json.dumps({"path": str(path), "way": way, "seed": seed, "count": count}) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline().split()[1])

    def told(self) -> tuple[dict[int, str], int]:
        """{position: seed} of what was acknowledged, and the exit code, once the writer has ended."""
        acknowledged = {}
        for line in self._process.stdout:
            position, said = line.split()
            if position == "end":
                return acknowledged, int(said)
            acknowledged[int(position)] = said
        raise AssertionError("the server of writers ended")

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


@contextmanager
def writers(count: int) -> Iterator[list[Writer]]:
    made: list[Writer] = []
    try:
        made += [Writer() for _ in range(count)]
        yield made
    finally:
        for each in made:
            each.close()


def stands(entries: dict[int, Any], acknowledged: dict[int, str]) -> list[int]:
    """Positions where something else stands than was acknowledged."""
    return [at for at, seed in acknowledged.items() if not entries.get(at, b"").startswith(event(seed)[0][:-1] + b',"time":"')]


if __name__ == "__main__":
    sys.exit(write(**json.loads(sys.argv[1]))) if len(sys.argv) > 1 else serve()
