"""The pages of documents, of a system and of an organisation: which there are and how complete, make one, what was made."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import redirect, render

from tanba.docseal import KIND
from tanba.documents.model import gaps
from tanba.errors import TanbaError
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.accounts.models import Organisation
from tanba.web.bounds import BusyError, place
from tanba.web.companyforms.editedpage import EditedForm
from tanba.web.companyforms.fillpage import FillForm, forms_of
from tanba.web.documents import setpage
from tanba.web.documents.desk import counted, names, write
from tanba.web.documents.forms import forms_offered, languages_offered, offer
from tanba.web.documents.recording import base_of
from tanba.web.evidence.models import Artifact
from tanba.web.language import current, say, say_later, told
from tanba.web.systems.access import system_of
from tanba.web.systems.head import head
from tanba.web.systems.models import System

SHOWN = 50


class DocumentForm(forms.Form):
    """Which document, in which language, as what."""

    document = forms.ChoiceField(label=say_later("documentpages.document"))
    languages = forms.ChoiceField(label=say_later("documentpages.languages"))
    form = forms.ChoiceField(label=say_later("documentpages.form"))

    def __init__(self, names: list[str], *args: Any, **options: Any) -> None:
        """Choices in the language of the page; `names` of documents."""
        super().__init__(*args, **options)
        documents = [(name, say(f"documents.title_{name}")) for name in names]
        offer(self, document=documents, form=forms_offered(), languages=languages_offered())


@member(changes=False)
def page(request: MemberRequest, slug: str) -> HttpResponseBase:
    """Everybody who reads the system may make its documents: what is recorded is that one was made, nothing of the system changes."""
    system = system_of(request, slug)
    context = {"edited_form": EditedForm(), "fill_form": FillForm(forms_of(system)), **head(request, system, "documents")}
    return _page(request, system, system.artifacts.all(), context)


@member(changes=False)
def of_organisation(request: MemberRequest) -> HttpResponseBase:
    """The same of the organisation."""
    return _page(request, request.organisation, Artifact.objects.filter(organisation=request.organisation, system=None), {})


def _page(request: MemberRequest, where: System | Organisation, made: QuerySet[Artifact], context: dict[str, Any]) -> HttpResponseBase:
    known = names(where)
    form = DocumentForm(known, request.POST or None, initial={"document": known[0], "form": "docx", "languages": current()})
    if form.is_valid() and _make(request, where, **form.cleaned_data):
        return redirect(request.path)
    rows = made.filter(kind=KIND).select_related("by", "made").defer("packed", "event", "entry").order_by("-at")[:SHOWN]
    context |= {"form": form, "kinds": _kinds(request, where), "rows": rows, **setpage.context(where)}
    return render(request, "documents/page.html", context, status=422 if form.errors else 200)


def _make(request: MemberRequest, where: System | Organisation, document: str, languages: str, form: str) -> bool:
    try:
        with place():
            row, made = write(where, document, languages, form, request.user, base_of(request))
    except BusyError:
        messages.error(request, say("documentpages.busy"))
        return False
    except TanbaError as error:
        messages.error(request, " ".join(told(error)))
        return False
    messages.success(request, say("documentpages.made", name=row.name, count=len(gaps(made))))
    return True


def _kinds(request: MemberRequest, where: System | Organisation) -> list[tuple[str, int]]:
    try:
        return counted(where, base_of(request))
    except TanbaError as error:  # the ledger cannot be read: the list says why it has no numbers
        messages.error(request, " ".join(told(error)))
        return []
