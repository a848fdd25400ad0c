"""Reading and replacing whole files: what many places need, with one way to get it right."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from tanba.errors import InputError


def read_upto(path: Path, limit: int) -> bytes:
    """The file's first `limit` + 1 bytes: who gets more than `limit` says in their own words that it is too large. Raises InputError."""
    try:
        with path.open("rb") as file:
            return file.read(limit + 1)
    except OSError as error:
        raise InputError("cannot be read ({problem})", "Check the path and its permissions.", path, problem=error.strerror) from None


def replace_whole(path: Path, content: bytes, *, durable: bool = False) -> None:
    """Put `content` in place of `path` in one step. See `replacing`."""
    with replacing(path, durable=durable) as file:
        file.write(content)


def put_whole(path: Path, content: bytes) -> None:
    """The same for a place that somebody typed. Raises InputError where it cannot be written."""
    try:
        replace_whole(path, content)
    except OSError as error:
        raise InputError("cannot be written ({problem})", "Check the path and its permissions.", path, problem=error.strerror) from None


@contextmanager
def replacing(path: Path, *, durable: bool = False) -> Iterator[BinaryIO]:
    """A file that takes the place of `path` in one step; with `durable`, synced before this returns. The mode of an existing file is kept.

    Raises OSError; the old file stays whole then, and nothing is left beside it.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            if durable:
                os.fsync(file.fileno())
        if path.exists():
            temporary.chmod(path.stat().st_mode & 0o777)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    if durable:
        sync_folder(path.parent)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Be the only one, of threads and processes, who stands in a block with this lock file. It is made, and stays. Raises InputError."""
    import fcntl

    try:
        file = path.open("ab")
    except OSError as error:
        raise InputError("cannot be written ({problem})", "Check the path and its permissions.", path, problem=error.strerror) from None
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def sync_folder(folder: Path) -> None:
    """Make new and removed names in a folder durable."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def make_private(path: Path) -> None:
    """Make an empty file that its owner alone may read, where there is none; whoever opens it next says what is wrong with the place."""
    with suppress(OSError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
