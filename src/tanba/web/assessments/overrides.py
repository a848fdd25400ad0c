"""Overrides: one person proposes another level with a reason, a second person decides. The engine's answer stays beside it."""

from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from tanba.law.load import load
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.accounts.models import MANAGERS
from tanba.web.assessments.models import OVERRIDABLE, Override
from tanba.web.evidence.outbox import record
from tanba.web.language import say
from tanba.web.systems.access import system_of, system_to_edit

SHORTEST_REASON = 20


@require_POST
@member()
def propose(request: MemberRequest, slug: str) -> HttpResponse:
    """Propose a level for an axis. What was typed comes back with the message where it does not serve."""
    system = system_to_edit(request, slug)
    axis, _, level = request.POST.get("level", "").partition(":")
    reason = request.POST.get("reason", "").strip()
    known = axis in OVERRIDABLE and level in {each.name for each in load("kz").axes[axis].levels}
    if not known or len(reason) < SHORTEST_REASON:
        request.session["override_typed"] = {"level": request.POST.get("level", ""), "reason": reason[:5000]}
        messages.error(request, say("assessments.override_incomplete", count=SHORTEST_REASON))
        return redirect(_back(request, slug))
    try:
        with transaction.atomic():
            proposed = Override(system=system, axis=axis, level=level, reason=reason[:5000], author=request.user, at=timezone.now())
            proposed.save()
            record(request.organisation, "override", _details(proposed), request.user, system)
        messages.success(request, say("assessments.override_proposed"))
    except IntegrityError:
        messages.error(request, say("assessments.override_waiting_already"))
    return redirect(_back(request, slug))


@require_POST
@member(*MANAGERS)
def decide(request: MemberRequest, slug: str, pk: UUID) -> HttpResponse:
    """Approve or reject a waiting proposal; its author may not."""
    system = system_of(request, slug)
    override = get_object_or_404(system.overrides, pk=pk)
    if override.author_id == request.user.pk:
        messages.error(request, say("assessments.override_own"))
        return redirect(_back(request, slug))
    state = Override.State.APPROVED if request.POST.get("decision") == "approve" else Override.State.REJECTED
    waiting = system.overrides.filter(pk=pk, state=Override.State.WAITING)
    with transaction.atomic():
        decided = waiting.update(state=state, approver=request.user, decided_at=timezone.now())
        if decided:
            record(request.organisation, "override-decision", _details(override) | {"decision": state.value}, request.user, system)
    if decided:
        messages.success(request, say(f"assessments.override_{state}"))
    return redirect(_back(request, slug))


def _details(override: Override) -> dict[str, str]:
    return {"axis": override.axis, "level": override.level, "override": str(override.pk), "reason": override.reason}


def _back(request: MemberRequest, slug: str) -> str:
    return reverse("assessments:show", args=[request.organisation.pk, slug]) + "#overrides"
