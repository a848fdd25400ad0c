"""House policy: a named officer adopts provisions of practice, or withdraws them, by a dated act."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from tanba.law.load import load
from tanba.law.model import Provision
from tanba.law.policy import adoptable
from tanba.law.rulebook import on
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.accounts.models import MANAGERS, Organisation, User
from tanba.web.evidence.outbox import record
from tanba.web.incidents.counting import replan
from tanba.web.incidents.law import HOUSE
from tanba.web.language import say
from tanba.web.lawtracker.models import Adoption
from tanba.web.lawtracker.touched import rows_of
from tanba.web.obligations.sync import move_layer


@member()
def policy(request: MemberRequest) -> HttpResponse:
    """Every provision that can be adopted: whether it is, by whom and since when, and how many systems get it."""
    entries = _entries(request.organisation)
    acts = Adoption.objects.filter(organisation=request.organisation).select_related("by", "withdrawn_by")
    titles = {p.path: p.title for p in load("kz").provisions if p.kind == "recommendation"}
    context = {
        "entries": entries,
        "adopted": sum(entry["adoption"] is not None for entry in entries),
        "proposed": [entry for entry in entries if entry["adoption"] is None and entry["default"] == "recommended"],
        "acts": [{"act": act, "title": titles.get(act.path, act.path)} for act in acts],
        "officer": request.membership.manages,
    }
    return render(request, "lawtracker/policy.html", context)


def _entries(organisation: Organisation) -> list[dict[str, Any]]:
    book = on(load("kz"), timezone.localdate())
    in_force = {act.path: act for act in Adoption.objects.filter(organisation=organisation, withdrawn_on=None).select_related("by")}
    counted = (
        rows_of(organisation)
        .filter(kind="recommendation")
        .values("path")
        .annotate(applies=Count("pk", filter=Q(answer="applies")), unknown=Count("pk", filter=Q(answer="unknown")))
    )
    effect = {row["path"]: row for row in counted}
    found = [_entry(p, in_force.get(p.path), effect.get(p.path)) for p in book.provisions.values() if p.kind == "recommendation"]
    return sorted(found, key=lambda entry: entry["default"] != "recommended")


def _entry(provision: Provision, adoption: Adoption | None, effect: Mapping[str, Any] | None) -> dict[str, Any]:
    counts = effect or {"applies": 0, "unknown": 0}
    default = provision.practice.get("default", "off")
    return {"p": provision, "adoption": adoption, "default": default, "applies": counts["applies"], "unknown": counts["unknown"]}


@require_POST
@member(*MANAGERS)
def adopt(request: MemberRequest) -> HttpResponse:
    """Adopt the chosen provisions from today on."""
    known = adoptable(load("kz"))
    paths = [path for path in dict.fromkeys(request.POST.getlist("path")) if path in known]
    done = [path for path in paths if adopt_one(request.organisation, path, request.user)]
    if done:
        messages.success(request, say("lawtracker.adopted_now", count=len(done)))
    else:
        messages.warning(request, say("lawtracker.adopted_nothing"))
    return redirect("lawtracker:policy", request.organisation.pk)


def adopt_one(organisation: Organisation, path: str, by: User) -> bool:
    """One dated act; False where the provision is house policy already."""
    try:
        with transaction.atomic():
            act = Adoption.objects.create(organisation=organisation, path=path, by=by, on=timezone.localdate())
            record(organisation, "adoption", {"on": act.on.isoformat(), "provision": f"kz/{path}"}, by)
            move_layer(organisation.pk, path, "house")
            if path == HOUSE:
                replan(organisation)
    except IntegrityError:
        return False
    return True


@require_POST
@member(*MANAGERS)
def withdraw(request: MemberRequest) -> HttpResponse:
    """Withdraw one provision from today on; what was adopted until then stays on record."""
    path = request.POST.get("path", "")
    with transaction.atomic():
        held = Adoption.objects.filter(organisation=request.organisation, path=path, withdrawn_on=None)
        if held.update(withdrawn_on=timezone.localdate(), withdrawn_by=request.user):
            details = {"on": timezone.localdate().isoformat(), "provision": f"kz/{path}"}
            record(request.organisation, "withdrawal", details, request.user)
            move_layer(request.organisation.pk, path, "recommended")
            if path == HOUSE:
                replan(request.organisation)
            messages.success(request, say("lawtracker.withdrawn_now"))
    return redirect("lawtracker:policy", request.organisation.pk)
