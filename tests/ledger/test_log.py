"""The ledger over its store: what it answers, how it follows other writers, and that no failure spoils it."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import apsw
import pytest

import trees
from tanba.errors import EvidenceError, StoreError
from tanba.ledger import log as module
from tanba.ledger import merkle
from tanba.ledger.checkpoint import Checkpoint, Signed
from tanba.ledger.entry import complete, stamp
from tanba.ledger.log import Event, Log
from tanba.ledger.merkle import EMPTY_ROOT, WIDTH, Tile, Tree, leaf_hash
from tanba.ledger.note import LOG, WITNESS, Signer
from tanba.ledger.store import Head
from tanba.ledger.store.sqlite import SqliteStore
from trees import SIGNER, audit, event

MOMENT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


class Watched(SqliteStore):
    """Counts what is read, and fails where it is told to."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.entries_read, self.tiles_read = 0, list[tuple[int, int]]()
        self.failing: dict[str, BaseException] = {}

    @contextmanager
    def exclusive(self) -> Iterator["Watched"]:
        self.fail("begin")
        with super().exclusive():
            yield self
            self.fail("commit")

    def fail(self, deed: str) -> None:
        if error := self.failing.pop(deed, None):
            raise error

    def head(self) -> Head:
        self.fail("head")
        return super().head()

    def positions(self, ids: Sequence[str]) -> dict[str, int]:
        self.fail("positions")
        return super().positions(ids)

    def add(self, *values: Any) -> None:
        self.fail("before adding")
        super().add(*values)
        self.fail("after adding")

    def entries(self, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        for each in super().entries(start, stop):
            self.entries_read += 1
            yield each

    def tiles(self, level: int, start: int, stop: int) -> Iterator[Tile]:
        for tile in super().tiles(level, start, stop):
            self.tiles_read.append((tile.level, tile.number))
            yield tile


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[[], Watched]]:
    stores: list[Watched] = []

    def opener() -> Watched:
        stores.append(Watched(tmp_path / "ledger.sqlite3"))
        return stores[-1]

    yield opener
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: Callable[[], Watched]) -> Watched:
    return opened()


@pytest.fixture
def log(store: Watched) -> Log:
    return Log(store, SIGNER, lambda: MOMENT)


def events(number: int, name: str = "", first: int = 0) -> list[Event]:
    return [(event(at, name), None) for at in range(first, first + number)]


def prove_all(log: Log, signed: Signed, positions: Sequence[int], entries: Sequence[bytes]) -> None:
    checkpoint = signed.checkpoint
    for position in positions:
        proof = log.prove(position, signed)
        merkle.verify_inclusion(leaf_hash(entries[position]), position, checkpoint.size, proof.hashes, checkpoint.root)
        assert proof.signed is signed


def test_an_empty_ledger_states_that_it_is_empty(log: Log, store: Watched) -> None:
    signed = log.head()
    assert signed.checkpoint == Checkpoint(SIGNER.key.name, 0, EMPTY_ROOT)
    assert signed.by([SIGNER.key]) == [SIGNER.key]
    assert (store.head(), log.root_at(0), log.origin) == (Head(), EMPTY_ROOT, SIGNER.key.name)
    assert log.append_many([]) == []
    assert log.head() == signed
    for ask in (lambda: log.entry(0), lambda: log.prove(0), lambda: log.consistency(1, 1), lambda: log.root_at(1)):
        with pytest.raises(EvidenceError):
            ask()


def test_an_entry_is_what_was_given_and_the_time(log: Log) -> None:
    assert [log.append(event(number)) for number in range(3)] == [0, 1, 2]
    assert [log.entry(number) for number in range(3)] == [complete(event(number), stamp(MOMENT)) for number in range(3)]
    signed = log.head()
    assert (signed.checkpoint.size, signed.checkpoint.root) == (3, trees.root([leaf_hash(log.entry(number)) for number in range(3)]))
    with pytest.raises(EvidenceError, match="has no entry 3"):
        log.entry(3)


def test_a_batch_is_of_one_moment_and_a_clock_may_be_set_back(store: Watched) -> None:
    moments = iter([datetime(2027, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)])
    log = Log(store, SIGNER, lambda: next(moments))
    log.append_many(events(3))
    log.append(event(3))
    assert [entry[-29:-25] for entry in audit(store)] == [b"2027"] * 3 + [b"2025"]


def test_an_id_is_entered_once(log: Log, opened: Callable[[], Watched]) -> None:
    assert log.append_many([(event(0), "a"), (event(1), "a"), (event(2), None), (event(3), None), (event(4), "b")]) == [0, 0, 1, 2, 3]
    before = log.head()
    assert log.append_many([(event(5), "b"), (event(6), "a")]) == [3, 0]
    assert (log.append(event(7), "a"), Log(opened(), SIGNER).append(event(8), "b")) == (0, 3)
    assert log.head() == before
    assert [entry[:-38] for entry in audit(log.store)] == [event(number)[:-1] for number in (0, 2, 3, 4)]


def test_nothing_new_is_nothing_signed(log: Log, store: Watched) -> None:
    log.append(event(0), "a")
    store.failing = {"before adding": AssertionError("nothing was to be written")}
    assert log.append_many([(event(1), "a")]) == [0]
    assert store.failing.pop("before adding")


def test_proofs_at_every_anchor(log: Log, opened: Callable[[], Watched]) -> None:
    """What outsiders confirmed once is proved for ever, by whoever opens the ledger later."""
    entries: list[bytes] = []
    for size in (1, 2, 3, 255, 256, 257, 700, 1000):
        log.append_many(events(size - len(entries), first=len(entries)))
        entries = [entry for _, entry in log.store.entries(0, size)]
        log.keep(log.head(), [b"time stamp of %d" % size])
    later = Log(opened(), SIGNER)
    anchors = later.store.anchors()
    assert [anchor.size for anchor in anchors] == [1, 2, 3, 255, 256, 257, 700, 1000]
    for anchor in anchors:
        signed = Signed.parse(anchor.note)
        assert later.root_at(anchor.size) == signed.checkpoint.root
        prove_all(later, signed, sorted({0, anchor.size // 2, anchor.size - 1}), entries)
        for newer in anchors:
            if newer.size >= anchor.size:
                root = Signed.parse(newer.note).checkpoint.root
                proof = later.consistency(anchor.size, newer.size)
                merkle.verify_consistency(anchor.size, newer.size, proof, signed.checkpoint.root, root)
        with pytest.raises(EvidenceError, match=f"the ledger has 1000 entries; {anchor.size} were asked for"):
            later.prove(anchor.size, signed)


def test_a_checkpoint_kept_again(log: Log) -> None:
    log.append(event(0))
    signed, witness = log.head(), Signer("witness.example/1", WITNESS, b"w" * 32)
    cosigned = Signed(signed.checkpoint, signed.note.with_lines([witness.line(signed.note.text, 7)]))
    log.keep(signed, [b"1"])
    log.keep(cosigned, [b"2", b"1"])
    anchor = log.keep(signed, [b"3"])
    assert log.store.anchors() == [anchor]
    assert (anchor.note, anchor.timestamps) == (str(cosigned), (b"1", b"2", b"3"))
    for day in range(100):
        log.keep(Signed(signed.checkpoint, signed.note.with_lines([witness.line(signed.note.text, day)])))
    assert Signed.parse(log.store.anchors()[0].note).note.signed_by([witness.key]) == {witness.key: 7}


def test_another_ledger_of_the_same_size_is_not_kept_beside(log: Log) -> None:
    log.append(event(0))
    kept = log.keep(log.head())
    forged = Checkpoint(log.origin, 1, b"f" * 32)
    with pytest.raises(EvidenceError, match="one of them is a fork"):
        log.keep(Signed.parse(f"{forged.text}\n{SIGNER.line(forged.text)}"))
    assert log.store.anchors() == [kept]


@pytest.mark.parametrize(("before", "grown"), [(300, 1), (300, 212), (300, 255), (300, 4096), (300, 9000), (0, 1), (0, 70_000)])
def test_what_others_added_is_read_from_tiles(opened: Callable[[], Watched], before: int, grown: int) -> None:
    """A start, or an absence however long, costs no more than the edge; and nothing is read twice."""
    mine, other = Log(opened(), SIGNER), Log(opened(), SIGNER)
    mine.append_many(events(before))
    other.append_many(events(grown, "other"))
    store, size = mine.store, before + grown
    assert isinstance(store, Watched)
    store.entries_read, store.tiles_read = 0, []
    assert mine.head() == other.head()
    assert store.entries_read == size - max(before, size & -WIDTH)
    known = before // WIDTH if before // WIDTH // WIDTH == size // WIDTH // WIDTH else 0
    assert len(store.tiles_read) == len(set(store.tiles_read)) == size // WIDTH % WIDTH - known + size // WIDTH // WIDTH
    assert (mine.append(event(0, "mine")), other.append(event(1, "mine"))) == (size, size + 1)
    assert mine.head() == other.head()
    audit(store)


def test_proofs_follow_others_as_well(opened: Callable[[], Watched]) -> None:
    mine, other = Log(opened(), SIGNER), Log(opened(), SIGNER)
    mine.append(event(0))
    for number in (3, 300, 5000):
        other.append_many(events(number, f"{number}"))
        signed = other.head()
        entries = [entry for _, entry in other.store.entries(0, signed.checkpoint.size)]
        prove_all(mine, signed, [0, 1, len(entries) - 1], entries)
        assert mine.consistency(1, len(entries)) == other.consistency(1, len(entries))


def test_memory_does_not_grow_with_the_ledger(log: Log) -> None:
    """Of a hundred thousand entries the edge keeps a few hundred hashes, and proofs a few tiles."""
    sizes = []
    for first in range(0, 100_000, 10_000):
        log.append_many(events(10_000, first=first))
        for position in range(0, first + 10_000, 997):
            log.prove(position)
        sizes.append(sum(len(row) for rows in log._tree._levels for row in rows))
        assert log._tree.finished == []
        assert log._tile.cache_info().currsize <= module.CACHED
    assert max(sizes) < 3 * 2 * WIDTH


FAILURES = ["begin", "head", "positions", "before adding", "after adding", "commit"]


@pytest.mark.parametrize("deed", FAILURES)
@pytest.mark.parametrize(
    "error",
    [StoreError("the disk is gone"), KeyboardInterrupt(), ZeroDivisionError(), MemoryError()],
    ids=lambda error: type(error).__name__,
)
def test_a_failure_leaves_a_ledger_that_goes_on(log: Log, store: Watched, deed: str, error: BaseException) -> None:
    """As if it had not been tried; also where the failing batch had filled a tile."""
    log.append_many(events(250))
    before = log.head()
    store.failing = {deed: error}
    with pytest.raises(type(error)):
        log.append_many([*events(10, "failed"), (event(0, "failed"), "failed")])
    assert log.head() == before
    assert store.find("failed") is None
    assert log.append_many([*events(10, "later"), (event(1, "later"), "failed")]) == list(range(250, 261))
    entries = audit(store)
    assert len(entries) == 261
    assert not any(b'"failed"' in entry for entry in entries)
    prove_all(log, log.head(), [0, 249, 255, 256, 260], entries)


def test_after_a_failure_others_may_be_faster(log: Log, store: Watched, opened: Callable[[], Watched]) -> None:
    """What had been hashed for the failed batch is not taken for what another writer put in its place."""
    log.append_many(events(250))
    store.failing = {"commit": StoreError("the disk is gone")}
    with pytest.raises(StoreError):
        log.append_many(events(10, "failed"))
    other = Log(opened(), SIGNER)
    other.append_many(events(10, "other"))
    assert log.head() == other.head()
    assert log.append(event(0, "later")) == 260
    prove_all(log, log.head(), [0, 255, 260], audit(store))


def test_a_clock_or_a_key_that_fails(store: Watched) -> None:
    class Broken(Signer):
        broken = False

        def line(self, text: str, moment: int = 0) -> str:
            return 1 // 0 if self.broken else super().line(text, moment)  # type: ignore[return-value]

    signer, times = Broken(SIGNER.key.name, LOG, bytes(range(32))), [MOMENT]
    log = Log(store, signer, lambda: times[0])
    log.append(event(0))
    signer.broken = True
    with pytest.raises(ZeroDivisionError):
        log.append(event(1))
    signer.broken, moment = False, times.pop()
    with pytest.raises(IndexError):
        log.append(event(1))
    times.append(moment)
    assert log.append(event(1)) == 1
    assert len(audit(store)) == 2


def behind(store: Watched, sql: str, *values: object) -> None:
    """Write past the ledger."""
    connection = apsw.Connection(str(store._file.path))
    connection.execute(sql, values)
    connection.close()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE entry SET data = CAST(data || x'20' AS BLOB) WHERE position = 399",
        "DELETE FROM entry WHERE position = 399",
        "UPDATE head SET size = size - 1",
        "UPDATE head SET root = randomblob(32)",
        "UPDATE head SET note = replace(note, '400', '401')",
        "UPDATE head SET note = ''",
        "UPDATE tile SET hashes = zeroblob(510 * 32)",
        "DELETE FROM tile",
    ],
)
def test_what_was_changed_behind_its_back_is_not_signed(log: Log, opened: Callable[[], Watched], sql: str) -> None:
    log.append_many(events(400))
    before = log.head()
    behind(opened(), sql)
    later = Log(opened(), SIGNER)
    for attempt in (lambda: later.append(event(0, "later")), later.head, lambda: later.prove(0), lambda: later.append(event(0, "later"))):
        with pytest.raises(EvidenceError):
            attempt()
    assert opened().find("later") is None
    assert len(list(opened().entries(400, 500))) == 0
    assert before.checkpoint.size == 400


def test_a_missing_tile_is_named(log: Log, opened: Callable[[], Watched]) -> None:
    log.append_many(events(1500))
    behind(opened(), "DELETE FROM tile WHERE place = 2")
    with pytest.raises(EvidenceError, match="lacks tile 0/2"):
        log.prove(600)
    assert log.append(event(0, "later")) == 1500


def test_a_head_that_somebody_else_signed(log: Log, opened: Callable[[], Watched]) -> None:
    log.append(event(0))
    stranger = Signer(SIGNER.key.name, LOG, os.urandom(32))
    for attempt in (Log(opened(), stranger).head, lambda: Log(opened(), stranger).append(event(1))):
        with pytest.raises(EvidenceError, match="is not what this ledger signed"):
            attempt()


def test_signed_once_more(log: Log) -> None:
    log.append_many(events(3))
    before = log.head()
    assert log.sign() == before
    assert log.append(event(4)) == 3


def test_nodes_are_those_of_the_tree(log: Log) -> None:
    log.append_many(events(700))
    leaves = [leaf_hash(entry) for entry in audit(log.store)]
    for height, start, stop in ((0, 0, 700), (1, 100, 350), (8, 0, 2), (9, 0, 1), (0, 5, 5)):
        wanted = [trees.root(leaves[number << height : number + 1 << height]) for number in range(start, stop)]
        assert log.nodes(height, start, stop) == wanted
    with pytest.raises(EvidenceError, match="768 were asked for"):
        log.nodes(8, 0, 3)


def test_a_tree_is_read_where_it_stands(log: Log) -> None:
    """The edge taken from the store is the edge that grew, hash by hash, so that the next tile comes out the same."""
    log.append_many(events(1000))
    grown = log._tree
    read = Tree()
    read.advance(1000, log._bottom)
    assert [read.row(level) for level in range(3)] == [grown.row(level) for level in range(3)]
