"""Bringing a signature back to a document, as a file or straight from NCALayer."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from tanba.errors import TanbaError
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.bounds import BusyError, place
from tanba.web.documents import onepage, signing
from tanba.web.documents.forms import SignatureForm
from tanba.web.documents.models import Made
from tanba.web.language import say, told


@require_POST
@member()
def sign(request: MemberRequest, pk: UUID) -> HttpResponseBase:
    """Take a signature in, if it is one of this document."""
    made = onepage.made_of(request, pk)
    form = SignatureForm(request.POST, request.FILES)
    if form.is_valid() and _taken(request, made, form):
        return redirect("documents:one", request.organisation.pk, pk)
    return onepage.shown(request, made, form, status=422)


def _taken(request: MemberRequest, made: Made, form: SignatureForm) -> bool:
    file = form.cleaned_data["file"]
    try:
        with place():
            signing.add(made, file.read(), file.name or "signature", request.user)
    except BusyError:
        form.add_error("file", say("documentpages.busy"))
        return False
    except TanbaError as error:
        form.add_error("file", " ".join(told(error)))
        return False
    messages.success(request, say("signaturepage.taken"))
    return True
