"""Controls that apply at a system's degree of risk, and what the system does about each."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from tanba.people.catalogue import Control, controls_for, risks
from tanba.people.catalogue import controls as known_controls
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.evidence.outbox import record
from tanba.web.language import say
from tanba.web.risks.forms import ControlForm
from tanba.web.risks.models import ControlState, newest
from tanba.web.systems.access import system_of, system_to_edit
from tanba.web.systems.head import head
from tanba.web.systems.models import System

AREAS = ("safety", "reliability", "fairness")


def at_degree(system: System) -> list[Control]:
    """Those of the system's degree of risk; while several are possible, of each of them."""
    return controls_for(system.risk_levels.split("-") if system.risk_levels else [])


@member()
def page(request: MemberRequest, slug: str) -> HttpResponseBase:
    """All of them by area; `?edit=` opens the form of one."""
    if request.method != "POST":
        wanted = request.GET.get("edit", "")
        system = system_of(request, slug)
        now = newest(system.control_states.filter(control=wanted), "control").get(wanted)
        return _page(request, system, wanted, ControlForm(instance=now))
    system, name = system_to_edit(request, slug), request.POST.get("control", "")
    if name not in known_controls():
        raise Http404
    form = ControlForm(request.POST)
    if not form.is_valid():
        return _page(request, system, name, form, 422)
    _keep(request, system, name, form)
    messages.success(request, say("web.saved"))
    return redirect("risks:controls", request.organisation.pk, slug)


@transaction.atomic
def _keep(request: MemberRequest, system: System, name: str, form: ControlForm) -> None:
    row: ControlState = form.save(commit=False)
    row.system, row.control, row.by = system, name, request.user
    row.save()
    details = {"control": name, "reason": row.reason, "state": row.state, "where": row.where}
    record(request.organisation, "control-state", details, request.user, system)


def _page(request: MemberRequest, system: System, edit: str, form: ControlForm, status: int = 200) -> HttpResponse:
    states = newest(system.control_states, "control")
    shown = at_degree(system)
    areas: list[tuple[str, list[dict[str, Any]]]] = [
        (area, [_row(control, states) for control in shown if control.area == area]) for area in AREAS
    ]
    done = sum(control.id in states for control in shown)
    context = {"areas": areas, "edit": edit, "form": form, "done": done, "total": len(shown), "page": "controls"}
    return render(request, "risks/controls.html", context | head(request, system, "risks"), status=status)


def _row(control: Control, states: dict[str, ControlState]) -> dict[str, Any]:
    return {"control": control, "state": states.get(control.id), "treats": [risks()[name] for name in control.treats]}
