"""Obligations and assessments as files: the page's downloads, for everybody who reads the register."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from tempfile import SpooledTemporaryFile
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response

from tanba.errors import TanbaError
from tanba.export.forms import FORMS, TABLES, written, written_rows
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.bounds import BusyError, place
from tanba.web.language import current, say, told
from tanba.web.obligations import exporting
from tanba.web.obligations.filters import Filters
from tanba.web.obligations.models import Obligation
from tanba.web.systems.access import in_reach, system_of, systems_of
from tanba.web.systems.models import System

IN_MEMORY = 8_000_000
"""Bytes of a file that never gets to disk."""


def offered(organisation: Any, filters: Filters, system: System | None) -> list[tuple[str, str]]:
    """(name, address) of every form: tables as the list is narrowed, OSCAL always whole."""
    slug = system.slug if system else ""
    address = reverse("obligations:export", args=[organisation.pk])
    narrowed = {form: filters if form in TABLES else Filters() for form in FORMS}
    return [(say(f"obligations.download_{form}"), address + each.query(system=slug, to=form)) for form, each in narrowed.items()]


@member(scoped=True)
def export(request: MemberRequest) -> HttpResponseBase:
    """In the form `to`, in the language of the page; of one system with `system`."""
    filters, form = Filters.read(request.GET), request.GET.get("to", "csv")
    system = system_of(request, filters.system) if filters.system else None
    form = form if form in FORMS else "csv"
    try:
        with place():
            return whole_file(request, _pieces(request, form, filters, system), name_of(form, system))
    except BusyError:
        messages.error(request, say("obligations.download_busy"))
    except TanbaError as error:
        messages.error(request, " ".join(told(error)))
    return (
        redirect("obligations:list", request.organisation.pk, system.slug)
        if system
        else redirect("obligations:all", request.organisation.pk)
    )


def _pieces(request: MemberRequest, form: str, filters: Filters, system: System | None) -> Iterator[bytes]:
    whole, book = exporting.whole(request.organisation), exporting.book()
    if form in TABLES:
        rows = Obligation.objects.filter(in_reach(request))
        rows = filters.apply(rows.filter(system=system) if system else rows, request)
        return written_rows(form, whole, book, exporting.listed(rows), current())
    systems = systems_of(request)
    found = exporting.subjects(systems.filter(pk=system.pk) if system else systems)
    return written(form, whole, book, found, current())


def name_of(form: str, system: System | None) -> str:
    """OSCAL's names are those by which its files refer to one another; tables have the system and the day in theirs."""
    name = FORMS[form][0]
    if form not in TABLES:
        return name
    stem, _, ending = name.partition(".")
    return f"{stem}-{system.slug if system else 'all'}-{timezone.localdate().isoformat()}.{ending}"


def whole_file(request: HttpRequest, pieces: Iterable[bytes], name: str) -> HttpResponseBase:
    """The answer with its digest as ETag, 304 to who has it already.

    It is made before the first byte leaves, on disk where it is large: what fails on the way is an error and no broken file.
    """
    file, digest = SpooledTemporaryFile(max_size=IN_MEMORY), sha256()  # noqa: SIM115  closed below, or by the answer
    try:
        for piece in pieces:
            digest.update(piece)
            file.write(piece)
    except BaseException:
        file.close()
        raise
    tag = f'"{digest.hexdigest()}"'
    known = get_conditional_response(request, etag=tag)
    if known is not None:
        file.close()
    answer = _sent(file, name) if known is None else known
    answer["ETag"], answer["Cache-Control"] = tag, "private, no-cache"
    return answer


def _sent(file: Any, name: str) -> HttpResponseBase:
    """A file that is small is sent from memory, and nobody has to close it."""
    large = file.tell() > IN_MEMORY
    file.seek(0)
    kind = next(kind for made, kind in FORMS.values() if made.rpartition(".")[2] == name.rpartition(".")[2])
    if large:
        return FileResponse(file, as_attachment=True, filename=name, content_type=kind)
    with file:
        return HttpResponse(file.read(), content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
