"""Obligations of a system or of the whole organisation: filters, inline editing, export."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation

from tanba.sheets import write_csv
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.language import current, pick, say
from tanba.web.lawtracker.words import cite, deadline, word
from tanba.web.obligations.filters import Filters
from tanba.web.obligations.forms import ArrangeForm
from tanba.web.obligations.listing import Line, edges, in_order, lines, summary
from tanba.web.obligations.models import Obligation
from tanba.web.obligations.sync import recount
from tanba.web.systems.access import may_edit, system_of
from tanba.web.systems.head import head
from tanba.web.systems.models import System

PAGE = 60


@member()
def everything(request: MemberRequest) -> HttpResponse:
    """Every obligation of the organisation, the nearest dates first."""
    filters = Filters.read(request.GET)
    rows = filters.apply(Obligation.objects.filter(system__organisation=request.organisation), request).select_related("system", "assignee")
    return _listed(request, filters, rows, {"counts": summary(System.objects.filter(organisation=request.organisation)), "system": None})


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
        "export_query": filters.query(system=context["system"].slug if context["system"] else ""),
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


COLUMNS = (
    "system",
    "provision",
    "title",
    "layer",
    "kind",
    "answer",
    "status",
    "assignee",
    "due",
    "due_kind",
    "remind_on",
    "deadline",
    "remark",
    "id",
)


@member()
def export(request: MemberRequest) -> StreamingHttpResponse:
    """The list as CSV, with the same filters, in the language of the page. Cells cannot be read as formulas."""
    filters = Filters.read(request.GET)
    rows = filters.apply(Obligation.objects.filter(system__organisation=request.organisation), request)
    if filters.system:
        rows = rows.filter(system__slug=filters.system)
    found = rows.select_related("system", "assignee")
    language = current()

    def table() -> Iterator[Sequence[str]]:
        yield [say(f"obligations.column_{name}") for name in COLUMNS]
        for line in lines(request, found.iterator(500)):
            yield _cells(line)
        yield [say("words.disclaimer")]

    def written() -> Iterator[str]:
        with translation.override(language):  # the middleware's override has ended by the time this runs
            yield from write_csv(table())

    name = f"obligations-{filters.system or 'all'}-{timezone.localdate().isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(written(), content_type="text/csv; charset=utf-8", headers=headers)


def _cells(line: Line) -> list[str]:
    row = line.row
    due_kind = say("obligations.proposed" if row.due_proposed else "obligations.set_by_person") if row.due else ""
    dates = [row.due.isoformat() if row.due else "", due_kind, row.remind_on.isoformat() if row.remind_on else ""]
    return [
        str(row.system),
        cite(row.path),
        pick(line.title),
        word("layer", row.layer),
        word("kind", row.kind),
        word("answer", row.answer),
        say(f"obligations.status_{row.status}"),
        str(row.assignee or ""),
        *dates,
        deadline(line.deadline),
        row.remark,
        row.provision,
    ]
