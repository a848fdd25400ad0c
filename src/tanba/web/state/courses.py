"""Training of the organisation: the plan and its records, each sealed; a name can be erased, and its sealed content with it."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from django.db import transaction
from django.utils import timezone

from tanba.digest import canonical_json
from tanba.law.load import load
from tanba.law.rulebook import on
from tanba.material.state import part, training_of
from tanba.state.form import read, write
from tanba.state.training import SCHEMA, Record, Training, checked
from tanba.web.accounts.models import Organisation, User
from tanba.web.evidence import outbox
from tanba.web.evidence.outbox import record, upload
from tanba.web.state.models import TrainingPlan, TrainingRecord

COLUMNS = tuple(each.name for each in fields(Record))


def plan_of(organisation: Organisation) -> TrainingPlan:
    """The plan; a new one, not saved, where nobody wrote it."""
    found = TrainingPlan.objects.select_related("by").filter(organisation=organisation).first()
    return found or TrainingPlan(organisation=organisation)


def value(row: TrainingPlan) -> Training:
    """The plan with its records, as the rules take it."""
    records = TrainingRecord.objects.filter(organisation=row.organisation).order_by("day", "id")
    plan = read(Training, "", row.content)
    known = {each.id for each in plan.roles}, {each.id for each in plan.courses}
    kept = (Record(**{name: getattr(each, name) for name in COLUMNS}) for each in records)
    return Training(
        row.organisation.name, plan.courses, plan.roles, tuple(each for each in kept if each.role in known[0] and each.course in known[1]),
        plan.planned, plan.programmes,
    )  # fmt: skip


def look(row: TrainingPlan) -> dict[str, Any]:
    """Coverage, what is due, programmes, what is missing (tanba.state-check/1)."""
    return training_of(on(load("kz"), timezone.localdate()), value(row))


def parts(organisation: Organisation) -> dict[str, Any]:
    """Training as a part of the material of documents, where somebody wrote a plan."""
    row = plan_of(organisation)
    return {"training": part(value(row), look(row))} if row.version else {}


@transaction.atomic
def save(organisation: Organisation, changes: Mapping[str, Any], seen: int, by: User | None) -> TrainingPlan | None:
    """Put changes into the plan and seal it. None where somebody else changed it. Raises InputError on a name that nothing has."""
    TrainingPlan.objects.get_or_create(organisation=organisation)
    row = TrainingPlan.objects.select_for_update().get(organisation=organisation)
    if row.version != seen:
        return None
    plan = read(Training, "", {**row.content, **changes})
    checked(plan)
    row.content = write(Training(courses=plan.courses, roles=plan.roles, planned=plan.planned, programmes=plan.programmes))
    row.version, row.by, row.at = row.version + 1, by, timezone.now()
    row.artifact = upload(organisation, "training-plan", "training.json", canonical_json({"schema": SCHEMA, **row.content}), by)
    row.artifact.save()
    row.save()
    return row


@transaction.atomic
def add(organisation: Organisation, records: Iterable[Record], by: User | None) -> list[TrainingRecord]:
    """Enter records. Raises InputError on a role or a course that the plan does not have."""
    wanted = tuple(records)
    plan = read(Training, "", plan_of(organisation).content)
    checked(Training(courses=plan.courses, roles=plan.roles, records=wanted))
    return [_add(organisation, each, by) for each in wanted]


def _add(organisation: Organisation, each: Record, by: User | None) -> TrainingRecord:
    """Where a person is named the sealed content can be erased; where not, it is a plain act."""
    content = write(each)
    if each.person:
        artifact = upload(organisation, "training-record", "training-record.json", canonical_json(content), by)
        artifact.save()
    else:
        artifact = record(organisation, "training-record", content, by)
    return TrainingRecord.objects.create(organisation=organisation, artifact=artifact, **{name: getattr(each, name) for name in COLUMNS})


def erase(row: TrainingRecord, by: User, reason: str) -> bool:
    """Erase who it was, here and in what was sealed; the record stays. False where it is not sealed yet, or nobody is named."""
    if not row.person or row.artifact is None:
        return False
    row.artifact.refresh_from_db()
    if not outbox.erase(row.artifact, by, reason):
        return False
    TrainingRecord.objects.filter(pk=row.pk).update(person="", erased_at=timezone.now())
    return True
