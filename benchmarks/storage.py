"""The folder of objects beside the plainest way to keep a file for good: write, fsync, fsync the folder; and beside plain reading."""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.ledger.ground import Rounds, folder, probe, rate
from tanba.storage.files import FileStore

SIZES = {"4 KiB": (4 << 10, 40), "1 MiB": (1 << 20, 10), "16 MiB": (16 << 20, 2)}
"""Bytes of an object, objects in a turn."""


def run() -> Iterator[str]:
    for name, (size, count) in SIZES.items():
        with folder() as place:
            yield from _compare(place, name, size, count)


def _compare(place: Path, name: str, size: int, count: int) -> Iterator[str]:
    store, plain = FileStore(place / "objects"), place / "plain"
    plain.mkdir()
    ways: dict[str, Callable[[], float]] = {
        "fdatasync": lambda: probe(place),
        "plain write": lambda: _timed(size, count, lambda each: [_write(plain, content) for content in each]),
        "put": lambda: _timed(size, count, lambda each: [store.put(content) for content in each]),
    }
    found = Rounds(ways, 5)
    yield found.say("put", f"objects of {name}/s", to=["plain write", "fdatasync"])
    digests, files = list(store.list())[: count * 5], sorted(plain.iterdir())[: count * 5]
    found = Rounds(
        {
            "plain read": lambda: rate(lambda: [path.read_bytes() for path in files], len(files)),
            "get": lambda: rate(lambda: [store.get(digest) for digest in digests], len(digests)),
        },
        5,
    )
    yield found.say("get", f"objects of {name}/s, each checked against its digest", to=["plain read"])


def _timed(size: int, count: int, work: Callable[[Sequence[bytes]], object]) -> float:
    contents = [os.urandom(size) for _ in range(count)]
    return rate(lambda: work(contents), count)


def _write(place: Path, content: bytes) -> None:
    """Not in any order that a crash could leave half done: only as durable."""
    with open(place / os.urandom(16).hex(), "xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    above = os.open(place, os.O_RDONLY)
    os.fsync(above)
    os.close(above)
