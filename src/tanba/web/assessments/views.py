"""The assessment page, its history, and the difference between two assessments."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from tanba.web.accounts.access import MemberRequest, member
from tanba.web.assessments import present
from tanba.web.assessments.diff import difference
from tanba.web.assessments.models import OVERRIDABLE, Assessment
from tanba.web.assessments.run import reassess, similar
from tanba.web.audits.reach import alone
from tanba.web.language import say
from tanba.web.obligations.models import Obligation
from tanba.web.systems.access import system_of, system_to_edit
from tanba.web.systems.head import head
from tanba.web.systems.models import System


@member()
def show(request: MemberRequest, slug: str) -> HttpResponse:
    """The newest assessment, or the way to a first one."""
    system = system_of(request, slug)
    newest = system.assessments.select_related("by").first()
    if newest is None:
        return render(request, "assessments/none.html", head(request, system, "assessment"))
    return _page(request, system, newest, current=True)


@member()
def past(request: MemberRequest, slug: str, pk: UUID) -> HttpResponse:
    """One assessment as it was made."""
    system = system_of(request, slug)
    chosen = get_object_or_404(system.assessments.select_related("by"), pk=pk)
    newest = system.assessments.values_list("pk", flat=True).first()
    return _page(request, system, chosen, current=chosen.pk == newest)


def _page(request: MemberRequest, system: System, assessment: Assessment, current: bool) -> HttpResponse:
    if request.GET.get("format") == "json":
        return HttpResponse(assessment.written if request.reach is None else alone(assessment.report), content_type="application/json")
    report = assessment.report
    rows = {row.path: row for row in Obligation.objects.filter(system=system, active=True).select_related("assignee")} if current else {}
    overrides = list(system.overrides.select_related("author", "approver"))
    context = {
        **head(request, system, "assessment"),
        **present.page(report, overrides, rows, _peers(request, system, report) if current else ()),
        "assessment": assessment,
        "report": report,
        "current": current,
        "overrides": overrides,
        "axes_to_override": _overridable(report, overrides),
        "stale": current and _stale(report, rows, system, assessment),
        "suggested": len(system.suggested()) if current else 0,
        "may_decide": request.membership.manages,
        "typed": request.session.pop("override_typed", None) if current else None,
    }
    return render(request, "assessments/show.html", context)


def _peers(request: MemberRequest, system: System, report: dict[str, Any]) -> list[tuple[str, str]]:
    """Similar systems that this member may see."""
    return similar(system, report["facts"].get("use_case", {}).get("value"), request.reach)


def _overridable(report: dict[str, Any], overrides: list[Any]) -> list[dict[str, Any]]:
    """Axes without a waiting proposal, each with all its levels."""
    waiting = {override.axis for override in overrides if override.state == "waiting"}
    return [scale for scale in present.scales(report, ()) if scale["name"] in OVERRIDABLE and scale["name"] not in waiting]


def _stale(report: dict[str, Any], rows: dict[str, Obligation], system: System, assessment: Assessment) -> bool:
    """House policy or facts changed since: the rows say another layer, or a confirmed answer is younger than the assessment."""
    layers = any(entry["path"] in rows and rows[entry["path"]].layer != entry["layer"] for entry in report["provisions"])
    return layers or system.fact_rows.filter(confirmed=True, at__gt=assessment.at).exists()


@require_POST
@member()
def again(request: MemberRequest, slug: str) -> HttpResponse:
    """Assess with today's law, facts and house policy."""
    system = system_to_edit(request, slug)
    reassess(system, request.user)
    messages.success(request, say("assessments.assessed_now"))
    return redirect("assessments:show", request.organisation.pk, slug)


@member()
def history(request: MemberRequest, slug: str) -> HttpResponse:
    """Every assessment kept, newest first, with what its headline said."""
    system = system_of(request, slug)
    kept = list(system.assessments.select_related("by")[:200])
    older = [*(a.headline for a in kept[1:]), None]
    entries = [{"a": a, "axes": _axes_in_words(a), "changed": was not in (None, a.headline)} for a, was in zip(kept, older, strict=True)]
    overrides = system.overrides.select_related("author", "approver")
    return render(request, "assessments/history.html", {**head(request, system, "history"), "entries": entries, "overrides": overrides})


def _axes_in_words(assessment: Assessment) -> list[tuple[str, str]]:
    return [(name, present.levels_in_words(name, levels)) for name, levels in assessment.headline["axes"].items()]


@member()
def compare(request: MemberRequest, slug: str) -> HttpResponse:
    """The difference between two assessments, the older one first."""
    system = system_of(request, slug)
    try:
        chosen = {UUID(request.GET.get(side, "")) for side in ("a", "b")}
    except ValueError:
        raise Http404 from None
    pair = sorted(system.assessments.filter(pk__in=chosen).select_related("by"), key=lambda a: (a.at, a.pk))
    if len(pair) != 2:
        messages.warning(request, say("assessments.choose_two"))
        return redirect("assessments:history", request.organisation.pk, slug)
    found = difference(pair[0].report, pair[1].report)
    found["axes"].sort(key=lambda axis: present.AXES.index(axis["name"]))
    for axis in found["axes"]:
        axis |= {side: present.levels_in_words(axis["name"], axis[side]) for side in ("before", "after")}
    context = {**head(request, system, "history"), "before": pair[0], "after": pair[1], "diff": found, "same": not any(found.values())}
    return render(request, "assessments/compare.html", context)
