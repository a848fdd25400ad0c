"""Alternating rounds over the engines' processes, the fdatasync probe among them; then the tampering."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.ledger.ground import ROOT, Rounds, folder, probe
from benchmarks.ledger_peers.names import ENGINES
from benchmarks.peer import peer_python

FILLED, MORE = 10_000, 40
"""Entries to verify; how much more of a crowd's work ours is given, to last as long as the peers' does."""
WARM = 600
"""Entries added one by one before: a write-ahead log has then grown to where it stays."""
MEMORY = ("AGT chain",)
"""Never on a disk."""
PHASES: tuple[tuple[str, str, int, dict[str, tuple[int, str]]], ...] = (
    (
        "on the disk before the answer",
        "durable",
        0,
        {
            "singles": (100, "events/s, one caller"),
            "crowd": (512, "events/s, 256 callers"),
            "batch": (1_000, "events/s in batches of 1000"),
        },
    ),
    ("as shipped", "shipped", 0, {"singles": (100, "events/s, one caller")}),
    (
        f"{FILLED:,} entries",
        "shipped",
        FILLED,
        {"check": (0, "entries/s verified by the engine itself"), "prove": (50, "proofs of inclusion/s, random")},
    ),
)
"""(what it is called, durability, entries in each engine before, {work: (count, unit)})"""
NOTES = (
    "AGT chain is memory alone: nothing of it is ever on a disk, so it is in no durable figure; its bits were flipped by rewriting",
    "AGT sink, AIR and Kepil sync nothing as shipped; for durable figures every file of theirs is synced as it is closed",
    "pymerkle syncs as shipped, through a rollback journal; for durable figures its connection was switched to the write-ahead log",
    "AGT sink, AIR and Kepil have no proofs of inclusion; Kepil has no lock, so 256 callers were not let at it",
    "AIR can stamp its head at a time stamp authority over the network, which would show a cut tail: not run here",
)


class Side:
    """A hand on an engine's process."""

    def __init__(self, name: str, place: Path, way: str) -> None:
        package, module, _ = ENGINES[name]
        python = peer_python(package, module) if package else Path(sys.executable)
        command = [str(python), "-m", "benchmarks.ledger_peers.side", name, str(place), way]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, what: str, count: int = 0) -> Any:
        """None where the engine has no such thing."""
        self._process.stdin.write(json.dumps([what, count]) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate()


def run(rounds: int) -> Iterator[str]:
    names = [name for name, (package, module, _) in ENGINES.items() if not package or peer_python(package, module)]
    yield from (f"{name}: not installed, not measured" for name in ENGINES if name not in names)
    with folder() as place:
        yield from _rates(names, place, rounds)
        yield from _tampering(names, place)
    yield from NOTES


def _rates(names: list[str], place: Path, rounds: int) -> Iterator[str]:
    for title, way, filled, work in PHASES:
        with ExitStack() as stack:
            sides = {name: Side(name, place, way) for name in names if way != "durable" or name not in MEMORY}
            for side in sides.values():
                stack.callback(side.close)
                side.ask(*(("fill", filled) if filled else ("singles", WARM)))
            for what, (count, unit) in work.items():
                found = _compare(sides, place, what, count, rounds)
                yield from (f"{title}: {found.say(name, unit, to=['tanba', 'fdatasync'])}" for name in found.found if name in sides)


def _compare(sides: dict[str, Side], place: Path, what: str, count: int, rounds: int) -> Rounds:
    """Those that can, in turn; a first round warms up and is not counted."""
    ways: dict[str, Callable[[], float]] = {"fdatasync": lambda: probe(place)}
    for name, side in sides.items():
        much = count * MORE if (name, what) == ("tanba", "crowd") else count
        if side.ask(what, much) is not None:
            ways[name] = partial(side.ask, what, much)
    return Rounds(ways, rounds)


def _tampering(names: list[str], place: Path) -> Iterator[str]:
    yield "tampering with a copy of each engine's storage; does its own verification see it?"
    for name in names:
        side = Side(name, place, "as shipped")
        for deed, verdict in side.ask("tamper").items():
            yield f"{name}: {deed}: {verdict}"
        side.close()
