"""A batch of decisions as it is sealed, and what proves one of them (spec/decisions.md). Pure.

The ledger takes one entry for a batch: a list of salted commitments, in order, that says nothing about anybody and may stay for ever.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from tanba.digest import canonical_json, commit
from tanba.errors import EvidenceError, InputError

SCHEMA, PROOF_SCHEMA, KIND, NAME = "tanba.decisions/1", "tanba.decision-proof/1", "decisions", "decisions.json"
MOST = 4096
"""Decisions in one batch."""

LONGEST = 2 << 20
"""Bytes of a proof."""

_HEX = re.compile(r"[0-9a-f]{64}")
_KEYS = {"batch", "contents", "place", "receipt", "record", "salt", "schema"}


def content_of(organisation: str, system: str, commitments: Sequence[bytes]) -> bytes:
    """The batch: canonical JSON, of which the long list is put together by hand. There is at least one commitment."""
    listed = '","'.join(each.hex() for each in commitments)
    rest = canonical_json({"organisation": organisation or None, "schema": SCHEMA, "system": system})
    return b'{"commitments":["%b"],%b' % (listed.encode(), rest[1:])


@dataclass(frozen=True, slots=True)
class Proof:
    """One decision of a batch. `record` and `salt` are None once erased; `receipt` is that of the batch, as parsed JSON.

    `contents` may hold `inputs` and `outputs`, each with its text and salt.
    """

    batch: Mapping[str, Any]
    place: int
    receipt: Mapping[str, Any]
    record: Mapping[str, Any] | None = None
    salt: str | None = None
    contents: Mapping[str, Any] | None = None

    def __bytes__(self) -> bytes:
        """Canonical JSON."""
        value = {name: getattr(self, name) for name in _KEYS - {"schema"}}
        return canonical_json({**value, "schema": PROOF_SCHEMA})

    @property
    def batch_content(self) -> bytes:
        """What the receipt is about."""
        return canonical_json(self.batch)

    @classmethod
    def parse(cls, written: bytes) -> "Proof":
        """Raises InputError where the bytes are not of the form."""
        try:
            value = json.loads(written) if len(written) <= LONGEST else None
            if not isinstance(value, dict) or canonical_json(value) != written or not _fits(value):
                raise _no_proof()
        except (ValueError, TypeError, RecursionError):
            raise _no_proof() from None
        return cls(**{name: value[name] for name in _KEYS - {"schema"}})

    def check(self) -> None:
        """That the record stands at its place in the batch, and the contents in the record. Raises EvidenceError."""
        if self.record is None or self.salt is None:
            return
        opened = commit(bytes.fromhex(self.salt), sha256(canonical_json(self.record)).digest()).hex()
        if self.batch["commitments"][self.place] != opened:
            raise EvidenceError("the decision does not open its commitment in the batch")
        for name in ("organisation", "system"):
            if self.record.get(name) != self.batch[name]:
                raise EvidenceError("the decision does not belong to the system of the batch")
        for name, shown in (self.contents or {}).items():
            opened = commit(bytes.fromhex(shown["salt"]), sha256(raw(shown["content"])).digest()).hex()
            if self.record.get(name) != opened:
                raise EvidenceError("the content shown is not what was decided on")


def raw(content: Any) -> bytes:
    """Inputs or outputs as bytes, from the form in which they are kept."""
    from base64 import b64decode

    return b64decode(content["base64"]) if isinstance(content, dict) else str(content).encode()


def _fits(value: Mapping[str, Any]) -> bool:
    batch, contents = value.get("batch"), value.get("contents")
    return (
        value.keys() == _KEYS
        and value["schema"] == PROOF_SCHEMA
        and isinstance(batch, dict)
        and batch.keys() == {"commitments", "organisation", "schema", "system"}
        and batch["schema"] == SCHEMA
        and isinstance(batch["commitments"], list)
        and all(map(_is_hex, batch["commitments"]))
        and type(value["place"]) is int
        and 0 <= value["place"] < len(batch["commitments"])
        and isinstance(value["receipt"], dict)
        and isinstance(value["record"], dict | None)
        and (value["record"] is None) == (value["salt"] is None)
        and (value["salt"] is None or _is_hex(value["salt"]))
        and (contents is None or (value["record"] is not None and isinstance(contents, dict) and _contents_fit(contents)))
    )


def _contents_fit(contents: Mapping[str, Any]) -> bool:
    return contents.keys() <= {"inputs", "outputs"} and all(
        isinstance(each, dict) and each.keys() == {"content", "salt"} and _is_hex(each["salt"]) and _is_content(each["content"])
        for each in contents.values()
    )


def _is_content(content: Any) -> bool:
    return isinstance(content, str) or (isinstance(content, dict) and content.keys() == {"base64"} and isinstance(content["base64"], str))


def _is_hex(text: Any) -> bool:
    return isinstance(text, str) and bool(_HEX.fullmatch(text))


def _no_proof() -> InputError:
    return InputError("is not a proof of a decision", "A proof is the .json file that `tanba trace prove` writes.")
