"""A ledger's lives on `powerloss.Disk`: random work, the power fails, and the next life begins on what the disk then holds.

In half of the lives the process alone is killed first: its successor finds what the disk itself may still lose.
"""

import hashlib
import shutil
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import apsw

from faults import naive
from faults.ledgers import SIGNER, event, events, open_log, whole
from faults.powerloss import Disk, Files, Platter
from faults.powerloss import Event as Trace
from tanba.errors import StoreError, TanbaError
from tanba.ledger.group import GroupCommit
from tanba.ledger.log import Event, Log
from tanba.ledger.store.sqlite import TABLES, SqliteStore
from tanba.sqlitefile import SqliteFile

NAME = "ledger.db"


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


class File(SqliteFile):
    def close(self) -> None:
        """SQLite passes over what fails while closing; APSW hands out what a VFS in Python raised."""
        try:
            super().close()
        except apsw.IOError:
            self._open = None


class Store(SqliteStore):
    def __init__(self, path: Path, **options: str) -> None:
        self._file = File(path, TABLES, **options)


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
