"""Payloads about persons: sealed under a key of their own, so that a person's wish to be forgotten can be granted.

Dropping the key makes every copy unreadable at once, those in backups and locked buckets too; then the sealed bytes go as well. A
payload is named by the digest of its sealed bytes, which says nothing about the content. AES-256-GCM, a new nonce for each payload:

    sealed = "tanba.payload/1" ‖ 0x0A ‖ nonce (12 bytes) ‖ ciphertext and tag; associated data = "tanba.payload/1" ‖ 0x0A ‖ subject
"""

import re
import secrets
from collections.abc import Callable
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tanba.errors import EvidenceError, InputError
from tanba.storage import Erasable, altered

HEAD = b"tanba.payload/1\n"
NONCE = 12
LIMIT = 256 << 20  # a payload is sealed as a whole, in memory


class ErasedError(EvidenceError):
    """There is no key for this subject: everything about it was erased, or nothing was ever stored."""


class Keys(Protocol):
    """Where keys are kept, privately and apart from the payloads and their backups; a dict will do in a test."""

    def get(self, subject: str, /) -> bytes | None:
        """The key of a subject, or None."""

    def setdefault(self, subject: str, key: bytes, /) -> bytes:
        """The key of a subject, `key` if it had none. Of two who do this at once both must get the same key."""

    def pop(self, subject: str, default: None, /) -> bytes | None:
        """Drop the key of a subject for good; fine where there is none."""


class Payloads:
    """Payloads by subject. A subject is a random name such as a UUID, never a person's number or e-mail: it stands in paths."""

    def __init__(self, stores: Callable[[str], Erasable], keys: Keys) -> None:
        """`stores` gives each subject a store of its own."""
        self._stores, self._keys = stores, keys

    def put(self, subject: str, content: bytes) -> str:
        """Seal and keep `content`; the digest of the sealed bytes, new each time. Raises InputError above 256 MiB."""
        if len(content) > LIMIT:
            raise InputError("is larger than {limit:,} bytes", "Divide it into smaller parts.", limit=LIMIT)
        store = self._of(subject)
        key = self._keys.setdefault(subject, AESGCM.generate_key(256))
        return store.put(seal(key, subject, content))

    def get(self, subject: str, digest: str) -> bytes:
        """The content. Raises ErasedError, AlteredError and MissingError."""
        store = self._of(subject)
        if (key := self._keys.get(subject)) is None:
            raise ErasedError("there is no key for {subject}", "What was erased cannot be brought back.", subject=subject)
        content = unseal(key, subject, store.get(digest))
        if content is None:
            raise altered(digest)
        return content

    def delete(self, subject: str, digest: str) -> None:
        """Remove one payload; the others of the subject stay readable."""
        self._of(subject).delete(digest)

    def erase(self, subject: str) -> None:
        """Drop the key first, then remove all payloads. Once more does no harm, and finishes what was interrupted."""
        store = self._of(subject)
        self._keys.pop(subject, None)
        for digest in list(store.list()):
            store.delete(digest)

    def _of(self, subject: str) -> Erasable:
        if not re.fullmatch("[0-9A-Za-z-]{1,64}", subject):
            raise InputError(
                "{subject!r} cannot name a person's payloads",
                "Use a random name such as a UUID: letters, digits, hyphens.",
                subject=subject,
            )
        return self._stores(subject)


def seal(key: bytes, subject: str, content: bytes) -> bytes:
    """`content` for those who hold the key and know the subject."""
    nonce = secrets.token_bytes(NONCE)
    return HEAD + nonce + AESGCM(key).encrypt(nonce, content, HEAD + subject.encode())


def unseal(key: bytes, subject: str, sealed: bytes) -> bytes | None:
    """What was sealed, or None if it was sealed otherwise: another form, key or subject."""
    nonce, ciphertext = sealed[len(HEAD) : len(HEAD) + NONCE], sealed[len(HEAD) + NONCE :]
    if not sealed.startswith(HEAD) or len(nonce) < NONCE:
        return None
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, HEAD + subject.encode())
    except InvalidTag:
        return None
