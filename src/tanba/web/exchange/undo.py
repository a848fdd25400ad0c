"""Undoing an import: what it changed gets back what it had, what it created goes. All of it, or nothing with the reason.

Facts are never deleted alone: an answer that is taken back is one more row. A created system goes with its rows, while what was sealed
of it stays in the ledger and among the organisation's artifacts.
"""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from tanba.errors import InputError
from tanba.law.load import load
from tanba.strings import t
from tanba.web.accounts.models import User
from tanba.web.assessments.models import Assessment
from tanba.web.evidence.models import Artifact, Evidence
from tanba.web.evidence.outbox import record
from tanba.web.exchange.desk import State, by_action, found_of, new_values, says
from tanba.web.exchange.models import Import
from tanba.web.exchange.write import Writer, in_pieces
from tanba.web.incidents.models import StopRecord
from tanba.web.obligations.models import Obligation
from tanba.web.systems.many import suggested_of
from tanba.web.systems.models import Fact, Part, System

MADE_HERE = {"fact_rows", "parts", "obligations", "assessments", "artifacts", "stop_records"}
"""What an import and its assessments give a system; whatever else hangs on it was done by somebody since."""

Rows = list[dict[str, Any]]


def undo(row: Import, by: User | None) -> None:
    """Write what was before, in one transaction; `desk.assess` then assesses it. Raises InputError where something was changed since."""
    planned = row.plan
    created, changed = by_action(planned, "created"), by_action(planned, "changed")
    with transaction.atomic():
        if not Import.objects.filter(pk=row.pk, state=State.DONE).update(state=State.UNDOING):
            raise InputError("this import cannot be undone", "Only one that is done, and only once.")
        _refuse_moved(row, created, changed)
        _restore(row, changed, by)
        for piece in in_pieces(UUID(each["system"]) for each in created):
            _remove(piece)
        row.state, row.undone_at, row.undone_by, row.assessed = State.UNDOING, timezone.now(), by, 0
        row.save(update_fields=["state", "undone_at", "undone_by", "assessed"])
        record(row.organisation, "register-undo", {"counts": row.counts, "import": str(row.pk)}, by)


def _refuse_moved(row: Import, created: Rows, changed: Rows) -> None:
    moved = {each["slug"] for each in _moved(row, created, whole=True) + _moved(row, changed, whole=False)}
    slugs = {each["system"]: each["slug"] for each in created}
    for piece in in_pieces(map(UUID, slugs)):
        moved |= {slugs[str(key)] for key in _busy(row, piece)}
    if moved:
        raise InputError(
            "{count} systems were changed since: {slugs}",
            "Nothing was undone. Change these systems by hand.",
            count=len(moved),
            slugs=", ".join(sorted(moved)[:20]),
        )


def _moved(row: Import, rows: Rows, whole: bool) -> Rows:
    """Rows whose systems do not say any more what the import wrote; with `whole`, or say more."""
    found, facts = found_of(row.organisation, rows), load("kz").facts
    waiting = {} if row.confirmed else suggested_of(system.pk for system, _ in found.values())

    def as_written(each: dict[str, Any]) -> bool:
        wanted = new_values(each)
        offered = {} if row.confirmed else {key: value for key, value in wanted.items() if key in facts}
        offers = waiting.get(UUID(each["system"]), {})
        described = {key: value for key, value in wanted.items() if key not in offered}
        there = found.get(each["system"])
        more = whole and there is not None and there[1].keys() - described.keys() - {"slug"}
        return not more and says(there, described) and all(offers.get(key) == value for key, value in offered.items())

    return [each for each in rows if not as_written(each)]


def _busy(row: Import, systems: list[UUID]) -> set[UUID]:
    """Created systems at which somebody has worked since."""
    arranged = ~Q(status="open") | ~Q(remark="") | Q(assignee__isnull=False) | Q(remind_on__isnull=False)
    found = set(
        Obligation.objects.filter(arranged | Q(due__isnull=False, due_proposed=False), system__in=systems).values_list("system", flat=True)
    )
    found |= set(Evidence.objects.filter(obligation__system__in=systems).values_list("obligation__system", flat=True))
    found |= set(Artifact.objects.filter(system__in=systems).exclude(kind="assessment").values_list("system", flat=True))
    found |= set(Fact.objects.filter(system__in=systems, at__gt=row.applied_at).values_list("system", flat=True))
    found |= set(StopRecord.objects.filter(system__in=systems).exclude(decision="").values_list("system", flat=True))
    for relation in System._meta.related_objects:
        if relation.get_accessor_name() not in MADE_HERE:
            model, name = relation.related_model, relation.field.name
            found |= set(model._default_manager.filter(**{f"{name}__in": systems}).values_list(name, flat=True))
    return found


def _restore(row: Import, changed: Rows, by: User | None) -> None:
    writer = Writer(row.organisation, by, confirmed=True)
    found = found_of(row.organisation, changed)
    systems = [found[each["system"]][0] for each in changed]
    for system, each in zip(systems, changed, strict=True):
        source = f"{row.name[:150]}, {t('exchange.source_undo', row.language)}"
        writer.change(system, {key: before for key, before, _ in each["changes"]}, source)
    writer.flush([], systems)


def _remove(systems: list[UUID]) -> None:
    """In a few statements: a cascade would read a hundred rows of each system. What still hangs on one is refused by the database."""
    Artifact.objects.filter(system__in=systems).update(system=None)
    for model in (Assessment, Obligation, StopRecord, Fact, Part):
        rows = model._default_manager.filter(system__in=systems)
        rows._raw_delete(rows.db)
    gone = System.objects.filter(pk__in=systems)
    gone._raw_delete(gone.db)
