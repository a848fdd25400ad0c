"""`/check/<id>/`: what who holds a document may learn of it, and whether a file is the one that was sealed. No account, no script."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from tanba.errors import TanbaError
from tanba.ledger.entry import Entry
from tanba.web.bounds import Limit
from tanba.web.documents.models import Made
from tanba.web.documents.signing import is_signed_copy
from tanba.web.evidence import ledger
from tanba.web.evidence.models import Artifact
from tanba.web.evidence.outbox import receipt_of
from tanba.web.evidence.views import download
from tanba.web.faces.public import too_many
from tanba.web.language import say

reading, sending = Limit(most=120), Limit(most=20)
"""Pages that an address may open, and files that it may send, in a minute."""

LARGEST, SPARE = 50_000_000, 100_000
"""Bytes of a file, and of a request beside it."""


def printed(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Give the view the document whose page it is: 404 where there is none, 429 for who comes too often, 413 before too much is read."""

    @csrf_exempt  # the token is asked for below, once the request is known not to be too large
    @wraps(view)
    def checked(request: HttpRequest, id: UUID, **parts: Any) -> HttpResponseBase:
        limit = sending if request.method == "POST" else reading
        if seconds := limit.wait(str(request.META.get("REMOTE_ADDR", ""))):
            return too_many(request, seconds)
        made = Made.objects.select_related("statement__organisation", "file").filter(pk=id).first()
        if made is None:
            raise Http404
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > LARGEST + SPARE:
            return _page(request, made, refused=say("checkpage.too_large", limit=LARGEST // 1_000_000), status=413)
        answer = csrf_protect(view)(request, made, **parts)
        answer["X-Robots-Tag"] = "noindex"
        return answer

    return checked


@require_http_methods(["GET", "HEAD", "POST"])
@printed
def page(request: HttpRequest, made: Made) -> HttpResponseBase:
    """Kind, day, digest, place in the ledger, whether it still stands; and, for a file, whether it is this one."""
    if request.method != "POST":
        return _page(request, made)
    file = request.FILES.get("file")
    if file is None or not file.size:
        return _page(request, made, refused=say("checkpage.no_file"), status=422)
    return _page(request, made, verdict=_compared(made, file), file=file.name)


def _page(request: HttpRequest, made: Made, status: int = 200, **more: Any) -> HttpResponse:
    statement, stated = made.statement, made.stated
    context = {"made": made, "stated": stated, "file_row": made.file, "entered": Entry.parse(bytes(statement.entry or b"")).time}
    context |= {"origin": _origin(), "organisation": statement.organisation}
    return render(request, "documents/check.html", context | more, status=status)


def _origin() -> str:
    try:
        return ledger.log().origin
    except TanbaError:  # the ledger is away: what was written of it is known all the same
        return "–"


def _compared(made: Made, file: Any) -> str:
    """`same`, `signed` for a copy that was signed, `other`, or `erased` where the digest is gone. Nothing that is sent is kept."""
    if made.file.erased_at:
        return "erased"
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    if digest.hexdigest() == made.file.digest:
        return "same"
    return "signed" if is_signed_copy(made, digest.hexdigest()) else "other"


@require_safe
@printed
def receipt(request: HttpRequest, made: Made, of: str) -> HttpResponseBase:
    """The receipt of the statement or of the file, without who made it."""
    row: Artifact = made.statement if of == "statement" else made.file
    if not row.is_sealed:
        raise Http404
    try:
        row.author = None
        return download(bytes(receipt_of(row)), f"{of}-{row.position}.receipt.json")
    except TanbaError:  # whose words name files of this machine
        return _page(request, made, refused=say("checkpage.unavailable"), status=503)


@require_safe
@printed
def statement(request: HttpRequest, made: Made) -> HttpResponseBase:
    """What was sealed before the file: tanba.document/1."""
    return download(made.statement.made_here or b"", made.statement.name)
