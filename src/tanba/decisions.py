"""From the spool of decisions to the ledger, and back to what proves one of them: the decision log's joint with the seal.

`drain` may die at any point: what was taken is taken once, and a batch is entered under its id once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tanba.errors import EvidenceError, InputError
from tanba.ledger.log import Log
from tanba.seal import Artifact, Opening, Receipt, Sealing, Trust, measure, ready, receipt, verify
from tanba.storage import Store
from tanba.trace import home
from tanba.trace.batch import KIND, NAME, SCHEMA, Proof
from tanba.trace.book import Book
from tanba.trace.model import salt
from tanba.workspace import Workspace

TOGETHER = 16
"""Batches entered in one commit of the ledger."""


def prepare(content: bytes, organisation: str, system: str) -> Sealing:
    """A batch ready for the ledger."""
    return ready(Artifact(KIND, SCHEMA, content, NAME, organisation=organisation or None, system=system))


@dataclass(frozen=True, slots=True)
class Drained:
    """What one draining did: decisions taken from the spool, and decisions that the ledger took."""

    taken: int
    entered: int


def drain(workspace: Workspace, book: Book, log: Log, store: Store) -> Drained:
    """Take the spool into the log, and what waits there into the ledger. Raises StoreError; what is done stays done."""
    taken = home.take(workspace, book, prepare)
    return Drained(taken, enter(book, log, store))


def enter(book: Book, log: Log, store: Store) -> int:
    """Enter the batches that wait. Returns how many decisions were in them."""
    count = 0
    while batches := book.waiting(TOGETHER):
        for batch in batches:
            store.put(book.batch_content(batch))
        positions = log.append_many([(batch.event, batch.id) for batch in batches])
        book.entered({batch.number: position for batch, position in zip(batches, positions, strict=True)})
        count += sum(batch.count for batch in batches)
    return count


def prove(book: Book, log: Log, id: str, *, contents: bool = False) -> Proof:
    """What proves one decision; with `contents`, its kept inputs and outputs too. Raises InputError, StoreError, EvidenceError."""
    row = book.get(id)
    batch = book.batch(row.batch)
    if batch.position is None:
        raise InputError("the ledger does not have decision {id} yet", "Run `tanba trace drain`.", id=id)
    opening = Opening(batch.digest, "application/json", NAME, batch.salt, batch.size)
    sealed = receipt(log, batch.position, opening, None).as_json()
    listed = book.batch_content(batch)
    found = book.content(row)
    if found is None:
        return Proof(_parsed(listed), row.place, sealed)
    shown = {name: {"content": each, "salt": salt(found.secret, name).hex()} for name, each in found.contents().items()}
    return Proof(_parsed(listed), row.place, sealed, found.record, salt(found.secret, "record").hex(), shown if contents else None)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a proof says: words of the verdict as of any receipt, the ledger's name, its time and position, and the record unless erased."""

    words: tuple[str, ...]
    origin: str
    time: str
    position: int
    record: Mapping[str, Any] | None


def check(written: bytes, trust: Trust) -> Checked:
    """Check a proof. Raises InputError where it is none, EvidenceError where something was altered."""
    proof = Proof.parse(written)
    try:
        sealed = Receipt.from_json(proof.receipt)
    except InputError:
        raise EvidenceError("the receipt in the proof is damaged") from None
    verdict = verify(sealed, trust, measure(proof.batch_content))
    if (verdict.entry.kind, verdict.entry.artifact_schema) != (KIND, SCHEMA):
        raise EvidenceError("the receipt is not that of a batch of decisions")
    if (verdict.entry.organisation, verdict.entry.system) != (proof.batch["organisation"], proof.batch["system"]):
        raise EvidenceError("the decision does not belong to the system of the batch")
    proof.check()
    words = verdict.words if proof.record is not None else (*verdict.words, "erased")
    return Checked(words, verdict.signed.checkpoint.origin, verdict.entry.time, sealed.proof.index, proof.record)


def _parsed(content: bytes) -> dict[str, Any]:
    import json

    return dict(json.loads(content))
