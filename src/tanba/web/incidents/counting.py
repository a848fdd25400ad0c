"""From rows to the rules and back: the clocks of an incident, and the alarms that follow from them."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from tanba.calendars import Calendar
from tanba.calendars.changes import calendar_of
from tanba.people import clocks as rules
from tanba.people import incidents
from tanba.people.escalation import alarms
from tanba.web.accounts.models import Organisation
from tanba.web.incidents.law import HOUSE, terms
from tanba.web.incidents.models import Alarm, Incident, Step, Term
from tanba.web.lawtracker.models import Adoption
from tanba.workspace import current


def pure(row: Incident) -> incidents.Incident:
    """The incident as the rules take it. Of several proofs of a clock the earliest counts."""
    systems = list(row.systems.all())
    proofs = sorted(row.proofs.all(), key=lambda proof: proof.sent_at, reverse=True)
    facts = {name: getattr(row, name) for name in incidents.FACTS}
    return incidents.Incident(
        what=row.what,
        aware=timezone.localtime(row.aware),  # letters name it as people here read a clock
        systems=tuple(system.slug for system in systems),
        severity=row.severity or None,
        facts=facts | {"high_risk": facts["high_risk"] if facts["high_risk"] is not None else high_risk(s.risk_levels for s in systems)},
        persons=row.persons,
        root_cause=row.root_cause,
        measures=row.measures,
        lessons=row.lessons,
        vendor_term=row.contract.pure() if row.contract else None,
        sent={proof.clock: incidents.Sent(proof.sent_at, proof.reference) for proof in proofs},
    )


def high_risk(levels: Iterable[str]) -> bool | None:
    """Whether one of the systems touched is of high risk; None where none is named, or one of them is not classified."""
    found = list(levels)
    if "high" in found:
        return True
    return False if found and all(each in ("minimal", "medium", "minimal-medium") for each in found) else None


def counted(row: Incident, now: datetime | None = None, calendar: Calendar | None = None) -> tuple[rules.Clock, ...]:
    """The clocks of an incident. Raises InputError where the calendar of the workspace cannot be read."""
    calendar = calendar or calendar_of(current().calendar)
    day = row.aware.astimezone(calendar.zone).date()
    return rules.clocks(pure(row), _terms(row.organisation, day), calendar, now or timezone.now())


def _terms(organisation: Organisation, day: date) -> rules.Terms:
    critical = Term.objects.filter(organisation=organisation, kind="critical", withdrawn_at=None).first()
    adopted = HOUSE in Adoption.objects.paths(organisation.pk, timezone.localdate())
    return terms(day, adopted=adopted, critical=critical.pure() if critical else None)


def plan(row: Incident, calendar: Calendar | None = None) -> None:
    """Bring the next clock and the alarms in line with what is known now. What has fired does not fire again."""
    fresh = Incident.objects.select_related("organisation", "contract").get(pk=row.pk)  # not what a page has fetched before
    found = counted(fresh, calendar=calendar)
    row.next_due = None if row.closed_at else rules.next_due(found)
    Incident.objects.filter(pk=row.pk).update(next_due=row.next_due)
    row.alarms.filter(fired_at=None).delete()
    if not row.closed_at:
        _arm(row, found, list(Step.objects.filter(organisation_id=row.organisation_id)))


def replan(organisation: Organisation | None = None) -> None:
    """The same for all open incidents, or those of one organisation: calendar, term or house policy has changed."""
    calendar = calendar_of(current().calendar)
    rows = Incident.objects.filter(closed_at=None)
    for row in (rows.filter(organisation=organisation) if organisation else rows).iterator(500):
        plan(row, calendar)


def plan_step(step: Step, now: datetime) -> None:
    """A step that was added: alarms of open incidents whose moment is still to come."""
    calendar = calendar_of(current().calendar)
    for row in Incident.objects.filter(organisation_id=step.organisation_id, closed_at=None).iterator(500):
        _arm(row, counted(row, now, calendar), [step], now)


def _arm(row: Incident, found: tuple[rules.Clock, ...], steps: list[Step], later_than: datetime | None = None) -> None:
    fired = set(row.alarms.values_list("clock", "step_id"))
    due = [(alarm, steps[alarm.step]) for alarm in alarms(row.aware, found, [step.pure() for step in steps])]
    due = [pair for pair in due if later_than is None or pair[0].at > later_than]
    new = [(alarm, step) for alarm, step in due if (alarm.clock, step.pk) not in fired]
    Alarm.objects.bulk_create(Alarm(incident=row, step=step, clock=alarm.clock, at=alarm.at) for alarm, step in new)


def overdue(organisation: Organisation, now: datetime) -> int:
    """How many open incidents have a clock whose end has passed unsent."""
    return Incident.objects.filter(Q(next_due__lt=now), organisation=organisation, closed_at=None).count()
