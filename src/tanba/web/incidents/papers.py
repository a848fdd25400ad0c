"""Letters and orders of incidents and of stops: from rows to the material of their documents."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from tanba.law.load import load
from tanba.law.rulebook import Rulebook, on
from tanba.material import incidents, stops
from tanba.material.common import Whose
from tanba.people.drafts import Case
from tanba.people.stops import Stop
from tanba.web.evidence.models import Evidence
from tanba.web.faces.suspensions import suspensions
from tanba.web.incidents.models import Restart
from tanba.web.systems.models import System

ORDERS = ("suspension-order", "restart-order")
STOP = "230-VIII/18/2"


def of_incident(to: str, case_in: Callable[[str], Case], whose: Whose) -> tuple[str, Callable[[], dict[str, Any]]]:
    """(name of the document, how its material is made) of a draft."""
    if to == "order":
        return "suspension-order", lambda: stops.material(_book(), stops.of_incident(case_in), whose)
    return to, lambda: incidents.material(_book(), case_in, whose)


def of_stop(system: System) -> dict[str, Any]:
    """The newest stop of a system and what ended it. Raises StoreError."""
    organisation = system.organisation
    return stops.material(_book(), stop_of(system), Whose(organisation.name, organisation.bin))


def stop_of(system: System) -> Stop:
    """As acts, records and restarts tell it. Raises StoreError."""
    acts = suspensions().history(system.organisation.bin, system.slug, 2)
    name = {each: text for each, text in system.name.items() if text} or system.slug
    begun = next((stops.moment_of(act) for act in acts if act.stopped), None)
    if begun is None:
        return stops.of_acts(name, acts)
    asked = Restart.objects.filter(system=system, signed_at=None).first()
    evidence = _evidence(system, begun)
    return stops.of_acts(name, acts, found=_found(system, begun), mended=asked.reason if asked else "", evidence=evidence)


def _found(system: System, begun: datetime) -> list[str]:
    """Points of art. 17(3) that records name on which this stop, or its going on, was decided; the act follows its record at once."""
    rows = system.stop_records.filter(decision="stop", decided_at__gte=begun - timedelta(minutes=1))
    return sorted({path.rpartition("/")[2] for row in rows for path in row.capabilities})


def _evidence(system: System, begun: datetime) -> list[str]:
    """What was put forward for art. 18(2) since the stop; the record of the stop itself shows no mending."""
    rows = Evidence.objects.valid().filter(obligation__system=system, obligation__path=STOP, artifact__at__gte=begun)
    shown = rows.exclude(artifact__kind="suspension").select_related("artifact").order_by("id")
    return [f"{row.artifact.name}, № {row.artifact.position}, {timezone.localtime(row.artifact.at).date()}" for row in shown]


def _book() -> Rulebook:
    day: date = timezone.localdate()
    return on(load("kz"), day)
