"""`/verify/`: anybody checks a file, a text, or a mark's number, without an account; `/gate/` gives programs the gate's verdict.

Nothing that is sent is kept.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from tanba.errors import InputError, TanbaError
from tanba.marking.markid import parse, text_of
from tanba.marking.standard import Standard
from tanba.marking.standardfile import load_standard
from tanba.marking.text.carriers import kind_of
from tanba.web.bounds import BusyError, limit, place
from tanba.web.faces.models import Face
from tanba.web.faces.suspensions import stop_of
from tanba.web.language import say, told
from tanba.web.marks import desk, outside
from tanba.workspace import current

SPARE = 100_000
"""Bytes of a request beside its file."""

LONGEST_TEXT = 2_000_000
"""Bytes of a pasted text. Django itself takes 2.5 MB of form."""

SECONDS = 5
"""After which who found all places taken may come again."""

ADVICE = {"too_many": 429, "busy": 429, "too_large": 413, "no_file": 422, "unreadable": 422, "unavailable": 503}


@csrf_exempt  # browsers are checked below, after the bounds; a program sends no cookies that could be misused
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponseBase:
    """The form; with `number` a mark looked up; with a file or a text its layers."""
    if request.method != "POST" and "number" not in request.GET:
        return _answer(request, {})
    if refused := _bounded(request):
        return refused
    if request.method != "POST":
        return _looked_up(request)
    return _checked(request) if _for_program(request) else csrf_protect(_checked)(request)


@csrf_exempt  # it answers programs, and no cookie changes what it says
@require_POST
def gate(request: HttpRequest) -> HttpResponseBase:
    """`tanba.gate-public/1`: whether both parts of art. 21(2) are there. It names no mark of the register.

    With `system`, the number in the address of a system's public page, nothing passes while that system is suspended.
    """
    return _bounded(request) or _of_system(request)


def _of_system(request: HttpRequest) -> HttpResponse:
    try:
        named = request.POST.get("system", "")
        face = Face.objects.select_related("system__organisation").filter(published=True, pk=UUID(named)).first() if named else None
        stop = stop_of(face.system) if face else None
    except ValueError:
        face = None
    except (RequestDataTooBig, TanbaError) as error:
        return _refused(request, "too_large" if isinstance(error, RequestDataTooBig) else "unavailable")
    if named and face is None:
        return JsonResponse({"error": "system", "message": say("incidents.system_unknown")}, status=404)
    return _examined(request, lambda answer, _: JsonResponse(outside.gate_json(answer, stop)))


def _bounded(request: HttpRequest) -> HttpResponse | None:
    """The refusal of who comes too often or sends too much, before anything is read."""
    if seconds := limit.wait(str(request.META.get("REMOTE_ADDR", ""))):
        return _refused(request, "too_many", seconds)
    if int(request.META.get("CONTENT_LENGTH") or 0) > desk.LARGEST + SPARE:
        return _refused(request, "too_large")
    return None


def _for_program(request: HttpRequest) -> bool:
    asked = request.get_preferred_type(["text/html", "application/json"]) == "application/json"
    return asked or request.path == reverse("marks:public_gate")


def _checked(request: HttpRequest) -> HttpResponse:
    def shown(answer: outside.Answer, name: str) -> HttpResponse:
        return _answer(request, {"answer": answer, "file": name or say("marking_pages.pasted_text")}, outside.as_json(answer))

    return _examined(request, shown)


def _examined(request: HttpRequest, shown: Callable[[outside.Answer, str], HttpResponse]) -> HttpResponse:
    try:
        name, data = _sent(request)
        if data is None:
            return _refused(request, "no_file")
        with place():
            return shown(outside.check(data, name or _kind_of_paste(data), _standard()), name)
    except (RequestDataTooBig, TooLargeError):
        return _refused(request, "too_large")
    except BusyError:
        return _refused(request, "busy", SECONDS)
    except InputError as error:
        return _refused(request, "unreadable", problem=told(error) if not error.path else None)
    except TanbaError:
        return _refused(request, "unavailable")


class TooLargeError(Exception):
    """More than the page takes."""


def _sent(request: HttpRequest) -> tuple[str, bytes | None]:
    """(name, content) of a file; ("", content) of a text, with lines as they stood before the browser sent them with CR LF."""
    file, text = request.FILES.get("file"), request.POST.get("text", "").replace("\r\n", "\n").encode(errors="replace")
    if (file and (file.size or 0) > desk.LARGEST) or len(text) > LONGEST_TEXT:
        raise TooLargeError
    if file and file.size:
        return file.name or "file", file.read()
    return "", text if text.strip() else None


def _kind_of_paste(data: bytes) -> str:
    """A name for it: comments of a Markdown text may bear a mark."""
    return "text.md" if kind_of("", data) == "plain" and b"<!--" in data else ""


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
    return render(request, "marks/verify.html", {"accepted": desk.ACCEPTED, **context}, status=status)
