"""What every answer carries, and the pages for what went wrong."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)


def policy_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Content security policy; pages of a register are not kept by shared caches."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        if not request.path_info.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    return middleware


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old, or cookies are off."""
    return trouble(request, 403, "csrf")


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """400."""
    return trouble(request, 400, "400")


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """403: a member, whose role does not allow this."""
    return trouble(request, 403, "403")


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """404: it is not there, or not for this person."""
    return trouble(request, 404, "404")


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault."""
    return trouble(request, 500, "500")


def trouble(request: HttpRequest, status: int, kind: str) -> HttpResponse:
    """A calm page that says what happened and what to do next."""
    return render(
        request, "trouble.html", {"status": status, "title": f"web.trouble_{kind}", "advice": f"web.trouble_{kind}_advice"}, status=status
    )
