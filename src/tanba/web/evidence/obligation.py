"""Evidence for one obligation: put forward, withdrawn, and accepted by a reviewer against the provision's listed criteria."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from tanba.errors import TanbaError
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.accounts.models import MANAGERS
from tanba.web.evidence import outbox
from tanba.web.evidence.forms import AcceptanceForm, EvidenceForm
from tanba.web.evidence.models import Acceptance, Evidence
from tanba.web.evidence.status import UNREAD, settle
from tanba.web.language import say, told
from tanba.web.obligations.listing import Line, lines
from tanba.web.obligations.models import Obligation
from tanba.web.systems.access import in_reach, may_edit
from tanba.web.systems.head import head
from tanba.web.systems.models import System
from tanba.web.templatetags import day

NEVER = ("proof.not_unread", "proof.not_reviewer", "proof.not_own")
"""Why somebody cannot accept, whatever was on the page before."""


@member(scoped=True)
def evidence(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The page of one obligation: criteria, evidence, acceptance. Who may edit the system puts files forward."""
    row = get_object_or_404(_rows(request), pk=pk)
    request.opened = row.system
    form = EvidenceForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        if not may_edit(request, row.system):
            raise PermissionDenied
        if form.is_valid() and _put_forward(request, row, form):
            return redirect("evidence:obligation", request.organisation.pk, pk)
    return _page(request, row, form, None, status=422 if form.errors else 200)


def _rows(request: MemberRequest) -> "QuerySet[Obligation]":
    return Obligation.objects.select_related("system__organisation", "assignee").filter(in_reach(request))


def _put_forward(request: MemberRequest, row: Obligation, form: EvidenceForm) -> bool:
    data, file = form.cleaned_data, form.cleaned_data["file"]
    try:
        artifact = outbox.upload(row.system, "upload", file.name, file.read(), request.user)
    except TanbaError as error:
        form.add_error("file", told(error)[0])
        return False
    with transaction.atomic():
        artifact.save()
        Evidence.objects.create(obligation=row, artifact=artifact, description=data["description"], expires=data["expires"])
    messages.success(request, say("proof.put_forward"))
    return True


def _page(
    request: MemberRequest, row: Obligation, form: EvidenceForm, acceptance: AcceptanceForm | None, status: int = 200
) -> HttpResponse:
    line = lines(request, [row])[0]
    valid = _acceptable(row)
    acceptances = list(row.acceptances.select_related("reviewer", "artifact").prefetch_related("evidence__artifact"))
    holding = set(row.acceptances.holding().values_list("pk", flat=True))
    why_not = _why_not(request, row, line, valid)
    context: dict[str, Any] = {
        "line": line,
        "row": row,
        "criteria": _criteria(line),
        "all": list(row.evidence.select_related("artifact__by", "withdrawn_by")),
        "acceptances": acceptances,
        "holding": holding,
        "valid": {each.pk for each in valid},
        "form": form if may_edit(request, row.system) else None,
        "why_not": why_not,
        "acceptance": None if why_not else acceptance or AcceptanceForm(criteria=_criteria(line)),
    }
    artifacts = [each.artifact for each in (*context["all"], *acceptances)]
    context["sealing"] = any(not artifact.is_sealed for artifact in artifacts)
    context["next"] = _next(context, [each for each in acceptances if each.pk in holding])
    return render(request, "evidence/obligation.html", context | head(request, row.system, "obligations"), status=status)


def _next(context: dict[str, Any], holding: list[Acceptance]) -> str:
    """What to do next, or how long what was done holds; empty where this person can do nothing about it."""
    if context["sealing"]:
        problem = outbox.trouble()
        return told(problem)[0] if problem else say("proof.next_sealing")
    if context["row"].status == Obligation.Status.MET:
        ends = [min((one.expires for one in each.evidence.all() if one.expires), default=None) for each in holding]
        until = max((end for end in ends if end), default=None)
        return say("proof.next_met") if until is None or None in ends else say("proof.next_met_until", day=day(until))
    if not context["valid"]:
        return say("proof.next_put") if context["form"] else ""
    key = {"": "proof.next_accept", "proof.not_reviewer": "proof.next_reviewer", "proof.not_own": "proof.not_own"}.get(context["why_not"])
    return say(key) if key else ""


def _criteria(line: Line) -> list[dict[str, Any]]:
    """[{kind, accept, page}] as the provision lists them; `page` is where the register itself makes such evidence, or empty."""
    written = line.provision.evidence if line.provision else ()
    return [{**each, "page": _page_of(line.row.system, each["kind"])} for each in written]


PAGES = {
    **dict.fromkeys(("risk-register", "risk-assessment", "risk-measures", "risk-refresh"), ("risks:register",)),
    "pilot-plan": ("state:one", "pilot"),
    "trusted-list-application": ("state:one", "trusted-list"),
    **dict.fromkeys(("appointment-order", "security-dossier", "penetration-test-report"), ("state:one", "security")),
    "security-requirements-report": ("state:one", "security"),
}
"""Kinds of evidence that a page of a system makes: its address, and what that takes beside the system."""


def _page_of(system: System, kind: str) -> str:
    name, *more = PAGES.get(kind, ("",))
    return reverse(name, args=[system.organisation_id, system.slug, *more]) if name else ""


def _acceptable(row: Obligation) -> list[Evidence]:
    return list(row.evidence.valid().select_related("artifact"))


def _why_not(request: MemberRequest, row: Obligation, line: Line, valid: list[Evidence]) -> str:
    """Why this person cannot accept now, as a key of the catalogue; empty where acceptance is possible."""
    if row.layer in UNREAD:
        return "proof.not_unread"
    if not request.membership.manages:
        return "proof.not_reviewer"
    if not (row.active and row.answer == "applies" and _criteria(line)):
        return "proof.not_owed"
    if not valid:
        return "proof.not_evidenced"
    if request.organisation.four_eyes and any(each.artifact.by_id == request.user.pk for each in valid):
        return "proof.not_own"
    if any({one.pk for one in each.evidence.all()} == {one.pk for one in valid} for each in row.acceptances.standing()):
        return "proof.accepted_already"
    return ""


@require_POST
@member(*MANAGERS)
@transaction.atomic
def accept(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Hold the valid evidence against the criteria; the acceptance is sealed and names what was accepted."""
    row = get_object_or_404(_rows(request).select_for_update(of=("self",)), pk=pk)
    line, valid = lines(request, [row])[0], _acceptable(row)
    if why := _why_not(request, row, line, valid):
        return _stale(request, pk, why)
    if set(request.POST.getlist("evidence")) != {str(each.pk) for each in valid}:
        return _stale(request, pk, "proof.changed_meanwhile")
    form = AcceptanceForm(request.POST, criteria=_criteria(line))
    if not form.is_valid():
        return _page(request, row, EvidenceForm(), form, status=422)
    _accepted(request, row, line, valid, form.cleaned_data["remark"])
    messages.success(request, say("proof.accepted_now"))
    return redirect("evidence:obligation", request.organisation.pk, pk)


def _stale(request: MemberRequest, pk: UUID, why: str) -> HttpResponse:
    """The page offered no acceptance, or somebody was faster: said, and nothing is recorded."""
    if why in NEVER:
        raise PermissionDenied
    messages.warning(request, say(why))
    return redirect("evidence:obligation", request.organisation.pk, pk)


def _accepted(request: MemberRequest, row: Obligation, line: Line, valid: list[Evidence], remark: str) -> None:
    details = {
        "criteria": [{"accept": dict(each["accept"]), "kind": each["kind"]} for each in _criteria(line)],
        "evidence": [str(each.artifact_id) for each in valid],
        "provision": row.provision,
        "remark": remark,
    }
    artifact = outbox.record(request.organisation, "acceptance", details, request.user, row.system)
    made = Acceptance.objects.create(obligation=row, provision=row.provision, artifact=artifact, reviewer=request.user, remark=remark)
    made.evidence.set(valid)


@require_POST
@member()
def withdraw(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take evidence back; the status falls back at once."""
    rows = Evidence.objects.select_related("obligation__system__organisation", "artifact")
    row = get_object_or_404(rows, pk=pk, obligation__system__organisation=request.organisation)
    system = row.obligation.system
    if not may_edit(request, system):
        raise PermissionDenied
    with transaction.atomic():
        standing = Evidence.objects.filter(pk=pk, withdrawn_at=None)
        if standing.update(withdrawn_at=timezone.now(), withdrawn_by=request.user):
            details = {"artifact": str(row.artifact_id), "provision": row.obligation.provision}
            outbox.record(request.organisation, "evidence-withdrawal", details, request.user, system)
            settle({system.pk})
    messages.success(request, say("proof.withdrawn_now"))
    return redirect("evidence:obligation", request.organisation.pk, row.obligation_id)
