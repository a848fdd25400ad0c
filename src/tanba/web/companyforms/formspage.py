"""The page of a company's own forms: upload a version, what is wrong with it, what was uploaded by whom, withdraw one."""

from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from tanba.documents import companyform
from tanba.documents.docxfile import DocxFile, opened
from tanba.documents.formwords import lines
from tanba.documents.offer import Offer, offer
from tanba.errors import TanbaError
from tanba.law.load import load
from tanba.law.rulebook import on
from tanba.material.specimen import specimen
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.accounts.models import MANAGERS
from tanba.web.bounds import BusyError, place
from tanba.web.companyforms.models import CompanyForm, current
from tanba.web.evidence.outbox import record, upload
from tanba.web.language import current as language
from tanba.web.language import say, say_later, told

KIND = "document-template"


class UploadForm(forms.Form):
    """A form and what it is called; the same name again is a new version."""

    name = forms.CharField(label=say_later("companyformpages.name"), help_text=say_later("companyformpages.name_help"), max_length=80)
    file = forms.FileField(label=say_later("companyformpages.file"), help_text=say_later("companyformpages.file_help"))


@lru_cache(maxsize=2)
def offered(day: date) -> Offer:
    """What forms may name, by the law of a day."""
    return offer(specimen(on(load("kz"), day)))


@member()
def page(request: MemberRequest) -> HttpResponseBase:
    """Everybody reads; compliance uploads."""
    if request.method == "POST" and not request.membership.manages:
        raise PermissionDenied
    form = UploadForm(request.POST or None, request.FILES or None)
    found: list[str] = []
    if form.is_valid():
        found = _take(request, **form.cleaned_data)
        if not found:
            return redirect("companyforms:all", request.organisation.pk)
    rows = CompanyForm.objects.filter(organisation=request.organisation).select_related("by", "artifact").order_by("name", "-version")
    offering = offered(timezone.localdate())
    lists = {name: (say(f"companyform.{name}"), columns) for name, columns in offering.lists.items()}
    context = {
        "form": form,
        "found": found,
        "rows": rows,
        "live": {row.pk for row in current(rows)},
        "fields": offering.fields,
        "lists": lists,
    }
    wrong = request.method == "POST"
    return render(request, "companyforms/all.html", {**context, "manages": request.membership.manages}, status=422 if wrong else 200)


def _take(request: MemberRequest, name: str, file: Any) -> list[str]:
    """Read and keep a form; what is wrong with it in words, empty where it was kept."""
    try:
        with place():
            content = file.read()
            looked = opened(content)
            reading = companyform.read(looked, offered(timezone.localdate()))
        if reading.problems:
            return list(lines(looked, reading, language()))
        row = _keep(request, name.strip(), file.name or "form.docx", content, reading)
    except BusyError:
        return [say("documentpages.busy")]
    except TanbaError as error:
        return [" ".join(told(error))]
    messages.success(request, say("companyformpages.kept", name=row.name, version=row.version))
    for line in _removed(looked):
        messages.warning(request, line)
    return []


def _removed(file: DocxFile) -> list[str]:
    return [say("companyform.removed", kind=kind, target=target) for kind, target in file.removed]


@transaction.atomic
def _keep(request: MemberRequest, name: str, file: str, content: bytes, reading: companyform.Reading) -> CompanyForm:
    artifact = upload(request.organisation, KIND, file, content, request.user)
    artifact.save()
    last = CompanyForm.objects.filter(organisation=request.organisation, name=name).aggregate(last=Max("version"))["last"] or 0
    known: dict[str, Any] = {"organisation": request.organisation, "name": name, "version": last + 1, "artifact": artifact}
    return CompanyForm.objects.create(**known, by=request.user, used=len(reading.used), unused=reading.unused)


@require_POST
@member(*MANAGERS)
def withdraw(request: MemberRequest, pk: UUID) -> HttpResponseBase:
    """A version that is not to be filled in any more; what was made with it stays."""
    row = get_object_or_404(CompanyForm, pk=pk, organisation=request.organisation)
    with transaction.atomic():
        still = CompanyForm.objects.filter(pk=row.pk, withdrawn_at=None)
        if still.update(withdrawn_at=timezone.now(), withdrawn_by=request.user):
            record(request.organisation, f"{KIND}-withdrawal", {"name": row.name, "version": row.version}, request.user)
    messages.success(request, say("companyformpages.withdrawn_now", name=row.name, version=row.version))
    return redirect("companyforms:all", request.organisation.pk)
