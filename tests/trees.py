"""Ledgers for tests: a tree so naive that it is right, entries by number, a clock of our own, and a writer that runs as another process.

`python tests/trees.py KIND PLACE SCHEMA NAME COUNT` waits for a line, appends, and prints the position of each entry.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from tanba.ledger.entry import prepare
from tanba.ledger.log import Log
from tanba.ledger.merkle import Tree, leaf_hash
from tanba.ledger.note import LOG, Signer
from tanba.ledger.store import Store
from tanba.ledger.store.postgres import PostgresStore
from tanba.ledger.store.sqlite import SqliteStore

SIGNER = Signer("tanba.example/tests", LOG, bytes(range(32)))
SHARED = 15
"""Entries that every process of `write` enters, under the same ids."""


@dataclass(frozen=True)
class Place:
    """Where a ledger lies. Each `open` is as good as another process."""

    kind: str
    where: str
    schema: str = ""

    def open(self) -> Store:
        return SqliteStore(Path(self.where)) if self.kind == "sqlite" else PostgresStore(self.where, self.schema)


def split(count: int) -> int:
    """The largest power of two below `count`, by counting up."""
    found = 1
    while found * 2 < count:
        found *= 2
    return found


def root(leaves: Sequence[bytes]) -> bytes:
    """RFC 9162, 2.1.1, word for word. `leaves` are leaf hashes."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    middle = split(len(leaves))
    return sha256(b"\x01" + root(leaves[:middle]) + root(leaves[middle:])).digest()


def path(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """RFC 9162, 2.1.3.1."""
    if len(leaves) == 1:
        return []
    middle = split(len(leaves))
    if index < middle:
        return [*path(index, leaves[:middle]), root(leaves[middle:])]
    return [*path(index - middle, leaves[middle:]), root(leaves[:middle])]


def consistency(old: int, leaves: Sequence[bytes], whole: bool = True) -> list[bytes]:
    """RFC 9162, 2.1.4.1."""
    if old == len(leaves):
        return [] if whole else [root(leaves)]
    middle = split(len(leaves))
    if old <= middle:
        return [*consistency(old, leaves[:middle], whole), root(leaves[middle:])]
    return [*consistency(old - middle, leaves[middle:], False), root(leaves[:middle])]


def event(number: int, name: str = "") -> bytes:
    """An entry without its time, another for each number and name."""
    id_ = str(UUID(bytes=sha256(f"{name}/{number}".encode()).digest()[:16]))
    return prepare(
        artifact_schema="tanba.test/1", author=None, commitment="0" * 64, id=id_, kind="test", organisation=None, system=name or None
    )


def clock() -> Iterator[datetime]:
    """A moment each time it is asked, one microsecond apart."""
    moment = datetime(2026, 1, 18, tzinfo=UTC)
    while True:
        yield moment
        moment += timedelta(microseconds=1)


def audit(store: Store) -> list[bytes]:
    """Everything in the store, once it is known to be without gap and to give its head and its tiles."""
    head = store.head()
    rows = list(store.entries(0, head.size + 1000))
    assert [position for position, _ in rows] == list(range(head.size))
    leaves = [leaf_hash(entry) for _, entry in rows]
    assert root(leaves) == head.root
    tree = Tree()
    tree.extend(leaves)
    for tile in tree.finished:
        assert list(store.tiles(tile.level, tile.number, tile.number + 1)) == [tile]
    assert not list(store.tiles(0, head.size // 256, head.size // 256 + 100))
    return [entry for _, entry in rows]


def write(place: Place, name: str, count: int) -> Iterator[tuple[str, int]]:
    """Append entries of our own and those of everybody. Gives (id, position) as each is acknowledged."""
    store = place.open()
    log = Log(store, SIGNER)
    for number in range(count):
        yield f"{name}/{number}", log.append(event(number, name), f"{name}/{number}")
        if number < SHARED:
            yield f"shared/{number}", log.append(event(number, "shared"), f"shared/{number}")
    store.close()


if __name__ == "__main__":
    sys.stdin.readline()
    for id_, position in write(Place(*sys.argv[1:4]), sys.argv[4], int(sys.argv[5])):
        print(id_, position, flush=True)
