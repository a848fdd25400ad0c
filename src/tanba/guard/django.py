"""The guard in a Django project: "tanba.guard.django.guarded" in MIDDLEWARE, and TANBA_GUARD, a guard or its dotted name, in the settings.

It stands after AuthenticationMiddleware where TANBA_GUARD_USER, a function of the request, gives the pseudonym of who is signed in.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from tanba.guard.check import LONGEST, PLAIN, Answer, Guard, Request

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def guarded(get_response: "Callable[[HttpRequest], HttpResponse]") -> "Callable[[HttpRequest], HttpResponse]":
    """Django's factory of a middleware."""
    from django.conf import settings
    from django.http import HttpResponse

    guard: Guard = _named(getattr(settings, "TANBA_GUARD"))  # noqa: B009 - unknown to the stubs
    user: Callable[[Any], str | None] | None = _named(getattr(settings, "TANBA_GUARD_USER", None))

    def middleware(request: "HttpRequest") -> "HttpResponse":
        asked = _request(request, user)
        if guard.is_confirmation(asked):
            answer: Answer | None = guard.confirm(asked, request.read(LONGEST))
        else:
            answer = guard.check(asked)
        if answer is None:
            return get_response(request)
        response = HttpResponse(answer.body, status=answer.status)
        for name, value in answer.headers:
            if name == "Set-Cookie":
                response.cookies.load(value)
            else:
                response[name] = value
        return response

    return middleware


def _request(request: "HttpRequest", user: Callable[[Any], str | None] | None) -> Request:
    headers = {name.lower(): value for name, value in request.headers.items()}
    known = user(request) if user else None
    return Request(
        str(request.method), quote(request.path, safe=PLAIN), request.META.get("QUERY_STRING", ""), headers, request.is_secure(), known
    )


def _named(value: Any) -> Any:
    """What a dotted name leads to; anything else is itself."""
    from django.utils.module_loading import import_string

    return import_string(value) if isinstance(value, str) else value
