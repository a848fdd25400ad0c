"""What people do with incidents, in short words."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tanba.web.accounts.models import Organisation, User
from tanba.web.incidents import acts
from tanba.web.incidents.forms import LOCAL
from tanba.web.incidents.models import Incident
from tanba.web.systems.models import System

HOSTILE = '<script>alert("x")</script><img src=x onerror=alert(1)>'


def written(ago: timedelta = timedelta(0)) -> str:
    """A moment as a browser sends it."""
    return timezone.localtime(timezone.now() - ago).strftime(LOCAL)


def entered(
    organisation: Organisation, by: User, systems: list[System] | None = None, ago: timedelta = timedelta(0), **values: Any
) -> Incident:
    given = {"what": "It broke", "severity": "serious", "aware": timezone.now() - ago}
    return acts.enter(organisation, given | values, systems or [], by)


def form(**values: Any) -> dict[str, Any]:
    """The least that the form of an incident sends."""
    unknown = dict.fromkeys(("high_risk", "harm", "personal_data", "critical_infrastructure", "vendor"), "unknown")
    return {"what": "It broke", "aware": written(timedelta(minutes=5)), **unknown, **values}


def place(name: str, row: Incident | System, *more: Any) -> str:
    own = row.number if isinstance(row, Incident) else row.slug
    return reverse(f"incidents:{name}", args=[row.organisation_id, own, *more])


def send(browser: Client, name: str, row: Incident | System, *more: Any, **values: Any) -> Any:
    return browser.post(place(name, row, *more), values)
