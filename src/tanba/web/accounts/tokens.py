"""API tokens: a program's key to one kind of call for one organisation. Kept as a digest; shown once, when it is made."""

import hashlib
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from tanba.web.accounts.models import ApiToken, Organisation
from tanba.web.bounds import Limit
from tanba.web.language import say

PREFIX = "tanba_"
"""By which scanners for leaked secrets can know one."""

failures = Limit(most=30, window=60.0)
"""Wrong tokens of one address."""

P = ParamSpec("P")


class TokenRequest(HttpRequest):
    """A request of a program, as views behind `@token` see it."""

    token: ApiToken
    organisation: Organisation


def new_secret() -> str:
    """256 bits: too many to guess, so that one round of SHA-256 keeps them."""
    return PREFIX + secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(secret.encode()).hexdigest()


def token(scope: str) -> Callable[[Callable[Concatenate[Any, P], HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Let programs in whose `Authorization: Bearer …` is a token of that scope; others are told 401, after many failures 429."""

    def decorate(view: Callable[Concatenate[Any, P], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @csrf_exempt  # no cookie lets anybody in here
        @wraps(view)
        def checked(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            found = bearer(request, scope)
            if found is None:
                return _refused(request)
            request.token, request.organisation = found, found.organisation
            return view(request, *args, **kwargs)

        return checked

    return decorate


def bearer(request: HttpRequest, scope: str) -> ApiToken | None:
    """The token of a request, if it is one of that scope and still good."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secret.startswith(PREFIX):
        return None
    now = timezone.now()
    good = ApiToken.objects.filter(Q(expires=None) | Q(expires__gt=now), revoked_at=None, scope=scope, digest=digest_of(secret.strip()))
    found = good.select_related("organisation", "system").first()
    if found and (found.last_used is None or found.last_used.date() != now.date()):
        ApiToken.objects.filter(pk=found.pk).update(last_used=now)
    return found


def _refused(request: HttpRequest) -> HttpResponseBase:
    seconds = failures.wait(str(request.META.get("REMOTE_ADDR", "")))
    if seconds:
        body, headers = {"error": "too_many", "message": say("tokens.too_many")}, {"Retry-After": str(seconds)}
        return JsonResponse(body, status=429, headers=headers)
    body = {"error": "token", "message": say("tokens.refused")}
    return JsonResponse(body, status=401, headers={"WWW-Authenticate": 'Bearer realm="tanba"'})
