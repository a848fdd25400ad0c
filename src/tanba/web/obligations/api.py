"""`GET /api/register/v1/obligations`: obligations and assessments for programs with a token of the scope `register`.

A page has at most `MOST` systems, in the order of their names; the next begins `after` the last one and stands in the header `Link`. So
an answer fits into memory however many systems there are, and a reader goes on where it was cut off.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from tanba.errors import InputError, TanbaError
from tanba.export.forms import FORMS, WITHOUT_SYSTEMS, written
from tanba.strings import LANGUAGES
from tanba.web.accounts.models import Scope
from tanba.web.accounts.tokens import TokenRequest, token
from tanba.web.bounds import BusyError, place
from tanba.web.language import current, say, told
from tanba.web.notices.api import RefusedError
from tanba.web.obligations import exporting
from tanba.web.obligations.download import whole_file
from tanba.web.systems.models import System

USUAL, MOST = 100, 200
"""Systems of a page."""


def refusing(view: Callable[[TokenRequest], HttpResponseBase]) -> Callable[[TokenRequest], HttpResponseBase]:
    """Refusals as `tanba.refused/1`, in the language that was asked for."""

    @wraps(view)
    def checked(request: TokenRequest) -> HttpResponseBase:
        asked = request.GET.get("lang")
        with translation.override(asked if asked in LANGUAGES else current()):
            return answered(request)

    def answered(request: TokenRequest) -> HttpResponseBase:
        try:
            return view(request)
        except RefusedError as error:
            return error.answer
        except BusyError:
            return RefusedError(503, "busy", say("obligations.download_busy"), 5).answer
        except InputError as error:
            return RefusedError(422, "wrong", " ".join(told(error))).answer
        except TanbaError:  # whose words name files of this machine
            return RefusedError(503, "unavailable", say("marking_pages.refused_unavailable")).answer

    return checked


@csrf_exempt
@token(Scope.REGISTER)
@refusing
def obligations(request: TokenRequest) -> HttpResponseBase:
    """`to` (a form of `tanba obligations`), `system`, `lang`, `all`, `limit`, `after`."""
    if request.method not in ("GET", "HEAD"):
        raise RefusedError(405, "method", say("notices.refused_method"))
    form, lang = _one_of(request, "to", "json", tuple(FORMS)), _one_of(request, "lang", current(), LANGUAGES)
    systems, following = _page(request, exporting.exported(_systems(request)))
    following = None if form in WITHOUT_SYSTEMS else following
    with place():
        whole, book = exporting.whole(request.organisation), exporting.book()
        pieces = written(form, whole, book, exporting.subjects(systems), lang, "all" in request.GET, following)
        answer = whole_file(request, pieces, FORMS[form][0])
    answer["Vary"] = "Authorization"
    if following:
        query = {**request.GET.dict(), "after": following}
        answer["Link"] = f'<{request.build_absolute_uri(request.path)}?{urlencode(query)}>; rel="next"'
    return answer


def _one_of(request: TokenRequest, name: str, usual: str, known: tuple[str, ...]) -> str:
    value = request.GET.get(name, usual)
    if value not in known:
        raise RefusedError(422, "wrong", say("notices.refused_word", name=name, known=", ".join(known)))
    return value


def _systems(request: TokenRequest) -> QuerySet[System]:
    """Those the token is good for. Raises RefusedError: one that is not there and one of somebody else look alike."""
    systems = System.objects.filter(organisation=request.organisation)
    if request.token.system_id:
        systems = systems.filter(pk=request.token.system_id)
    if "system" in request.GET:
        systems = systems.filter(slug=_slug(request, "system"))
        if not systems.exists():
            raise RefusedError(404, "unknown", say("obligations.no_such_system"))
    return systems


def _page(request: TokenRequest, systems: QuerySet[System]) -> tuple[QuerySet[System], str | None]:
    """The page asked for, and after which system the next one begins."""
    limit = request.GET.get("limit", str(USUAL))
    if not (limit.isascii() and limit.isdecimal() and len(limit) <= 4 and 0 < int(limit) <= MOST):
        raise RefusedError(422, "wrong", say("obligations.limit_wrong", most=MOST))
    found: list[Any] = list(systems.filter(slug__gt=_slug(request, "after")).values_list("pk", "slug")[: int(limit) + 1])
    kept = found[: int(limit)]
    return System.objects.filter(pk__in=[key for key, _ in kept]), kept[-1][1] if len(found) > len(kept) else None


def _slug(request: TokenRequest, name: str) -> str:
    """A name out of the address, without NUL, at which PostgreSQL would stumble."""
    return request.GET.get(name, "").replace("\x00", "")[:80]
