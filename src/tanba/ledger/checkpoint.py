"""Checkpoints (C2SP tlog-checkpoint) and proofs that stand alone (C2SP tlog-proof v1). Pure. See spec/checkpoint.md, spec/receipt.md."""

import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tanba.digest import MOST
from tanba.errors import EvidenceError
from tanba.ledger.merkle import HASH
from tanba.ledger.note import Key, Note, decode

PROOF = "c2sp.org/tlog-proof@v1"
NUMBER = re.compile(r"0|[1-9][0-9]{0,15}")
"""At most 2^53 - 1 besides: what every reader of JSON keeps exactly."""
MOST_HASHES = 63


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a ledger states: its name, how many entries, the root over them. `text` is the note's text; `parse(c.text) == c`."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """Three lines."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"

    @property
    def plain(self) -> dict[str, Any]:
        """The same as JSON, the root in hexadecimal."""
        return {"origin": self.origin, "root": self.root.hex(), "size": self.size}

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Raises EvidenceError where it is not the one form of a checkpoint."""
        lines = text.split("\n")
        root = decode(lines[2]) if len(lines) == 4 and not lines[3] else None
        if root is None or len(root) != HASH or not lines[0] or not NUMBER.fullmatch(lines[1]) or int(lines[1]) > MOST:
            raise EvidenceError("is not a checkpoint")
        return cls(lines[0], int(lines[1]), root)


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint with the note that carries it."""

    checkpoint: Checkpoint
    note: Note

    def __str__(self) -> str:
        """The note."""
        return str(self.note)

    @classmethod
    def parse(cls, written: str) -> "Signed":
        """Raises EvidenceError. Nobody's signature is checked here."""
        note = Note.parse(written)
        return cls(Checkpoint.parse(note.text), note)

    @property
    def cosignatures(self) -> int:
        """Lines beside the ledger's own; nobody's signature is checked here."""
        return len(self.note.lines) - 1

    def by(self, keys: Iterable[Key]) -> list[Key]:
        """Those of `keys` that bear the ledger's name and signed. Raises EvidenceError where one of their signatures is wrong."""
        return list(self.note.signed_by(key for key in keys if key.name == self.checkpoint.origin))


@dataclass(frozen=True, slots=True)
class Proof:
    """Where an entry stands, the way to the root, and the checkpoint. `parse(str(proof)) == proof`."""

    index: int
    hashes: tuple[bytes, ...]
    signed: Signed

    def __str__(self) -> str:
        """The text of a `.tlog-proof` file."""
        return f"{PROOF}\nindex {self.index}\n{hash_lines(self.hashes)}\n{self.signed}"

    @classmethod
    def parse(cls, written: str) -> "Proof":
        """Raises EvidenceError where it is not the one form; an `extra` line is not accepted."""
        head, gap, note = written.partition("\n\n")
        first, *lines = head.split("\n")
        index = lines.pop(0).removeprefix("index ") if lines else ""
        hashes = tuple(map(_hash, lines))
        if not gap or first != PROOF or not NUMBER.fullmatch(index) or len(hashes) > MOST_HASHES:
            raise EvidenceError("is not a proof of inclusion")
        proof = cls(int(index), hashes, Signed.parse(note))
        if str(proof) != written:
            raise EvidenceError("is not a proof of inclusion")
        return proof


def hash_lines(hashes: Sequence[bytes]) -> str:
    """Each hash in base64 on a line of its own."""
    return "".join(f"{b64encode(each).decode()}\n" for each in hashes)


def _hash(line: str) -> bytes:
    found = decode(line)
    if found is None or len(found) != HASH:
        raise EvidenceError("a hash does not have 32 bytes")
    return found
