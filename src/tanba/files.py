"""Reading and replacing whole files: what many places need, with one way to get it right."""

import os
import secrets
from pathlib import Path

from tanba.errors import InputError


def read_upto(path: Path, limit: int) -> bytes:
    """The file's first `limit` + 1 bytes: who gets more than `limit` says in their own words that it is too large. Raises InputError."""
    try:
        with path.open("rb") as file:
            return file.read(limit + 1)
    except OSError as error:
        raise InputError("cannot be read ({problem})", "Check the path and its permissions.", path, problem=error.strerror) from None


def replace_whole(path: Path, content: bytes, *, durable: bool = False) -> None:
    """Put `content` in place of `path` in one step; with `durable`, synced before this returns. The mode of an existing file is kept.

    Raises OSError; the old file stays whole then, and nothing is left beside it.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with temporary.open("xb") as file:
            file.write(content)
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


def sync_folder(folder: Path) -> None:
    """Make new and removed names in a folder durable."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
