"""One artifact with its proof; everything sealed about a system; its bundle."""

import tempfile
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from tanba.errors import TanbaError
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.accounts.models import MANAGERS
from tanba.web.audits.reach import names_others, within
from tanba.web.evidence import outbox
from tanba.web.evidence.acts import described, details_of, title_of
from tanba.web.evidence.collect import make_bundle
from tanba.web.evidence.forms import EraseForm
from tanba.web.evidence.models import Artifact, Evidence
from tanba.web.evidence.verdicts import Shown, judge, troubled
from tanba.web.language import say, told
from tanba.web.systems.access import system_of
from tanba.web.systems.head import head

SHOWN = 200


@member(scoped=True)
def artifact(request: MemberRequest, pk: UUID) -> HttpResponse:
    """What it is, where it stands in the ledger, and how it checks just now."""
    return _page(request, _row(request, pk), EraseForm())


def _row(request: MemberRequest, pk: UUID) -> Artifact:
    found = Artifact.objects.select_related("system", "by", "organisation").filter(organisation=request.organisation)
    row = get_object_or_404(within(request, found, "system"), pk=pk)
    request.opened = row
    return row


def _page(request: MemberRequest, row: Artifact, form: EraseForm, status: int = 200) -> HttpResponse:
    details = details_of(row)
    context: dict[str, Any] = {"row": row, "said": described(row, details, request.reach), "criteria": details.get("criteria")}
    context |= {"shown": _judged(row) if row.is_sealed else None, "trouble": _said(outbox.trouble())}
    context |= {"used": [(each, title_of(each.obligation.provision)) for each in _used(request, row)]}
    context |= {"form": form if _erasable(row) and request.membership.manages else None, "entry": bytes(row.entry or b"").decode()}
    return render(request, "evidence/artifact.html", context, status=status)


def _used(request: MemberRequest, row: Artifact) -> "QuerySet[Evidence]":
    """Where it was put forward, as far as this member sees."""
    return within(request, row.evidence.select_related("obligation"), "obligation__system")


def _erasable(row: Artifact) -> bool:
    return row.is_sealed and bool(row.payload) and not row.erased_at


def _said(error: TanbaError | None) -> str:
    return told(error)[0] if error else ""


def _judged(row: Artifact) -> Shown:
    """Never raises: trouble is shown."""
    try:
        return judge(outbox.receipt_of(row), outbox.content_of(row))
    except TanbaError as error:
        return troubled(error)


@member(scoped=True)
def content(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The content, as a download: nothing of it runs in the browser."""
    row = _row(request, pk)
    if names_others(request, row):
        messages.error(request, say("audits.names_others"))
        return redirect("evidence:artifact", request.organisation.pk, pk)
    try:
        found = outbox.content_of(row)
    except TanbaError as error:
        messages.error(request, told(error)[0])
        return redirect("evidence:artifact", request.organisation.pk, pk)
    if found is None:
        raise Http404
    return download(found, row.name)


@member(scoped=True)
def receipt(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The receipt, tanba.receipt/1."""
    row = _row(request, pk)
    if not row.is_sealed:
        raise Http404
    try:
        return download(bytes(outbox.receipt_of(row)), f"{row.kind}-{row.position}.receipt.json")
    except TanbaError as error:
        messages.error(request, told(error)[0])
        return redirect("evidence:artifact", request.organisation.pk, pk)


def download(found: bytes, name: str) -> HttpResponse:
    """Bytes as a file: nothing of it runs in the browser."""
    headers = {"Content-Disposition": content_disposition_header(True, name)}
    return HttpResponse(found, content_type="application/octet-stream", headers=headers)


@require_POST
@member(*MANAGERS)
def erase(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Erase the content of an upload, with a reason. The entry stays."""
    row = _row(request, pk)
    form = EraseForm(request.POST)
    if row.erased_at:
        return redirect("evidence:artifact", request.organisation.pk, pk)
    if not _erasable(row):
        raise PermissionDenied
    if not form.is_valid():
        return _page(request, row, form, status=422)
    if outbox.erase(row, request.user, form.cleaned_data["reason"]):
        messages.success(request, say("proof.erased_now"))
    return redirect("evidence:artifact", request.organisation.pk, pk)


@member()
def of_system(request: MemberRequest, slug: str) -> HttpResponse:
    """Everything sealed about one system, newest first."""
    system = system_of(request, slug)
    rows = system.artifacts.select_related("by").defer("packed", "event", "entry")
    context = {"rows": rows[:SHOWN], "count": rows.count(), "waiting": rows.exclude(state=Artifact.State.SEALED).count()}
    return render(request, "evidence/system.html", context | head(request, system, "evidence"))


@require_POST
@member(changes=False)
def bundle(request: MemberRequest, slug: str) -> Any:
    """The bundle of a system, made now. Sent, as what waits is sealed before its time; nothing else changes, so auditors may."""
    system = system_of(request, slug)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{slug}.tanba.zip"
        try:
            made = make_bundle(system, path, hidden=partial(names_others, request))
        except TanbaError as error:
            messages.error(request, told(error)[0])
            return redirect("evidence:system", request.organisation.pk, slug)
        for name, problem in made.missing.items():
            messages.warning(request, say("proof.left_out", name=name, reason=told(problem)[0]))
        return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)
