"""The checklist of one system with the auditor's verdicts, and findings: made by the auditor, answered by the company."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from tanba.errors import TanbaError
from tanba.state.audit import Further, late, possible
from tanba.state.checklist import Item, checklist, gaps
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.audits import desk
from tanba.web.audits.forms import AnswerForm, CheckForm, FindingForm, called
from tanba.web.audits.models import Engagement, Finding
from tanba.web.audits.reach import seat_of
from tanba.web.audits.views import engagement_of
from tanba.web.evidence.models import Artifact, Evidence
from tanba.web.language import say, told
from tanba.web.systems.access import may_edit, system_of
from tanba.web.systems.models import Part, System


def system_in(request: MemberRequest, row: Engagement, slug: str) -> System:
    """A system of the engagement that this member may see. Raises Http404."""
    system = system_of(request, slug)
    if not row.systems.filter(pk=system.pk).exists():
        raise Http404
    return system


def items_of(row: Engagement, system: System) -> list[Item]:
    """The checklist as the facts stand now; empty as long as the system was never assessed."""
    newest = system.assessments.first()
    if newest is None:
        return []
    libraries = [part.details for part in system.parts.filter(kind=Part.Kind.DATA_LIBRARY).order_by("id")]
    further = [Further(each["id"], each["text"]) for each in row.further]
    return checklist(newest.report, libraries, evidence_of(system), further)


def evidence_of(system: System) -> dict[str, list[Artifact]]:
    """{path: artifacts that count today}."""
    found: dict[str, list[Artifact]] = {}
    rows = Evidence.objects.valid().filter(obligation__system=system, artifact__system=system).select_related("artifact", "obligation")
    for each in rows.order_by("id"):
        found.setdefault(each.obligation.path, []).append(each.artifact)
    return found


@member(changes=False, scoped=True)
def checks(request: MemberRequest, pk: UUID, slug: str) -> HttpResponseBase:
    """The two checks of art. 20 with what the facts say; sent by the auditor, a verdict."""
    row = engagement_of(request, pk)
    system = system_in(request, row, slug)
    if request.method != "POST":
        return _checks(request, row, system, None)
    if not seat_of(request, row):
        raise PermissionDenied
    form = CheckForm(request.POST, system=system)
    if form.is_valid() and form.cleaned_data["item"] in keys(items_of(row, system)):
        desk.judge(row, system, {**form.cleaned_data, "evidence": form.referred()}, request.user)
        messages.success(request, say("audits.judged_now"))
        return redirect("audits:checks", request.organisation.pk, pk, slug)
    return _checks(request, row, system, form)


def keys(items: Iterable[Item]) -> set[str]:
    """What a verdict may be given on: items, and elements of capabilities."""
    return {key for item in items for key in (item.key, *(point.key for point in item.points)) if key}


def _checks(request: MemberRequest, row: Engagement, system: System, sent: CheckForm | None) -> HttpResponse:
    items, verdicts = items_of(row, system), desk.newest(row, system)
    names = names_of(system, [ref for each in verdicts.values() for ref in each.content["evidence"]])
    audits = seat_of(request, row)

    def form(key: str) -> CheckForm | None:
        if not audits:
            return None
        if sent and sent.data.get("item") == key:
            return sent
        known = verdicts.get(key)
        return CheckForm(system=system, auto_id=f"{len(key)}-{key}-%s", initial={"item": key, **(known.content if known else {})})

    def line(key: str) -> dict[str, Any]:
        check = verdicts.get(key)
        return {"check": check, "evidence": [names(ref) for ref in check.content["evidence"]] if check else [], "form": form(key)}

    shown = [
        {"item": item, **line(item.key), "points": [{"point": point, **(line(point.key) if point.key else {})} for point in item.points]}
        for item in items
    ]
    groups = [(name, [each for each in shown if each["item"].check == name]) for name in ("data", "prohibited", "further")]
    context = {
        "row": row,
        "system": system,
        "groups": groups,
        "gaps": len(gaps(items)),
        "audits": audits,
        "open": sent.data.get("item") if sent else "",
        "past": row.checks.filter(system=system).count() - len(verdicts),
    }
    return render(request, "audits/checks.html", context, status=422 if sent else 200)


def names_of(system: System, refs: Iterable[str]) -> Any:
    """A function from a reference to {name, artifact}: artifacts of this system by name, all else as it is written."""
    known = {str(each.pk): each for each in system.artifacts.filter(pk__in=[ref for ref in refs if desk.is_id(ref)])}
    return lambda ref: {"name": called(known[ref]) if ref in known else ref, "artifact": known.get(ref)}


@member(changes=False, scoped=True)
def new(request: MemberRequest, pk: UUID, slug: str) -> HttpResponseBase:
    """A new finding, by the auditor."""
    row = engagement_of(request, pk)
    system = system_in(request, row, slug)
    if not seat_of(request, row):
        raise PermissionDenied
    form = FindingForm(request.POST or None, system=system, initial={"provision": request.GET.get("provision", "")})
    if form.is_valid():
        made = desk.find(row, system, form.content(), request.user)
        messages.success(request, say("audits.found_now", number=made.number))
        return redirect("audits:finding", request.organisation.pk, pk, made.number)
    return render(request, "audits/new_finding.html", {"form": form, "row": row, "system": system}, status=422 if form.errors else 200)


@member(changes=False, scoped=True)
def finding(request: MemberRequest, pk: UUID, number: int) -> HttpResponseBase:
    """One finding with its steps; sent, the next step of whoever's turn it is."""
    row = engagement_of(request, pk)
    found = get_object_or_404(row.findings.select_related("system__organisation", "system__owner", "engagement"), number=number)
    system_of(request, found.system.slug)  # of a system that this member may see
    side = _side(request, found)
    if request.method != "POST":
        return _finding(request, found, side, None)
    if not side or request.POST.get("act") not in possible(desk.value(found).state, side):
        raise PermissionDenied
    change = request.POST["act"] == "change"
    form = _form(found, request.POST["act"], side, request.POST, request.FILES)
    if form.is_valid():
        try:
            desk.act(found, side, _values(request, found, form, change), request.user)
        except TanbaError as error:
            form.add_error(None, " ".join(told(error)))
        else:
            messages.success(request, say("audits.done_now"))
            return redirect("audits:finding", request.organisation.pk, pk, number)
    return _finding(request, found, side, form)


def _side(request: MemberRequest, found: Finding) -> str:
    """`auditor`, `company` or empty: nobody is both."""
    if seat_of(request, found.engagement):
        return "auditor"
    return "company" if may_edit(request, found.system) and not found.engagement.closed_at else ""


def _form(found: Finding, act: str, side: str, data: Any = None, files: Any = None) -> Any:
    if act == "change":
        return FindingForm(data, system=found.system, content=desk.value(found).says, auto_id=f"{act}-%s")
    return AnswerForm(data, files, system=found.system, side=side, auto_id=f"{act}-%s")


def _values(request: MemberRequest, found: Finding, form: Any, change: bool) -> dict[str, Any]:
    act = request.POST["act"]
    if change:
        return {"act": act, "changed": form.content()}
    evidence = form.referred()
    if file := form.cleaned_data.get("file"):
        evidence.append(str(desk.attach(found.system, file, request.user).pk))
    return {"act": act, "evidence": evidence, "text": form.cleaned_data["text"]}


def _finding(request: MemberRequest, found: Finding, side: str, sent: Any) -> HttpResponse:
    value, steps = desk.value(found), list(found.steps.select_related("by", "artifact"))
    names = names_of(found.system, [ref for step in steps for ref in step.content["evidence"]])
    acts = possible(value.state, side) if side else []
    act = request.POST.get("act", "")
    context = {
        "row": found.engagement,
        "finding": found,
        "value": value,
        "evidence": [names(ref) for ref in value.says.evidence],
        "steps": [{"step": step, "evidence": [names(ref) for ref in step.content["evidence"]]} for step in steps],
        "late": late(value, timezone.localdate()),
        "side": side,
        "forms": [(each, sent if sent and each == act else _form(found, each, side), each == act) for each in acts],
        "turn": "auditor" if value.state == "answered" else "company" if value.state in ("open", "returned") else "",
    }
    return render(request, "audits/finding.html", context, status=422 if sent else 200)
