"""A ledger to break: its key, its entries, and the two opinions on whether it is whole. Imports little, so that children start fast."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from random import Random
from uuid import UUID

from faults import naive
from tanba.ledger.audit import audit
from tanba.ledger.entry import prepare
from tanba.ledger.log import Event, Log
from tanba.ledger.note import LOG, Signer
from tanba.ledger.store.sqlite import SqliteStore

SIGNER = Signer("ledger.example/faults", LOG, bytes(range(32)))


def event(seed: object) -> Event:
    """An entry and its id, always the same for a seed."""
    digest = hashlib.sha256(repr(seed).encode()).digest()
    id_ = str(UUID(bytes=digest[:16]))
    values = {"author": None, "organisation": "190140999998", "system": "x" * (digest[0] % 80 or 1)}
    return prepare(artifact_schema="tanba.test/1", commitment=digest.hex(), id=id_, kind="test", **values), id_


def events(random: Random, count: int) -> list[Event]:
    """Entries that are nowhere else."""
    return [event(random.random()) for _ in range(count)]


def open_log(path: Path, **options: str) -> Log:
    """As the product opens it at a start."""
    return Log(SqliteStore(path, **options), SIGNER)


def whole(path: Path, acknowledged: Iterable[tuple[int, bytes]] = ()) -> naive.Seen:
    """Both opinions: nothing wrong, and everything acknowledged stands where it was with the same bytes."""
    store = SqliteStore(path)
    findings = [each for each in audit(store, [SIGNER.key]) if not each.harmless]
    store.close()
    seen = naive.look(path, SIGNER.key.name, SIGNER.key.public)
    assert not findings
    assert not seen.wrong
    lost = [position for position, data in acknowledged if seen.entries.get(position) != data]
    assert not lost, f"acknowledged and lost: {lost[:10]} of {seen.size}"
    return seen
