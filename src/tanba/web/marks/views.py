"""The page of marking: mark what is dropped on it, the newest marks, and one mark."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from tanba.errors import TanbaError
from tanba.marking.standard import Standard
from tanba.marking.standardfile import load_standard
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.language import say, told
from tanba.web.marks import desk, handing, listing
from tanba.web.marks.forms import MarkForm
from tanba.web.marks.making import mark_one
from tanba.web.systems.models import System
from tanba.workspace import current

MOST_FILES = 50


@member()
def marks(request: MemberRequest) -> HttpResponse:
    """Mark files; the newest marks of the organisation; search by number."""
    if request.method == "POST":
        return _marked(request)
    number = request.GET.get("number", "").strip()
    if number and (line := listing.find(request.organisation, number)):
        return redirect("marks:mark", request.organisation.pk, line.number)
    return _page(request, not_found=number)


def _page(request: MemberRequest, form: MarkForm | None = None, status: int = 200, **more: Any) -> HttpResponse:
    standard, trouble, system = Standard(), None, None
    lines: list[listing.Line] = []
    try:
        system = System.objects.filter(organisation=request.organisation, slug=request.GET.get("system", "")).first()
        lines = listing.newest(request.organisation, system.slug if system else None, request.GET.get("before", ""), listing.NEWEST + 1)
        standard = load_standard(current())
    except TanbaError as error:
        trouble = told(error)
    form = form or MarkForm(request=request, standard=standard)
    context = {"form": form, "standard": standard, "trouble": trouble, "most": MOST_FILES, "accepted": desk.ACCEPTED}
    context |= {"lines": lines[: listing.NEWEST], "older": len(lines) > listing.NEWEST, "only": system}
    return render(request, "marks/marks.html", context | more, status=status)


def _marked(request: MemberRequest) -> HttpResponse:
    """The page's script sends one file at a time and reads parts; without it the browser downloads what was marked."""
    try:
        standard = load_standard(current())
    except TanbaError:
        return _page(request, status=422)  # which says what is wrong
    form = MarkForm(request.POST, request=request, standard=standard)
    files = request.FILES.getlist("files")
    if not form.is_valid() or not 0 < len(files) <= MOST_FILES:
        no_files = "" if files else say("marking_pages.files_none")
        return _page(
            request, form, 422, no_files=no_files or (len(files) > MOST_FILES and say("marking_pages.files_many", count=MOST_FILES))
        )
    all_done = [mark_one(file, *form.ordered(request)) for file in files]
    if request.headers.get("Accept") == handing.FORM:
        return handing.to_script(request, all_done[0])
    if not any(done.number for done in all_done):
        return _page(request, form, 422, refused=all_done)
    return handing.to_download(all_done)


@member()
def mark(request: MemberRequest, number: str) -> HttpResponse:
    """One mark of the organisation, with the record that was sealed."""
    try:
        line = listing.find(request.organisation, number)
    except TanbaError as error:
        return render(request, "marks/mark.html", {"trouble": told(error), "number": number}, status=503)
    if line is None:
        raise Http404
    return render(request, "marks/mark.html", {"line": line, "number": line.number})
