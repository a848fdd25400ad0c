"""From an act in the register to an entry in the ledger: `record` within the act's transaction, `drain` afterwards, once and not twice.

The process may die at any point: a row that was written is taken in later, and an entry under the row's id is not added again.
"""

import logging
import zlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from tanba.assessing import KIND, Done
from tanba.digest import canonical_json
from tanba.errors import StoreError, TanbaError
from tanba.ids import uuid7
from tanba.ledger.log import Log
from tanba.ledger.store import Anchor
from tanba.seal import Artifact as Sealable
from tanba.seal import Author, Opening, Receipt, Sealing, ready, receipt
from tanba.web.accounts.models import Organisation, User
from tanba.web.bulk import update
from tanba.web.evidence import ledger
from tanba.web.evidence.models import Artifact, Evidence
from tanba.web.systems.models import System

ACT = "tanba.act/1"
BATCH = 500
QUIET = timedelta(seconds=60)
"""An act that is often repeated, such as an assessment after each answer, is sealed once it has rested so long."""

_report = logging.getLogger("tanba.evidence")
_trouble: list[TanbaError] = []


def record(organisation: Organisation, kind: str, details: Mapping[str, Any], by: User | None, system: System | None = None) -> Artifact:
    """Record an act of the register (`tanba.act/1`) in the current transaction. `details` are JSON without names of persons."""
    content = canonical_json({"act": kind, "details": dict(details), "schema": ACT, "system": system.slug if system else None})
    return keep(organisation, Sealable(kind, ACT, content, f"{kind}.json"), by, system)


def keep(organisation: Organisation, made: Sealable, by: User | None, system: System | None = None, *, rest: bool = False) -> Artifact:
    """Record content that the register wrote. With `rest` it may be replaced by a newer version for a minute (`replace`)."""
    row = Artifact(organisation=organisation, system=system, by=by, kind=made.kind, packed=zlib.compress(made.content, 6))
    _fill(row, made)
    row.due = timezone.now() + QUIET if rest else timezone.now()
    row.save()
    return row


def elsewhere(organisation: Organisation, by: User | None, system: System, done: Done) -> Artifact:
    """The row of an assessment that another process wrote: due now, not saved; its content goes to `Packed`. Asks the database nothing."""
    row = Artifact(id=UUID(done.sealing.id), organisation=organisation, system=system, by=by, kind=KIND)
    _take_in(row, done.sealing, done.schema)
    return row


def replace(row: Artifact, made: Sealable) -> bool:
    """Put a newer version in place of one that rests. False where the ledger has begun to take it."""
    resting = Artifact.objects.filter(pk=row.pk, state=Artifact.State.WAITING)
    row.packed = zlib.compress(made.content, 6)
    _fill(row, made)
    row.at = timezone.now()
    row.due = row.at + QUIET
    names = ("schema", "name", "media_type", "packed", "digest", "salt", "size", "author", "author_salt", "event", "at", "due")
    return bool(resting.update(**{name: getattr(row, name) for name in names}))


def upload(where: System | Organisation, kind: str, name: str, content: bytes, by: User | None) -> Artifact:
    """Keep a file of a person's, encrypted under a key of its own, so that it can be erased. The caller saves the row with the act.

    Where the row is never saved (rolled back, process dead) an encrypted file without a key stays behind: nobody can read it.
    Raises StoreError.
    """
    organisation, system = (where.organisation, where) if isinstance(where, System) else (where, None)
    row = Artifact(id=uuid7(), organisation=organisation, system=system, by=by, kind=kind)
    keys: dict[str, bytes] = {}
    row.payload = ledger.payloads(keys).put(str(row.pk), content)
    row.key = keys[str(row.pk)]
    _fill(row, Sealable(kind, "file", content, safe_name(name), "application/octet-stream"))
    return row


def safe_name(name: str) -> str:
    """A file name that a receipt can carry: without path, control characters or a dot in front, at most 120 letters."""
    plain = "".join(letter for letter in name.replace("\\", "/").rpartition("/")[2] if letter.isprintable())
    return plain.strip()[-120:].lstrip(". ") or "file"


def author_of(by: User | None) -> dict[str, str] | None:
    """A person as an entry names one."""
    return {"id": str(by.pk), "name": str(by)} if by else None


def _fill(row: Artifact, made: Sealable) -> None:
    """Draw salts and prepare the entry."""
    author, system = author_of(row.by), row.system.slug if row.system else None
    whole = Sealable(made.kind, made.schema, made.content, made.name, made.media_type, row.organisation.bin, system, author)
    _take_in(row, ready(whole, row.pk), made.schema)


def _take_in(row: Artifact, sealing: Sealing, schema: str) -> None:
    made = sealing.artifact
    row.schema, row.name, row.media_type = schema, made.name, made.media_type
    row.digest, row.salt, row.size = made.digest, made.salt, made.size
    row.author, row.author_salt = (dict(sealing.author.value), sealing.author.salt) if sealing.author else (None, "")
    row.event = sealing.event


def drain(everything: bool = False, system: System | None = None) -> int:
    """Take due artifacts into the ledger; with `everything`, those that rest too; with `system`, only its own.

    Returns how many. Trouble is kept for the page.
    """
    done = 0
    try:
        while rows := _take(everything, system):
            _enter(rows)
            done += len(rows)
    except TanbaError as error:
        if not _trouble:
            _report.warning("the ledger takes nothing: %s", error)
        _trouble[:] = [error]
        return done
    _trouble.clear()
    return done


def sealed_now(row: Artifact) -> Artifact:
    """The row with its place in the ledger, taken in before its turn. Raises TanbaError where the ledger takes nothing just now."""
    drain(system=row.system)
    row.refresh_from_db()
    if not row.is_sealed:
        raise trouble() or StoreError("the ledger takes nothing just now", "Try again in a minute.")
    return row


def trouble() -> TanbaError | None:
    """Why the ledger took nothing when this process last tried; None when all is well."""
    return next(iter(_trouble), None)


def _take(everything: bool, system: System | None) -> list[Artifact]:
    """The next rows, from now on fixed: also those which a process that died had taken."""
    with transaction.atomic():
        open_ = Artifact.objects.exclude(state=Artifact.State.SEALED)
        due = open_ if everything else open_.filter(due__lte=timezone.now())
        due = due if system is None else due.filter(system=system)
        chosen = open_.filter(pk__in=list(due.order_by("id").values_list("pk", flat=True)[:BATCH]))
        chosen.update(state=Artifact.State.TAKEN)  # not those which another process has sealed meanwhile
    return list(chosen.order_by("id").defer("packed"))  # contents are not looked at


def _enter(rows: list[Artifact]) -> None:
    from tanba.web.evidence.status import settle

    log = ledger.log()
    positions = log.append_many([(bytes(row.event), str(row.pk)) for row in rows])
    entries = _entries(log, positions)
    for row, position in zip(rows, positions, strict=True):
        row.position, row.entry, row.state = position, entries[position], Artifact.State.SEALED
    names = ("position", "entry", "state")
    with transaction.atomic():
        update(Artifact, names, ((*(getattr(row, name) for name in names), row.pk) for row in rows))
        acts = {row.system_id for row in rows if row.system_id and row.kind in ("acceptance", "evidence-withdrawal")}
        settle(acts | {*Evidence.objects.filter(artifact__in=rows).values_list("obligation__system", flat=True)})


def _entries(log: Log, positions: Sequence[int]) -> dict[int, bytes]:
    """Entries by position: in one go where they follow one another, as those do that were just added."""
    first, last = min(positions), max(positions)
    if last - first < 2 * len(positions):
        return dict(log.store.entries(first, last + 1))
    return {position: log.entry(position) for position in positions}


def content_of(row: Artifact) -> bytes | None:
    """The content; None once it is erased. Raises EvidenceError, StoreError."""
    if row.erased_at:
        return None
    if (made := row.made_here) is not None:
        return made
    return ledger.payloads({str(row.pk): bytes(row.key)} if row.key else {}).get(str(row.pk), row.payload)


def receipt_of(row: Artifact, anchors: Sequence[Anchor] | None = None) -> Receipt:
    """The receipt of a sealed artifact; see `seal.receipt` for `anchors`. Raises EvidenceError, StoreError."""
    opening = Opening(row.digest, row.media_type, row.name, row.salt, row.size) if not row.erased_at else None
    author = Author(row.author_salt, row.author) if row.author and row.author_salt else None
    return receipt(ledger.log(), row.position or 0, opening, author, anchors)


def erase(row: Artifact, by: User | None, reason: str) -> bool:
    """Drop key, salts, digest and names of a sealed upload, then its file; the erasure itself is recorded. False where nothing is left."""
    from tanba.web.evidence.status import settle

    nothing: dict[str, Any] = {"digest": "", "salt": "", "author_salt": "", "name": "erased", "author": None, "key": None}
    with transaction.atomic():
        whole = Artifact.objects.filter(pk=row.pk, state=Artifact.State.SEALED, erased_at=None).exclude(payload="")
        if not whole.update(**nothing, erased_at=timezone.now()):
            return False
        record(row.organisation, "erasure", {"artifact": str(row.pk), "position": row.position, "reason": reason}, by, row.system)
        row.evidence.update(description="")
        settle({row.system_id} if row.system_id else ())
        transaction.on_commit(forget)
    return True


def forget() -> None:
    """Remove the files of erased uploads. Without their keys they are unreadable already; what fails here is done in a later round."""
    none: dict[str, bytes] = {}
    for row in Artifact.objects.exclude(erased_at=None).exclude(payload=""):
        try:
            ledger.payloads(none).erase(str(row.pk))
        except TanbaError as error:
            _report.warning("the file of an erased upload stays for now: %s", error)
        else:
            Artifact.objects.filter(pk=row.pk).update(payload="")
