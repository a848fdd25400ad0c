"""The spool: where decisions wait on the caller's own disk until they are taken into the log (spec/spool.md).

A segment is a file that one writer holds locked and adds frames to, each in one call of the system: what `append` returned for stays when
the process is killed, and with `durable` when the power fails. Segments are private to their owner and removed once taken.
"""

import errno
import fcntl
import os
import struct
import threading
import time
import weakref
import zlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tanba.errors import InputError, StoreError
from tanba.files import sync_folder
from tanba.ids import uuid7

HEAD = b"tanba.spool/1\n"
FRAME = struct.Struct(">II")
LONGEST = 1 << 20
"""Bytes of a frame's body."""

MOST, SEGMENT = 1 << 30, 8 << 20
"""Bytes of a spool and of one segment, unless told otherwise."""

PAUSE, PATIENCE = 0.02, 30.0
"""Seconds between looks for room in a full spool, and altogether."""

_open: "weakref.WeakSet[Spool]" = weakref.WeakSet()


class Spool:
    """The writing end, for any number of threads. Every process, and a child after a fork, writes segments of its own."""

    def __init__(self, folder: Path, *, most: int = MOST, durable: bool = False, wait: bool = False) -> None:
        """`most`: bytes of the whole folder. A full spool refuses, or with `wait` makes callers wait until there is room."""
        self.folder, self._most, self._durable, self._wait = folder, most, durable, wait
        self._segment = min(SEGMENT, most // 8)
        self._lock = threading.Lock()
        self._file = -1
        self._size = self._unchecked = 0
        _open.add(self)

    def append(self, body: bytes) -> None:
        """Keep `body`. Raises StoreError, and keeps nothing, where there is no room; InputError above 1 MiB."""
        if len(body) > LONGEST:
            raise InputError("the decision is larger than {limit:,} bytes", "Keep less of its inputs and outputs.", limit=LONGEST)
        frame = FRAME.pack(len(body), zlib.crc32(body)) + body
        with self._lock:
            try:
                self._make_room(len(frame))
                self._write(frame)
            except OSError as error:
                raise StoreError(
                    "{place}: cannot be written ({problem})",
                    "Check free space and permissions and try again: storing the same twice does no harm.",
                    place=self.folder,
                    problem=error.strerror or error,
                ) from None

    def close(self) -> None:
        """Let go of the segment, so that it can be removed once taken. The next append begins another."""
        with self._lock:
            self._leave()

    def forget(self) -> None:
        """After a fork, in the child: the segment and its lock are the parent's."""
        self._lock = threading.Lock()
        self._leave()

    def _write(self, frame: bytes) -> None:
        """A segment in which a write or a sync failed gets nothing more."""
        try:
            try:
                written = os.write(self._file, frame)
                if written < len(frame) != written + os.write(self._file, frame[written:]):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            except BaseException:
                os.ftruncate(self._file, self._size)
                raise
            if self._durable:
                os.fdatasync(self._file)
        except BaseException:
            self._leave()
            raise
        self._size += len(frame)

    def _make_room(self, length: int) -> None:
        """A segment with room, in a spool with room."""
        if self._file >= 0 and self._size + length > max(self._segment, length + len(HEAD)):
            self._leave()
        self._unchecked += length
        if self._file < 0 or self._unchecked > self._most // 64:
            self._check_room(length)
            self._unchecked = 0
        if self._file < 0:
            self._begin()

    def _check_room(self, length: int) -> None:
        end = time.monotonic() + PATIENCE
        while held(self.folder) + length + len(HEAD) > self._most:
            self._leave()  # so that all of it can be taken and removed
            if not self._wait or time.monotonic() > end:
                self._unchecked = self._most
                raise StoreError(
                    "the spool {folder} is full: {most:,} bytes of decisions wait",
                    "Run `tanba trace drain`, and see why nobody does.",
                    folder=self.folder,
                    most=self._most,
                )
            time.sleep(PAUSE)

    def _begin(self) -> None:
        """A new segment: it has its name only when it is locked, so that nobody takes it for a dead writer's."""
        self.folder.mkdir(0o700, parents=True, exist_ok=True)
        path = self.folder / f"{uuid7()}.new"
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            if os.write(file, HEAD) != len(HEAD):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            path.rename(path.with_suffix(".spool"))
        except BaseException:
            os.close(file)
            path.unlink(missing_ok=True)
            raise
        if self._durable:
            os.fsync(file)
            sync_folder(self.folder)
        self._file, self._size = file, len(HEAD)

    def _leave(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file, self._size = -1, 0


@dataclass(frozen=True, slots=True)
class Piece:
    """What was read of a segment: bodies, where the next one begins, and whether anything can still follow.

    `damaged`: bytes that are no frame, which nobody can be waiting for to become one.
    """

    bodies: list[bytes]
    end: int
    finished: bool = False
    damaged: bool = False


def held(folder: Path) -> int:
    """Bytes in the spool."""
    size = 0
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(FileNotFoundError):
                size += entry.stat().st_size if entry.name.endswith(".spool") else 0
    return size


def segments(folder: Path) -> list[Path]:
    """Segments, the oldest first. Raises StoreError."""
    try:
        return sorted(folder.glob("*.spool"))
    except OSError as error:
        raise _unreadable(folder, error) from None


def read(path: Path, start: int, most: int) -> Piece:
    """Frames from `start` on, about `most` bytes of them. Raises StoreError."""
    try:
        with path.open("rb") as file:
            alive = _is_held(file.fileno())  # before reading: nothing follows what a dead writer left
            file.seek(start)
            data = file.read(most + LONGEST + FRAME.size)
            whole = len(data) < most + LONGEST + FRAME.size
    except OSError as error:
        raise _unreadable(path, error) from None
    if start < len(HEAD):
        if data[: len(HEAD)] != HEAD:
            return Piece([], start, finished=True, damaged=True)
        start, data = len(HEAD), data[len(HEAD) :]
    bodies, used, sound = _frames(data, most)
    rest = data[used:]
    if not sound:
        return Piece(bodies, start + used, finished=not alive, damaged=not alive)
    done = whole and not alive and (not rest or used < most)
    return Piece(bodies, start + used, finished=done)


def wipe(path: Path, start: int, end: int) -> None:
    """Overwrite frames that were taken, which may be about people: their writer may hold the file for long. Raises StoreError.

    The first frame's header comes last, so that it says whether all of it was done.
    """
    start = max(start, len(HEAD))
    if end <= start:
        return
    try:
        with path.open("r+b", buffering=0) as file:
            if os.pread(file.fileno(), FRAME.size, start) == bytes(FRAME.size):
                return
            os.pwrite(file.fileno(), bytes(end - start - FRAME.size), start + FRAME.size)
            os.pwrite(file.fileno(), bytes(FRAME.size), start)
    except OSError as error:
        raise _unreadable(path, error) from None


def _frames(data: bytes, most: int) -> tuple[list[bytes], int, bool]:
    """(bodies, bytes used, whether what follows can be the beginning of a frame)."""
    bodies: list[bytes] = []
    at = 0
    while at < most and at + FRAME.size <= len(data):
        length, check = FRAME.unpack_from(data, at)
        if not 0 < length <= LONGEST:
            return bodies, at, False
        body = data[at + FRAME.size : at + FRAME.size + length]
        if len(body) < length:
            break
        if zlib.crc32(body) != check:
            return bodies, at, False
        bodies.append(body)
        at += FRAME.size + length
    return bodies, at, True


def _is_held(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def _unreadable(place: Path, error: OSError) -> StoreError:
    return StoreError(
        "{place}: cannot be read ({problem})", "Check the disk and its permissions.", place=place, problem=error.strerror or error
    )


def _forget_all() -> None:
    for spool in list(_open):
        spool.forget()


os.register_at_fork(after_in_child=_forget_all)
