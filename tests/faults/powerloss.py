"""A disk that loses power. SQLite writes through a VFS to real files; what it did is kept as a trace, and for any moment of the trace
images are made of what a disk may hold then.

The rules are those of POSIX, not of a kind file system: sure is only what a completed sync of that file covers, and a name only after a
sync of its folder. Every later write is there, gone or torn into sectors or pages, regardless of the others; where a file grew, there may
be nothing or rubbish. What a failed sync left behind may be gone for good even when a later sync succeeds: the kernel takes such pages for
clean.
"""

import os
import shutil
from dataclasses import dataclass, field
from itertools import count, pairwise
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import apsw

JOURNALS = apsw.SQLITE_OPEN_WAL | apsw.SQLITE_OPEN_MAIN_JOURNAL | apsw.SQLITE_OPEN_SUPER_JOURNAL
UNSURE, SURE, LOST = "unsure", "sure", "lost"
_numbers = count()


class Event(NamedTuple):
    """`deed`: create, delete, write, truncate, sync, failed sync, sync folder; or what a test adds with `Disk.say`."""

    deed: str
    file: Any = None
    value: Any = None


@dataclass
class Files:
    """Real files in a folder; `numbers` tells a file from a later one of the same name."""

    folder: Path
    numbers: dict[str, int] = field(default_factory=dict)

    @classmethod
    def written(cls, folder: Path, content: dict[str, bytes]) -> "Files":
        folder.mkdir()
        for name, data in content.items():
            (folder / name).write_bytes(data)
        return cls(folder, {name: next(_numbers) for name in content})

    def copy(self, folder: Path) -> "Files":
        """As a process finds them that starts after another was killed. The shared memory is made anew."""
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns("*-shm"))
        return Files(folder, dict(self.numbers))


class Disk(apsw.VFS):
    """The VFS.

    `trace` may continue a former one. After `kill` events files and trace are set aside as `survivors`: there the process was killed.
    """

    def __init__(self, files: Files, trace: list[Event], *, kill: int | None = None, failing: Random | None = None) -> None:
        self.name = f"disk-{next(_numbers)}"
        super().__init__(self.name, "")
        self.files, self.trace, self.failing, self._kill = files, trace, failing, kill
        self.survivors: tuple[Files, list[Event]] | None = None

    def say(self, deed: str, file: Any = None, value: Any = None) -> None:
        """Called when the deed is done."""
        self.trace.append(Event(deed, file, value))
        if self._kill is not None and len(self.trace) >= self._kill:
            self._kill = None
            self.survivors = self.files.copy(self.files.folder.with_name(self.files.folder.name + "-survived")), self.trace[:]

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:  # noqa: N802
        return DiskFile(self, name, flags) if name else apsw.VFSFile("", name, flags)

    def xDelete(self, name: str, sync: bool) -> None:  # noqa: N802
        super().xDelete(name, False)
        self.files.numbers.pop(os.path.basename(name), None)
        self.say("delete", os.path.basename(name))
        if sync:
            self.say("sync folder")


class DiskFile(apsw.VFSFile):
    def __init__(self, disk: Disk, name: Any, flags: list[int]) -> None:
        base, asked = os.path.basename(name.filename() if isinstance(name, apsw.URIFilename) else name), flags[0]
        super().__init__("", name, flags)
        if base not in disk.files.numbers:
            disk.files.numbers[base] = next(_numbers)
            disk.say("create", base, disk.files.numbers[base])
        self._disk, self._number = disk, disk.files.numbers[base]
        # as in SQLite's unix VFS (UNIXFILE_DIRSYNC): the first sync of a journal syncs its folder; that it does is a test of its own
        self._folder_too = bool(asked & apsw.SQLITE_OPEN_CREATE and asked & JOURNALS)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        super().xWrite(data, offset)
        self._disk.say("write", self._number, (offset, bytes(data)))

    def xTruncate(self, size: int) -> None:  # noqa: N802
        super().xTruncate(size)
        self._disk.say("truncate", self._number, size)

    def xSync(self, flags: int) -> None:  # noqa: N802
        """Nothing is synced in truth: this machine does not fail."""
        if self._disk.failing and self._disk.failing.random() < 0.1:
            self._disk.say("failed sync", self._number)
            raise apsw.IOError("injected")
        self._disk.say("sync", self._number)
        if self._folder_too:
            self._disk.say("sync folder")
            self._folder_too = False


@dataclass
class Change:
    """A write or, without data, a truncation."""

    offset: int
    data: bytes | None
    state: str = UNSURE


class Inode:
    """A file: what is sure of it, and the changes since, oldest first."""

    def __init__(self, content: bytes = b"") -> None:
        self.sure = bytearray(content)
        self.changes: list[Change] = []

    def settle(self, state: str) -> None:
        """A sync: what was unsure is sure, or lost."""
        for change in self.changes:
            if change.state == UNSURE:
                change.state = state
        while self.changes and self.changes[0].state == SURE:
            apply(self.sure, self.changes.pop(0))

    def image(self, random: Random, kept: float, grain: int) -> bytes:
        content = bytearray(self.sure)
        for change in self.changes:
            if change.state == SURE or random.random() < kept:
                apply(content, change)
            elif change.data is not None and random.random() < 0.5:
                tear(content, change, random, kept, grain)
        return bytes(content)


class Platter:
    """What a trace leaves on the disk."""

    def __init__(self, files: Files, content: dict[str, bytes]) -> None:
        self.inodes = {files.numbers[name]: Inode(data) for name, data in content.items()}
        self.names: dict[str, list[int | None]] = {name: [files.numbers[name]] for name in content}

    def take(self, event: Event) -> None:
        deed, file, value = event
        if deed == "create":
            self.inodes[value] = Inode()
            self.names.setdefault(file, [None]).append(value)
        elif deed == "delete":
            self.names[file].append(None)
        elif deed == "write":
            self.inodes[file].changes.append(Change(*value))
        elif deed == "truncate":
            self.inodes[file].changes.append(Change(value, None))
        elif deed in ("sync", "failed sync"):
            self.inodes[file].settle(SURE if deed == "sync" else LOST)
        elif deed == "sync folder":
            self.names = {name: numbers[-1:] for name, numbers in self.names.items()}

    def image(self, random: Random) -> dict[str, bytes]:
        """One of the many states that the disk may be in when the power comes back."""
        kept, grain = random.choice((0, 0.1, 0.5, 0.9, 1)), random.choice((512, 4096))
        chosen = {name: numbers[-1] if random.random() < kept else random.choice(numbers) for name, numbers in self.names.items()}
        return {name: self.inodes[number].image(random, kept, grain) for name, number in chosen.items() if number is not None}


def apply(content: bytearray, change: Change) -> None:
    size = change.offset if change.data is None else max(len(content), change.offset)
    del content[size:]
    content.extend(bytes(size - len(content)))
    if change.data is not None:
        content[change.offset : change.offset + len(change.data)] = change.data


def tear(content: bytearray, change: Change, random: Random, kept: float, grain: int) -> None:
    """Some of a write's sectors; beyond the former end of the file, the others may hold nothing or anything."""
    assert change.data is not None
    start, stop, former = change.offset, change.offset + len(change.data), len(content)
    cuts = sorted({start, stop, *range(start + grain - start % grain, stop, grain)})
    for low, high in pairwise(cuts):
        if random.random() < kept:
            apply(content, Change(low, change.data[low - start : high - start]))
        elif high > former and random.random() < 0.5:
            apply(content, Change(max(low, former), random.choice((bytes, random.randbytes))(high - max(low, former))))
