"""`/verify/`: anybody checks a file, or a mark's number, without an account. Nothing that is sent is kept."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from tanba.errors import InputError, TanbaError
from tanba.marking.markid import parse, text_of
from tanba.marking.standard import Standard
from tanba.marking.standardfile import load_standard
from tanba.web.language import say, told
from tanba.web.marks import desk, outside
from tanba.web.marks.bounds import BusyError, limit, place
from tanba.workspace import current

SPARE = 100_000
"""Bytes of a request beside its file."""

SECONDS = 5
"""After which who found all places taken may come again."""

ADVICE = {"too_many": 429, "busy": 429, "too_large": 413, "no_file": 422, "unreadable": 422, "unavailable": 503}


@csrf_exempt  # browsers are checked below, after the bounds; a program sends no cookies that could be misused
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponseBase:
    """The form; with `number` a mark looked up; with a file its layers."""
    if request.method != "POST" and "number" not in request.GET:
        return _answer(request, {})
    if seconds := limit.wait(str(request.META.get("REMOTE_ADDR", ""))):
        return _refused(request, "too_many", seconds)
    if request.method != "POST":
        return _looked_up(request)
    if int(request.META.get("CONTENT_LENGTH") or 0) > desk.LARGEST + SPARE:
        return _refused(request, "too_large")
    return _checked(request) if _for_program(request) else csrf_protect(_checked)(request)


def _for_program(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def _checked(request: HttpRequest) -> HttpResponse:
    file = request.FILES.get("file")
    if not file or not file.size:
        return _refused(request, "no_file")
    if file.size > desk.LARGEST:
        return _refused(request, "too_large")
    try:
        with place():
            answer = outside.check(file.read(), file.name or "", _standard())
    except BusyError:
        return _refused(request, "busy", SECONDS)
    except InputError as error:
        return _refused(request, "unreadable", problem=told(error) if not error.path else None)
    except TanbaError:
        return _refused(request, "unavailable")
    return _answer(request, {"answer": answer, "file": file.name}, outside.as_json(answer))


def _standard() -> Standard:
    """A file that cannot be read is its owner's trouble: warnings in our own words are found all the same."""
    try:
        return load_standard(current())
    except TanbaError:
        return Standard()


def _looked_up(request: HttpRequest) -> HttpResponse:
    typed = request.GET["number"].strip()[:40]
    try:
        number = parse(typed)
        register = desk.register_if_any()
        row = register.get(number) if register else None
    except InputError as error:
        return _answer(request, {"typed": typed, "wrong": told(error)}, {"error": "number", "message": told(error)[0]}, 422)
    except TanbaError:
        return _refused(request, "unavailable")
    if row is None:
        unknown = {"error": "unknown", "message": say("marking_pages.number_unknown")}
        return _answer(request, {"typed": text_of(number), "unknown": True}, unknown, 404)
    mark = outside.of_row(row)
    return _answer(request, {"typed": mark.number, "mark": mark}, {"mark": outside.mark_json(mark), "schema": outside.SCHEMA})


def _refused(request: HttpRequest, why: str, seconds: int = 0, problem: tuple[str, str] | None = None) -> HttpResponse:
    """What is wrong and what to do next; 429 says when to come again."""
    problem = problem or (say(f"marking_pages.refused_{why}"), say(f"marking_pages.refused_{why}_advice", seconds=seconds))
    answer = _answer(request, {"refused": problem}, {"error": why, "message": problem[0]}, ADVICE[why])
    if seconds:
        answer["Retry-After"] = str(seconds)
    return answer


def _answer(request: HttpRequest, context: dict[str, Any], data: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    """A page, or JSON where that is asked for."""
    if data is not None and _for_program(request):
        return JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False})
    return render(request, "marks/verify.html", context, status=status)
