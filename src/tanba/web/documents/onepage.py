"""One document that was made: its file, where it stands in the ledger, and taking it back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from tanba.web.accounts.access import MemberRequest, member
from tanba.web.accounts.models import MANAGERS
from tanba.web.audits.reach import within
from tanba.web.documents import signing
from tanba.web.documents.evidenced import forward, may_forward, take_back
from tanba.web.documents.forms import SignatureForm
from tanba.web.documents.models import Made
from tanba.web.documents.recording import base_of
from tanba.web.evidence.models import Evidence
from tanba.web.evidence.outbox import record
from tanba.web.language import say
from tanba.web.security import POLICY
from tanba.web.systems.head import head

NCALAYER = "wss://127.0.0.1:13579"
"""Where the programs of the national certification centre listen on the machine of who signs."""


def made_of(request: MemberRequest, pk: UUID) -> Made:
    """The organisation's document of that id. Raises Http404."""
    rows = within(request, Made.objects.select_related("statement__system__organisation", "file__by"), "statement__system")
    made = get_object_or_404(rows, pk=pk, statement__organisation=request.organisation)
    request.opened = made.file
    return made


@member(scoped=True)
def page(request: MemberRequest, pk: UUID) -> HttpResponseBase:
    """What it is, how anybody checks it, who signed it."""
    return shown(request, made_of(request, pk))


def shown(request: MemberRequest, made: Made, form: Any = None, status: int = 200) -> HttpResponseBase:
    """The page, which alone may speak to the NCALayer of the reader's own machine."""
    system = made.statement.system
    context: dict[str, Any] = {"made": made, "stated": made.stated, "base": base_of(request), "signed": signing.shown(made)}
    context |= {"form": form or SignatureForm(), "writes": request.membership.writes, "may_forward": may_forward(request, made)}
    evidence = Evidence.objects.filter(artifact=made.file, withdrawn_at=None).select_related("obligation__system")
    context["forwarded"] = within(request, evidence, "obligation__system")
    answer = render(request, "documents/one.html", context | (head(request, system, "documents") if system else {}), status=status)
    answer["Content-Security-Policy"] = POLICY.replace("connect-src 'self'", f"connect-src 'self' {NCALAYER}")
    return answer


@require_POST
@member(*MANAGERS)
def withdraw(request: MemberRequest, pk: UUID) -> HttpResponseBase:
    """Take a document back: it stays what it is, and whoever checks it hears that it no longer stands."""
    made = made_of(request, pk)
    with transaction.atomic():
        if Made.objects.filter(pk=pk, withdrawn_at=None).update(withdrawn_at=timezone.now(), withdrawn_by=request.user):
            record(request.organisation, "document-withdrawal", {"artifact": str(made.file_id)}, request.user, made.statement.system)
            take_back(made, request.user)
    messages.success(request, say("onedocument.withdrawn_now"))
    return redirect("documents:one", request.organisation.pk, pk)


@require_POST
@member()
def put_forward(request: MemberRequest, pk: UUID) -> HttpResponseBase:
    """Put a document forward as evidence of what it is about."""
    made = made_of(request, pk)
    if not may_forward(request, made):
        raise PermissionDenied
    messages.success(request, say("onedocument.forwarded", count=forward(made)))
    return redirect("documents:one", request.organisation.pk, pk)
