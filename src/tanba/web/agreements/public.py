"""`/ai/<system>/agreement/`: the version in force and former ones, for everybody; `/api/agreements/`: for services, with receipts."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tanba.people.notice import Policy
from tanba.people.receipt import check_user
from tanba.strings import LANGUAGES
from tanba.web.agreements.drafting import text_of
from tanba.web.agreements.models import Agreement, in_force
from tanba.web.agreements.views import sections
from tanba.web.faces.public import FaceRequest, published
from tanba.web.language import current, say
from tanba.web.notices import desk
from tanba.web.notices.api import RefusedError, asking, body, call, given_receipt, one_of, refuse_stopped, showing
from tanba.web.systems.models import System

LASTS = 3650
"""Days for which a receipt of an agreement counts: as long as its version may matter."""


@require_safe
@published
def page(request: FaceRequest, number: int | None = None) -> HttpResponseBase:
    """The version in force, or that of a number. One that has not begun is shown too, and says from when."""
    system, today = request.face.system, timezone.localdate()
    stands = in_force(system, today)
    shown = get_object_or_404(Agreement, system=system, number=number) if number is not None else stands or system.agreements.first()
    if shown is None:
        raise Http404
    context: dict[str, Any] = {"system": system, "organisation": system.organisation, "agreement": shown, "stands": stands, "today": today}
    context |= {"sections": sections(shown.content, current()), "versions": system.agreements.defer("content")}
    return render(request, "agreements/public.html", context)


@call("GET", "HEAD", limit=asking)
def agreement(request: HttpRequest, system: System, policy: Policy, via: str) -> JsonResponse:
    """`tanba.agreement-public/1`: the version in force."""
    found = _in_force(system)
    value: dict[str, Any] = {"effective": found.effective.isoformat(), "keys": [desk.public_key()], "number": found.number}
    value |= {"page": f"{desk.page_of(request, system)}agreement/", "schema": "tanba.agreement-public/1", "system": str(system.pk)}
    value |= {"texts": {each: text_of(found, each) for each in LANGUAGES}, "version": found.version}
    return JsonResponse(value, json_dumps_params={"ensure_ascii": False})


@call("POST", limit=showing)
def shown(request: HttpRequest, system: System, policy: Policy, via: str) -> JsonResponse:
    """`{user, language, version}` → the receipt that it was shown."""
    return _receipt(request, system, via, "shown")


@call("POST", limit=showing)
def accepted(request: HttpRequest, system: System, policy: Policy, via: str) -> JsonResponse:
    """`{user, language, version}` → the receipt that it was accepted."""
    return _receipt(request, system, via, "accepted")


def _receipt(request: HttpRequest, system: System, via: str, act: str) -> JsonResponse:
    """The version has to be named: who accepts, accepts that one."""
    given = body(request)
    refuse_stopped(system)
    found = _in_force(system)
    user, language = check_user(given.get("user")), one_of(given, "language", LANGUAGES)
    if given.get("version") != found.version:
        raise RefusedError(409, "former", say("notices.refused_former", version=found.version))
    what: dict[str, Any] = {"user": user, "language": language, "version": found.version, "text": text_of(found, language)}
    return given_receipt(*desk.issue(system, subject="agreement", act=act, channel="text", via=via, days=LASTS, **what))


def _in_force(system: System) -> Agreement:
    found = in_force(system, timezone.localdate())
    if found is None:
        raise RefusedError(404, "unknown", say("agreements.none_in_force"))
    return found
