"""Power fails at any moment, and whatever was acknowledged is there when it comes back.

A life of a ledger is random work over `powerloss.Disk`. From many moments of its trace the disk's possible states are made, each is
opened as at any
start, and the next life begins on one of them; or the process alone was killed and finds what the disk itself may still lose.
"""

import hashlib
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import apsw
import pytest

from faults import naive
from faults.ledgers import SIGNER, event, events, open_log, whole
from faults.powerloss import LOST, SURE, Change, Disk, Files, Inode, Platter
from faults.powerloss import Event as Trace
from tanba.errors import StoreError, TanbaError
from tanba.ledger.group import GroupCommit
from tanba.ledger.log import Event, Log
from tanba.ledger.store.sqlite import SqliteStore

NAME = "ledger.db"


@pytest.fixture
def checkpoints() -> Iterator[list[int]]:
    """SQLite writes the log back into the file after so many pages (usually 1000)."""
    pages = [1000]

    def hook(connection: apsw.Connection) -> None:
        connection.wal_autocheckpoint(pages[0])

    apsw.connection_hooks.append(hook)
    yield pages
    apsw.connection_hooks.remove(hook)


@dataclass
class Promised:
    """What was told to somebody before the power failed, and what was asked for and not answered."""

    entries: dict[int, bytes] = field(default_factory=dict)
    anchors: set[tuple[int, str]] = field(default_factory=set)
    heads: dict[int, bytes] = field(default_factory=dict)
    owed: list[Event] = field(default_factory=list)

    def take(self, trace: Trace) -> None:
        if trace.deed == "acknowledged":
            self.entries[trace.file] = trace.value
            self.owed = [each for each in self.owed if not trace.value.startswith(each[0][:-1])]
        elif trace.deed == "asked":
            self.owed += trace.value
        elif trace.deed == "anchor":
            self.anchors.add((trace.file, trace.value))
        elif trace.deed == "handed out":
            self.heads[trace.file] = trace.value

    def after(self, traces: Iterable[Trace]) -> "Promised":
        promised = Promised(dict(self.entries), set(self.anchors), dict(self.heads), list(self.owed))
        for trace in traces:
            promised.take(trace)
        return promised

    def broken(self, seen: naive.Seen) -> str:
        """In words, or nothing."""
        if lost := [position for position, data in self.entries.items() if seen.entries.get(position) != data]:
            return f"lost: entries {min(lost)} to {max(lost)}, of {seen.size}"
        if missing := self.anchors - {(size, note) for size, note, _ in seen.anchors}:
            return f"lost: anchor {min(missing)[0]}"
        leaves = [hashlib.sha256(b"\x00" + data).digest() for data in seen.entries.values()]
        for size, root in self.heads.items():
            if size > len(leaves) or naive.mth(leaves[:size]) != root:
                return f"lost: a checkpoint of {size} was handed out, {len(leaves)} entries are there"
        return ""


class Store(SqliteStore):
    def close(self) -> None:
        """SQLite passes over what fails while closing; APSW hands out what a VFS in Python raised."""
        try:
            super().close()
        except apsw.IOError:
            self._open = None


class Worker:
    """Random work on one ledger; what is asked and told goes into the trace."""

    def __init__(self, disk: Disk, random: Random, synchronous: str, owed: list[Event]) -> None:
        self.disk, self.random, self.owed = disk, random, owed
        self._options = {"vfs": disk.name, "synchronous": synchronous}
        self._time = datetime(2026, 11, 22, tzinfo=UTC)
        self.log = self.start()

    def start(self) -> Log:
        return Log(Store(self.disk.files.folder / NAME, **self._options), SIGNER, self._clock)

    def live(self) -> None:
        deeds = (self.singles, self.batch, self.group, self.reopen, self.other, self.anchor, self.retry)
        try:
            for deed in self.random.choices(deeds, (5, 3, 2, 2, 1, 2, 2), k=self.random.randrange(3, 9)):
                try:
                    deed()
                except StoreError:
                    assert self.disk.failing
        finally:
            self.log.store.close()

    def singles(self) -> None:
        for each in self.asked(self.random.randrange(1, 7)):
            self.told(self.log, each, self.log.append(*each))

    def batch(self) -> None:
        batch = self.asked(self.random.choice((2, 20, 300)))
        for each, position in zip(batch, self.log.append_many(batch), strict=True):
            self.told(self.log, each, position)

    def group(self) -> None:
        with GroupCommit(self.log) as group:
            waiting = [(each, group.submit(*each)) for each in self.asked(self.random.randrange(2, 30))]
        for each, future in waiting:
            self.told(self.log, each, future.result())

    def reopen(self) -> None:
        self.log.store.close()
        self.log = self.start()

    def other(self) -> None:
        """A second program on the same file."""
        other = self.start()
        try:
            for each in self.asked(3):
                self.told(other, each, other.append(*each))
        finally:
            other.store.close()

    def anchor(self) -> None:
        signed = self.log.head()
        self.disk.say("handed out", signed.checkpoint.size, signed.checkpoint.root)
        if signed.checkpoint.size:
            anchor = self.log.keep(signed, [self.random.randbytes(20)])
            self.disk.say("anchor", anchor.size, anchor.note)

    def retry(self) -> None:
        """Whoever got no answer asks again."""
        for each in self.owed[-5:]:
            self.told(self.log, each, self.log.append(*each))

    def asked(self, count: int) -> list[Event]:
        fresh = events(self.random, count)
        self.disk.say("asked", None, fresh)
        self.owed += fresh
        return fresh

    def told(self, log: Log, each: Event, position: int) -> None:
        self.disk.say("acknowledged", position, log.entry(position))
        if each in self.owed:
            self.owed.remove(each)

    def _clock(self) -> datetime:
        self._time += timedelta(milliseconds=1)
        return self._time


class Chain:
    """A ledger through many lives. `results` says what each crash cost: nothing (""), or a sentence."""

    def __init__(self, folder: Path, checkpoints: list[int], seed: int, synchronous: str = "FULL", failing: bool = False) -> None:
        self.folder, self.checkpoints, self.synchronous, self.failing = folder / f"{synchronous}{seed}", checkpoints, synchronous, failing
        self.folder.mkdir()
        self.random = Random(f"{seed} {synchronous} {failing}")
        self.results: list[str] = []
        self.promises: list[int] = []
        self.deeds: Counter[str] = Counter()
        self._content: dict[str, bytes] = {}
        self._promised = Promised()

    def begin(self, size: int) -> None:
        """With so many entries."""
        log = open_log(self.folder / NAME)
        log.append_many(events(self.random, size))
        log.store.close()
        self._content = {NAME: (self.folder / NAME).read_bytes()}

    def run(self, lives: int, crashes: int) -> "Chain":
        for life in range(lives):
            self.checkpoints[0] = self.random.choice((4, 16, 64, 1000))
            files = Files.written(self.folder / f"{life}", self._content)
            platter = Platter(files, self._content)
            trace = self._live(files)
            self.deeds.update(each.deed for each in trace)
            if not self._crash(platter, trace, crashes):
                break
            shutil.rmtree(self.folder)
            self.folder.mkdir()
        return self

    def _live(self, files: Files) -> list[Trace]:
        """The trace of a life, in half of them interrupted: the process is killed, another one goes on."""
        trace: list[Trace] = []
        kill = self.random.randrange(1, 300) if self.random.random() < 0.5 else None
        while True:
            disk = Disk(files, trace, kill=kill, failing=self.random if self.failing else None)
            try:
                Worker(disk, self.random, self.synchronous, self._promised.after(trace).owed).live()
            finally:
                disk.unregister()
            if not disk.survivors:
                return disk.trace
            (files, trace), kill = disk.survivors, None
            self.deeds["killed"] += 1

    def _crash(self, platter: Platter, trace: list[Trace], crashes: int) -> bool:
        """The power fails at several moments, most of them just after an answer. Whether the ledger can go on from one of them."""
        told = [place for place, each in enumerate(trace, 1) if each.deed in ("acknowledged", "handed out", "anchor")]
        moments = sorted(self.random.choice(told if told and self.random.random() < 0.6 else range(len(trace) + 1)) for _ in range(crashes))
        at, goes_on = 0, []
        for moment in moments:
            for each in trace[at:moment]:
                platter.take(each)
            at = moment
            image = platter.image(self.random)
            promised = self._promised.after(trace[:moment])
            self.promises.append(max(promised.entries, default=-1) + 1)
            result = self._start(image, promised)
            self.results.append(result)
            if not result:
                goes_on.append((image, promised))
        if goes_on:
            self._content, self._promised = self.random.choice(goes_on[-3:])
        return bool(goes_on)

    def _start(self, image: dict[str, bytes], promised: Promised) -> str:
        """Opens what the disk holds. What is wrong, in words, or nothing; then whatever could be read is promised too."""
        folder = self.folder / "image"
        Files.written(folder, image)
        log = open_log(folder / NAME)
        try:
            size = log.head().checkpoint.size
            position = log.append(*event(self.random.random()))
            log.store.close()
            seen = whole(folder / NAME)
            assert position == size == seen.size - 1
            broken = promised.broken(seen)
            promised.entries = {place: data for place, data in seen.entries.items() if place < size}
            return broken
        except (TanbaError, AssertionError) as error:
            return f"{type(error).__name__}: {error}"
        finally:
            log.store.close()
            shutil.rmtree(folder)


def losses(chain: Chain) -> list[str]:
    return [each for each in chain.results if each]


def test_nothing_acknowledged_is_lost_when_the_power_fails(tmp_path: Path, checkpoints: list[int]) -> None:
    for seed in range(3):
        assert not losses(Chain(tmp_path, checkpoints, seed).run(5, 6)), f"seed {seed}"


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_in_two_thousand_power_losses(tmp_path: Path, checkpoints: list[int]) -> None:
    deeds: Counter[str] = Counter()
    for seed in range(100, 140):
        chain = Chain(tmp_path, checkpoints, seed).run(5, 10)
        assert not losses(chain), f"seed {seed}"
        deeds += chain.deeds + Counter(crashes=len(chain.results))
    assert deeds["crashes"] == 2000
    assert min(deeds[each] for each in ("killed", "delete", "truncate", "create", "anchor", "handed out")) > 50
    print(dict(deeds))


@pytest.mark.parametrize("seeds", [range(3), pytest.param(range(1000, 1040), marks=pytest.mark.slow)], ids=len)
def test_nothing_acknowledged_is_lost_where_syncs_fail_before_the_power_does(tmp_path: Path, checkpoints: list[int], seeds: range) -> None:
    for seed in seeds:
        assert not losses(Chain(tmp_path, checkpoints, seed, failing=True).run(5, 8)), f"seed {seed}"


@pytest.mark.parametrize("synchronous", ["NORMAL", "OFF"])
def test_the_same_check_finds_losses_where_less_is_synced(tmp_path: Path, checkpoints: list[int], synchronous: str) -> None:
    chains = [Chain(tmp_path, checkpoints, seed, synchronous).run(3, 6) for seed in range(2)]
    assert any(each.startswith("lost: entries") for chain in chains for each in losses(chain))
    assert synchronous == "OFF" or all(each.startswith("lost") for chain in chains for each in losses(chain))


def test_an_answer_given_after_a_kill_holds_too(tmp_path: Path, checkpoints: list[int]) -> None:
    """A process died between writing and syncing. The next one finds the entry and says so: then it has to lie on the disk."""
    first, second = events(Random(1), 2)

    def disk_after(name: str, kill: int | None) -> tuple[Disk, int]:
        disk = Disk(Files.written(tmp_path / name, {}), [], kill=kill)
        log = open_log(disk.files.folder / NAME, vfs=disk.name)
        log.append(*first)
        before = len(disk.trace)
        log.append(*second)
        log.store.close()
        disk.unregister()
        return disk, before

    rehearsal, before = disk_after("rehearsal", None)
    synced = [each.deed for each in rehearsal.trace].index("sync", before)
    killed, _ = disk_after("killed", synced)
    assert killed.survivors
    disk = Disk(*killed.survivors)
    log = open_log(disk.files.folder / NAME, vfs=disk.name)
    disk.say("handed out", 2, log.head().checkpoint.root)
    disk.say("acknowledged", log.append(*second), log.entry(1))
    told = disk.trace[:]
    log.store.close()
    disk.unregister()
    chain, platter = Chain(tmp_path, checkpoints, 1), Platter(killed.files, {})
    chain._crash(platter, told, 0)
    for each in told:
        platter.take(each)
    assert {chain._start(platter.image(chain.random), Promised().after(told)) for _ in range(20)} == {""}


@pytest.mark.slow
def test_the_power_fails_while_a_tile_of_the_second_level_is_filled(tmp_path: Path, checkpoints: list[int]) -> None:
    chain = Chain(tmp_path, checkpoints, 1)
    chain.begin(65_536 - 3)
    assert not losses(chain.run(1, 10))
    assert max(chain.promises) > 65_536


def test_a_disk_keeps_what_was_synced_and_anything_of_the_rest() -> None:
    file, random = Inode(b"a" * 1024), Random(1)
    file.changes = [Change(0, b"b" * 1024), Change(1024, b"c" * 1024)]
    images = {file.image(random, kept, 512) for kept in (0, 0.5, 1) for _ in range(300)}
    assert {image[:1024] for image in images} == {x * 512 + y * 512 for x in (b"a", b"b") for y in (b"a", b"b")}
    assert {len(image) for image in images} == {1024, 1536, 2048}
    file.settle(SURE)
    file.changes += [Change(512, None), Change(0, b"d")]
    file.settle(LOST)
    file.changes += [Change(1, b"e")]
    file.settle(SURE)
    images = {file.image(random, 0.5, 512) for _ in range(100)}
    assert {image[:2] for image in images} == {b"be", b"de"}
    assert {len(image) for image in images} == {512, 2048}


def test_a_name_is_sure_once_its_folder_is_synced(tmp_path: Path) -> None:
    platter, random = Platter(Files(tmp_path), {}), Random(1)
    platter.take(Trace("create", "a", 1))
    platter.take(Trace("sync", 1))
    assert {tuple(platter.image(random)) for _ in range(100)} == {(), ("a",)}
    platter.take(Trace("sync folder"))
    assert {tuple(platter.image(random)) for _ in range(100)} == {("a",)}
    platter.take(Trace("delete", "a"))
    assert {tuple(platter.image(random)) for _ in range(100)} == {(), ("a",)}
