"""The register of marks: what is in it, beside a list; several processes; files and disks that are not as they should be."""

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
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

from faults.test_disk import mount
from marking.adder import mark
from tanba.errors import InputError, StoreError, TanbaError
from tanba.marking import sqlitefile
from tanba.marking.near import BLOCK, Near, Scan
from tanba.marking.register import Mark, Register

ROOT = Path(__file__).parents[2]
ENVIRONMENT = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}", "PYTHONDONTWRITEBYTECODE": "1"}
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
            self.both[hand].set_sealed(ids, entry)
            self.all = [replace(each, sealed=entry) if each.id in ids else each for each in self.all]
        else:
            with pytest.raises(InputError, match="is not in the register"):
                self.both[hand].set_sealed(ids, entry)

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

    def teardown(self) -> None:
        for register in self.both:
            register.close()
        shutil.rmtree(self.folder)


TestModel = Model.TestCase
TestModel.settings = settings(max_examples=30, stateful_step_count=20, deadline=None)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "marks.sqlite3"


def adders(path: Path, count: int, processes: int) -> list[subprocess.Popen[bytes]]:
    """Processes that begin at once, each with numbers of its own."""
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "marking.adder", str(path), str(hand * 1_000_000 + 1), str(count)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=ENVIRONMENT,
        )
        for hand in range(processes)
    ]
    for each in started:
        assert each.stdout
        assert each.stdout.readline() == b"ready\n"
    for each in started:
        assert each.stdin
        each.stdin.write(b"\n")
        each.stdin.flush()
    return started


def told(process: subprocess.Popen[bytes]) -> set[int]:
    """What it acknowledged."""
    output, _ = process.communicate()
    return {int(line) for line in output.splitlines()}


def test_two_processes_add_at_once_and_a_third_sees_all(path: Path) -> None:
    watching = Register(path)
    working = adders(path, 60, 2)
    while any(each.poll() is None for each in working):
        watching.near(bytes(32), "tanba.image-fp/1", 0)
    acknowledged = set().union(*map(told, working))
    assert len(acknowledged) == watching.count() == 120
    for number in acknowledged:
        assert watching.get(number) == mark(number)
        assert Near(number, 0) in watching.near(mark(number).fingerprints[0][1], "tanba.image-fp/1", 0)
    watching.close()


def test_a_killed_process_loses_nothing_acknowledged(path: Path) -> None:
    chance = random.Random(5)
    ended = 0
    for round_ in range(4):
        file = path.with_name(f"{round_ % 2}.sqlite3")
        working = adders(file, 100_000, 2)
        time.sleep(chance.uniform(0.01, 0.2))
        for each in working:
            os.kill(each.pid, signal.SIGKILL)
        acknowledged = set().union(*map(told, working))
        ended += bool(acknowledged)
        register = Register(file)
        assert [number for number in acknowledged if register.get(number) != mark(number)] == []
        register.add(mark(10_000_000))
        register.close()
    assert ended


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


def refused(path: Path) -> StoreError:
    """Each use is refused in the same words, with a hint."""
    register = Register(path)
    said = set()
    for use in (lambda: register.add(mark(5)), lambda: register.get(5), lambda: register.near(bytes(32), "a", 1), register.count):
        with pytest.raises(StoreError) as caught:
            use()
        said.add((caught.value.template, caught.value.hint))
    register.close()
    assert len(said) == 1
    assert caught.value.hint
    return caught.value


def test_a_file_of_another_kind(path: Path) -> None:
    path.write_text("This is a text.\n" * 400)
    assert "is damaged" in str(refused(path))
    assert path.read_text() == "This is a text.\n" * 400
    path.unlink()
    with apsw.Connection(str(path)) as other:
        other.execute("CREATE TABLE mark (a)")
    before = path.read_bytes()
    assert "is not a register of marks" in str(refused(path))
    assert path.read_bytes() == before
    with apsw.Connection(str(path)) as other:
        other.execute(f"PRAGMA application_id = {sqlitefile.KIND}; PRAGMA user_version = {sqlitefile.VERSION + 1}")
    assert "is not a register of marks" in str(refused(path))


def test_places_where_no_file_can_be(path: Path, tmp_path: Path) -> None:
    assert "cannot be opened" in str(refused(tmp_path / "absent" / "marks.sqlite3"))
    path.mkdir()
    assert "cannot be opened" in str(refused(path))


def complains(use: Callable[[], object]) -> bool:
    try:
        use()
    except TanbaError as error:
        return bool(error.hint)
    return False


def test_damage_is_told_or_does_no_harm(path: Path) -> None:
    """Bytes are changed anywhere: each use answers, or says what is wrong."""
    register = Register(path)
    register.add_many([mark(number) for number in range(200)])
    register.close()
    whole, chance, told_ = path.read_bytes(), random.Random(3), 0
    for _ in range(60):
        broken = bytearray(whole)
        at = chance.randrange(len(broken))
        broken[at : at + 64] = chance.randbytes(len(broken[at : at + 64]))
        path.write_bytes(broken if chance.random() < 0.8 else broken[:at])
        for use in (
            lambda: register.near(bytes(32), "tanba.image-fp/1", 256),
            lambda: register.newest(300),
            lambda: register.get(7),
            lambda: register.by_digest("a"),
            lambda: register.add(mark(999)),
        ):
            told_ += complains(use)
        register.close()
        for end in ("-wal", "-shm"):
            path.with_name(path.name + end).unlink(missing_ok=True)
    assert told_ > 30


def test_a_fingerprint_of_another_length_is_damage(path: Path) -> None:
    register = Register(path)
    register.add(mark(1))
    register.close()
    with apsw.Connection(str(path)) as other:
        other.execute("PRAGMA ignore_check_constraints = 1; UPDATE fingerprint SET bits = x'00'")
    with pytest.raises(StoreError, match="is damaged"):
        register.near(bytes(32), "tanba.image-fp/1", 256)
    register.close()


def test_a_file_that_somebody_holds(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    register = Register(path)
    register.add(mark(1))
    other = apsw.Connection(str(path))
    other.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr(sqlitefile, "PATIENCE", 3)
    with pytest.raises(StoreError, match="was in use for too long") as caught:
        register.add(mark(2))
    assert caught.value.hint
    assert register.get(1)
    other.execute("ROLLBACK")
    other.close()
    register.add(mark(2))
    register.close()


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount("-t", "tmpfs", "-o", "size=3m", "tmpfs", folder)
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def fill(register: Register) -> list[int]:
    """Until there is no room: what was acknowledged."""
    for number in range(100_000):
        try:
            register.add(mark(number))
        except StoreError as error:
            assert "is full" in error.message  # noqa: PT017
            return list(range(number))
    raise AssertionError


def test_a_full_disk_refuses_and_goes_on_when_there_is_room(small: Path) -> None:
    register = Register(small / "marks.sqlite3")
    kept = fill(register)
    assert len(kept) > 50
    assert [number for number in kept if register.get(number) != mark(number)] == []
    mount("-o", "remount,size=9m", small)
    register.add(mark(100_001))
    assert register.count() == len(kept) + 1
    register.close()


def test_a_disk_that_became_read_only_and_is_mended(small: Path) -> None:
    register = Register(small / "marks.sqlite3")
    register.add(mark(1))
    register.close()
    mount("-o", "remount,ro", small)
    assert "cannot be opened or written" in str(refused(small / "marks.sqlite3"))
    mount("-o", "remount,rw", small)
    register.add(mark(2))
    assert register.count() == 2
    register.close()
