"""Signed notes (C2SP signed-note) with Ed25519 keys, and witnesses' cosignatures (C2SP tlog-cosignature). Pure.

A key has a name, a kind of signature and 32 bytes; its id is the beginning of a hash over all three. Lines of unknown keys are passed
over; a line of a known key that fails refuses the whole note.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tanba.errors import EvidenceError, InputError

LOG, WITNESS = 1, 4
"""Signature types: plain Ed25519, and `cosignature/v1`."""

LONGEST, MOST_LINES = 65_536, 64
NAME = re.compile(r"[^\s+\x00-\x1f\ud800-\udfff]{1,200}")
LINE = re.compile(r"— ([^\s+\x00-\x1f\ud800-\udfff]{1,200}) ([A-Za-z0-9+/]+={0,2})")
FORBIDDEN = re.compile(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Key:
    """A public key. `text` is its vkey; `parse(key.text) == key`."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """Four bytes that name the key in a signature line."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    @property
    def text(self) -> str:
        """`<name>+<id>+<base64>`."""
        return f"{self.name}+{self.id.hex()}+{_encode(bytes([self.kind]) + self.public)}"

    @classmethod
    def parse(cls, text: str) -> "Key":
        """A key from its vkey. Raises InputError."""
        name, _, rest = text.partition("+")
        written = decode(rest[9:])
        if written is None or len(written) != 33 or written[0] not in (LOG, WITNESS) or not NAME.fullmatch(name):
            raise _no_key(text)
        key = cls(name, written[0], written[1:])
        if key.text != text:
            raise _no_key(text)
        return key

    def verify(self, text: str, signature: bytes) -> int | None:
        """Seconds since 1970 of a cosignature, None for a plain signature. Raises EvidenceError where it does not fit `text`."""
        moment = int.from_bytes(signature[:8], "big") if self.kind == WITNESS else None
        signed = text if moment is None else _cosigned(text, moment)
        if moment is not None and moment >> 63:
            raise EvidenceError("the signature of {name} does not fit", name=self.name)
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature[8:] if self.kind == WITNESS else signature, signed.encode())
        except InvalidSignature:
            raise EvidenceError("the signature of {name} does not fit", name=self.name) from None
        return moment


class Signer:
    """A private key. `text` is C2SP's form of it: `PRIVATE+KEY+<name>+<id>+<base64>`."""

    def __init__(self, name: str, kind: int, seed: bytes) -> None:
        """`seed`: 32 bytes."""
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self._seed = seed
        self.key = Key(name, kind, self._private.public_key().public_bytes_raw())
        self._id = self.key.id

    @property
    def text(self) -> str:
        """The secret, to be kept in a private file."""
        return f"PRIVATE+KEY+{self.key.name}+{self.key.id.hex()}+{_encode(bytes([self.key.kind]) + self._seed)}"

    @classmethod
    def parse(cls, text: str) -> "Signer":
        """A signer from its text. Raises InputError, without showing what was written."""
        parts = text.strip().removeprefix("PRIVATE+KEY+").split("+", 2)
        seed = decode(parts[2]) if len(parts) == 3 else None
        if seed is None or len(seed) != 33 or seed[0] not in (LOG, WITNESS) or not NAME.fullmatch(parts[0]):
            raise InputError("is not a private key of a ledger", "Restore the file from your backup.")
        signer = cls(parts[0], seed[0], seed[1:])
        if signer.text != text.strip():
            raise InputError("is not a private key of a ledger", "Restore the file from your backup.")
        return signer

    def line(self, text: str, moment: int = 0) -> str:
        """The signature line over a note's text; a witness states `moment`, seconds since 1970."""
        cosigning = self.key.kind == WITNESS
        signature = self._private.sign((_cosigned(text, moment) if cosigning else text).encode())
        stamped = moment.to_bytes(8, "big") + signature if cosigning else signature
        return f"— {self.key.name} {_encode(self._id + stamped)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text that ends in a newline, and its signature lines, each with its newline. `parse(str(note)) == note`."""

    text: str
    lines: tuple[str, ...]

    def __str__(self) -> str:
        """The note as it is written."""
        return f"{self.text}\n{''.join(self.lines)}"

    @classmethod
    def parse(cls, written: str) -> "Note":
        """Raises EvidenceError where it is not the one form of a note."""
        text, gap, tail = written.rpartition("\n\n")
        lines = tuple(tail.splitlines(keepends=True))
        if not gap or not lines or len(lines) > MOST_LINES or FORBIDDEN.search(written) or len(written.encode()) > LONGEST:
            raise EvidenceError("is not a signed note")
        note = cls(text + "\n", lines)
        for line in lines:
            signature_of(line)
        return note

    def signed_by(self, keys: Iterable[Key]) -> dict[Key, int | None]:
        """Which of `keys` signed, with the time a witness states. Raises EvidenceError where the signature of one of them is wrong."""
        known = {(key.name, key.id): key for key in keys}
        found: dict[Key, int | None] = {}
        for name, id_, signature in map(signature_of, self.lines):
            if key := known.get((name, id_)):
                found[key] = key.verify(self.text, signature)
        return found

    def with_lines(self, more: Iterable[str]) -> "Note":
        """The note with more signature lines, of each key the first: where one signs again, its earlier time says more."""
        found: dict[tuple[str, bytes], str] = {}
        for line in (*self.lines, *more):
            found.setdefault(signature_of(line)[:2], line)
        return Note(self.text, tuple(found.values()))


def signature_of(line: str) -> tuple[str, bytes, bytes]:
    """(key name, key id, signature) of a line. Raises EvidenceError."""
    match = LINE.fullmatch(line.removesuffix("\n"))
    signature = decode(match[2]) if match and line.endswith("\n") else None
    if match is None or signature is None or len(signature) < 5:
        raise EvidenceError("is not a signed note")
    return match[1], signature[:4], signature[4:]


def decode(text: str) -> bytes | None:
    """The bytes of base64 in its one form (RFC 4648, section 4), else None."""
    try:
        found = b64decode(text, validate=True)
    except (Base64Error, ValueError):
        return None
    return found if _encode(found) == text else None


def _encode(data: bytes) -> str:
    return b64encode(data).decode()


def _cosigned(text: str, moment: int) -> str:
    return f"cosignature/v1\ntime {moment}\n{text}"


def _no_key(text: str) -> InputError:
    return InputError(
        "{text!r} is not a key of a ledger or a witness", "Write it as name+8 hex digits+base64, as status prints it.", text=text[:120]
    )
