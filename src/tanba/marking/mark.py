"""Mark one file: its kind decides the layers, the register of marks remembers it."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from tanba.digest import canonical_json
from tanba.errors import InputError
from tanba.ids import uuid7
from tanba.marking.formats import Format, format_of
from tanba.marking.keys import Issuer
from tanba.marking.markid import new_id, text_of
from tanba.marking.model import Marked, Source, Statement
from tanba.marking.register import Mark, Register
from tanba.marking.standard import Standard

SCHEMA = "tanba.mark/1"


@dataclass(frozen=True, slots=True)
class Order:
    """How to mark: by whose standard, for which organisation (BIN) and system (slug)."""

    standard: Standard
    source: Source = "created"
    bin: str = ""
    system: str = ""


def mark_file(data: bytes, name: str, order: Order, issuer: Issuer, register: Register, now: datetime) -> tuple[Marked, Mark]:
    """(the marked file, its row in the register). Raises InputError where the file cannot be marked, StoreError."""
    what = Statement(new_id(), now, order.source, issuer.organisation, order.bin, order.system)
    kind, _, marked = put_on(data, name, what, issuer, order.standard)
    row = Mark(
        id=what.id,
        time=now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        kind=kind,
        media_type=marked.media_type,
        source=order.source,
        policy=order.standard.version,
        system=order.system or None,
        organisation=order.bin or None,
        digest_before=hashlib.sha256(data).hexdigest(),
        digest_after=hashlib.sha256(marked.content).hexdigest(),
        name=name[:200].encode("utf-8", "replace").decode(),  # a file may be called by bytes that are no text
        manifest=marked.manifest,
        entry=str(uuid7()),
        salt=secrets.token_hex(32),
        fingerprints=tuple(marked.fingerprints),
    )
    row = replace(row, record=canonical_json(record_of(marked, row)))
    register.add(row)
    return marked, row


def put_on(data: bytes, name: str, what: Statement, issuer: Issuer, standard: Standard) -> tuple[str, Format, Marked]:
    """(kind, format, the marked file): in memory, entered nowhere. Raises InputError, with the file's name."""
    known = format_of(data, name)
    if known is None:
        raise InputError(
            "is of a kind that cannot be marked yet",
            "Known: JPEG, PNG, WebP, TIFF, GIF, AVIF; text, Markdown, HTML, JSON.",
            name,
        )
    kind, _, format = known
    try:
        return kind, format, format.mark(data, what, issuer, standard)
    except InputError as error:
        raise error.at(name) from None


def record_of(marked: Marked, row: Mark) -> Mapping[str, Any]:
    """What is sealed about a mark: `tanba.mark/1`."""
    return {
        "after": row.digest_after,
        "before": row.digest_before,
        "id": text_of(row.id),
        "layers": dict(marked.layers),
        "media_type": row.media_type,
        "missing": {layer: error.message for layer, error in marked.reasons.items()},
        "policy": row.policy,
        "schema": SCHEMA,
        "source": row.source,
        "system": row.system,
        "time": row.time,
        "warning": dict(marked.warning) if marked.warning else None,
    }
