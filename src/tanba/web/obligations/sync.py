"""Keeps a system's obligation rows in step with its newest assessment, and the counts on `System` in step with the rows."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, IntegerField, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from tanba.calendars.periods import later
from tanba.errors import InputError
from tanba.ids import many_uuid7
from tanba.web.bulk import insert
from tanba.web.obligations.models import Obligation
from tanba.web.systems.models import System

READ_LAW = ("statute", "by-law", "other-law")
"""Layers whose text was read: only these count as owed under law."""

FOLLOWED = ("provision", "kind", "layer", "answer", "active")


def sync(system: System, report: Mapping[str, Any]) -> None:
    """Create, update or put aside rows. What people arranged (assignee, dates, remark) is kept, also for a row put aside."""
    rows = {row.path: row for row in Obligation.objects.filter(system=system)}
    entries = {entry["path"]: entry for entry in report["provisions"]}
    day = date.fromisoformat(report["date"])
    Obligation.objects.bulk_create(_new(system, entry, day) for path, entry in entries.items() if path not in rows)
    changed = [row for path, row in rows.items() if _follow(row, entries.get(path))]
    Obligation.objects.bulk_update(changed, FOLLOWED, batch_size=50)


def sync_new(reports: Iterable[tuple[System, Mapping[str, Any]]]) -> None:
    """The same for systems that have no rows yet."""
    rows = [row for system, report in reports for row in _rows(system, report)]
    keys = many_uuid7(len(rows))
    columns = ("id", "system", *FOLLOWED[:-1], "path", "due", "due_proposed")
    insert(Obligation, columns, ((key, *row) for key, row in zip(keys, rows, strict=True)))


def _rows(system: System, report: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    day = date.fromisoformat(report["date"])
    for entry in report["provisions"]:
        due = proposed_due(entry["deadline"], day) if entry["deadline"] else None
        yield system.pk, entry["provision"], entry["kind"], entry["layer"], entry["answer"], entry["path"], due, due is not None


def _new(system: System, entry: Mapping[str, Any], day: date) -> Obligation:
    proposed = proposed_due(entry["deadline"], day)
    values = {name: entry[name] for name in ("path", "provision", "kind", "layer", "answer")}
    return Obligation(system=system, due=proposed, due_proposed=proposed is not None, **values)


def _follow(row: Obligation, entry: Mapping[str, Any] | None) -> bool:
    """Bring one row in line with the report; whether anything changed."""
    wanted = {"active": False} if entry is None else {name: entry[name] for name in FOLLOWED[:-1]} | {"active": True}
    changed = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)


def proposed_due(deadline: Mapping[str, Any] | None, day: date) -> date | None:
    """The end of the first period of a recurring duty, counted from `day`: a house proposal, no date of the law's."""
    every = (deadline or {}).get("every")
    try:
        return later(day, str(every)) if every else None
    except InputError:  # no period that we read: nothing is proposed
        return None


def owed(layers: tuple[str, ...]) -> Q:
    """Rows that apply, are open and lie in `layers`; rights of others are no duties of the counting kind."""
    return Q(active=True, answer="applies", status=Obligation.Status.OPEN, layer__in=layers) & ~Q(kind="right")


def recount(systems: QuerySet[System]) -> None:
    """Write the open counts (law that was read, house policy) and the next due date of many systems in one statement."""
    rows = Obligation.objects.filter(system=OuterRef("pk")).order_by().values("system")
    dated = rows.filter(active=True, due__isnull=False)
    due = dated.exclude(status=Obligation.Status.MET).exclude(layer="recommended").exclude(kind="right")
    systems.update(
        open_statute=_count(rows.filter(owed(READ_LAW))),
        open_house=_count(rows.filter(owed(("house",)))),
        next_due=Subquery(due.annotate(first=Min("due")).values("first")),
    )


def _count(rows: QuerySet[Obligation, Any]) -> Coalesce:
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), Value(0))


def move_layer(organisation_id: UUID, path: str, layer: str) -> int:
    """House policy was adopted or withdrawn: the rows of one practice provision change their layer. Returns how many apply."""
    rows = Obligation.objects.filter(system__organisation_id=organisation_id, path=path)
    rows.update(layer=layer)
    recount(System.objects.filter(Exists(rows.filter(system=OuterRef("pk")))))
    return rows.filter(active=True, answer="applies").count()
