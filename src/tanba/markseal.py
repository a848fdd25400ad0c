"""Marks on their way into the ledger, from their row in the register alone: what a process that died left behind is sealed later.

The entry's id and salt stand in the row, so that sealing twice enters once, and the receipt can be made at any time.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from tanba.errors import MissingEvidenceError
from tanba.ledger.log import Log
from tanba.marking.mark import SCHEMA
from tanba.marking.markid import text_of
from tanba.marking.register import Mark, Register
from tanba.seal import Artifact, Receipt, Sealing, ready, receipt
from tanba.storage import Store

REST = timedelta(minutes=1)
"""Younger marks may be on their way in another process."""

BATCH = 500


def seal_marks(rows: Sequence[Mark], register: Register, log: Log, objects: Store) -> list[int]:
    """Keep the records, enter them, and note that in the register. Returns positions. Raises EvidenceError, StoreError."""
    sealings = [_sealing(row) for row in rows]
    for row in rows:
        objects.put(row.record or b"")
    positions = log.append_many([(sealing.event, sealing.id) for sealing in sealings])
    register.set_sealed({row.id: sealing.id for row, sealing in zip(rows, sealings, strict=True)})
    return positions


def seal_left(register: Register, log: Log, objects: Store, now: datetime) -> int:
    """Seal what was marked before and never sealed. Returns how many."""
    before = (now - REST).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    rows = [row for row in register.unsealed(BATCH) if row.record is not None and row.time < before]
    return len(seal_marks(rows, register, log, objects)) if rows else 0


def receipt_of(row: Mark, log: Log) -> Receipt:
    """The receipt of a mark's record. Raises MissingEvidenceError where the ledger does not have it."""
    position = log.store.find(row.entry) if row.entry and row.sealed == row.entry else None
    if position is None:
        raise MissingEvidenceError("mark {id} is not in the ledger", "It is sealed with the next mark.", id=text_of(row.id))
    return receipt(log, position, _sealing(row).artifact, None)


def _sealing(row: Mark) -> Sealing:
    name = f"{text_of(row.id)}.mark.json"
    artifact = Artifact("mark", SCHEMA, row.record or b"", name, organisation=row.organisation, system=row.system)
    return ready(artifact, UUID(row.entry or ""), row.salt or "")
