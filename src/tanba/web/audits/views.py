"""Pages of audits: the list, an engagement with its seats and its log."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tanba.digest import canonical_json
from tanba.errors import InputError
from tanba.state.audit import late
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.accounts.links import invitation_path
from tanba.web.accounts.models import MANAGERS
from tanba.web.audits import desk
from tanba.web.audits.forms import EndsForm, EngagementForm, SeatForm
from tanba.web.audits.models import Engagement, Finding, Seat
from tanba.web.audits.reach import seat_of, visible
from tanba.web.language import say, told
from tanba.web.narrowing import page_number
from tanba.web.systems.access import systems_of

SHOWN = 15
"""Lines of the log beside an engagement."""

PAGE = 100


@require_safe
@member(scoped=True)
def listed(request: MemberRequest) -> HttpResponseBase:
    """Engagements that this member may see, the newest first."""
    rows = visible(request).prefetch_related("systems", "findings__steps", "findings__system")
    shown = [{"row": row, "findings": len(values := _values(row)), "late": _late(values), "open": _open(values)} for row in rows]
    context = {"rows": shown, "manages": request.membership.manages}
    return render(request, "audits/list.html", context)


def _values(row: Engagement) -> list[Any]:
    return [desk.value(each) for each in row.findings.all()]


def _open(values: list[Any]) -> int:
    return sum(each.state not in ("closed", "withdrawn") for each in values)


def _late(values: list[Any]) -> int:
    today = timezone.localdate()
    return sum(late(each, today) for each in values)


@member(*MANAGERS)
def new(request: MemberRequest) -> HttpResponseBase:
    """Open an engagement."""
    form = EngagementForm(request.POST or None, systems=systems_of(request).exclude(state="rejected").order_by("slug"))
    if form.is_valid():
        values = dict(form.cleaned_data)
        systems = values.pop("systems")
        try:
            row = desk.begin(request.organisation, values, systems, request.user)
        except InputError as error:
            form.add_error("ends", " ".join(told(error)))
        else:
            messages.success(request, say("audits.opened_now"))
            return redirect("audits:show", request.organisation.pk, row.pk)
    return render(request, "audits/new.html", {"form": form}, status=422 if form.errors else 200)


def engagement_of(request: MemberRequest, pk: UUID) -> Engagement:
    """One that this member may see. Raises Http404."""
    return get_object_or_404(visible(request).select_related("organisation", "by", "closed_by"), pk=pk)


@require_safe
@member(scoped=True)
def show(request: MemberRequest, pk: UUID) -> HttpResponseBase:
    """Everything about an engagement."""
    return _page(request, engagement_of(request, pk), SeatForm(), EndsForm())


def _page(request: MemberRequest, row: Engagement, seat: SeatForm, ends: EndsForm, status: int = 200) -> HttpResponse:
    manages, today = request.membership.manages, timezone.localdate()
    rows = list(row.findings.select_related("system").prefetch_related("steps__by"))
    findings = [{"row": each, "value": value, "late": late(value, today)} for each in rows for value in [desk.value(each)]]
    context = {
        "row": row,
        "findings": findings,
        "systems": [_summary(row, system, rows) for system in row.systems.order_by("slug")],
        "seats": _seats(request, row) if manages else [],
        "openings": row.openings.select_related("user", "system", "artifact")[:SHOWN],
        "opened": row.openings.count(),
        "manages": manages,
        "audits": seat_of(request, row),
        "seat": seat,
        "ends": ends,
        "live": row.state in ("before", "running"),
    }
    return render(request, "audits/show.html", context, status=status)


def _summary(row: Engagement, system: Any, findings: list[Finding]) -> dict[str, Any]:
    verdicts = [each.content["verdict"] for each in desk.newest(row, system).values()]
    counts = {name: verdicts.count(name) for name in ("agrees", "disagrees", "not_checked")}
    return {"system": system, "counts": counts, "findings": sum(each.system_id == system.pk for each in findings)}


def _seats(request: MemberRequest, row: Engagement) -> list[dict[str, Any]]:
    """Who sits there: by name once they came, else with the link that lets them in."""
    members = {each.user.email: each.user for each in row.organisation.memberships.filter(role="auditor").select_related("user")}
    return [
        {
            "seat": seat,
            "person": members.get(seat.email),
            "link": "" if seat.email in members else _link(request, seat),
        }
        for seat in row.seats.select_related("invitation")
    ]


def _link(request: MemberRequest, seat: Seat) -> str:
    invitation = seat.invitation
    if invitation is None or seat.ended_at or invitation.accepted_at or invitation.expires < timezone.now():
        return ""
    return request.build_absolute_uri(invitation_path(invitation))


@require_POST
@member(*MANAGERS)
def seat(request: MemberRequest, pk: UUID) -> HttpResponseBase:
    """Invite somebody, or again; the link is shown, to be sent by any means."""
    row, form = engagement_of(request, pk), SeatForm(request.POST)
    if row.state not in ("before", "running"):
        raise PermissionDenied
    if form.is_valid():
        try:
            desk.invite(row, form.cleaned_data["email"], request.user)
        except InputError as error:
            form.add_error("email", " ".join(told(error)))
        else:
            messages.success(request, say("audits.invited", email=form.cleaned_data["email"]))
            return redirect("audits:show", request.organisation.pk, pk)
    return _page(request, row, form, EndsForm(), 422)


@require_POST
@member(*MANAGERS)
def unseat(request: MemberRequest, pk: UUID, seat: UUID) -> HttpResponseBase:
    """End one person's access at once."""
    found = get_object_or_404(Seat.objects.select_related("engagement__organisation"), pk=seat, engagement=engagement_of(request, pk))
    desk.unseat(found)
    messages.success(request, say("audits.unseated", email=found.email))
    return redirect("audits:show", request.organisation.pk, pk)


@require_POST
@member(*MANAGERS)
def change(request: MemberRequest, pk: UUID) -> HttpResponseBase:
    """Another last day, or the end now."""
    row = engagement_of(request, pk)
    if row.closed_at:
        raise PermissionDenied
    if "close" in request.POST:
        desk.close(row, request.user)
        messages.success(request, say("audits.closed_now"))
        return redirect("audits:show", request.organisation.pk, pk)
    form = EndsForm(request.POST)
    if form.is_valid():
        try:
            desk.extend(row, form.cleaned_data["ends"], request.user)
        except InputError as error:
            form.add_error("ends", " ".join(told(error)))
        else:
            messages.success(request, say("web.saved"))
            return redirect("audits:show", request.organisation.pk, pk)
    return _page(request, row, SeatForm(), form, 422)


@require_safe
@member(scoped=True)
def log(request: MemberRequest, pk: UUID) -> HttpResponseBase:
    """What auditors opened and took away; with `format=json` all of it, as it is sealed at the end."""
    row = engagement_of(request, pk)
    if request.GET.get("format") == "json":
        content = canonical_json({"engagement": row.number, "openings": desk.openings(row), "schema": "tanba.audit-log/1"})
        headers = {"Content-Disposition": f'attachment; filename="audit-{row.number}-log.json"'}
        return HttpResponse(content, content_type="application/json", headers=headers)
    page, rows = page_number(request.GET, 4), row.openings.select_related("user", "system", "artifact")
    found = list(rows[PAGE * (page - 1) : PAGE * page + 1])
    context = {"row": row, "openings": found[:PAGE], "page": page, "more": len(found) > PAGE, "opened": rows.count()}
    return render(request, "audits/log.html", context)
