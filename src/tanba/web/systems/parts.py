"""Parts of a system: models, data libraries, vendors; and files that describe them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from tanba.errors import InputError
from tanba.law.facts import SystemFile
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.accounts.models import MANAGERS, Role, User
from tanba.web.assessments.run import reassess
from tanba.web.evidence import outbox
from tanba.web.language import say, told
from tanba.web.systems.access import system_of, system_to_edit
from tanba.web.systems.files import new_system, read_upload, take
from tanba.web.systems.forms import UploadForm, part_forms
from tanba.web.systems.head import head
from tanba.web.systems.models import Part, State, System


@member()
def parts(request: MemberRequest, slug: str) -> HttpResponseBase:
    """Lists of parts with a form for each kind."""
    system = system_to_edit(request, slug) if request.method == "POST" else system_of(request, slug)
    kind = request.POST.get("kind", "")
    forms = part_forms(request.POST or None, kind)
    for each, form in forms:
        if form.is_bound and form.is_valid():
            system.parts.create(kind=each, details=form.details())
            messages.success(request, say("web.saved"))
            return redirect("systems:parts", request.organisation.pk, slug)
    rows = list(system.parts.order_by("id"))
    context = {"kinds": [(each, [row for row in rows if row.kind == each], form) for each, form in forms], **head(request, system, "parts")}
    return render(request, "systems/parts.html", context)


@require_POST
@member()
def remove(request: MemberRequest, slug: str, pk: UUID) -> HttpResponseBase:
    """Take a part away."""
    get_object_or_404(Part, pk=pk, system=system_to_edit(request, slug)).delete()
    messages.success(request, say("systems.part_removed"))
    return redirect("systems:parts", request.organisation.pk, slug)


@member(*MANAGERS, Role.OWNER)
def upload(request: MemberRequest, slug: str) -> HttpResponseBase:
    """A file about an existing system: its answers become suggestions."""
    system = system_to_edit(request, slug)
    form = UploadForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            with transaction.atomic():
                taken = take(system, read_upload(file), file.name, request.user)
                _seal(system, file, request.user)
        except InputError as error:
            return _refused(request, "systems/upload.html", error, {"form": form, **head(request, system, "parts")})
        messages.success(request, say("systems.suggested_count", count=taken))
        return redirect("systems:facts", request.organisation.pk, slug)
    return render(request, "systems/upload.html", {"form": form, **head(request, system, "parts")})


@member(*MANAGERS, Role.OWNER)
def import_new(request: MemberRequest) -> HttpResponseBase:
    """A new system from a file."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            found = read_upload(file)
        except InputError as error:
            return _refused(request, "systems/import.html", error, {"form": form})
        own = request.membership.role == Role.OWNER
        with transaction.atomic():
            state = State.PROPOSED if own else State.APPROVED
            system = new_system(request.organisation, found, owner=request.user, state=state, proposed_by=str(request.user) if own else "")
            take(system, found, file.name, request.user)
            _seal(system, file, request.user)
            reassess(system, request.user)
        messages.success(request, say("systems.imported" if isinstance(found, SystemFile) else "systems.imported_model"))
        return redirect("systems:facts", request.organisation.pk, system.slug)
    return render(request, "systems/import.html", {"form": form})


def _seal(system: System, file: "UploadedFile[Any]", by: User) -> None:
    file.seek(0)
    outbox.upload(system, "import", file.name or "", file.read(), by).save()


def _refused(request: MemberRequest, template: str, error: InputError, context: dict[str, object]) -> HttpResponse:
    trouble, advice = told(error)
    return render(request, template, {**context, "trouble": trouble, "advice": advice}, status=422)
