"""The register of marks beside a list, by two connections and many threads; and that nothing near is missed."""

import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp

import apsw
import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from marking.adder import mark
from tanba.errors import InputError, StoreError
from tanba.marking.near import BLOCK, Near, Scan
from tanba.marking.register import Mark, Register

ALGORITHMS = ("tanba.image-fp/1", "other")
IDS = (0, 1, 2, 3, 7, (1 << 63) - 1, 1 << 63, (1 << 64) - 1)
SYSTEMS = (None, "painter", "voice")

names = st.text(max_size=5)
digests = st.sampled_from([None, "a" * 64, "b" * 64, "c" * 64])
bases = st.sampled_from([0, 1 << 200, (1 << 256) - 1])
prints = st.builds(lambda base, bits: (base ^ sum(1 << bit for bit in bits)).to_bytes(32), bases, st.sets(st.integers(0, 255), max_size=40))
marks = st.builds(
    Mark,
    st.sampled_from(IDS),
    st.just("2026-11-22T12:00:00Z"),
    st.sampled_from(["image", "text", "audio", "video"]),
    names,
    st.sampled_from(["created", "altered"]),
    names,
    st.sampled_from(SYSTEMS),
    st.sampled_from([None, "190140999998"]),
    digests,
    digests,
    names,
    st.none(),
    st.none() | st.binary(max_size=30),
    names,
    names,
    st.none() | st.binary(max_size=30),
    st.lists(st.tuples(st.sampled_from(ALGORITHMS), prints), max_size=3).map(tuple),
)


def distance(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


class Model(RuleBasedStateMachine):
    """The register by two connections beside a list."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(mkdtemp())
        self.both = [Register(self.folder / "marks.sqlite3") for _ in range(2)]
        self.all: list[Mark] = []

    def known(self, id_: int) -> Mark | None:
        return next((each for each in self.all if each.id == id_), None)

    @rule(many=st.lists(marks, max_size=4), hand=st.integers(0, 1))
    def add(self, many: list[Mark], hand: int) -> None:
        expected, refused = list(self.all), False
        for each in many:
            there = next((other for other in expected if other.id == each.id), None)
            if not there:
                expected.append(each)
            refused |= there is not None and replace(there, sealed=None) != each
        if refused:
            with pytest.raises(InputError, match="other content"):
                self.both[hand].add_many(many)
        else:
            self.both[hand].add_many(many)
            self.all = expected

    @rule(place=st.integers(0, 20), hand=st.integers(0, 1))
    def add_again(self, place: int, hand: int) -> None:
        if self.all:
            self.both[hand].add(replace(self.all[place % len(self.all)], sealed=None))

    @rule(ids=st.lists(st.sampled_from(IDS), max_size=3), hand=st.integers(0, 1), entry=names)
    def seal(self, ids: list[int], hand: int, entry: str) -> None:
        if all(map(self.known, ids)):
            self.both[hand].set_sealed(dict.fromkeys(ids, entry))
            self.all = [replace(each, sealed=entry) if each.id in ids else each for each in self.all]
        else:
            with pytest.raises(InputError, match="is not in the register"):
                self.both[hand].set_sealed(dict.fromkeys(ids, entry))

    @rule(hand=st.integers(0, 1))
    def reopen(self, hand: int) -> None:
        self.both[hand].close()

    @rule(wanted=prints, algorithm=st.sampled_from(ALGORITHMS), within=st.integers(0, 256), hand=st.integers(0, 1))
    def near(self, wanted: bytes, algorithm: str, within: int, hand: int) -> None:
        found = self.both[hand].near(wanted, algorithm, within)
        expected = []
        for each in self.all:
            distances = [distance(bits, wanted) for name, bits in each.fingerprints if name == algorithm]
            if distances and min(distances) <= within:
                expected.append(Near(each.id, min(distances)))
        assert sorted(found, key=lambda near: near.mark_id) == sorted(expected, key=lambda near: near.mark_id)
        assert [near.distance for near in found] == sorted(near.distance for near in found)

    @invariant()
    def all_is_told(self) -> None:
        for register in self.both:
            assert register.count() == len(self.all)
            assert [register.get(id_) for id_ in IDS] == [self.known(id_) for id_ in IDS]
            assert register.newest(3) == self.all[::-1][:3]
            assert register.newest(2, "voice") == [each for each in self.all[::-1] if each.system == "voice"][:2]
            assert register.unsealed(3) == [each for each in self.all if each.sealed is None][:3]
            assert register.by_digest("a" * 64) == [each for each in self.all[::-1] if "a" * 64 in (each.digest_before, each.digest_after)]

    @rule(own=st.sets(st.sampled_from(["painter", "voice"])), system=st.sampled_from(SYSTEMS), before=st.none() | st.sampled_from(IDS))
    def of_organisation(self, own: set[str], system: str | None, before: int | None) -> None:
        bin_, older = "190140999998", self.all[::-1]
        if before is not None and self.known(before):
            older = older[[each.id for each in older].index(before) + 1 :]
        expected = [
            each
            for each in older
            if (each.organisation == bin_ and system in (None, each.system))
            or (each.organisation is None and each.system in own and system in (None, each.system))
        ]
        for limit in (2, 20):
            assert self.both[0].of_organisation(bin_, own, limit, system=system, before=before) == expected[:limit]

    def teardown(self) -> None:
        for register in self.both:
            register.close()
        shutil.rmtree(self.folder)


TestModel = Model.TestCase
TestModel.settings = settings(max_examples=30, stateful_step_count=20, deadline=None)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "marks.sqlite3"


def test_threads_share_a_register(path: Path) -> None:
    register = Register(path)

    def work(hand: int) -> None:
        for number in range(hand * 100, hand * 100 + 10):
            register.add(mark(number))
            assert register.near(mark(number).fingerprints[0][1], "tanba.image-fp/1", 0) == [Near(number, 0)]

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert register.count() == 40
    register.close()


def test_many_begin_the_same_file_at_once(path: Path) -> None:
    ready = threading.Barrier(8)

    def begin(number: int) -> None:
        register = Register(path)
        ready.wait()
        register.add(mark(number))
        register.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(begin, range(8)))
    assert Register(path).count() == 8


def test_a_refused_batch_leaves_nothing(path: Path) -> None:
    register = Register(path)
    register.add(mark(1))
    with pytest.raises(InputError) as caught:
        register.add_many([mark(2), replace(mark(1), name="other")])
    assert caught.value.hint
    assert (register.count(), register.get(2)) == (1, None)
    with pytest.raises(StoreError):
        register.add(replace(mark(3), fingerprints=(("tanba.image-fp/1", b"short"),)))
    assert register.count() == 1
    register.close()


def test_a_list_takes_two_statements_however_long(path: Path) -> None:
    register = Register(path)
    register.add_many(mark(number) for number in range(1, 60))
    said: list[str] = []
    with register._file.within() as connection:
        connection.trace_v2(apsw.SQLITE_TRACE_STMT, lambda event: said.append(event["sql"]))
    assert [len(register.of_organisation("x", ["painter"], count)) for count in (1, 50)] == [1, 50]
    assert len([sql for sql in said if sql.startswith("SELECT")]) == 4
    register.close()


def test_nothing_near_is_missed() -> None:
    """Beside a comparison of everything with everything, over several blocks and with growth in uneven steps."""
    chance = np.random.default_rng(7)
    known = chance.integers(0, 256, (2 * BLOCK + 77, 32), np.uint8)
    scan, low = Scan(), 0
    for step in (0, 1, 5000, BLOCK, len(known)):
        piece = known[low : low + step]
        scan.add(piece.tobytes(), np.arange(low, low + len(piece)))
        low += len(piece)
    assert len(scan) == len(known)
    bits = np.unpackbits(known, axis=1)
    for flips, within in ((0, 0), (60, 66), (66, 66), (90, 95), (128, 100)):
        wanted = bits[chance.integers(len(known))].copy()
        wanted[chance.choice(256, flips, replace=False)] ^= 1
        distances = (bits != wanted).sum(1)
        expected = sorted((int(distances[place]), int(place)) for place in np.flatnonzero(distances <= within))
        assert scan.near(np.packbits(wanted).tobytes(), within) == expected
