"""From the rows of an organisation to the material of its documents. A handful of queries, however many systems."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils import timezone

from tanba.law.load import load
from tanba.law.rulebook import on
from tanba.law.tier import tier
from tanba.marking.standardfile import load_standard
from tanba.material.common import Text, Whose
from tanba.material.marking import SHOWN, log_of, standard_of
from tanba.material.organisation import GROUPS, material
from tanba.people.requests import CLOSED
from tanba.strings import LANGUAGES
from tanba.web.accounts.models import Organisation, Role
from tanba.web.evidence import ledger
from tanba.web.incidents.counting import overdue
from tanba.web.incidents.models import Incident
from tanba.web.lawtracker.models import Adoption
from tanba.web.marks.listing import by_month, newest
from tanba.web.obligations.models import Obligation
from tanba.web.requests.models import Request
from tanba.web.state import courses
from tanba.web.systems.models import Fact, System
from tanba.workspace import current

MONTHS = 12


def of_organisation(organisation: Organisation) -> dict[str, Any]:
    """The material of today. Raises NotInForceError, StoreError."""
    day = timezone.localdate()
    return material(
        on(load("kz"), day),
        Whose(organisation.name, organisation.bin),
        _systems(organisation),
        _duties(organisation),
        adopted=Adoption.objects.paths(organisation.pk, day),
        checkpoint=ledger.log().head().checkpoint.plain,
        offender_class=organisation.offender_class or None,
        incidents=_incidents(organisation, day),
        people=_people(organisation),
        register=True,
        requests=_requests(organisation, day),
        **courses.parts(organisation),
        standard=standard_of(load_standard(current())),
        **_marked(organisation, day),
    )


def _systems(organisation: Organisation) -> list[dict[str, Any]]:
    """Live systems, the most urgent first."""
    generates = _answers(organisation, "generates_or_alters_media")
    departments: dict[str, Text] = {name: texts for texts in organisation.departments for name in texts.values()}
    rows = System.objects.filter(organisation=organisation).exclude(state="rejected").select_related("owner")
    return [
        {
            "department": dict(departments.get(system.department, dict.fromkeys(LANGUAGES, system.department))),
            "due": system.next_due.isoformat() if system.next_due else "",
            "gate": system.gate or "unknown",
            "generates": generates.get(system.pk),
            "name": {each: text for each, text in system.name.items() if text} or {"en": system.slug},
            "open": system.open_statute,
            "responsible": str(system.owner) if system.owner else "",
            "slug": system.slug,
            "stage": system.stage,
            "tier": tier(system.conclusion, system.risk_levels),
        }
        for system in rows.order_by("attention", "slug")
    ]


def _answers(organisation: Organisation, name: str) -> dict[UUID, Any]:
    """{system: its newest confirmed answer} to one question."""
    rows = Fact.objects.filter(system__organisation=organisation, name=name, confirmed=True).order_by("id")
    return dict(rows.values_list("system_id", "value"))


def _duties(organisation: Organisation) -> dict[str, Counter[str]]:
    live = Obligation.objects.filter(system__organisation=organisation, active=True, answer="applies").exclude(system__state="rejected")
    grouped = live.exclude(kind="right").values_list("layer", "status").annotate(n=Count("pk")).order_by()
    found: dict[str, Counter[str]] = {group: Counter() for group in GROUPS.values()}
    for layer, status, n in grouped:
        if layer in GROUPS:
            found[GROUPS[layer]][status] += n
    return found


def _incidents(organisation: Organisation, day: date) -> dict[str, Any]:
    since = _since(day)
    rows = list(Incident.objects.filter(organisation=organisation).values_list("aware", "severity", "closed_at"))
    recent = [(aware, severity) for aware, severity, _ in rows if timezone.localdate(aware) >= since]
    counts = {
        "all": len(recent),
        "open": sum(closed is None for _, _, closed in rows),
        "overdue": overdue(organisation, timezone.now()),
        "serious": sum(severity in ("serious", "critical") for _, severity in recent),
    }
    return {"counts": counts, "months": _months((aware for aware, _ in recent), day)}


def _requests(organisation: Organisation, day: date) -> dict[str, Any]:
    rows = list(Request.objects.filter(organisation=organisation).values_list("received", "state", "due"))
    recent = [(received, state) for received, state, _ in rows if timezone.localdate(received) >= _since(day)]
    waiting = [due for _, state, due in rows if state not in CLOSED]
    counts = {
        "all": len(recent),
        "open": len(waiting),
        "late": sum(bool(due and due < timezone.now()) for due in waiting),
        "refused": sum(state == "refused" for _, state in recent),
    }
    return {"counts": counts, "months": _months((received for received, _ in recent), day)}


def _marked(organisation: Organisation, day: date) -> dict[str, Any]:
    """Counts of what was marked, and the newest marks."""
    found = by_month(organisation)
    months = [[month, found.get(month, 0)] for month in _names(day)]
    log = log_of((line.row for line in newest(organisation, limit=SHOWN)), sum(found.values()))
    return {"log": log, "marks": {"counts": {"all": sum(n for _, n in months)}, "months": months}}


def _people(organisation: Organisation) -> dict[str, list[str]]:
    """{role: names}."""
    rows = organisation.memberships.exclude(role=Role.AUDITOR).select_related("user").order_by("user__name")
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row.role, []).append(str(row.user))
    return found


def _since(day: date) -> date:
    """The first day of the earliest of the months that are shown."""
    return date.fromisoformat(f"{_names(day)[0]}-01")


def _names(day: date) -> list[str]:
    """The last months up to that of a day: "2026-11"."""
    found, first = [], day.replace(day=1)
    for _ in range(MONTHS):
        found.append(first.isoformat()[:7])
        first = (first - timedelta(days=1)).replace(day=1)
    return found[::-1]


def _months(moments: Iterable[datetime], day: date) -> list[list[Any]]:
    counted: Mapping[str, int] = Counter(timezone.localdate(moment).isoformat()[:7] for moment in moments)
    return [[month, counted.get(month, 0)] for month in _names(day)]
