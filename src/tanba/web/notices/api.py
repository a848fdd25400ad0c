"""`/api/notices/<system>`: what is shown and whether the system is stopped; `…/shown`: that somebody was shown it, for a receipt.

Open to everybody where the system's page is public, within limits; a service with a token of the scope `notices` has no limit, and also
asks about systems whose page is not public. Other sites' pages may ask where the policy lists their origin.
"""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from tanba.errors import InputError, TanbaError
from tanba.people.notice import CHANNELS, Policy
from tanba.people.receipt import check_user
from tanba.strings import LANGUAGES
from tanba.web.accounts.tokens import bearer
from tanba.web.bounds import Limit
from tanba.web.faces.suspensions import stop_of
from tanba.web.language import say, told
from tanba.web.notices import desk
from tanba.web.systems.models import System

SCOPE = "notices"
LONGEST = 10_000
"""Bytes of a request."""

asking, showing = Limit(most=600), Limit(most=30)
"""Questions, and receipts, of one address in a minute."""


class RefusedError(Exception):
    """An answer that says why not."""

    def __init__(self, status: int, why: str, message: str, seconds: int = 0) -> None:
        """`seconds` until the caller may come again."""
        self.answer = JsonResponse({"message": message, "schema": "tanba.refused/1", "why": why}, status=status)
        if seconds:
            self.answer["Retry-After"] = str(seconds)
        super().__init__(message)


Call = Callable[[HttpRequest, System, Policy, str], JsonResponse]


def call(*methods: str, limit: Limit) -> Callable[[Call], Callable[..., HttpResponseBase]]:
    """A call of the API about one system: methods, limits, origins, and refusals in words. The last argument is `page` or `service`."""

    def decorate(view: Call) -> Callable[..., HttpResponseBase]:
        @csrf_exempt  # no cookie is read
        def checked(request: HttpRequest, system: UUID) -> HttpResponseBase:
            try:
                policy = desk.policy()
            except TanbaError:
                policy = Policy()
            if request.method == "OPTIONS":
                return _allowed(request, HttpResponse(status=204), policy, methods)
            try:
                if request.method not in methods:
                    raise RefusedError(405, "method", say("notices.refused_method"))
                found, via = _system(request, system, limit)
                answer = view(request, found, policy, via)
            except RefusedError as error:
                answer = error.answer
            except InputError as error:
                answer = RefusedError(422, "wrong", " ".join(told(error))).answer
            except TanbaError:  # whose words name files of this machine
                answer = RefusedError(503, "unavailable", say("marking_pages.refused_unavailable")).answer
            return _allowed(request, answer, policy, methods)

        return checked

    return decorate


@call("GET", "HEAD", limit=asking)
def notice(request: HttpRequest, system: System, policy: Policy, via: str) -> JsonResponse:
    """`tanba.notice/1`."""
    return JsonResponse(desk.as_json(policy, system, desk.page_of(request, system)), json_dumps_params={"ensure_ascii": False})


@call("POST", limit=showing)
def shown(request: HttpRequest, system: System, policy: Policy, via: str) -> JsonResponse:
    """`{user, language, channel, version?}` → 201 and `tanba.notice-given/1`. A former version is refused: that text was not shown now."""
    given = body(request)
    refuse_stopped(system)
    user, language = check_user(given.get("user")), one_of(given, "language", LANGUAGES)
    channel = one_of(given, "channel", CHANNELS)
    if given.get("version") not in (None, policy.version):
        raise RefusedError(409, "former", say("notices.refused_former", version=policy.version))
    text = policy.text(channel, language, desk.about(system, language, desk.page_of(request, system)))
    what: dict[str, Any] = {"user": user, "channel": channel, "language": language, "version": policy.version, "text": text}
    return given_receipt(*desk.issue(system, subject="notice", act="shown", via=via, days=policy.days, **what))


def given_receipt(token: str, claims: Any) -> JsonResponse:
    """201 and the receipt."""
    value = {"claims": {**asdict(claims)}, "receipt": token, "schema": "tanba.notice-given/1", "user": claims.user}
    return JsonResponse(value, status=201)


def refuse_stopped(system: System) -> None:
    """Raises RefusedError: nobody begins to use what is stopped."""
    if stop_of(system):
        raise RefusedError(503, "suspended", say("notice.stopped", system=str(system)))


def body(request: HttpRequest) -> dict[str, Any]:
    """The JSON object of a request. Raises RefusedError."""
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > LONGEST or len(request.body) > LONGEST:
            raise RefusedError(413, "too_large", say("notices.refused_large"))
        value = json.loads(request.body)
    except RequestDataTooBig:
        raise RefusedError(413, "too_large", say("notices.refused_large")) from None
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise RefusedError(422, "wrong", say("notices.refused_json"))
    return value


def one_of(given: dict[str, Any], name: str, known: tuple[str, ...]) -> str:
    """A word out of a list. Raises RefusedError."""
    value = given.get(name)
    if not isinstance(value, str) or value not in known:
        raise RefusedError(422, "wrong", say("notices.refused_word", name=name, known=", ".join(known)))
    return value


def _system(request: HttpRequest, pk: UUID, limit: Limit) -> tuple[System, str]:
    """The system, and who asks. Raises RefusedError: one that is not there and one that is not public look alike."""
    token = bearer(request, SCOPE)
    if token is None and (seconds := limit.wait(str(request.META.get("REMOTE_ADDR", "")))):
        raise RefusedError(429, "too_many", say("faces.too_many_advice", seconds=seconds), seconds)
    systems = System.objects.select_related("organisation").filter(pk=pk).exclude(state="rejected")
    if token is None:
        systems = systems.filter(face__published=True)
    else:
        systems = systems.filter(organisation=token.organisation, **({"pk": token.system_id} if token.system_id else {}))
    found = systems.first()
    if found is None:
        raise RefusedError(404, "unknown", say("notices.refused_unknown"))
    return found, "service" if token else "page"


def _allowed(request: HttpRequest, answer: HttpResponse, policy: Policy, methods: tuple[str, ...]) -> HttpResponse:
    """What a browser needs to let a listed site's page read the answer."""
    answer["Vary"] = "Origin, Authorization"
    answer["Cache-Control"] = "no-store"
    origin = request.headers.get("Origin", "")
    if origin in policy.origins:
        answer["Access-Control-Allow-Origin"] = origin
        answer["Access-Control-Allow-Methods"] = ", ".join((*methods, "OPTIONS"))
        answer["Access-Control-Allow-Headers"] = "Content-Type"
        answer["Access-Control-Max-Age"] = "600"
        answer["Access-Control-Expose-Headers"] = "Retry-After"
    return answer
