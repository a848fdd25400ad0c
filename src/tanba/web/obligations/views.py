"""Obligations of a system or of the whole organisation: filters, inline editing."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from tanba.web.accounts.access import MemberRequest, member
from tanba.web.obligations.download import offered
from tanba.web.obligations.filters import Filters
from tanba.web.obligations.forms import ArrangeForm
from tanba.web.obligations.listing import edges, in_order, lines, summary
from tanba.web.obligations.models import Obligation
from tanba.web.obligations.sync import recount
from tanba.web.systems.access import in_reach, may_edit, system_of, systems_of
from tanba.web.systems.head import head
from tanba.web.systems.models import System

PAGE = 60


@member(scoped=True)
def everything(request: MemberRequest) -> HttpResponse:
    """Every obligation of the organisation, the nearest dates first."""
    filters = Filters.read(request.GET)
    rows = filters.apply(Obligation.objects.filter(in_reach(request)), request).select_related("system", "assignee")
    return _listed(request, filters, rows, {"counts": summary(systems_of(request)), "system": None})


@member()
def of_system(request: MemberRequest, slug: str) -> HttpResponse:
    """Every obligation of one system."""
    system = system_of(request, slug)
    filters = Filters.read(request.GET)
    rows = in_order(filters.apply(Obligation.objects.filter(system=system), request).select_related("system", "assignee"))
    return _listed(request, filters, rows, head(request, system, "obligations") | {"counts": summary(System.objects.filter(pk=system.pk))})


def _listed(request: MemberRequest, filters: Filters, rows: Any, context: dict[str, Any]) -> HttpResponse:
    first = (filters.page - 1) * PAGE
    found = list(rows[first : first + PAGE + 1])
    context |= {
        "filters": filters,
        "lines": lines(request, found[:PAGE]),
        "previous": filters.query(page=filters.page - 1) if filters.page > 1 else "",
        "next": filters.query(page=filters.page + 1) if len(found) > PAGE else "",
        "toggles": {"late": filters.query(late="" if filters.late else "1"), "show": filters.query(show="" if filters.show else "all")},
        "downloads": offered(request.organisation, filters, context["system"]),
        **edges(),
    }
    return render(request, "obligations/list.html", context)


@member()
def arrange(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Assignee, due date, reminder and remark of one obligation; in its line with htmx, on a page of its own without."""
    row = get_object_or_404(Obligation.objects.select_related("system", "assignee"), pk=pk, system__organisation=request.organisation)
    if not may_edit(request, row.system):
        raise PermissionDenied
    form = ArrangeForm(request.POST or None, instance=row, organisation=request.organisation, auto_id=f"id_{row.pk}_%s")
    if form.is_valid():
        changed = form.save(commit=False)
        changed.due_proposed = changed.due_proposed and "due" not in form.changed_data
        changed.save(update_fields=["assignee", "due", "due_proposed", "remind_on", "remark"])
        recount(System.objects.filter(pk=row.system_id))
        if not request.htmx:
            return redirect("obligations:list", request.organisation.pk, row.system.slug)
        return _line(request, row)
    if request.htmx and request.method == "GET" and "cancel" in request.GET:
        return _line(request, row)
    template = "obligations/_form.html" if request.htmx else "obligations/arrange.html"
    return render(request, template, {"form": form, "line": lines(request, [row])[0], **head(request, row.system, "obligations")})


def _line(request: MemberRequest, row: Obligation) -> HttpResponse:
    context = {"line": lines(request, [row])[0], "system": row.system if "one" in request.GET else None}
    return render(request, "obligations/_line.html", context)
