"""Pages of agreements: all systems, the draft of one with its sections, published versions and what changed."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from tanba.errors import InputError
from tanba.law.load import load
from tanba.law.rulebook import on
from tanba.material.agreement import material
from tanba.people.agreement import LONGEST, PLACES, checked_own, gaps, lines
from tanba.people.agreementtext import changes
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.agreements.drafting import draft, publish
from tanba.web.agreements.models import Agreement, Wording, in_force
from tanba.web.documents import letters
from tanba.web.evidence.outbox import record
from tanba.web.forms import Texts
from tanba.web.language import current, say, say_later, told
from tanba.web.notices import desk
from tanba.web.systems.access import system_of, system_to_edit
from tanba.web.systems.head import head
from tanba.web.systems.models import System


class PublishForm(forms.Form):
    """From which day."""

    effective = forms.DateField(label=say_later("agreements.effective"), widget=forms.DateInput(attrs={"type": "date"}))

    def clean_effective(self) -> date:
        """Nobody could have read yesterday what is published today."""
        day: date = self.cleaned_data["effective"]
        if day < timezone.localdate():
            raise ValidationError(say("agreements.effective_past"))
        return day


class SectionForm(forms.Form):
    """An officer's words for one section; empty ones leave what the facts say."""

    own = Texts(
        label=say_later("agreements.own"), help_text=say_later("agreements.own_help"), max_length=LONGEST, long=True, required=False
    )

    def __init__(self, *args: Any, section: str, **options: Any) -> None:
        """`section` by its name."""
        self.section = section
        super().__init__(*args, **options)

    def clean_own(self) -> dict[str, str]:
        """Checked as the hall checks it."""
        try:
            return checked_own({self.section: self.cleaned_data["own"] or {}}).get(self.section, {})
        except InputError as error:
            raise ValidationError(told(error)[0]) from None


@member()
def everything(request: MemberRequest) -> HttpResponseBase:
    """Every system with the version in force."""
    systems = System.objects.filter(organisation=request.organisation).exclude(state="rejected").select_related("face").order_by("slug")
    today = timezone.localdate()
    rows = Agreement.objects.filter(system__organisation=request.organisation, effective__lte=today).order_by("system_id", "number")
    newest = {row.system_id: row for row in rows.defer("content")}
    return render(request, "agreements/all.html", {"rows": [(system, newest.get(system.pk)) for system in systems]})


@member()
def show(request: MemberRequest, slug: str) -> HttpResponseBase:
    """The draft, what it changes, how often versions were shown and accepted."""
    return _page(request, system_of(request, slug), PublishForm(initial={"effective": timezone.localdate()}))


@require_POST
@member("administrator", "compliance")
def make(request: MemberRequest, slug: str) -> HttpResponseBase:
    """Publish the draft."""
    system = system_of(request, slug)
    form = PublishForm(request.POST)
    if not form.is_valid():
        return _page(request, system, form, 422)
    made = publish(system, form.cleaned_data["effective"], request.user)
    messages.success(request, say("agreements.published", number=made.number))
    return redirect("agreements:show", request.organisation.pk, slug)


@member()
def section(request: MemberRequest, slug: str, section: str) -> HttpResponseBase:
    """One section: what the facts say, and the words in its place."""
    system = system_to_edit(request, slug) if request.method == "POST" else system_of(request, slug)
    if section not in PLACES:
        raise Http404
    wording = Wording.objects.filter(system=system).first() or Wording(system=system, own={})
    form = SectionForm(request.POST or None, section=section, initial={"own": wording.own.get(section, {})})
    if form.is_valid():
        with transaction.atomic():
            own = {name: texts for name, texts in {**wording.own, section: form.cleaned_data["own"]}.items() if texts}
            Wording.objects.update_or_create(system=system, defaults={"own": own})
            record(request.organisation, "agreement-wording", {"own": form.cleaned_data["own"], "section": section}, request.user, system)
        messages.success(request, say("web.saved"))
        return redirect("agreements:show", request.organisation.pk, slug)
    made = next(each for each in draft(system)["sections"] if each["name"] == section)
    context = {"form": form, "section": _section(made | {"own": {}}, current()), **head(request, system, "users")}
    return render(request, "agreements/section.html", context, status=422 if form.errors else 200)


@member()
def version(request: MemberRequest, slug: str, edition: int) -> HttpResponseBase:
    """A published version, and what it changed."""
    system = system_of(request, slug)
    found = get_object_or_404(Agreement, system=system, number=edition)
    if letters.asked(request):
        return _download(request, found)
    before = Agreement.objects.filter(system=system, number__lt=edition).first()
    context = {"agreement": found, "sections": sections(found.content, current()), "gaps": len(gaps(found.content, current()))}
    context |= {"before": before, "changes": changes(before.content, found.content, current()) if before else []}
    return render(request, "agreements/version.html", {**context, **head(request, system, "users")})


def _download(request: MemberRequest, found: Agreement) -> HttpResponse:
    """The version as a document."""
    day, slug = found.content["date"], found.system.slug

    def known() -> dict[str, Any]:
        return material(on(load("kz"), date.fromisoformat(day)), found.content, slug, day, found.effective.isoformat())

    return letters.download(request, "agreement", known, f"{slug}-agreement-{found.number}")


def sections(content: dict[str, Any], language: str) -> list[dict[str, Any]]:
    """What a template shows: sections in which something is said."""
    return [shown for each in content["sections"] if (shown := _section(each, language))["lines"]]


def _section(section: dict[str, Any], language: str) -> dict[str, Any]:
    said = [
        (line["text"][language], line["source"].partition("@")[0].removeprefix("kz/"), line["gap"]) for line in lines(section, language)
    ]
    return {"heading": section["heading"][language], "lines": said, "name": section["name"], "own": language in section["own"]}


def _page(request: MemberRequest, system: System, form: PublishForm, status: int = 200) -> HttpResponseBase:
    made, language = draft(system), current()
    versions = list(system.agreements.select_related("by"))
    newest = versions[0] if versions else None
    every = [_section(each, language) for each in made["sections"]]
    context: dict[str, Any] = {"form": form, "draft": made, "sections": every, "gaps": len(gaps(made, language)), "versions": versions}
    context |= {"stands": in_force(system, timezone.localdate()), "changes": changes(newest.content, made, language) if newest else []}
    context |= {"unchanged": bool(newest and newest.version == made["version"]), "manages": request.membership.manages}
    context["counts"] = [each for each in desk.shown().counts(str(system.pk)) if each.subject == "agreement"]
    return render(request, "agreements/show.html", {**context, **head(request, system, "users")}, status=status)
