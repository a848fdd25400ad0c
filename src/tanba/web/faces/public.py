"""`/ai/<system>/`: what anybody may know of a system, in three languages, without script or account."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tanba.errors import TanbaError
from tanba.web.bounds import Limit
from tanba.web.faces.models import Face
from tanba.web.faces.suspensions import stop_of
from tanba.web.language import say

P = ParamSpec("P")
reading, sending = Limit(most=120), Limit(most=20)
"""Pages that an address may open, and forms that it may send, in a minute."""


class FaceRequest(HttpRequest):
    """A request of anybody, as views behind `@published` see it."""

    face: Face


def published(view: Callable[Concatenate[Any, P], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Give the view `request.face`. 404 where the system does not exist or is not published, alike; 429 for who comes too often."""

    @wraps(view)
    def checked(request: Any, system: UUID, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        limit = reading if request.method in ("GET", "HEAD", "OPTIONS") else sending
        if seconds := limit.wait(str(request.META.get("REMOTE_ADDR", ""))):
            return too_many(request, seconds)
        face = (
            Face.objects.select_related("system__organisation").filter(published=True, pk=system).exclude(system__state="rejected").first()
        )
        if face is None:
            raise Http404
        request.face = face
        return view(request, *args, **kwargs)

    return checked


def too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    """429, and when to come again."""
    context = {"title": say("faces.too_many"), "text": say("faces.too_many_advice", seconds=seconds)}
    answer = render(request, "faces/told.html", context, status=429)
    answer["Retry-After"] = str(seconds)
    return answer


@require_safe
@published
def page(request: FaceRequest) -> HttpResponseBase:
    """The page itself."""
    system = request.face.system
    try:
        stopped = stop_of(system)
    except TanbaError:  # whose words name files of this machine
        told = {"title": say("marking_pages.refused_unavailable"), "text": say("marking_pages.refused_unavailable_advice")}
        return render(request, "faces/told.html", told, status=503)
    context = {"face": request.face, "system": system, "organisation": system.organisation, "stopped": stopped}
    return render(request, "faces/page.html", context)
