"""The stop of art. 18(2) in the register: who stops, who restarts, and the record that a found prohibition opens. Both are sealed.

The act stands in `state.sqlite3` before its transaction is committed: should the process die in between, the system stands still and the
seal is missing, never the other way round.
"""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from tanba.law.words import bare
from tanba.suspension import Act
from tanba.web.accounts.models import User
from tanba.web.evidence.forward import put_forward
from tanba.web.evidence.outbox import record
from tanba.web.faces.suspensions import suspensions
from tanba.web.incidents.acts import note
from tanba.web.incidents.models import Incident, Restart, StopRecord
from tanba.web.language import say
from tanba.web.systems.models import System


def suspend(system: System, reason: str, by: User, incident: Incident | None = None) -> Act:
    """Stop it at once, for every process. Raises InputError where it is stopped already, StoreError."""
    with transaction.atomic():
        _seal(system, True, reason, by, incident)
        if incident:
            note(incident, "suspended", f"{system.slug}: {reason}", by)
        Restart.objects.filter(system=system, signed_at=None).delete()  # asked for before this stop
        return suspensions().stop(system.organisation.bin, system.slug, timezone.now(), reason, str(by))


def ask_restart(system: System, reason: str, by: User) -> Restart | None:
    """Lift the stop; with four eyes, ask another person to. None where somebody has asked already. Raises InputError, StoreError."""
    try:
        with transaction.atomic():
            asked = Restart.objects.create(system=system, reason=reason, asked_by=by)
            if not system.organisation.four_eyes:
                _lift(asked, by)
            return asked
    except IntegrityError:
        return None


def may_sign(asked: Restart, by: User) -> bool:
    """With four eyes nobody signs off what they asked for."""
    return not asked.system.organisation.four_eyes or asked.asked_by_id != by.pk


def sign_restart(asked: Restart, by: User) -> None:
    """The second person signs. Raises InputError where nothing is stopped any more, StoreError."""
    with transaction.atomic():
        _lift(asked, by)


def _lift(asked: Restart, by: User) -> None:
    if not Restart.objects.filter(pk=asked.pk, signed_at=None).update(signed_at=timezone.now(), signed_by=by):
        return
    system = asked.system
    _seal(system, False, asked.reason, by, None)
    names = ", ".join(dict.fromkeys((str(asked.asked_by), str(by))))
    suspensions().restart(system.organisation.bin, system.slug, timezone.now(), asked.reason, names)


def _seal(system: System, stopped: bool, reason: str, by: User, incident: Incident | None) -> None:
    details: dict[str, Any] = {"on": timezone.localdate().isoformat(), "reason": reason, "stopped": stopped}
    act = record(system.organisation, "suspension", details | ({"number": incident.number} if incident else {}), by, system)
    if stopped:
        put_forward(system, act, ("suspension-record",), say("forward.suspension", day=details["on"]))


def propose(system: System, report: dict[str, Any]) -> None:
    """Open a record where an assessment finds a prohibition that no record names yet. It stops nothing."""
    found = sorted(bare(ban["provision"]) for ban in report["gate"]["bans"] if ban["answer"] == "found")
    if not found:
        return
    known: set[str] = set()
    for row in StopRecord.objects.filter(system=system):
        known |= set(row.capabilities)
    if new := [path for path in found if path not in known]:
        row, made = StopRecord.objects.get_or_create(system=system, decision="", defaults={"capabilities": new})
        if not made:
            row.capabilities = sorted({*row.capabilities, *new})
            row.save(update_fields=["capabilities"])


def decide(row: StopRecord, decision: str, reason: str, by: User) -> bool:
    """`stop`, or `other` measures with the reason why they suffice. False where it was decided already. Raises InputError, StoreError."""
    with transaction.atomic():
        fields = {"decision": decision, "reason": reason, "decided_by": by, "decided_at": timezone.now()}
        if not StopRecord.objects.filter(pk=row.pk, decision="").update(**fields):
            return False
        details = {"decision": decision, "provisions": row.capabilities, "reason": reason}
        record(row.system.organisation, "stop-record", details, by, row.system)
        if decision == "stop" and not suspensions().stopped(row.system.organisation.bin, row.system.slug):
            suspend(row.system, reason, by)
    return True


def open_records(systems: Sequence[System] | Any) -> Any:
    """Records that wait for an officer."""
    return StopRecord.objects.filter(system__in=systems, decision="").select_related("system")
