"""What can be done to an incident. Each act is one transaction: the row, its line in the timeline, and what is sealed."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from tanba.ids import uuid7
from tanba.people.incidents import FACTS
from tanba.web.accounts.models import Organisation, User
from tanba.web.evidence import outbox
from tanba.web.evidence.forward import put_forward
from tanba.web.evidence.models import Artifact
from tanba.web.incidents.counting import counted, plan, replan
from tanba.web.incidents.models import Event, Incident, Proof, Term
from tanba.web.language import say
from tanba.web.systems.models import System

TOLD = ("what", "severity", *FACTS, "persons", "root_cause", "measures", "lessons")


def enter(
    organisation: Organisation, values: Mapping[str, Any], systems: Iterable[System], by: User | None, token: UUID | None = None
) -> Incident:
    """Enter an incident, once for each `token`; `values` are the columns."""
    try:
        with transaction.atomic():
            Organisation.objects.select_for_update().get(pk=organisation.pk)  # numbers follow one another
            number = (
                Incident.objects.filter(organisation=organisation).order_by("-number").values_list("number", flat=True).first() or 0
            ) + 1
            row = Incident.objects.create(organisation=organisation, number=number, token=token or uuid7(), entered_by=by, **values)
            row.systems.set(systems)
            note(row, "entered", "", by, row.aware, _told(row))
            plan(row)
    except IntegrityError:
        if token is None:
            raise
        known = Incident.objects.filter(token=token, organisation=organisation).first()
        return known or enter(organisation, values, systems, by)  # another organisation's token says nothing here
    return row


def change(row: Incident, values: Mapping[str, Any], systems: Iterable[System], by: User) -> bool:
    """Put what is known now in place of what was; what it was stands in the sealed events. False where nothing changed."""
    with transaction.atomic():
        before = _told(row)
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        row.systems.set(systems)
        after = _told(row)
        changed = {name: value for name, value in after.items() if before[name] != value}
        if changed:
            note(row, "changed", "", by, details=changed)
            plan(row)
    return bool(changed)


def note(
    row: Incident, kind: str, text: str, by: User | None, at: datetime | None = None, details: Mapping[str, Any] | None = None
) -> Event:
    """A line of the timeline, sealed."""
    act = {"entered": "incident", "closed": "incident-closing", "proof": "incident-proof"}.get(kind, "incident-event")
    moment = at or timezone.now()
    said = {"at": _time(moment), "number": row.number, "text": text, **(details or {})}
    artifact = outbox.record(row.organisation, act, said, by, row.systems.first())
    return Event.objects.create(incident=row, kind=kind, at=moment, text=text, by=by, artifact=artifact)


def prove(row: Incident, clock: str, sent_at: datetime, reference: str, by: User, file: "UploadedFile[Any] | None" = None) -> bool:
    """A notification left: the clock stops. False where the same was proved already."""
    try:
        with transaction.atomic():
            kept = _keep(row, file, by) if file else None
            details = {"clock": clock, "reference": reference, "sent": _time(sent_at)}
            event = note(row, "proof", clock, by, sent_at, details | ({"artifact": str(kept.pk)} if kept else {}))
            fields = {"sent_at": sent_at, "reference": reference, "file": kept, "by": by, "artifact": event.artifact}
            Proof.objects.create(incident=row, clock=clock, **fields)
            for system in row.systems.all() if clock == "breach" else ():
                put_forward(system, kept or event.artifact, ("breach-notice",), say("forward.breach", number=row.number))
            plan(row)
    except IntegrityError:
        return False
    return True


def _keep(row: Incident, file: "UploadedFile[Any]", by: User) -> Artifact:
    """The confirmation, encrypted under a key of its own."""
    kept = outbox.upload(row.systems.first() or row.organisation, "upload", file.name or "", file.read(), by)
    kept.save()
    return kept


def close(row: Incident, remark: str, by: User) -> bool:
    """Sign off. Clocks that are still open are named in what is sealed. False where it is closed already."""
    with transaction.atomic():
        now = timezone.now()
        open_ = [clock.name for clock in counted(row, now) if clock.state in ("running", "late")]
        if not Incident.objects.filter(pk=row.pk, closed_at=None).update(closed_at=now, closed_by=by):
            return False
        row.closed_at, row.closed_by = now, by
        note(row, "closed", remark, by, now, {"open": open_})
        plan(row)
    return True


def enter_term(organisation: Organisation, kind: str, values: Mapping[str, Any], by: User) -> Term:
    """A term as somebody read it: it holds for open incidents too."""
    with transaction.atomic():
        made = Term.objects.create(organisation=organisation, kind=kind, by=by, **values)
        outbox.record(organisation, "incident-term", {"term_kind": kind, **values}, by)
        if kind == "critical":
            replan(organisation)
    return made


def _told(row: Incident) -> dict[str, Any]:
    """What is sealed about it: facts and texts, the number of people, never who."""
    found = {name: getattr(row, name) for name in TOLD}
    found |= {"aware": _time(row.aware), "systems": sorted(row.systems.values_list("slug", flat=True))}
    return found | {"contract": row.contract.source if row.contract else ""}


def _time(moment: datetime) -> str:
    return moment.astimezone(timezone.get_default_timezone()).isoformat(timespec="minutes")
