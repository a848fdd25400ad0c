"""Asking for a whole set of documents, and how far it is."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render

from tanba.web.accounts.access import MemberRequest, member
from tanba.web.accounts.models import Organisation
from tanba.web.documents.forms import forms_offered, languages_offered, offer
from tanba.web.documents.models import DocumentSet
from tanba.web.documents.recording import base_of
from tanba.web.documents.sets import ask
from tanba.web.language import say, say_later
from tanba.web.systems.access import system_of
from tanba.web.systems.models import System

SHOWN = 5


class SetForm(forms.Form):
    """In which languages, as what."""

    languages = forms.MultipleChoiceField(label=say_later("documentpages.languages"), widget=forms.CheckboxSelectMultiple)
    forms = forms.MultipleChoiceField(label=say_later("documentpages.form"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Any = None, initial: dict[str, Any] | None = None) -> None:
        """Choices in the language of the page."""
        super().__init__(data, initial=initial, prefix="set")
        offer(self, forms=forms_offered(), languages=languages_offered())


@member(changes=False)
def of_system(request: MemberRequest, slug: str) -> HttpResponseBase:
    """Ask for the set of a system; whoever reads it may."""
    return _ask(request, system_of(request, slug))


@member(changes=False)
def of_organisation(request: MemberRequest) -> HttpResponseBase:
    """Ask for the set of the organisation."""
    return _ask(request, request.organisation)


def _ask(request: MemberRequest, where: System | Organisation) -> HttpResponseBase:
    form = SetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        ask(where, form.cleaned_data["languages"], form.cleaned_data["forms"], request.user, base_of(request))
    elif request.method == "POST":
        messages.error(request, say("documentpages.choose_set"))
    if not request.htmx:
        org = request.organisation.pk
        return redirect("documents:page", org, where.slug) if isinstance(where, System) else redirect("documents:organisation", org)
    return render(request, "documents/_sets.html", context(where))


def context(where: System | Organisation) -> dict[str, Any]:
    """The form, and the newest sets with how far they are."""
    of = {"system": where} if isinstance(where, System) else {"organisation": where, "system": None}
    rows = list(DocumentSet.objects.filter(**of).select_related("by", "package")[:SHOWN])
    return {
        "sets": rows,
        "set_form": SetForm(initial={"forms": ["docx", "pdf"], "languages": ["kk", "ru"]}),
        "making": any(not row.package and not row.stopped for row in rows),
        "system": where if isinstance(where, System) else None,
    }
