"""Storage in memory: the reference the others are compared with, and quick ground for tests."""

from collections.abc import Iterator
from io import BytesIO
from typing import IO

from tanba.digest import sha256
from tanba.storage import Content, Erasable, Store, checked, missing, pieces, verified


class MemoryStore(Store):
    """A mapping from digest to content."""

    def __init__(self) -> None:
        """Empty."""
        self.objects: dict[str, bytes] = {}

    def put(self, content: Content) -> str:
        """See `Store`."""
        whole = b"".join(pieces(content))
        digest = sha256(whole)
        self.objects.setdefault(digest, whole)
        self.open(digest).close()
        return digest

    def open(self, digest: str) -> IO[bytes]:
        """See `Store`."""
        if not self.has(digest):
            raise missing(digest)
        return verified(BytesIO(self.objects[digest]), digest)

    def has(self, digest: str) -> bool:
        """See `Store`."""
        return checked(digest) in self.objects

    def list(self, prefix: str = "") -> Iterator[str]:
        """See `Store`."""
        yield from sorted(digest for digest in self.objects if digest.startswith(prefix))


class ErasableMemory(MemoryStore, Erasable):
    """The same for one person's payloads."""

    def delete(self, digest: str) -> None:
        """See `Erasable`."""
        self.objects.pop(checked(digest), None)
