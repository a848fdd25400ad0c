"""What an auditor who was let in for engagements may open, until when, and the log of what they opened.

The default is closed. A scoped member reaches a page of a system only where a running engagement has that system in scope, and a page of
the organisation only where its view says so. Every request asks anew: after the last day, or once the seat or the engagement has ended,
the next one is answered by the page that says so, and who has no other business here is signed out.
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

from django.contrib.auth import logout
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from tanba.digest import canonical_json
from tanba.web.accounts.models import Membership, Role
from tanba.web.audits.models import Engagement, Opening, Seat
from tanba.web.systems.models import System

Row = TypeVar("Row", bound=Model)

OWN = "audits"
"""Pages of this feature: what is done there is a finding, a verdict or an answer, and not logged twice."""


def running(membership: Membership, day: date | None = None) -> QuerySet[Engagement]:
    """Engagements in which the member has a seat, on that day (today)."""
    day = day or timezone.localdate()
    seats = Seat.objects.filter(engagement=OuterRef("pk"), email=membership.user.email, ended_at=None)
    return Engagement.objects.filter(Exists(seats), organisation=membership.organisation_id, starts__lte=day, ends__gte=day, closed_at=None)


def confine(request: Any, address: Mapping[str, Any], scoped: bool) -> HttpResponse | None:
    """Set `request.reach` and `request.opened`; the answer in place of the view where every engagement has ended. Raises Http404."""
    membership, slug = request.membership, address.get("slug")
    request.reach = request.opened = None
    if not membership.scoped:
        return None
    systems = System.objects.filter(engagements__in=running(membership)).values_list("pk", "slug")
    found = dict(systems.distinct())
    if not found:
        return ended(request)
    request.reach = frozenset(found)
    if slug is None and not scoped:
        raise Http404
    if slug is not None and slug not in found.values():
        raise Http404
    return None


def ended(request: Any) -> HttpResponse:
    """The page that says so. Whoever has nothing else to open here is signed out at once."""
    membership = request.membership
    last = Engagement.objects.filter(organisation=membership.organisation_id, seats__email=membership.user.email).order_by("-ends").first()
    later = bool(last and last.starts > timezone.localdate() and not last.closed_at)
    context = {"company": membership.organisation, "engagement": last, "later": later}
    del request.membership  # no navigation, no name of anything
    if not _elsewhere(membership):
        logout(request)
    return render(request, "audits/ended.html", context, status=403)


def _elsewhere(membership: Membership) -> bool:
    others = Membership.objects.filter(user=membership.user).exclude(pk=membership.pk).select_related("user")
    return any(not each.scoped or running(each).exists() for each in others)


def noted(request: Any, answer: HttpResponseBase) -> HttpResponseBase:
    """Log what an auditor was shown or took, for every running engagement that has it in scope; both sides read the log."""
    if request.membership.role == Role.AUDITOR and answer.status_code == 200 and request.resolver_match.namespace != OWN:
        system = _system(request)
        taken = answer.has_header("Content-Disposition")
        if system or taken:
            rows = running(request.membership)
            _log(request, rows.filter(systems=system) if system else rows, system, taken)
    return answer


def _system(request: Any) -> System | None:
    """The system of the page, by its address or by the artifact shown."""
    slug = request.resolver_match.kwargs.get("slug")
    if slug is not None:
        return System.objects.filter(organisation=request.organisation, slug=slug).first()
    opened = request.opened
    return opened if opened is None or isinstance(opened, System) else opened.system


def _log(request: Any, engagements: QuerySet[Engagement], system: System | None, taken: bool) -> None:
    artifact = None if request.opened is None or isinstance(request.opened, System) else request.opened
    Opening.objects.bulk_create(
        Opening(
            engagement=each,
            user=request.user,
            system=system,
            artifact=artifact,
            page=request.resolver_match.view_name,
            address=request.path[:300],
            taken=taken,
        )
        for each in engagements
    )


def names_others(request: Any, row: Any) -> bool:
    """Whether the content of an artifact names systems out of scope: assessments sealed by earlier releases listed similar systems."""
    if request.reach is None or row.kind != "assessment" or row.made_here is None:
        return False
    named = {peer["system"] for entry in json.loads(row.made_here).get("plausibility", ()) for peer in entry["similar"]}
    seen = System.objects.filter(pk__in=request.reach, slug__in=named)
    return seen.count() < len(named)


def alone(report: Mapping[str, Any]) -> bytes:
    """A report without the similar systems that earlier releases named in it."""
    return canonical_json({**report, "plausibility": [{**entry, "similar": []} for entry in report["plausibility"]]})


def within(request: Any, rows: QuerySet[Row], field: str) -> QuerySet[Row]:
    """Rows whose `field` is a system that this member may see; all of them where nothing confines the member."""
    return rows if request.reach is None else rows.filter(**{f"{field}__in": request.reach})


def seat_of(request: Any, engagement: Engagement) -> bool:
    """Whether the member audits in this engagement, today."""
    return running(request.membership).filter(pk=engagement.pk).exists()


def visible(request: Any) -> QuerySet[Engagement]:
    """Engagements that the member may see: all, or for a scoped auditor those that run."""
    if request.membership.scoped:
        return running(request.membership)
    return Engagement.objects.filter(Q(organisation=request.organisation))
