"""`POST /api/decisions/v1/traces`: OpenTelemetry spans from programs with a token of the scope `decisions`. `…/kept/…` keeps contents."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from tanba.errors import InputError
from tanba.trace import Tracer
from tanba.trace.receiver import LARGEST, Tracers, take
from tanba.web.accounts.models import Scope
from tanba.web.accounts.tokens import TokenRequest, token
from tanba.web.bounds import Limit
from tanba.web.decisions import desk

sending = Limit(most=6000)
"""Exports of one address in a minute."""


@csrf_exempt
@token(Scope.DECISIONS)
def traces(request: TokenRequest) -> HttpResponseBase:
    """Commitments to inputs and outputs only."""
    return _take(request, keep=False)


@csrf_exempt
@token(Scope.DECISIONS)
def traces_kept(request: TokenRequest) -> HttpResponseBase:
    """Inputs and outputs are kept, encrypted for the person."""
    return _take(request, keep=True)


def _take(request: TokenRequest, keep: bool) -> HttpResponse:
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    if seconds := sending.wait(str(request.META.get("REMOTE_ADDR", ""))):
        return HttpResponse(status=429, headers={"Retry-After": str(seconds)})
    length = str(request.META.get("CONTENT_LENGTH") or "")
    if not (length.isascii() and length.isdecimal()):
        return HttpResponse(status=411)
    if len(length) > 12 or int(length) > LARGEST:
        return HttpResponse(status=413)
    kind = str(request.META.get("CONTENT_TYPE", "")).partition(";")[0].strip().lower()
    encoding = request.headers.get("Content-Encoding", "").strip().lower()
    answer = take(request.read(int(length)), kind, encoding, _tracers(request, keep))
    return HttpResponse(answer.body, answer.kind, answer.status, headers={"Retry-After": "5"} if answer.status == 503 else {})


def _tracers(request: Any, keep: bool) -> Tracers:
    """Of the token's organisation, and of its system where it has one."""
    only = request.token.system.slug if request.token.system else None

    def opened(system: str) -> Tracer:
        if only not in (None, system):
            raise InputError("the token is not for system {system!r}", "Make another token on the page of tokens.", system=system[:90])
        return desk.tracer(request.organisation, system, keep)

    return Tracers(opened, only)
