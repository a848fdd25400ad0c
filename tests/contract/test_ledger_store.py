"""One contract for every kind of store, alone and under a `Log`; then random walks of a ledger beside a list and a naive tree."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

import pg
import trees
from tanba.errors import EvidenceError, StoreError
from tanba.ledger import merkle
from tanba.ledger.audit import audit as audit_all
from tanba.ledger.checkpoint import Signed
from tanba.ledger.entry import complete, stamp
from tanba.ledger.log import Log
from tanba.ledger.merkle import EMPTY_ROOT, WIDTH, Tile, leaf_hash
from tanba.ledger.note import WITNESS, Signer
from tanba.ledger.store import Anchor, Head, Store
from trees import SIGNER, Place, audit, event

ROOT = Path(__file__).parents[2]
FULL = 2 * WIDTH - 2


KINDS = ["sqlite", "postgres"] if pg.programs() else ["sqlite"]


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "sqlite":
        return Place("sqlite", str(tmp_path / "ledger.sqlite3"))
    server: pg.Server = request.getfixturevalue("server")
    return Place("postgres", server.url(), f"t_{uuid4().hex}")


@pytest.fixture
def opened(place: Place) -> Iterator[Callable[[], Store]]:
    """Opens stores over one place, and lets go of them at the end."""
    stores: list[Store] = []

    def opener() -> Store:
        stores.append(place.open())
        return stores[-1]

    yield opener
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: Callable[[], Store]) -> Store:
    return opened()


def head(size: int) -> Head:
    return Head(size, bytes([size % 256]) * 32, f"tanba.example/ledger\n{size}\nтаңба\n\n— \n")


def add(store: Store, start: int, number: int, ids: bool = True, tiles: list[Tile] | None = None) -> None:
    stop = start + number
    with store.exclusive() as writer:
        writer.add(
            start,
            [b"entry %d \x00\xff" % at for at in range(start, stop)],
            [f"id-{at}" if ids else None for at in range(start, stop)],
            tiles or [],
            head(stop),
        )


def test_an_empty_ledger(store: Store) -> None:
    assert store.head() == Head(0, EMPTY_ROOT, "")
    assert (list(store.entries(0, 100)), list(store.tiles(0, 0, 100)), store.anchors(), store.find("a")) == ([], [], [], None)
    with store.exclusive() as writer:
        assert writer.head() == Head()
        assert (writer.positions([]), writer.positions(["a"])) == ({}, {})


def test_many_begin_the_same_ledger_at_once(opened: Callable[[], Store]) -> None:
    stores, ready = [opened() for _ in range(8)], threading.Barrier(8)

    def begin(store: Store) -> Head:
        ready.wait()
        return store.head()

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(begin, stores)) == [Head()] * 8


def test_what_was_added_comes_back_from_every_opening(opened: Callable[[], Store]) -> None:
    first = opened()
    add(first, 0, 3)
    add(first, 3, 1200, ids=False)
    for store in (first, opened()):
        assert store.head() == head(1203)
        assert list(store.records(1, 4)) == [(at, b"entry %d \x00\xff" % at, f"id-{at}" if at < 3 else None) for at in range(1, 4)]
        assert (store.count(), store.faults()) == ((1203, 0), [])
        assert list(store.entries(0, 5)) == [(at, b"entry %d \x00\xff" % at) for at in range(5)]
        assert [at for at, _ in store.entries(1, 5000)] == list(range(1, 1203))
        assert [list(store.entries(*each)) for each in ((7, 7), (9, 8), (1203, 1300))] == [[], [], []]
        assert [store.find(f"id-{at}") for at in range(4)] == [0, 1, 2, None]
        with store.exclusive() as writer:
            assert writer.head() == head(1203)
            assert writer.positions(["id-2", "absent", "id-0", "id-2"]) == {"id-2": 2, "id-0": 0}


def test_only_the_head_may_change(store: Store) -> None:
    add(store, 0, 2)
    with store.exclusive() as writer:
        writer.add(2, [], [], [], head(77))
    assert store.head() == head(77)
    assert len(list(store.entries(0, 9))) == 2


def test_gaps_are_left_out(store: Store) -> None:
    tiles = [Tile(level, number, bytes([number]) * FULL * 32) for level in (0, 1) for number in (1, 5, 40)]
    add(store, 10, 2, tiles=tiles)
    add(store, 700, 3)
    assert [at for at, _ in store.entries(0, 1000)] == [10, 11, 700, 701, 702]
    assert list(store.tiles(0, 0, 41)) == tiles[:3]
    assert list(store.tiles(1, 2, 40)) == tiles[4:5]
    assert [at for at, _, _ in store.records(0, 1000)] == [10, 11, 700, 701, 702]
    assert store.count() == (5, 6)


def test_tiles_come_back(store: Store) -> None:
    tiles = [Tile(0, number, os.urandom(FULL * 32)) for number in range(40)] + [Tile(5, (1 << 40) + 1, os.urandom(FULL * 32))]
    add(store, 0, 1, tiles=tiles)
    assert list(store.tiles(0, 0, 40)) == tiles[:40]
    assert list(store.tiles(0, 17, 19)) == tiles[17:19]
    assert list(store.tiles(5, 1 << 40, (1 << 40) + 2)) == tiles[40:]
    assert list(store.tiles(1, 0, 40)) == []


def test_an_exception_leaves_nothing(opened: Callable[[], Store]) -> None:
    store = opened()
    add(store, 0, 2)
    with suppress(ZeroDivisionError), store.exclusive() as writer:
        writer.add(2, [b"gone"], ["gone"], [Tile(0, 0, b"gone")], head(3))
        assert writer.positions(["gone"]) == {"gone": 2}
        raise ZeroDivisionError
    for each in (store, opened()):
        assert (each.head(), len(list(each.entries(0, 9))), each.find("gone"), list(each.tiles(0, 0, 9))) == (head(2), 2, None, [])
    add(store, 2, 1, tiles=[Tile(0, 0, b"")])
    assert store.head() == head(3)


@pytest.mark.parametrize("again", ["position", "id", "tile"])
def test_nothing_is_written_over(store: Store, again: str) -> None:
    add(store, 0, 3, tiles=[Tile(0, 0, b"first")])
    values: dict[str, Any] = {
        "position": ([b"other"], [None], []),
        "id": ([b"other", b"other"], ["new", "id-1"], []),
        "tile": ([b"other"], [None], [Tile(0, 0, b"second")]),
    }
    entries, ids, tiles = values[again]
    with pytest.raises(StoreError) as caught, store.exclusive() as writer:
        writer.add(2 if again == "position" else 3, entries, ids, tiles, head(9))
    assert "Nothing acknowledged is lost" in caught.value.hint
    assert (store.head(), [at for at, _ in store.entries(0, 9)], store.find("new")) == (head(3), [0, 1, 2], None)
    assert list(store.tiles(0, 0, 1)) == [Tile(0, 0, b"first")]
    add(store, 3, 1)


def test_one_writer_at_a_time_and_readers_see_what_is_committed(opened: Callable[[], Store]) -> None:
    first, second, reader = opened(), opened(), opened()
    add(first, 0, 1)
    assert [second.head(), reader.head()] == [head(1)] * 2
    began = threading.Event()

    def other() -> Head:
        began.set()
        with second.exclusive() as writer:
            return writer.head()

    with ThreadPoolExecutor(1) as pool:
        with first.exclusive() as writer:
            writer.add(1, [b"x"], ["x"], [], head(2))
            assert (reader.head(), reader.find("x"), len(list(reader.entries(0, 9)))) == (head(1), None, 1)
            waiting = pool.submit(other)
            began.wait()
            with pytest.raises(TimeoutError):
                waiting.result(0.2)
        assert waiting.result(20) == head(2)


def test_threads_share_a_store(store: Store) -> None:
    """Who reads while another thread writes in an `exclusive` waits, and never sees its half."""
    add(store, 0, 1)
    stop = threading.Event()

    def read() -> int:
        seen = 0
        while not stop.is_set():
            now = store.head().size
            assert [at for at, _ in store.entries(0, now)] == list(range(now))
            seen += 1
        return seen

    with ThreadPoolExecutor(3) as pool:
        readers = [pool.submit(read) for _ in range(2)]
        for at in range(1, 40):
            add(store, at, 1)
        stop.set()
        assert all(reader.result() for reader in readers)


def test_a_closed_store_opens_again_at_its_next_use(store: Store) -> None:
    add(store, 0, 1)
    for _ in range(2):
        store.close()
        store.close()
        assert store.head() == head(1)
    add(store, 1, 1)


def test_anchors(opened: Callable[[], Store]) -> None:
    store = opened()
    anchors = [Anchor(size, f"note {size} — ә", (bytes([size % 7]) * 2000, b"")) for size in (3, 1 << 40, 1)]
    for anchor in anchors:
        store.keep_anchor(anchor)
    store.keep_anchor(Anchor(3, "newer"))
    for each in (store, opened()):
        assert each.anchors() == [anchors[2], Anchor(3, "newer"), anchors[1]]


def witness(number: int, signed: Signed) -> Signed:
    signer = Signer(f"witness.example/{number}", WITNESS, bytes([number]) * 32)
    return Signed(signed.checkpoint, signed.note.with_lines([signer.line(signed.note.text, 1_800_000_000 + number)]))


def test_what_outsiders_add_comes_together(opened: Callable[[], Store]) -> None:
    """However many keep a checkpoint at once, each with another witness and another time stamp."""
    logs = [Log(opened(), SIGNER) for _ in range(3)]
    logs[0].append(event(0))
    signed = logs[0].head()
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda number: logs[number % 3].keep(witness(number, signed), [bytes([number])]), range(12)))
    (anchor,) = logs[1].store.anchors()
    kept = Signed.parse(anchor.note)
    assert kept.checkpoint == signed.checkpoint
    assert set(kept.note.lines) == {line for number in range(12) for line in witness(number, signed).note.lines}
    assert set(anchor.timestamps) == {bytes([number]) for number in range(12)}
    before = logs[2].keep(kept, [b"\x00"])
    assert logs[2].store.anchors() == [before] == [anchor]


def test_an_id_is_entered_once(opened: Callable[[], Store]) -> None:
    log, other = Log(opened(), SIGNER), Log(opened(), SIGNER)
    assert log.append_many([(event(0), "a"), (event(1), None), (event(2), "a"), (event(3), "b")]) == [0, 1, 0, 2]
    assert other.append_many([(event(4), "b"), (event(5), "c"), (event(6), "a")]) == [2, 3, 0]
    assert (log.append(event(7), "c"), Log(opened(), SIGNER).append(event(8), "b")) == (3, 2)
    assert [entry[: len(event(0)) - 1] for entry in audit(log.store)] == [event(number)[:-1] for number in (0, 1, 3, 5)]


@pytest.mark.parametrize("apart", [True, False], ids=["two stores", "one store"])
def test_two_logs_take_turns(opened: Callable[[], Store], apart: bool) -> None:
    first = opened()
    logs = [Log(first, SIGNER), Log(opened() if apart else first, SIGNER)]
    for step in range(30):
        batch = 1 if step % 7 else 100
        assert (
            logs[step % 2].append_many([(event(step, str(at)), None) for at in range(batch)])[0]
            == logs[1 - step % 2].head().checkpoint.size - batch
        )
    assert logs[0].head() == logs[1].head()
    assert logs[0].head().checkpoint.root == trees.root([leaf_hash(entry) for entry in audit(first)])


def test_an_audit_finds_nothing_until_something_is_changed(opened: Callable[[], Store]) -> None:
    store = opened()
    log = Log(store, SIGNER)
    log.append_many([(made, json.loads(made)["id"]) for made in map(event, range(700))])
    log.keep(log.head())
    log.append(event(700), json.loads(event(700))["id"])
    assert not [each for each in audit_all(opened(), [SIGNER.key]) if not each.harmless]
    add(store, 701, 1)
    assert [each for each in audit_all(opened(), [SIGNER.key]) if not each.harmless]


def test_many_threads(opened: Callable[[], Store]) -> None:
    logs = [Log(opened(), SIGNER) for _ in range(2)]

    def work(thread: int) -> list[tuple[int, bytes]]:
        made = [(event(number, f"{thread}"), f"{thread}/{number}") for number in range(25)]
        shared = (event(thread, "shared"), f"shared/{thread // 2}")
        return [(logs[thread % 2].append(*each), each[0]) for each in [*made, shared]]

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(work, range(8)))
    entries = audit(logs[0].store)
    assert len(entries) == 8 * 25 + 4
    assert {position for each in done for position, _ in each} == set(range(len(entries)))
    for each in done:
        assert [entries[position].startswith(made[:-1]) for position, made in each[:-1]] == [True] * 25
    for even, odd in zip(done[::2], done[1::2], strict=True):
        assert even[-1][0] == odd[-1][0]


def test_four_processes(place: Place, store: Store) -> None:
    """They begin at the same moment over nothing, so that they also race for making the tables."""
    number = 60
    words = [sys.executable, str(ROOT / "tests" / "trees.py"), place.kind, place.where, place.schema]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")])}
    children = [
        subprocess.Popen(
            [*words, f"p{child}", str(number)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for child in range(4)
    ]
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda child: child.communicate("go\n", timeout=120), children))
    assert [complaint for _, complaint in told] == [""] * 4
    acknowledged = [dict(line.split() for line in said.splitlines()) for said, _ in told]
    assert [len(each) for each in acknowledged] == [number + trees.SHARED] * 4
    entries = audit(store)
    assert len(entries) == 4 * number + trees.SHARED
    for each in acknowledged:
        for id_, position in each.items():
            name, at = id_.split("/")
            assert store.find(id_) == int(position)
            assert entries[int(position)].startswith(event(int(at), name)[:-1])
    assert Log(store, SIGNER).head().checkpoint.root == store.head().root


class BesideAList(RuleBasedStateMachine):
    """A ledger of two writers and a list. After every step all that was ever stated is proved again from some entry and some older size."""

    place: Place

    def __init__(self) -> None:
        super().__init__()
        self.clock, self.numbers, self.broken = trees.clock(), count(), False
        self.stores = [self.place.open(), self.place.open()]
        self.logs = [self.log(store) for store in self.stores]
        self.entries: list[bytes] = []
        self.known: dict[str, int] = {}
        self.stated: list[Signed] = []

    def log(self, store: Store) -> Log:
        return Log(store, SIGNER, self.now)

    def now(self) -> datetime:
        if self.broken:
            raise ZeroDivisionError
        self.moment = next(self.clock)
        return self.moment

    def teardown(self) -> None:
        for store in self.stores:
            store.close()

    writers = st.integers(0, 1)
    ids = st.none() | st.sampled_from("abcdefgh")

    @rule(writer=writers, ids=st.lists(ids, max_size=6))
    def append(self, writer: int, ids: list[str | None]) -> None:
        events = [(event(next(self.numbers)), id_) for id_ in ids]
        positions = self.logs[writer].append_many(events)
        assert len(positions) == len(events)
        for (made, id_), position in zip(events, positions, strict=True):
            if id_ not in self.known:
                assert position == len(self.entries)
                self.entries.append(complete(made, stamp(self.moment)))
            else:
                assert position == self.known[id_]
            if id_:
                self.known[id_] = position

    @precondition(lambda self: len(self.entries) < 1200)
    @rule(writer=writers, number=st.sampled_from([200, 255, 256, 257, 300]))
    def append_many(self, writer: int, number: int) -> None:
        self.append(writer, [None] * number)

    @rule(writer=writers)
    def fail(self, writer: int) -> None:
        self.broken = True
        with pytest.raises(ZeroDivisionError):
            self.logs[writer].append_many([(event(next(self.numbers)), None), (event(next(self.numbers)), "never")])
        self.broken = False

    @rule(writer=writers)
    def reopen(self, writer: int) -> None:
        self.stores[writer].close()
        self.stores[writer] = self.place.open()
        self.logs[writer] = self.log(self.stores[writer])

    @rule(writer=writers, again=st.integers(0, 1000))
    def sign_again(self, writer: int, again: int) -> None:
        assert self.logs[writer].sign().checkpoint.size == len(self.entries)

    @rule(writer=writers)
    def look(self, writer: int) -> None:
        assert [entry for _, entry in self.stores[writer].entries(0, len(self.entries) + 1)] == self.entries
        assert {id_: self.stores[writer].find(id_) for id_ in self.known} == self.known
        with pytest.raises(EvidenceError, match=f"no entry {len(self.entries)}"):
            self.logs[writer].entry(len(self.entries))

    @rule(writer=writers, index=st.integers(0, 1 << 30), older=st.integers(0, 1 << 30))
    def prove(self, writer: int, index: int, older: int) -> None:
        log, leaves = self.logs[writer], [leaf_hash(entry) for entry in self.entries]
        if not leaves:
            return
        signed = self.stated[older % len(self.stated)]
        size, at = signed.checkpoint.size, index % max(signed.checkpoint.size, 1)
        if size:
            proof = log.prove(at, signed)
            assert (proof.index, list(proof.hashes)) == (at, trees.path(at, leaves[:size]))
            merkle.verify_inclusion(leaves[at], at, size, proof.hashes, signed.checkpoint.root)
            between = log.consistency(size, len(leaves))
            assert between == trees.consistency(size, leaves)
            merkle.verify_consistency(size, len(leaves), between, signed.checkpoint.root, trees.root(leaves))
        some = older % (len(leaves) + 1)
        assert log.root_at(some) == trees.root(leaves[:some])

    @invariant()
    def stands(self) -> None:
        """The newest state is that of the list, and continues whatever was stated before."""
        told = [log.head() for log in self.logs]
        leaves = [leaf_hash(entry) for entry in self.entries]
        size, root = len(leaves), trees.root(leaves)
        assert [(each.checkpoint.size, each.checkpoint.root) for each in told] == [(size, root)] * 2
        for before in {each.checkpoint for each in self.stated if each.checkpoint.size}:
            merkle.verify_consistency(before.size, size, self.logs[size % 2].consistency(before.size, size), before.root, root)
            at = (size * 7919) % before.size
            merkle.verify_inclusion(leaves[at], at, size, self.logs[size % 2].prove(at, told[0]).hashes, root)
        self.stated.append(told[0])


def walk(new: Callable[[], Place], examples: int, steps: int) -> None:
    class Machine(BesideAList):
        def __init__(self) -> None:
            self.place = new()
            super().__init__()

    run_state_machine_as_test(Machine, settings=settings(max_examples=examples, stateful_step_count=steps, deadline=None))


def test_sqlite_beside_a_list(tmp_path: Path) -> None:
    with TemporaryDirectory(dir=tmp_path) as folder:
        walk(lambda: Place("sqlite", f"{folder}/{uuid4()}"), 25, 25)


def test_postgres_beside_a_list(server: pg.Server) -> None:
    walk(lambda: Place("postgres", server.url(), f"w_{uuid4().hex}"), 25, 25)
