"""The page of the ladder: who is told when, by which channel; whether the channels are set up; terms that officers entered."""

from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from tanba.errors import TanbaError
from tanba.people.escalation import CHANNELS, MOST_STEPS
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.accounts.models import MANAGERS
from tanba.web.evidence.outbox import record
from tanba.web.incidents import acts
from tanba.web.incidents.channels import NEEDED
from tanba.web.incidents.counting import plan_step, replan
from tanba.web.incidents.forms import StepForm, TermForm
from tanba.web.incidents.models import Message, Step, Term
from tanba.web.language import say, told
from tanba.workspace import current


@member()
def ladder(request: MemberRequest) -> HttpResponseBase:
    """Steps, channels, terms, the newest messages; managers add a step."""
    manages = request.membership.manages
    if request.method != "POST":
        return _page(request, StepForm() if manages else None, TermForm(auto_id="term_%s") if manages else None)
    if not manages:
        return _forbidden()
    form = StepForm(request.POST, instance=Step(organisation=request.organisation))
    if form.is_valid() and _added(request, form):
        messages.success(request, say("web.saved"))
        return redirect("incidents:ladder", request.organisation.pk)
    return _page(request, form, TermForm(auto_id="term_%s"), 422)


def _forbidden() -> HttpResponse:
    from django.core.exceptions import PermissionDenied

    raise PermissionDenied


def _added(request: MemberRequest, form: StepForm) -> bool:
    """Once, also where it is sent twice; what is sealed names no address."""
    if request.organisation.ladder.count() >= MOST_STEPS:
        form.add_error(None, say("incidents.steps_many", count=MOST_STEPS))
        return False
    try:
        with transaction.atomic():
            step = form.save()
            plan_step(step, timezone.now())
            _seal(request, step, removed=False)
    except IntegrityError:
        pass
    return True


def _seal(request: MemberRequest, step: Step, *, removed: bool) -> None:
    details = {"removed": removed, "step_channel": step.channel, "step_value": step.value, "step_when": step.when}
    record(request.organisation, "escalation-ladder", details, request.user)


def _page(request: MemberRequest, form: StepForm | None, term: TermForm | None, status: int = 200) -> HttpResponse:
    organisation = request.organisation
    context = {
        "form": form,
        "term_form": term,
        "steps": organisation.ladder.all(),
        "terms": organisation.incident_terms.filter(withdrawn_at=None).select_related("by"),
        "sent": Message.objects.filter(organisation=organisation).select_related("incident").prefetch_related("attempts")[:20],
        **_channels(),
    }
    return render(request, "incidents/ladder.html", context, status=status)


def _channels() -> dict[str, object]:
    """Which settings are missing for which channel: names, never values."""
    try:
        config = current().config()
    except TanbaError as error:
        return {"trouble": told(error)}
    missing = {channel: [name for name in NEEDED[channel] if not getattr(config, name)] for channel in CHANNELS}
    return {"channels": missing, "address": config.public_address}


@require_POST
@member(*MANAGERS)
def remove(request: MemberRequest, pk: UUID) -> HttpResponseBase:
    """Take a step away, with its alarms that have not fired."""
    with transaction.atomic():
        step = Step.objects.filter(organisation=request.organisation, pk=pk).first()
        if step:
            _seal(request, step, removed=True)
            step.delete()
    return redirect("incidents:ladder", request.organisation.pk)


@require_POST
@member(*MANAGERS)
def test(request: MemberRequest, pk: UUID) -> HttpResponseBase:
    """A test message by the way of that step: number 0, and a link to this page."""
    step = get_object_or_404(Step, organisation=request.organisation, pk=pk)
    waiting = Message.objects.filter(organisation=request.organisation, incident=None, channel=step.channel, to=step.to, state="waiting")
    if not waiting.exists():
        Message.objects.create(organisation=request.organisation, channel=step.channel, to=step.to)
    messages.success(request, say("incidents.test_sent"))
    return redirect("incidents:ladder", request.organisation.pk)


@require_POST
@member(*MANAGERS)
def add_term(request: MemberRequest) -> HttpResponseBase:
    """A term that an officer read."""
    form = TermForm(request.POST, auto_id="term_%s")
    if not form.is_valid():
        return _page(request, StepForm(), form, 422)
    given = dict(form.cleaned_data)
    kind = given.pop("kind")
    if not Term.objects.filter(organisation=request.organisation, kind=kind, withdrawn_at=None, **given).exists():
        acts.enter_term(request.organisation, kind, given, request.user)
    messages.success(request, say("web.saved"))
    return redirect("incidents:ladder", request.organisation.pk)


@require_POST
@member(*MANAGERS)
def withdraw_term(request: MemberRequest, pk: UUID) -> HttpResponseBase:
    """It no longer holds. Incidents that name the contract keep it."""
    with transaction.atomic():
        standing = Term.objects.filter(organisation=request.organisation, pk=pk, withdrawn_at=None)
        if standing.update(withdrawn_at=timezone.now()):
            term = Term.objects.get(pk=pk)
            record(request.organisation, "incident-term", {"removed": True, "source": term.source, "term_kind": term.kind}, request.user)
            replan(request.organisation)
    return redirect("incidents:ladder", request.organisation.pk)
