"""One system: overview, create, edit, decide, export."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from tanba.web.accounts.access import MemberRequest, member
from tanba.web.accounts.models import MANAGERS, Role
from tanba.web.assessments.run import reassess
from tanba.web.evidence.outbox import record
from tanba.web.evidence.status import proved
from tanba.web.language import say
from tanba.web.marks.listing import of_system
from tanba.web.systems.access import system_of, system_to_edit
from tanba.web.systems.files import system_yaml
from tanba.web.systems.forms import DecisionForm, SystemForm
from tanba.web.systems.head import head
from tanba.web.systems.models import Part, State, System
from tanba.web.systems.naming import new_slug
from tanba.web.systems.summary import action


@member()
def show(request: MemberRequest, slug: str) -> HttpResponseBase:
    """What the system is, where it stands, what to do next."""
    return overview(request, system_of(request, slug), DecisionForm())


def overview(request: MemberRequest, system: System, decision: DecisionForm) -> HttpResponse:
    """The page, with the decision form as it was sent."""
    context = {
        "decision": decision if system.state == State.PROPOSED and request.membership.manages else None,
        "action": action(system, timezone.localdate()),
        "parts": sorted(system.parts.order_by("id"), key=lambda part: Part.Kind.values.index(part.kind)),
        "changes": system.fact_rows.select_related("by").order_by("-id")[:6],
        "suggestions": len(system.suggested()),
        "late": bool(system.next_due and system.next_due < timezone.localdate()),
        "marks": of_system(system, 3),
        "proved": proved(System.objects.filter(pk=system.pk)),
        **head(request, system, "overview"),
    }
    return render(request, "systems/show.html", context)


@member(*MANAGERS, Role.OWNER)
def create(request: MemberRequest) -> HttpResponseBase:
    """A new system. What a system owner adds waits for approval, as what departments propose does."""
    form = SystemForm(request.POST or None, organisation=request.organisation, initial={"owner": request.user})
    if request.membership.role == Role.OWNER:
        del form.fields["owner"]
    if form.is_valid():
        system = _created(request, form)
        messages.success(request, say("systems.created"))
        return redirect("systems:show", request.organisation.pk, system.slug)
    return render(request, "systems/create.html", {"form": form})


@transaction.atomic
def _created(request: MemberRequest, form: SystemForm) -> System:
    system: System = form.save(commit=False)
    system.organisation = request.organisation
    system.slug = new_slug(request.organisation, next(iter(system.name.values())))
    if request.membership.role == Role.OWNER:
        system.owner, system.state, system.proposed_by = request.user, State.PROPOSED, str(request.user)
    stage, system.stage = system.stage, ""
    system.save()
    _set_stage(request, system, stage)
    reassess(system, request.user)
    return system


def _set_stage(request: MemberRequest, system: System, stage: str) -> None:
    """The stage is a fact: the law hangs on it."""
    if stage != (system.facts().get("stage") or ""):
        system.answer("stage", stage or None, say("systems.source_form"), request.user)


@member(*MANAGERS, Role.OWNER)
def edit(request: MemberRequest, slug: str) -> HttpResponseBase:
    """Change the description; the stage changes the assessment."""
    system = system_to_edit(request, slug)
    before = system.stage
    form = SystemForm(request.POST or None, instance=system, organisation=request.organisation)
    if request.membership.role == Role.OWNER:
        del form.fields["owner"]
    if form.is_valid():
        with transaction.atomic():
            system = form.save(commit=False)
            stage, system.stage = system.stage, before
            system.save()
            _set_stage(request, system, stage)
            reassess(system, request.user)
        messages.success(request, say("web.saved"))
        return redirect("systems:show", request.organisation.pk, system.slug)
    return render(request, "systems/edit.html", {"form": form, **head(request, system_of(request, slug), "overview")})


@member(*MANAGERS)
def decide(request: MemberRequest, slug: str) -> HttpResponseBase:
    """Approve or reject a proposal, with a reason."""
    system = system_of(request, slug)
    if request.method != "POST":
        return redirect("systems:show", request.organisation.pk, slug)
    form = DecisionForm(request.POST)
    if system.state != State.PROPOSED:
        raise PermissionDenied
    if not form.is_valid():
        return overview(request, system, form)
    system.state = State.APPROVED if request.POST.get("decision") == "approve" else State.REJECTED
    system.decided_by, system.decided_at, system.decision_reason = request.user, timezone.now(), form.cleaned_data["reason"]
    with transaction.atomic():
        system.save(update_fields=["state", "decided_by", "decided_at", "decision_reason"])
        details = {"decision": system.state, "reason": system.decision_reason}
        record(request.organisation, "intake-decision", details, request.user, system)
    messages.success(request, say(f"systems.decided_{system.state}"))
    return redirect("systems:show", request.organisation.pk, system.slug)


@member()
def export(request: MemberRequest, slug: str) -> HttpResponseBase:
    """The system as a SYSTEM.yaml."""
    response = HttpResponse(system_yaml(system_of(request, slug)), content_type="application/yaml; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}.yaml"'
    return response
