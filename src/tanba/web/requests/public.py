"""`/ai/<system>/request/`: anybody asks, and follows the request under a secret address. No account, no script, three languages."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from tanba.errors import TanbaError
from tanba.people.requests import Ground
from tanba.people.terms import term_of
from tanba.web.faces.models import Face
from tanba.web.faces.public import FaceRequest, published, reading, sending, too_many
from tanba.web.language import current, say, told
from tanba.web.requests import desk, texts
from tanba.web.requests.forms import PublicForm
from tanba.web.requests.law import grounds_of
from tanba.web.requests.models import Request, house_of
from tanba.web.systems.models import System

LARGEST = 100_000
"""Bytes of a whole form: four thousand letters, each as `%D2%9B`, and what else is asked."""

PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
FOLLOWED = ("received", "work", "identity", "shown", "answered", "refused", "withdrawn")
"""Steps that a person sees; who does what inside is not among them."""


def offered(grounds: dict[str, Ground]) -> list[str]:
    """Kinds that may be asked for: the law's, those it is open about, the house's."""
    return [name for name, ground in grounds.items() if ground.standing in ("applies", "in_cases", "unknown", "house")]


def bounded(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Refuse what is too large before any of it is read, and only then look for the form's token, which reads it."""

    @csrf_exempt
    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > LARGEST:
            return _told(request, "too_large", 413)
        try:
            return csrf_protect(view)(request, *args, **kwargs)
        except RequestDataTooBig:
            return _told(request, "too_large", 413)

    return checked


@require_http_methods(["GET", "HEAD", "POST"])
@published
@bounded
def ask(request: FaceRequest) -> HttpResponseBase:
    """The form; a request that is good leads to its own address."""
    system = request.face.system
    grounds = grounds_of(system, timezone.localdate())
    form = PublicForm(request.POST or None, kinds=offered(grounds))
    if form.is_valid():
        return _received(request, system, form)
    house = house_of(system.organisation).terms
    kinds = [{"ground": ground, "term": term_of(ground, house)} for ground in grounds.values()]
    context = {"form": form, "system": system, "organisation": system.organisation, "kinds": kinds}
    return render(request, "userrequests/ask.html", context, status=422 if form.is_bound else 200)


def _received(request: FaceRequest, system: System, form: PublicForm) -> HttpResponseBase:
    kind, written = form.cleaned_data["kind"], form.written()
    same = desk.sameness_of(system, str(request.META.get("CSRF_COOKIE", "")), kind, written)
    try:
        row, new = desk.receive(system, desk.Sent(kind, current(), timezone.now(), written, sameness=same))
    except TanbaError:  # whose words name files of this machine
        return _told(request, "unavailable", 503)
    answer = redirect(desk.link_of(row) + ("?new=1" if new else "?same=1"))
    return _private(answer)


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt
def follow(request: HttpRequest, system: UUID, token: str) -> HttpResponseBase:
    """Where the request stands, and its answer. Also when the system's page is no longer public: an answer is owed all the same."""
    limit = reading if request.method in ("GET", "HEAD") else sending
    if seconds := limit.wait(str(request.META.get("REMOTE_ADDR", ""))):
        return too_many(request, seconds)
    row = desk.by_token(system, token)
    if row is None:
        raise Http404
    return _private(bounded(_withdrawn if request.method == "POST" else _shown)(request, row))


def _private(answer: HttpResponseBase) -> HttpResponseBase:
    for name, value in PRIVATE.items():
        answer.headers[name] = value
    return answer


def _withdrawn(request: HttpRequest, row: Request) -> HttpResponseBase:
    try:
        desk.withdraw(row, None)
    except TanbaError as error:
        return _shown(request, row, told(error)[0])
    return redirect(request.path)


def _shown(request: HttpRequest, row: Request, trouble: str = "") -> HttpResponseBase:
    events = [event for event in row.events.all() if event.what in FOLLOWED]
    asked: list[str] = next((event.details["asked"] for event in reversed(events) if event.what == "identity"), [])
    context = {
        "row": row,
        "events": events,
        "asked": asked if row.state == "identity" else [],
        "clock": desk.clock_of(row) if row.is_open else None,
        "contact": next((face.contact for face in Face.objects.filter(system=row.system)), {}),
        "address": request.build_absolute_uri(request.path),
        "trouble": trouble,
        **texts.whole(row),
    }
    return render(request, "userrequests/follow.html", context)


def _told(request: HttpRequest, what: str, status: int, text: str = "") -> HttpResponse:
    context = {"title": say(f"requests.{what}"), "text": text or say(f"requests.{what}_advice")}
    return render(request, "faces/told.html", context, status=status)
