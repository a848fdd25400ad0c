"""The register's side of `tanba incident`: who says so, and which organisation is meant."""

from datetime import datetime
from typing import Any

from django.utils import timezone, translation

from tanba.errors import InputError
from tanba.people.clocks import Clock
from tanba.people.drafts import Case
from tanba.people.incidents import FACTS, Incident
from tanba.web.accounts.models import Organisation, User
from tanba.web.incidents import acts
from tanba.web.incidents.counting import counted
from tanba.web.incidents.models import Incident as Row
from tanba.web.incidents.models import Term
from tanba.web.incidents.views import case_of as case_of_row
from tanba.web.systems.models import System


def enter(bin: str, incident: Incident, email: str, now: datetime) -> tuple[int, tuple[Clock, ...]]:
    """(number, clocks). Raises InputError where organisation, person or systems are not known."""
    organisation = organisation_of(bin)
    by = organisation.writers().filter(email=email.strip().lower()).first()
    if by is None:
        raise InputError("nobody of the organisation may write with {email!r}", "See the page People for addresses.", email=email)
    systems = _systems(organisation, incident.systems)
    values = {name: getattr(incident, name) for name in ("what", "aware", "persons", "root_cause", "measures", "lessons")}
    values |= {"severity": incident.severity or "", **{name: incident.facts.get(name) for name in FACTS}}
    values["contract"] = _contract(organisation, incident, by)
    row = acts.enter(organisation, values, systems, by)
    for clock, proof in incident.sent.items():
        acts.prove(row, clock, proof.at, proof.number, by)
    return row.number, counted(_row(organisation, row.number), now)


def _contract(organisation: Organisation, incident: Incident, by: User) -> Term | None:
    if incident.critical_term:
        acts.enter_term(organisation, "critical", _values(incident.critical_term), by)
    if not incident.vendor_term:
        return None
    values = _values(incident.vendor_term)
    known = Term.objects.filter(organisation=organisation, kind="vendor", withdrawn_at=None, **values).first()
    return known or acts.enter_term(organisation, "vendor", values, by)


def _values(term: Any) -> dict[str, Any]:
    return {"within": term.within, "unit": term.unit, "source": term.source[:300]}


def rows(bin: str, lang: str) -> list[dict[str, Any]]:
    """Open incidents, the next clock first."""
    now = timezone.now()
    found = Row.objects.filter(organisation=organisation_of(bin), closed_at=None).order_by("next_due", "number")
    return [
        {
            "number": row.number,
            "next_due": timezone.localtime(row.next_due).isoformat() if row.next_due else None,
            "overdue": bool(row.next_due and row.next_due < now),
            "what": " ".join(row.what.split())[:100],
        }
        for row in sorted(found, key=lambda row: (row.next_due is None, row.next_due or now, row.number))
    ]


def case_of(bin: str, number: int, lang: str) -> Case:
    """What drafts and `show` are made from. Raises InputError."""
    with translation.override(lang):
        return case_of_row(_row(organisation_of(bin), number), lang)


def organisation_of(bin: str) -> Organisation:
    """The one of that BIN, or the only one. Raises InputError."""
    found = list(Organisation.objects.filter(bin=bin) if bin else Organisation.objects.all()[:2])
    if len(found) != 1:
        raise InputError(
            "which organisation is meant?" if not bin else "no organisation of the register has that BIN",
            "Name it with --organisation BIN.",
        )
    return found[0]


def _systems(organisation: Organisation, slugs: tuple[str, ...]) -> list[System]:
    found = list(System.objects.filter(organisation=organisation, slug__in=slugs))
    if missing := set(slugs) - {system.slug for system in found}:
        raise InputError("no system of the register is called {name!r}", "The page Systems lists them.", name=min(missing))
    return found


def _row(organisation: Organisation, number: int) -> Row:
    row = Row.objects.filter(organisation=organisation, number=number).select_related("organisation", "contract").first()
    if row is None:
        raise InputError("there is no incident {number}", "`tanba incident list` shows them.", number=number)
    return row
