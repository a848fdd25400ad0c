"""Everything sealed about one system, for a bundle."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from django.utils import timezone

from tanba.bundle.make import Claim, Contents, Item, Made, make
from tanba.ledger import home
from tanba.ledger.checkpoint import Checkpoint
from tanba.ledger.entry import Entry
from tanba.ledger.store import Anchor
from tanba.material.bundle import Claim as Told
from tanba.material.bundle import Kept, bundle_of
from tanba.web.evidence import ledger
from tanba.web.evidence.models import Artifact, Evidence
from tanba.web.evidence.outbox import content_of, drain, receipt_of, trouble
from tanba.web.language import pick
from tanba.web.obligations.models import Obligation
from tanba.web.systems.models import System
from tanba.workspace import current

PERSONAL = ("request-text", "request-answer")
"""Kinds of artifacts that hold a person's words."""


def make_bundle(system: System, path: Path, known: Sequence[Checkpoint] = (), hidden: Callable[[Artifact], bool] | None = None) -> Made:
    """Seal what waits, then write the bundle of a system; of what is `hidden` from the reader, the receipt only.

    Raises StoreError, EvidenceError, InputError.
    """
    drain(everything=True, system=system)
    if problem := trouble():  # a bundle without the newest acts would look whole
        raise problem
    return make(path, _contents(system, known, hidden or (lambda _: False)), ledger.log(), timezone.now())


def indexed(system: System) -> dict[str, Any]:
    """What a bundle would hold now, as documents show it; what waits to be sealed is not in it. Raises StoreError."""
    columns = ("kind", "name", "digest", "position", "entry", "erased_at")
    rows = list(Artifact.objects.filter(system=system, state=Artifact.State.SEALED).order_by("position").only(*columns))
    claims = [Told(each.provision, each.status, tuple(each.items)) for each in _claims(system, {row.pk: n for n, row in enumerate(rows)})]
    return bundle_of(map(_kept, rows), claims, ledger.log().head().checkpoint)


def _kept(row: Artifact) -> Kept:
    closed = row.erased_at is not None or row.kind in PERSONAL
    time = Entry.parse(bytes(row.entry or b"")).time
    return Kept(row.kind, "" if closed else row.name, "" if closed else row.digest, row.position or 0, time)


def _contents(system: System, known: Sequence[Checkpoint], hidden: Callable[[Artifact], bool]) -> Contents:
    rows = list(Artifact.objects.filter(system=system, state=Artifact.State.SEALED).order_by("position"))
    trust, anchors = ledger.trust(), ledger.log().store.anchors()
    organisation = system.organisation
    return Contents(
        [_item(row, anchors, hidden(row)) for row in rows],
        list(_claims(system, {row.pk: number for number, row in enumerate(rows)})),
        {"bin": organisation.bin, "name": pick(organisation.name)},
        {"name": pick(system.name), "slug": system.slug},
        home.rotations(current()),
        trust.policy,
        trust.roots,
        known,
    )


def _item(row: Artifact, anchors: Sequence[Anchor], hidden: bool) -> Item:
    """What people wrote and were told stays with the organisation: an inspector gets the receipt, as of something erased."""
    receipt = receipt_of(row, anchors)
    if hidden or row.kind in PERSONAL:
        return Item(replace(receipt, artifact=None), lambda: None)
    return Item(receipt, partial(content_of, row))


def _claims(system: System, numbers: dict[Any, int]) -> list[Claim]:
    """What applies, is owed and counts; evidence in the order it was put forward."""
    obligations = Obligation.objects.filter(system=system, active=True, answer="applies").exclude(kind="right").exclude(layer="recommended")
    valid: dict[Any, list[int]] = {}
    for evidence in Evidence.objects.valid().filter(obligation__system=system).order_by("id"):
        if evidence.artifact_id in numbers:  # not what was sealed just now
            valid.setdefault(evidence.obligation_id, []).append(numbers[evidence.artifact_id])
    return [Claim(row.provision, row.status, valid.get(row.pk, [])) for row in obligations.order_by("path")]
