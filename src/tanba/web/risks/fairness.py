"""How predictions fall on groups: a table is read, counted and let go; the report is sealed. Numbers, and no verdict."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import mark_safe

from tanba.digest import canonical_json
from tanba.errors import InputError
from tanba.people.fairness import ALL, RATES, Rate, measure
from tanba.people.fairness import report as count
from tanba.people.fairnesschart import chart
from tanba.people.predictions import read_table
from tanba.seal import Artifact as Sealable
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.evidence.forward import put_forward
from tanba.web.evidence.models import Artifact
from tanba.web.evidence.outbox import keep
from tanba.web.language import current, say, told
from tanba.web.risks.forms import PredictionsForm
from tanba.web.systems.access import system_of, system_to_edit
from tanba.web.systems.head import head
from tanba.web.systems.models import System


@member()
def page(request: MemberRequest, slug: str) -> HttpResponseBase:
    """Give a table; earlier reports below."""
    system = system_to_edit(request, slug) if request.method == "POST" else system_of(request, slug)
    form = PredictionsForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and (said := _counted(form)):
        row = _kept(request, system, said)
        messages.success(request, say("riskpages.fairness_kept"))
        return redirect("risks:fairness_report", request.organisation.pk, slug, row.pk)
    reports = Artifact.objects.filter(system=system, kind="fairness").select_related("by")[:50]
    context = {"form": form, "reports": reports, "page": "fairness", **head(request, system, "risks")}
    return render(request, "risks/fairness.html", context, status=422 if form.errors else 200)


def _counted(form: PredictionsForm) -> dict[str, Any] | None:
    """The report; None, with what is wrong on the form, where the table does not fit."""
    values = form.cleaned_data
    groups = [name.strip() for name in values["group"].split(",") if name.strip()]
    try:
        cases = read_table(values["table"].read(), groups, values["prediction"], values["label"], values["positive"])
        return count(measure(cases), " · ".join(groups), values["positive"])
    except InputError as error:
        problem, hint = told(error)
        line = say("riskpages.line", line=error.line) + " " if error.line else ""
        form.add_error("table", f"{line}{problem}. {hint}")
        return None


@transaction.atomic
def _kept(request: MemberRequest, system: System, said: dict[str, Any]) -> Artifact:
    made = Sealable("fairness", said["schema"], canonical_json(said), "fairness.json")
    row = keep(request.organisation, made, request.user, system)
    put_forward(system, row, ("fairness-test",), say("riskpages.fairness_evidence", column=said["column"])[:300])
    return row


@member()
def report(request: MemberRequest, slug: str, pk: UUID) -> HttpResponseBase:
    """One report: tables and charts, from what was sealed."""
    system = system_of(request, slug)
    row = get_object_or_404(Artifact.objects.select_related("by"), pk=pk, system=system, kind="fairness")
    said = json.loads(row.made_here or b"{}")
    context = {"row": row, "said": said, "rates": _rates(said), "page": "fairness", **head(request, system, "risks")}
    return render(request, "risks/fairness_report.html", context)


def _rates(said: dict[str, Any]) -> list[dict[str, Any]]:
    """For each rate: its chart, groups and the largest difference."""
    measured = {each["group"]: {name: Rate(rate["hits"], rate["of"]) for name, rate in each["rates"].items()} for each in said["groups"]}
    few = {(each["group"], each["rate"]) for each in said["small"]}
    return [
        {
            "name": name,
            "chart": mark_safe(chart(measured, name, say(f"fairness.{name}"), say("fairness.everybody"), say("fairness.few"))),
            "groups": [_group(group, rates[name], (group, name) in few) for group, rates in measured.items()],
            "gap": _gap(said["gaps"].get(name)),
        }
        for name in RATES
        if name in measured[ALL]
    ]


def _group(group: str, rate: Rate, few: bool) -> dict[str, Any]:
    low, high = rate.interval or (None, None)
    return {
        "group": group or say("fairness.everybody"),
        "value": percent(rate.value),
        "low": percent(low),
        "high": percent(high),
        "hits": rate.hits,
        "of": rate.of,
        "few": few,
    }


def _gap(gap: dict[str, Any] | None) -> str:
    if not gap:
        return ""
    low, high = (percent(float(each)) for each in gap["interval"])
    values = {"gap": percent(float(gap["difference"])), "from": low, "to": high, "high": gap["high"], "low": gap["low"]}
    return say("fairness.gap", ratio=gap["ratio"] or "–", **values)


def percent(value: float | None) -> str:
    """41,5 in Kazakh and Russian, 41.5 in English."""
    shown = "–" if value is None else f"{100 * value:.1f}"
    return shown if current() == "en" else shown.replace(".", ",")
