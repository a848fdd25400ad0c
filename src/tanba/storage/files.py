"""Storage in a folder: `ab/cdef…`, private to its owner, on POSIX file systems with hard links.

An object appears whole or not at all: it is written and flushed under another name and then linked to its own, which never replaces
anything. Folders are held open and no link inside is followed, so nobody can lead us out of the folder by putting one there.
"""

import errno
import hashlib
import os
import re
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO

from tanba.errors import StoreError
from tanba.files import sync_folder
from tanba.storage import DIGEST, Content, Erasable, Store, altered, checked, missing, pieces, verified

UNFINISHED = "unfinished"
FOLDER = os.O_RDONLY | os.O_DIRECTORY
PLAIN = os.O_NOFOLLOW | os.O_NONBLOCK  # no link is followed, and no named pipe makes us wait
ABSENT = frozenset({errno.ENOENT})
NOT_PLAIN = frozenset({errno.ENOENT, errno.ELOOP, errno.ENOTDIR, errno.EISDIR, errno.ENXIO})
A_DAY, A_FEW = 86400, 20


class FileStore(Store):
    """Objects in the folder `root`, which is made when the first of them is stored."""

    def __init__(self, root: Path) -> None:
        """Touches nothing yet."""
        self.root = root

    def put(self, content: Content) -> str:
        """See `Store`."""
        name = f"{os.getpid()}-{secrets.token_hex(8)}"
        with _faults(self.root, writing=True):
            _make(self.root)
            with self._folder(UNFINISHED, make=True) as unfinished:
                _sweep(unfinished)
                try:
                    digest = _write(unfinished, name, content)
                    self._place(unfinished, name, digest)
                finally:
                    with suppress(FileNotFoundError):
                        os.unlink(name, dir_fd=unfinished)
        return digest

    def _place(self, unfinished: int, name: str, digest: str) -> None:
        with self._folder(digest[:2], make=True) as folder:
            try:
                os.link(name, digest[2:], src_dir_fd=unfinished, dst_dir_fd=folder, follow_symlinks=False)
            except FileExistsError:
                self.open(digest).close()
            os.fsync(folder)  # also where another process was first: its own call may still be on the way

    def open(self, digest: str) -> IO[bytes]:
        """See `Store`."""
        checked(digest)
        try:
            with _faults(self.root, NOT_PLAIN), self._folder(digest[:2]) as folder:
                return verified(open(digest[2:], "rb", opener=partial(_plain, folder)), digest)
        except FileNotFoundError:
            raise missing(digest) from None
        except OSError:
            raise altered(digest) from None

    def has(self, digest: str) -> bool:
        """See `Store`."""
        checked(digest)
        with suppress(OSError), _faults(self.root, NOT_PLAIN), self._folder(digest[:2]) as folder:
            return stat.S_ISREG(os.stat(digest[2:], dir_fd=folder, follow_symlinks=False).st_mode)
        return False

    def list(self, prefix: str = "") -> Iterator[str]:
        """See `Store`."""
        names: set[str] = set()
        with suppress(FileNotFoundError), self._top() as top:
            names.update(name for name in os.listdir(top) if re.fullmatch("[0-9a-f]{2}", name) and name.startswith(prefix[:2]))
        for name in sorted(names):
            yield from sorted(digest for digest in self._in(name) if digest.startswith(prefix))

    def _in(self, name: str) -> set[str]:
        """The objects of one folder; none where it is no folder."""
        found: set[str] = set()
        with suppress(OSError), _faults(self.root, NOT_PLAIN), self._folder(name) as folder, os.scandir(folder) as entries:
            found.update(name + entry.name for entry in entries if entry.is_file(follow_symlinks=False))
        return set(filter(DIGEST.fullmatch, found))

    @contextmanager
    def _folder(self, name: str, make: bool = False) -> Iterator[int]:
        with self._top() as top:
            if make:
                with suppress(FileExistsError):
                    os.mkdir(name, 0o700, dir_fd=top)
                os.fsync(top)  # also where it was there: see `_place`
            folder = os.open(name, FOLDER | os.O_NOFOLLOW, dir_fd=top)
        try:
            yield folder
        finally:
            os.close(folder)

    @contextmanager
    def _top(self) -> Iterator[int]:
        """The folder itself, which may be a link: where it lies is the owner's decision."""
        with _faults(self.root, ABSENT):
            top = os.open(self.root, FOLDER)
        try:
            yield top
        finally:
            os.close(top)


class ErasableFiles(FileStore, Erasable):
    """The same for one person's payloads."""

    def delete(self, digest: str) -> None:
        """See `Erasable`."""
        checked(digest)
        with suppress(FileNotFoundError), _faults(self.root, ABSENT, writing=True), self._folder(digest[:2]) as folder:
            os.unlink(digest[2:], dir_fd=folder)
            os.fsync(folder)


def _make(root: Path) -> None:
    """Make the folder and those above it, private and flushed."""
    for path in reversed([path for path in (root, *root.parents) if not path.exists()]):
        path.mkdir(0o700, exist_ok=True)
        sync_folder(path.parent)


def _write(folder: int, name: str, content: Content) -> str:
    """Write and flush a new private file; its digest."""
    digest = hashlib.sha256()
    with open(name, "xb", opener=partial(os.open, mode=0o600, dir_fd=folder)) as file:
        for piece in pieces(content):
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _plain(folder: int, name: str, flags: int) -> int:
    return os.open(name, flags | PLAIN, dir_fd=folder)


def _sweep(folder: int) -> None:
    """Remove what writers left behind when they died: a few at a time, by age, as their process ids mean nothing to other machines."""
    with os.scandir(folder) as entries:
        for entry in islice(entries, A_FEW):
            with suppress(OSError):
                if time.time() - entry.stat(follow_symlinks=False).st_mtime > A_DAY:
                    os.unlink(entry.name, dir_fd=folder)


@contextmanager
def _faults(place: Path, allowed: frozenset[int] = frozenset(), *, writing: bool = False) -> Iterator[None]:
    """One error for whatever the disk refuses; the `allowed` are for the caller to judge."""
    try:
        yield
    except OSError as error:
        if error.errno in allowed:
            raise
        raise StoreError(
            "{place}: cannot be written ({problem})" if writing else "{place}: cannot be read ({problem})",
            "Check free space and permissions and try again: storing the same twice does no harm."
            if writing
            else "Check the disk and its permissions.",
            place=place,
            problem=error.strerror or error,
        ) from None
