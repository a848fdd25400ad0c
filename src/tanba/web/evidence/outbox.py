"""From an act in the register to an entry in the ledger: `record` within the act's transaction, `drain` afterwards, once and not twice.

The process may die at any point: a row that was written is taken in later, and an entry under the row's id is not added again.
"""

import json
import logging
import zlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from tanba.digest import canonical_json
from tanba.errors import TanbaError
from tanba.ids import uuid7
from tanba.seal import Artifact as Sealable
from tanba.seal import Author, Opening, Receipt, ready, receipt
from tanba.web.accounts.models import Organisation, User
from tanba.web.evidence import ledger
from tanba.web.evidence.models import Artifact
from tanba.web.systems.models import System

ACT = "tanba.act/1"
BATCH = 500
QUIET = timedelta(seconds=60)
"""An act that is often repeated, such as an assessment after each answer, is sealed once it has rested so long."""

_report = logging.getLogger("tanba.evidence")
trouble: list[TanbaError] = []
"""Why the ledger does not take anything just now, for the page; empty when all is well."""


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


def replace(row: Artifact, made: Sealable) -> bool:
    """Put a newer version in place of one that rests. False where the ledger has begun to take it."""
    resting = Artifact.objects.filter(pk=row.pk, state=Artifact.State.WAITING)
    row.packed = zlib.compress(made.content, 6)
    _fill(row, made)
    row.at = timezone.now()
    row.due = row.at + QUIET
    names = ("packed", "digest", "salt", "size", "author", "author_salt", "event", "at", "due")
    return bool(resting.update(**{name: getattr(row, name) for name in names}))


def seal_upload(system: System, kind: str, name: str, media_type: str, content: bytes, by: User) -> Artifact:
    """Record a file of a person's: encrypted under a key of its own, so that it can be erased. Raises StoreError."""
    row = Artifact(id=uuid7(), organisation=system.organisation, system=system, by=by, kind=kind)
    keys: dict[str, bytes] = {}
    row.payload = ledger.payloads(keys).put(str(row.pk), content)
    row.key = keys[str(row.pk)]
    _fill(row, Sealable(kind, "file", content, name, media_type))
    row.save()
    return row


def safe_name(name: str) -> str:
    """A file name that a receipt can carry: without path, control characters or a dot in front."""
    plain = "".join(letter for letter in name.replace("\\", "/").rpartition("/")[2] if letter.isprintable()).lstrip(". ")
    return plain[-120:] or "file"


def _fill(row: Artifact, made: Sealable) -> None:
    """Draw salts and prepare the entry."""
    author = {"id": str(row.by.pk), "name": str(row.by)} if row.by else None
    system = row.system.slug if row.system else None
    sealing = ready(
        Sealable(made.kind, made.schema, made.content, made.name, made.media_type, row.organisation.bin, system, author), row.pk
    )
    row.schema, row.name, row.media_type = made.schema, made.name, made.media_type
    row.digest, row.salt, row.size = sealing.artifact.digest, sealing.artifact.salt, sealing.artifact.size
    row.author, row.author_salt = (dict(sealing.author.value), sealing.author.salt) if sealing.author else (None, "")
    row.event = sealing.event


def drain(everything: bool = False) -> int:
    """Take due artifacts into the ledger; with `everything`, those that rest too. Returns how many. Trouble is kept for the page."""
    done = 0
    try:
        while rows := _take(everything):
            _enter(rows)
            done += len(rows)
    except TanbaError as error:
        if not trouble:
            _report.warning("the ledger takes nothing: %s", error)
        trouble[:] = [error]
        return done
    trouble.clear()
    return done


def _take(everything: bool) -> list[Artifact]:
    """The next rows, from now on fixed: also those which a process that died had taken."""
    with transaction.atomic():
        open_ = Artifact.objects.exclude(state=Artifact.State.SEALED)
        due = open_ if everything else open_.filter(due__lte=timezone.now())
        chosen = list(due.order_by("id").values_list("pk", flat=True)[:BATCH])
        Artifact.objects.filter(pk__in=chosen).update(state=Artifact.State.TAKEN)
    return list(Artifact.objects.filter(pk__in=chosen).order_by("id"))


def _enter(rows: list[Artifact]) -> None:
    from tanba.web.evidence.status import settle

    log = ledger.log()
    positions = log.append_many([(bytes(row.event), str(row.pk)) for row in rows])
    for row, position in zip(rows, positions, strict=True):
        row.position, row.entry, row.state = position, log.entry(position), Artifact.State.SEALED
    with transaction.atomic():
        Artifact.objects.bulk_update(rows, ["position", "entry", "state"], batch_size=100)
        settle({row.system_id for row in rows if row.system_id and row.kind in ("upload", "acceptance", "evidence-withdrawal")})


def content_of(row: Artifact) -> bytes | None:
    """The content; None once it is erased. Raises EvidenceError, StoreError."""
    if row.erased_at:
        return None
    if row.packed is not None:
        return row.made_here
    return ledger.payloads({str(row.pk): bytes(row.key or b"")}).get(str(row.pk), row.payload)


def receipt_of(row: Artifact) -> Receipt:
    """The receipt of a sealed artifact. Raises EvidenceError, StoreError."""
    opening = Opening(row.digest, row.media_type, row.name, row.salt, row.size) if not row.erased_at else None
    author = Author(row.author_salt, row.author) if row.author and row.author_salt else None
    return receipt(ledger.log(), row.position or 0, opening, author)


def erase(row: Artifact, by: User, reason: str) -> None:
    """Drop key, content, salts, digest and names of an upload; the erasure itself is recorded."""
    with transaction.atomic():
        details = {"artifact": str(row.pk), "position": row.position, "reason": reason}
        record(row.organisation, "erasure", details, by, row.system)
        payload = row.payload
        row.digest = row.salt = row.author_salt = row.payload = ""
        row.name, row.author, row.key, row.erased_at = "erased", None, None, timezone.now()
        row.save()
        row.evidence.update(description="")
        transaction.on_commit(lambda: _forget(row) if payload else None)
    from tanba.web.evidence.status import settle

    if row.system_id:
        settle({row.system_id})


def _forget(row: Artifact) -> None:
    none: dict[str, bytes] = {}
    ledger.payloads(none).erase(str(row.pk))


def details_of(row: Artifact) -> dict[str, Any]:
    """What an act says; empty for files."""
    written = row.made_here if row.schema == ACT else None
    return dict(json.loads(written)["details"]) if written else {}
