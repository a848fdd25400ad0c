"""The page of a system's stop (art. 18(2)): stop at once, ask for the restart, sign it off, decide on a found prohibition."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from tanba.errors import TanbaError
from tanba.law.load import load
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.accounts.models import MANAGERS
from tanba.web.documents import letters
from tanba.web.faces.suspensions import suspensions
from tanba.web.incidents import papers, stops
from tanba.web.incidents.forms import ReasonForm
from tanba.web.incidents.models import Incident, Restart, StopRecord
from tanba.web.language import say, told
from tanba.web.systems.access import may_edit, system_of, system_to_edit
from tanba.web.systems.head import head
from tanba.web.systems.models import System


@member()
def stop(request: MemberRequest, slug: str) -> HttpResponseBase:
    """The page; sent, the stop itself. Whoever may change the system may stop it."""
    if letters.asked(request):
        return _order(request, system_of(request, slug))
    if request.method != "POST":
        return _page(request, system_of(request, slug))
    system = system_to_edit(request, slug)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, system, form, 422)
    number = request.POST.get("incident", "")
    incident = Incident.objects.filter(organisation=request.organisation, number=number).first() if number.isdecimal() else None
    _tried(request, lambda: stops.suspend(system, form.cleaned_data["reason"], request.user, incident), "incidents.stopped_now")
    if incident:
        return redirect("incidents:show", request.organisation.pk, incident.number)
    return redirect("incidents:stop", request.organisation.pk, slug)


def _order(request: MemberRequest, system: System) -> HttpResponse:
    """The order to suspend or to restart as a file. Raises Http404."""
    if (name := request.GET.get("document", "")) not in papers.ORDERS:
        raise Http404
    return letters.download(request, name, lambda: papers.of_stop(system), f"{system.slug}-{name}")


@require_POST
@member(*MANAGERS)
def restart(request: MemberRequest, slug: str) -> HttpResponseBase:
    """Ask for the restart with a reason, or sign off what another person asked for."""
    system = system_of(request, slug)
    asked = Restart.objects.select_related("system__organisation", "asked_by").filter(system=system, signed_at=None).first()
    if asked:
        if not stops.may_sign(asked, request.user):
            raise PermissionDenied
        _tried(request, lambda: stops.sign_restart(asked, request.user), "incidents.restarted_now")
        return redirect("incidents:stop", request.organisation.pk, slug)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, system, form, 422)
    said = "incidents.restart_asked" if request.organisation.four_eyes else "incidents.restarted_now"
    if suspensions().stopped(request.organisation.bin, slug):
        _tried(request, lambda: stops.ask_restart(system, form.cleaned_data["reason"], request.user), said)
    elif suspensions().stopped("", slug):
        messages.error(request, say("incidents.stopped_for_all", system=slug))
    return redirect("incidents:stop", request.organisation.pk, slug)


@require_POST
@member(*MANAGERS)
def decide_record(request: MemberRequest, slug: str, pk: UUID) -> HttpResponseBase:
    """The officer's decision on a found prohibition: stop, or other measures and why they suffice."""
    system = system_of(request, slug)
    row = get_object_or_404(StopRecord.objects.select_related("system__organisation"), pk=pk, system=system)
    form, decision = ReasonForm(request.POST, auto_id="decide_%s"), request.POST.get("decision", "")
    if not form.is_valid() or decision not in ("stop", "other"):
        return _page(request, system, status=422, decide_form=form)
    _tried(request, lambda: stops.decide(row, decision, form.cleaned_data["reason"], request.user), "incidents.decided")
    return redirect("incidents:stop", request.organisation.pk, slug)


def _tried(request: MemberRequest, act: Any, done: str) -> None:
    """Trouble is said, and nothing else happens."""
    try:
        act()
    except TanbaError as error:
        messages.error(request, ". ".join(filter(None, told(error))))
    else:
        messages.success(request, say(done))


def _page(request: MemberRequest, system: System, form: ReasonForm | None = None, status: int = 200, **forms: ReasonForm) -> HttpResponse:
    trouble = None
    history: list[Any] = []
    try:
        acts = suspensions().history(system.organisation.bin, system.slug, 50)
        history = [(datetime.fromisoformat(act.time), act) for act in acts]
    except TanbaError as error:
        trouble = told(error)
    asked = Restart.objects.select_related("system__organisation", "asked_by").filter(system=system, signed_at=None).first()
    manages = request.membership.manages
    context = {
        "form": form or ReasonForm(),
        "decide_form": ReasonForm(auto_id="decide_%s"),
        "history": history,
        "orders": papers.ORDERS if history else (),
        "trouble": trouble,
        "records": [(row, [_title(path) for path in row.capabilities]) for row in system.stop_records.select_related("decided_by")],
        "asked": asked,
        "may_stop": may_edit(request, system),
        "may_restart": manages,
        "may_sign": bool(asked and manages and stops.may_sign(asked, request.user)),
    }
    return render(request, "incidents/stop.html", context | forms | head(request, system, "stop"), status=status)


def _title(path: str) -> tuple[str, Any]:
    editions = load("kz").editions(path)
    return path, editions[-1].title if editions else path
