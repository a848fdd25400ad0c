"""An edited document comes back: differences with check boxes, then into the register, sealed.

Between the two steps the differences travel in the page, signed; what changed in the register meanwhile is not written over.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from tanba.digest import sha256
from tanba.documents.docxfile import opened
from tanba.documents.edited import Edited
from tanba.documents.edited import read as read_edited
from tanba.errors import TanbaError
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.accounts.models import MANAGERS, Role
from tanba.web.assessments.run import reassess
from tanba.web.bounds import BusyError, place
from tanba.web.companyforms.values import put, value_of
from tanba.web.documents.desk import known
from tanba.web.evidence.outbox import record
from tanba.web.language import say, say_later, told
from tanba.web.systems.access import system_to_edit
from tanba.web.systems.head import head
from tanba.web.systems.models import System

SALT, HOUR = "tanba.edited", 3600


class EditedForm(forms.Form):
    """A DOCX that the register wrote and somebody edited."""

    edited = forms.FileField(label=say_later("companyformpages.edited_file"), help_text=say_later("companyformpages.edited_help"))


@require_POST
@member(*MANAGERS, Role.OWNER)
def read(request: MemberRequest, slug: str) -> HttpResponseBase:
    """What was changed, field by field."""
    system = system_to_edit(request, slug)
    form = EditedForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, say("companyformpages.no_file"))
        return redirect("documents:page", request.organisation.pk, slug)
    try:
        with place():
            content = form.cleaned_data["edited"].read()
            found = read_edited(opened(content), known(system))
    except BusyError:
        messages.error(request, say("documentpages.busy"))
    except TanbaError as error:
        messages.error(request, " ".join(told(error)))
    else:
        context = {"edits": list(enumerate(found.edits)), "found": found, "takes": any(not each.reason for each in found.edits)}
        context["signed"] = signing.dumps(_kept(system, found, content), salt=SALT, compress=True)
        return render(request, "companyforms/edited.html", {**context, **head(request, system, "documents")})
    return redirect("documents:page", request.organisation.pk, slug)


def _kept(system: System, found: Edited, content: bytes) -> dict[str, Any]:
    """What `apply` needs; `now` is what the register said when the differences were shown."""
    edits = [
        [number, list(each.path), each.value, value_of(system, each.path)] for number, each in enumerate(found.edits) if not each.reason
    ]
    return {"about": dict(found.about), "edits": edits, "file": sha256(content), "system": str(system.pk)}


@require_POST
@member(*MANAGERS, Role.OWNER)
def apply(request: MemberRequest, slug: str) -> HttpResponseBase:
    """Those that were ticked, in one transaction; a value that changed meanwhile stays."""
    system = system_to_edit(request, slug)
    back = redirect("documents:page", request.organisation.pk, slug)
    try:
        kept = signing.loads(request.POST.get("signed", ""), salt=SALT, max_age=HOUR)
    except signing.BadSignature:
        kept = {}
    if kept.get("system") != str(system.pk):
        messages.error(request, say("companyformpages.too_late"))
        return back
    ticked = {*request.POST.getlist("take")}
    wanted = [(tuple(path), value, now) for number, path, value, now in kept["edits"] if str(number) in ticked]
    done, left = _apply(request, system, wanted, kept)
    if done:
        messages.success(request, say("companyformpages.applied", count=done))
    if left or not done:
        messages.warning(request, say("companyformpages.changed_meanwhile", count=left) if left else say("companyformpages.nothing_ticked"))
    return back


@transaction.atomic
def _apply(request: MemberRequest, system: System, wanted: list[tuple[Any, Any, Any]], kept: dict[str, Any]) -> tuple[int, int]:
    """How many were taken, and how many not, because the register has something else by now."""
    system = System.objects.select_for_update().select_related("organisation").get(pk=system.pk)
    fits = [(path, value) for path, value, now in wanted if value_of(system, path) == now and now is not None]
    for path, value in fits:
        put(system, path, value, request.user)
    if fits:
        system.save()
        about = kept["about"]
        details = {"digest": about["digest"], "document": about["document"], "fields": [".".join(map(str, path)) for path, _ in fits]}
        record(request.organisation, "document-edits", {**details, "file": kept["file"]}, request.user, system)
        reassess(system, request.user)
    return len(fits), len(wanted) - len(fits)
