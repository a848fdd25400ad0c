"""Letters and orders drawn for whoever reads what they are about; a draft is no act, so that nothing is recorded."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from tanba.documents.catalogue import make
from tanba.documents.render import EDITIONS, MEDIA_TYPES, render
from tanba.errors import TanbaError
from tanba.web.bounds import BusyError, place
from tanba.web.language import current, say, told

FORMS = tuple(MEDIA_TYPES)


def asked(request: HttpRequest) -> bool:
    """Whether the address asks for a file: `?as=docx&in=kk+ru`."""
    return request.GET.get("as", "") in FORMS


def download(request: HttpRequest, name: str, material: Callable[[], Any], stem: str) -> HttpResponse:
    """The document as the address asks for it. Raises Http404 on a form or languages that there are not."""
    form, languages = request.GET.get("as", ""), request.GET.get("in", current())
    if form not in FORMS or languages not in EDITIONS:
        raise Http404
    try:
        with place():
            content = render(make(name, material()), languages, form)
    except BusyError:
        return _not_now(say("documentpages.busy"))
    except TanbaError as error:
        return _not_now(" ".join(told(error)))
    headers = {"Content-Disposition": content_disposition_header(True, f"{stem}.{languages}.{form}")}
    return HttpResponse(content, content_type=MEDIA_TYPES[form], headers=headers)


def _not_now(why: str) -> HttpResponse:
    return HttpResponse(why, status=503, content_type="text/plain; charset=utf-8", headers={"Retry-After": "60"})
