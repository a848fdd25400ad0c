"""A company's own form for one system: chosen beside the built-in documents, filled in, sealed."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from tanba.docseal import KIND
from tanba.documents import filling
from tanba.documents.docxfile import opened
from tanba.errors import MissingEvidenceError, TanbaError
from tanba.strings import LANGUAGES
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.bounds import BusyError, place
from tanba.web.companyforms.formspage import offered
from tanba.web.companyforms.models import CompanyForm, current
from tanba.web.documents.desk import known
from tanba.web.evidence.outbox import content_of, safe_name, upload
from tanba.web.language import current as language
from tanba.web.language import say, say_later, told
from tanba.web.systems.access import system_of
from tanba.web.systems.models import System


class FillForm(forms.Form):
    """Which form, in which language."""

    company_form = forms.ChoiceField(label=say_later("companyformpages.form"))
    language = forms.ChoiceField(label=say_later("documentpages.languages"))

    def __init__(self, rows: list[CompanyForm], data: Any = None) -> None:
        """Choices: versions in force."""
        super().__init__(data, initial={"language": language()}, prefix="fill")
        chosen: dict[str, list[tuple[str, str]]] = {
            "company_form": [(str(row.pk), str(row)) for row in rows],
            "language": [(name, say(f"documentpages.languages_{name}")) for name in LANGUAGES],
        }
        for name, choices in chosen.items():
            field: Any = self.fields[name]
            field.choices = choices


def forms_of(system: System) -> list[CompanyForm]:
    """Forms that can be filled in for a system."""
    return current(CompanyForm.objects.filter(organisation=system.organisation_id, artifact__erased_at=None))


@require_POST
@member(changes=False)
def fill(request: MemberRequest, slug: str) -> HttpResponseBase:
    """Everybody who reads the system may: what is recorded is that a file was made."""
    system = system_of(request, slug)
    rows = forms_of(system)
    form = FillForm(rows, request.POST)
    if form.is_valid():
        chosen = next(row for row in rows if str(row.pk) == form.cleaned_data["company_form"])
        _fill(request, system, chosen, form.cleaned_data["language"])
    else:
        messages.error(request, say("companyformpages.choose"))
    return redirect("documents:page", request.organisation.pk, slug)


def _fill(request: MemberRequest, system: System, chosen: CompanyForm, lang: str) -> None:
    try:
        with place():
            if (content := content_of(chosen.artifact)) is None:
                raise MissingEvidenceError("the content was erased", "Upload the form once more.")
            made, gaps = filling.fill(opened(content), offered(timezone.localdate()), known(system), lang)
        with transaction.atomic():
            row = upload(system, KIND, safe_name(f"{system.slug}-{chosen.name}.{lang}.docx"), made, request.user)
            row.save()
    except BusyError:
        messages.error(request, say("documentpages.busy"))
    except TanbaError as error:
        messages.error(request, " ".join(told(error)))
    else:
        messages.success(request, say("documentpages.made", name=row.name, count=gaps))
