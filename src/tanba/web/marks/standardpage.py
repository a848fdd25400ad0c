"""The page of the channel standard: every member reads it, managers change it; how it looks is shown before it is saved."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render

from tanba.errors import TanbaError
from tanba.files import alone
from tanba.marking.standard import Standard
from tanba.marking.standardfile import load_standard, save_standard, written
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.accounts.models import Organisation
from tanba.web.evidence.outbox import record
from tanba.web.language import say, told
from tanba.web.marks.forms import StandardForm
from tanba.web.marks.sample import samples
from tanba.workspace import current

MACHINE = {"c2pa", "metadata", "watermark"}


@member()
def standard(request: MemberRequest) -> HttpResponse:
    """Show it; with `look`, show what a change would look like; else save the change."""
    stands, trouble = _stands()
    if request.method != "POST":
        return _page(request, StandardForm(standard=stands), stands, trouble=trouble)
    if not request.membership.manages:
        raise PermissionDenied
    form = StandardForm(request.POST, standard=stands)
    if not form.is_valid():
        return _page(request, form, stands, status=422)
    if "look" in request.POST:
        return _page(request, form, form.cleaned_data["standard"])
    return _saved(request, form, stands)


def _stands() -> tuple[Standard, Any]:
    """The standard that stands, ours where its file cannot be read, and the trouble: saving puts a whole file in its place."""
    try:
        return load_standard(current()), None
    except TanbaError as error:
        return Standard(), told(error)


def _page(request: MemberRequest, form: StandardForm, shown: Standard, status: int = 200, trouble: Any = None) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "stands": form.standard, "trouble": trouble, "samples": samples(shown), "shown": shown}
    context |= {"manages": request.membership.manages, "file": written(form.standard), "several": Organisation.objects.count() > 1}
    context |= {"no_label": "label" not in shown.layers, "no_machine": not MACHINE & set(shown.layers), "look": "look" in request.POST}
    if request.htmx and status == 422:
        status = 200  # else htmx swaps nothing
    return render(request, "marks/standard.html", context, status=status)


def _saved(request: MemberRequest, form: StandardForm, stands: Standard) -> HttpResponse:
    """The file and the sealed act, both or neither. The lock keeps two people from saving over each other."""
    new: Standard = form.cleaned_data["standard"]
    workspace = current()
    try:
        with alone(workspace.create().root / ".labelling.lock"), transaction.atomic():
            if _stands()[0].version != stands.version:
                form.add_error(None, say("marking_pages.changed_meanwhile"))
                return _page(request, form, stands, status=422)
            details = {"before": stands.version, "version": new.version, "standard": written(new)}
            record(request.organisation, "labelling-standard", details, request.user)
            save_standard(workspace, new)
    except TanbaError as error:
        form.add_error(None, told(error)[0])
        return _page(request, form, stands, status=422)
    messages.success(request, say("marking_pages.standard_saved", version=new.version))
    return redirect("marks:standard", request.organisation.pk)
