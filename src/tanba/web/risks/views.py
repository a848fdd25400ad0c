"""The register of risks of one system: what is there, what is missing, the catalogue, one risk with its history, the yearly review."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST, require_safe

from tanba.law.load import load
from tanba.material.risks import finding_words
from tanba.people.catalogue import Condition, suggest, treating
from tanba.people.riskmatrix import draw
from tanba.people.risks import Acceptance, Finding, Register, counts, findings
from tanba.people.risks import Risk as Value
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.accounts.models import MANAGERS
from tanba.web.language import current, pick, say
from tanba.web.lawtracker import words
from tanba.web.risks import desk
from tanba.web.risks.forms import Measures, ReasonForm, ReviewForm, RiskForm, measures_of, read_forms
from tanba.web.risks.models import Act, Risk
from tanba.web.systems.access import system_of, system_to_edit
from tanba.web.systems.head import head
from tanba.web.systems.models import System


@require_safe
@member()
def register(request: MemberRequest, slug: str) -> HttpResponseBase:
    """Everything at a glance."""
    return _register(request, system_of(request, slug), ReviewForm(), "risks/register.html")


@require_safe
@member()
def printed(request: MemberRequest, slug: str) -> HttpResponseBase:
    """The whole register on paper."""
    return _register(request, system_of(request, slug), None, "risks/print.html")


@require_POST
@member()
def review(request: MemberRequest, slug: str) -> HttpResponseBase:
    """Seal the register as reviewed."""
    system = system_to_edit(request, slug)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _register(request, system, form, "risks/register.html", 422)
    desk.review(system, form.cleaned_data["changed"] == "changed", form.cleaned_data["note"], request.user)
    messages.success(request, say("riskpages.reviewed_now"))
    return redirect("risks:register", request.organisation.pk, slug)


def _register(request: MemberRequest, system: System, form: ReviewForm | None, template: str, status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    rows, last, register, missing, until = desk.state(system, today)
    numbered = [line(number, row, value, missing) for number, (row, value) in enumerate(zip(rows, register.risks, strict=True), 1)]
    context: dict[str, Any] = {
        "rows": numbered,
        "last": last,
        "until": until,
        "late": until is not None and until < today,
        "general": [in_words(each) for each in missing if not each.risk],
        "open": sum(bool(each.risk) for each in missing),
        "counts": [(level, n) for level, n in counts(register.risks).items() if n],
        "pictures": pictures(register),
        "form": form,
        "today": today,
        **head(request, system, "risks"),
    }
    return render(request, template, context | {"page": "register"}, status=status)


def line(number: int, row: Risk, value: Value, missing: list[Finding]) -> dict[str, Any]:
    """One risk as a row: with its number in the matrix and what it lacks."""
    return {"number": number, "row": row, "risk": value, "missing": [in_words(each) for each in missing if each.risk == value.id]}


def in_words(finding: Finding) -> str:
    """A finding in the language of the page."""
    return finding_words(finding, current())


def pictures(register: Register) -> list[Any]:
    """The matrix after and before measures; every word in it is escaped where it is drawn."""
    if not any(risk.inherent or risk.residual for risk in register.risks):
        return []
    kinds = (("riskpages.after", True), ("riskpages.before", False))
    drawn = [draw(register.risks, lambda key: say(f"risks.{key}"), say(title), residual=after) for title, after in kinds]
    return [mark_safe(each) for each in drawn]


@member()
def catalogue(request: MemberRequest, slug: str) -> HttpResponseBase:
    """What the facts suggest, why, and what waits for answers; those that are ticked enter the register."""
    if request.method == "POST":
        system = system_to_edit(request, slug)
        added = desk.add_known(system, request.POST.getlist("risk"), request.user)
        messages.success(request, say("riskpages.added", count=len(added)))
        return redirect("risks:register", request.organisation.pk, slug)
    system = system_of(request, slug)
    there = set(system.risks.filter(removed=False).values_list("name", flat=True))
    found = [
        {
            "risk": each.risk,
            "open": each.answer is None,
            "why": [reason(one) for one in each.because],
            "waits": [(one.fact, reason(one)) for one in each.open],
            "there": each.risk.id in there,
            "controls": treating(each.risk.id),
        }
        for each in suggest(system.facts())
    ]
    groups = [(is_open, [each for each in found if each["open"] is is_open]) for is_open in (False, True)]
    return render(request, "risks/catalogue.html", {"groups": groups, "page": "register", **head(request, system, "risks")})


def reason(condition: Condition) -> str:
    """A condition in words: the question and the answers that count."""
    fact = load("kz").facts[condition.fact]
    yes_no = {"yes": True, "no": False}
    values = " / ".join(words.answer(fact, yes_no[each] if fact.type == "yes_no" else each) for each in condition.values)
    return f"{pick(fact.question)} {values}"


@member()
def new(request: MemberRequest, slug: str) -> HttpResponseBase:
    """A risk of one's own."""
    system = system_to_edit(request, slug)
    form, measures = RiskForm(request.POST or None), Measures(request.POST or None, prefix="measures")
    if request.method == "POST" and (value := read_forms(form, measures, f"own-{uuid4().hex[:8]}", None)):
        desk.add(system, value, request.user)
        messages.success(request, say("riskpages.added", count=1))
        return redirect("risks:register", request.organisation.pk, slug)
    context = {"form": form, "measures": measures, "page": "register", **head(request, system, "risks")}
    return render(request, "risks/new.html", context, status=422 if form.errors else 200)


@member()
def one(request: MemberRequest, slug: str, pk: UUID) -> HttpResponseBase:
    """One risk: change it, accept what is left, see what it was."""
    if request.method == "POST":
        return _changed(request, system_to_edit(request, slug), pk)
    row = get_object_or_404(Risk.objects.select_related("system__organisation"), pk=pk, system=system_of(request, slug))
    value = row.value()
    return _one(request, row, RiskForm(risk=value), Measures(initial=measures_of(value), prefix="measures"), ReasonForm())


@transaction.atomic
def _changed(request: MemberRequest, system: System, pk: UUID) -> HttpResponseBase:
    """What was typed is kept where somebody else was faster: who then saves again has seen it."""
    row = get_object_or_404(Risk.objects.select_related("system__organisation").select_for_update(of=("self",)), pk=pk, system=system)
    if row.removed:
        messages.warning(request, say("riskpages.is_removed"))
        return redirect("risks:one", request.organisation.pk, system.slug, pk)
    before, newest = row.value(), row.versions.first()
    form, measures = RiskForm(request.POST, risk=before), Measures(request.POST, prefix="measures")
    value = read_forms(form, measures, row.name, before)
    if value and newest and request.POST.get("seen") != str(newest.pk):
        form.add_error(None, say("riskpages.changed_meanwhile"))
    if value is None or form.errors:
        return _one(request, row, form, measures, ReasonForm(), 422)
    desk.change(row, value, request.user)
    messages.success(request, say("web.saved"))
    return redirect("risks:one", request.organisation.pk, system.slug, pk)


def _one(request: MemberRequest, row: Risk, form: RiskForm, measures: Any, reason: ReasonForm, status: int = 200) -> HttpResponse:
    value = row.value()
    missing = findings(desk.register_of(row.system, [row], None), timezone.localdate(), None)
    context = {
        "row": row,
        "risk": value,
        "form": form,
        "measures": measures,
        "reason": reason,
        "missing": [in_words(each) for each in missing if each.risk],
        "controls": treating(value.source),
        "history": list(row.versions.select_related("by")),
        "manages": request.membership.manages,
        "page": "register",
        **head(request, row.system, "risks"),
    }
    return render(request, "risks/one.html", context, status=status)


@require_POST
@member(*MANAGERS)
@transaction.atomic
def accept(request: MemberRequest, slug: str, pk: UUID) -> HttpResponseBase:
    """Accept the residual score that the risk has now, and say why."""
    row = _standing(request, slug, pk)
    value, form = row.value(), ReasonForm(request.POST)
    if value.residual is None:
        messages.warning(request, say("riskpages.nothing_to_accept"))
    elif not form.is_valid():
        return _one(request, row, RiskForm(risk=value), Measures(initial=measures_of(value), prefix="measures"), form, 422)
    else:
        of = (value.residual.likelihood, value.residual.consequence)
        taken = Acceptance(str(request.user), timezone.localdate(), form.cleaned_data["reason"], of)
        desk.change(row, replace(value, accepted=taken), request.user, Act.ACCEPTED, taken.reason)
        messages.success(request, say("riskpages.accepted_now"))
    return redirect("risks:one", request.organisation.pk, slug, pk)


@require_POST
@member()
@transaction.atomic
def remove(request: MemberRequest, slug: str, pk: UUID) -> HttpResponseBase:
    """Take a risk out, with the reason; what it was stays readable."""
    system_to_edit(request, slug)
    row, form = _standing(request, slug, pk), ReasonForm(request.POST)
    if not form.is_valid():
        messages.warning(request, say("riskpages.reason_missing"))
        return redirect("risks:one", request.organisation.pk, slug, pk)
    desk.remove(row, request.user, form.cleaned_data["reason"])
    messages.success(request, say("riskpages.removed_now"))
    return redirect("risks:register", request.organisation.pk, slug)


def _standing(request: MemberRequest, slug: str, pk: UUID) -> Risk:
    found = Risk.objects.select_related("system__organisation", "system__owner").select_for_update(of=("self",))
    return get_object_or_404(found, pk=pk, system__organisation=request.organisation, system__slug=slug, removed=False)
