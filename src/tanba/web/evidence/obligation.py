"""Evidence for one obligation: put forward, withdrawn, and accepted by a reviewer against the provision's listed criteria."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from tanba.errors import TanbaError
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.accounts.models import Role
from tanba.web.evidence import outbox
from tanba.web.evidence.forms import AcceptanceForm, EvidenceForm
from tanba.web.evidence.models import Acceptance, Evidence
from tanba.web.evidence.status import UNREAD, settle
from tanba.web.language import say, told
from tanba.web.obligations.listing import Line, lines
from tanba.web.obligations.models import Obligation
from tanba.web.systems.access import may_edit
from tanba.web.systems.head import head

REVIEWERS = (Role.ADMINISTRATOR, Role.COMPLIANCE)


@member()
def evidence(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The page of one obligation: criteria, evidence, acceptance. Who may edit the system puts files forward."""
    row = _row(request, pk)
    form = EvidenceForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        if not may_edit(request, row.system):
            raise PermissionDenied
        if form.is_valid() and _put_forward(request, row, form):
            return redirect("evidence:obligation", request.organisation.pk, pk)
    return _page(request, row, form, None)


def _row(request: MemberRequest, pk: UUID) -> Obligation:
    rows = Obligation.objects.select_related("system__organisation", "assignee")
    return get_object_or_404(rows, pk=pk, system__organisation=request.organisation)


def _put_forward(request: MemberRequest, row: Obligation, form: EvidenceForm) -> bool:
    data, file = form.cleaned_data, form.cleaned_data["file"]
    try:
        with transaction.atomic():
            name, kind = outbox.safe_name(file.name), "application/octet-stream"
            artifact = outbox.seal_upload(row.system, "upload", name, kind, file.read(), request.user)
            Evidence.objects.create(obligation=row, artifact=artifact, description=data["description"], expires=data["expires"])
    except TanbaError as error:
        form.add_error("file", told(error)[0])
        return False
    messages.success(request, say("proof.put_forward"))
    return True


def _page(
    request: MemberRequest, row: Obligation, form: EvidenceForm, acceptance: AcceptanceForm | None, status: int = 200
) -> HttpResponse:
    line = lines(request, [row])[0]
    valid = _acceptable(row)
    context: dict[str, Any] = {
        "line": line,
        "row": row,
        "criteria": _criteria(line),
        "all": row.evidence.select_related("artifact__by", "withdrawn_by"),
        "acceptances": row.acceptances.select_related("reviewer", "artifact").prefetch_related("evidence__artifact"),
        "holding": set(row.acceptances.holding().values_list("pk", flat=True)),
        "valid": {each.pk for each in valid},
        "form": form if may_edit(request, row.system) else None,
        "why_not": _why_not(request, row, line, valid),
    }
    if not context["why_not"]:
        context["acceptance"] = acceptance or AcceptanceForm(criteria=context["criteria"])
    return render(request, "evidence/obligation.html", context | head(request, row.system, "obligations"), status=status)


def _criteria(line: Line) -> list[dict[str, Any]]:
    """[{kind, accept}] as the provision lists them."""
    return [dict(each) for each in line.provision.evidence] if line.provision else []


def _acceptable(row: Obligation) -> list[Evidence]:
    return list(row.evidence.valid().select_related("artifact"))


def _why_not(request: MemberRequest, row: Obligation, line: Line, valid: list[Evidence]) -> str:
    """Why this person cannot accept now, as a key of the catalogue; empty where acceptance is possible."""
    if row.layer in UNREAD:
        return "proof.not_unread"
    if request.membership.role not in REVIEWERS:
        return "proof.not_reviewer"
    if not (row.active and row.answer == "applies" and _criteria(line)):
        return "proof.not_owed"
    if not valid:
        return "proof.not_evidenced"
    if request.organisation.four_eyes and any(each.artifact.by_id == request.user.pk for each in valid):
        return "proof.not_own"
    if any({one.pk for one in each.evidence.all()} == {one.pk for one in valid} for each in row.acceptances.holding()):
        return "proof.accepted_already"
    return ""


@require_POST
@member(*REVIEWERS)
def accept(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Hold the valid evidence against the criteria; the acceptance is sealed and names what was accepted."""
    row = _row(request, pk)
    line, valid = lines(request, [row])[0], _acceptable(row)
    form = AcceptanceForm(request.POST, criteria=_criteria(line))
    shown = {str(each.pk) for each in valid}
    if _why_not(request, row, line, valid):
        raise PermissionDenied
    if set(request.POST.getlist("evidence")) != shown:  # somebody added or withdrew evidence while the page was open
        messages.warning(request, say("proof.changed_meanwhile"))
        return redirect("evidence:obligation", request.organisation.pk, pk)
    if not form.is_valid():
        return _page(request, row, EvidenceForm(), form, status=422)
    _accepted(request, row, line, valid, form.cleaned_data["remark"])
    messages.success(request, say("proof.accepted_now"))
    return redirect("evidence:obligation", request.organisation.pk, pk)


@transaction.atomic
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
    row = get_object_or_404(rows, pk=pk, obligation__system__organisation=request.organisation, withdrawn_at=None)
    system = row.obligation.system
    if not may_edit(request, system):
        raise PermissionDenied
    with transaction.atomic():
        row.withdrawn_at, row.withdrawn_by = timezone.now(), request.user
        row.save(update_fields=["withdrawn_at", "withdrawn_by"])
        details = {"artifact": str(row.artifact_id), "provision": row.obligation.provision}
        outbox.record(request.organisation, "evidence-withdrawal", details, request.user, system)
        settle({system.pk})
    messages.success(request, say("proof.withdrawn_now"))
    return redirect("evidence:obligation", request.organisation.pk, row.obligation_id)
