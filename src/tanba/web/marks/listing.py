"""Marks of one organisation: which rows of the register are its own, and what a page shows of one."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from tanba.errors import InputError, TanbaError
from tanba.marking.markid import parse, text_of
from tanba.marking.model import LAYERS
from tanba.marking.register import Mark
from tanba.web.accounts.models import Organisation
from tanba.web.evidence import outbox
from tanba.web.evidence.models import Artifact
from tanba.web.marks import desk
from tanba.web.systems.models import System

NEWEST = 30


@dataclass(frozen=True, slots=True)
class Line:
    """One mark as a page shows it. `artifact` is the record sealed in this register, None where the command line sealed it."""

    row: Mark
    number: str
    time: datetime
    system: System | None = None
    artifact: Artifact | None = None
    layers: Mapping[str, str] = field(default_factory=dict)


def newest(organisation: Organisation, system: str | None = None, before: str = "", limit: int = NEWEST) -> list[Line]:
    """The newest of its marks, or of one system's; older ones than the mark of the number `before`. Raises StoreError."""
    register = desk.register_if_any()
    if register is None:
        return []
    rows = register.of_organisation(organisation.bin, _own_slugs(organisation), limit, system=system, before=_number(before))
    return _lines(organisation, rows)


def by_month(organisation: Organisation) -> dict[str, int]:
    """{"2026-11": how many files were marked} of all its marks. Raises StoreError."""
    register = desk.register_if_any()
    return register.by_month(organisation.bin, _own_slugs(organisation)) if register else {}


def of_system(system: System, few: int) -> list[Line]:
    """A few of a system's newest marks for its own page, which opens also where they cannot be read."""
    try:
        return newest(system.organisation, system.slug, limit=few)
    except TanbaError:
        return []


def find(organisation: Organisation, number: str) -> Line | None:
    """The organisation's mark of that number, with its layers. Raises StoreError."""
    row = by_number(number)
    if row is None or not _is_of(organisation, row):
        return None
    line = _lines(organisation, [row])[0]
    return replace(line, layers=_layers(line.artifact)) if line.artifact else line


def by_number(number: str) -> Mark | None:
    """The mark of that number, whoever made it; None also for what is no number. Raises StoreError."""
    register, id_ = desk.register_if_any(), _number(number)
    return register.get(id_) if register and id_ is not None else None


def _number(typed: str) -> int | None:
    try:
        return parse(typed) if typed else None
    except InputError:
        return None


def _is_of(organisation: Organisation, row: Mark) -> bool:
    return row.organisation == organisation.bin or (not row.organisation and row.system in _own_slugs(organisation))


def _own_slugs(organisation: Organisation) -> list[str]:
    """Names of its systems that no other organisation of this register has too: a mark without a BIN is shown to nobody by mistake."""
    others = System.objects.exclude(organisation=organisation).values("slug")
    return list(System.objects.filter(organisation=organisation).exclude(slug__in=others).values_list("slug", flat=True))


def _lines(organisation: Organisation, rows: Sequence[Mark]) -> list[Line]:
    systems = {system.slug: system for system in System.objects.filter(organisation=organisation, slug__in=[row.system for row in rows])}
    keys = [key for row in rows if (key := _uuid(row.sealed))]
    known = Artifact.objects.filter(organisation=organisation, pk__in=keys).select_related("by", "system")
    artifacts = {artifact.pk: artifact for artifact in known}
    return [_line(row, systems, artifacts) for row in rows]


def _line(row: Mark, systems: Mapping[str, System], artifacts: Mapping[UUID, Artifact]) -> Line:
    artifact = artifacts.get(key) if (key := _uuid(row.sealed)) else None
    return Line(row, text_of(row.id), datetime.fromisoformat(row.time), systems.get(row.system or ""), artifact)


def _layers(artifact: Artifact) -> Mapping[str, str]:
    """From the sealed record."""
    try:
        found: dict[str, Any] = json.loads(outbox.content_of(artifact) or b"{}").get("layers", {})
    except (TanbaError, ValueError):
        return {}
    return {layer: found[layer] for layer in LAYERS if layer in found}


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
