"""The seam of storage: content is kept under its own SHA-256, is never rewritten and never handed out unchecked.

`memory` is the reference, `files` a folder, `s3` a bucket; one contract holds them together (tests/contract/test_storage.py).
A `Store` cannot delete. Only what is sealed for one person can be erased (`payloads`), and it lies in an `Erasable` of its own.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Protocol

from tanba.errors import EvidenceError, InputError, MissingEvidenceError

PIECE = 1 << 20  # how much of a file is in memory at a time
DIGEST = re.compile(r"[0-9a-f]{64}")


class Readable(Protocol):
    """Whatever can be read piece by piece: an open file, an upload."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""


Content = bytes | Path | Readable


class AlteredError(EvidenceError):
    """What lies under a digest does not have this digest."""


class MissingError(MissingEvidenceError):
    """Nothing lies under a digest."""


class Store(Protocol):
    """Objects by digest (64 characters 0-9 a-f). Every method raises InputError on any other digest, StoreError on a fault."""

    def put(self, content: Content) -> str:
        """The digest of `content`, once it is kept for good. What is there already is checked and left as it is.

        Of two who store the same at once both succeed. A file or stream is read piece by piece.
        Raises AlteredError if the object that was there is damaged, InputError if `content` cannot be read.
        """

    def open(self, digest: str) -> IO[bytes]:
        """The object, to be read and closed. All of it was checked before the first byte is handed out.

        Raises AlteredError and MissingError.
        """

    def get(self, digest: str) -> bytes:
        """The whole object, checked. Raises AlteredError and MissingError."""
        with self.open(digest) as file:
            return file.read()

    def has(self, digest: str) -> bool:
        """Whether an object lies there; it is not read."""

    def list(self, prefix: str = "") -> Iterator[str]:
        """Digests that begin with `prefix`, sorted; what is no object is passed over."""


class Erasable(Store, Protocol):
    """A store for the sealed payloads of one person: the only kind that can delete."""

    def delete(self, digest: str) -> None:
        """Remove the object for good, in every version. Fine where there is none. Raises StoreError."""


def pieces(content: Content) -> Iterator[bytes]:
    """`content` in bounded pieces. Raises InputError where reading it fails, so that nobody takes this for a fault of the storage."""
    try:
        if isinstance(content, bytes):
            yield content
        elif isinstance(content, Path):
            with content.open("rb") as file:
                yield from read(file)
        else:
            yield from read(content)
    except OSError as error:
        path = content if isinstance(content, Path) else None
        raise InputError("cannot be read ({problem})", "Check the path and its permissions.", path, problem=error) from None


def read(file: Readable) -> Iterator[bytes]:
    """The rest of `file` in bounded pieces."""
    while piece := file.read(PIECE):
        yield piece


def verified(file: IO[bytes], digest: str) -> IO[bytes]:
    """`file` at its start, if all of it has the digest; else it is closed and AlteredError raised."""
    found = hashlib.sha256()
    try:
        for piece in read(file):
            found.update(piece)
        if found.hexdigest() != digest:
            raise altered(digest)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file


def checked(digest: str) -> str:
    """`digest`, if it is one. Raises InputError: a digest becomes part of a path, so nothing else may pass."""
    if not DIGEST.fullmatch(digest):
        raise InputError("{digest!r} is not a digest", "A digest has 64 characters, 0-9 and a-f.", digest=digest)
    return digest


def altered(digest: str) -> AlteredError:
    """The error to raise."""
    return AlteredError("object {digest} is altered", "Set it aside and restore it from a backup.", digest=digest)


def missing(digest: str) -> MissingError:
    """The error to raise."""
    return MissingError("object {digest} is missing", "Is this the right storage? If so, restore it from a backup.", digest=digest)
