"""Intake: departments propose systems by link, without an account; compliance decides before anything starts."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from tanba.web.accounts.access import MemberRequest, member
from tanba.web.accounts.models import MANAGERS
from tanba.web.assessments.run import reassess
from tanba.web.language import current, say
from tanba.web.systems.forms import IntakeForm, LinkForm
from tanba.web.systems.models import Intake, State, System
from tanba.web.systems.naming import new_slug

WAITING_PER_LINK = 100
"""A link that has brought this many undecided proposals takes no more: somebody is playing with it."""


@member()
def proposals(request: MemberRequest) -> HttpResponseBase:
    """What waits for a decision, what was decided lately, and the links."""
    return _page(request, LinkForm())


@member(*MANAGERS)
def new_link(request: MemberRequest) -> HttpResponseBase:
    """A link for a department."""
    if request.method != "POST":
        return redirect("systems:proposals", request.organisation.pk)
    form = LinkForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    Intake.objects.create(organisation=request.organisation, label=form.cleaned_data["label"], created_by=request.user)
    messages.success(request, say("systems.link_made"))
    return redirect("systems:proposals", request.organisation.pk)


@require_POST
@member(*MANAGERS)
def close_link(request: MemberRequest, pk: UUID) -> HttpResponseBase:
    """End a link now."""
    link = get_object_or_404(Intake, pk=pk, organisation=request.organisation)
    link.expires = timezone.now()
    link.save(update_fields=["expires"])
    messages.success(request, say("systems.link_closed"))
    return redirect("systems:proposals", request.organisation.pk)


def _page(request: MemberRequest, form: LinkForm) -> HttpResponse:
    systems = System.objects.filter(organisation=request.organisation).select_related("intake", "decided_by")
    links = request.organisation.intakes.filter(expires__gt=timezone.now()) if request.membership.manages else Intake.objects.none()
    context = {
        "form": form,
        "manages": request.membership.manages,
        "waiting": systems.filter(state=State.PROPOSED).order_by("created_at")[:200],
        "decided": systems.filter(decided_at__isnull=False).order_by("-decided_at")[:20],
        "links": [(link, request.build_absolute_uri(reverse("systems:intake", args=[link.token]))) for link in links.order_by("-id")],
    }
    return render(request, "systems/proposals.html", context)


def intake(request: HttpRequest, token: str) -> HttpResponse:
    """The form behind a link. No sign-in; the link itself is the key."""
    link = Intake.objects.select_related("organisation").filter(token=token, expires__gt=timezone.now()).first()
    if link is None or link.systems.filter(state=State.PROPOSED).count() >= WAITING_PER_LINK:
        return render(request, "accounts/link_ended.html", status=410)
    form = IntakeForm(request.POST or None)
    if form.is_valid():
        return render(request, "systems/intake_thanks.html", {"link": link, "system": _proposed(link, form)})
    return render(request, "systems/intake.html", {"link": link, "form": form})


@transaction.atomic
def _proposed(link: Intake, form: IntakeForm) -> System:
    data = form.cleaned_data
    system = System.objects.create(
        organisation=link.organisation,
        slug=new_slug(link.organisation, data["name"]),
        name={current(): data["name"]},
        purpose={current(): data["purpose"]},
        department=data["department"],
        vendor=data["vendor"],
        state=State.PROPOSED,
        intake=link,
        proposed_by=data["person"],
    )
    for name, value in form.answers().items():
        system.answer(name, value, f"{link.label}: {data['person']}", None, confirmed=False)
    reassess(system, None)
    return system
