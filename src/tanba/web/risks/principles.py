"""The principles of article 4 for one system: provisions, what the system does for each, risks and controls that belong to it, gaps."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from tanba.law.load import load
from tanba.people.catalogue import controls, principles
from tanba.people.principles import Line, Owed, chart
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.evidence.outbox import record
from tanba.web.forms import Texts
from tanba.web.language import say, say_later
from tanba.web.obligations.models import Obligation
from tanba.web.risks.controls import at_degree
from tanba.web.risks.models import PrincipleText, newest
from tanba.web.systems.access import system_of, system_to_edit
from tanba.web.systems.head import head
from tanba.web.systems.models import System


class PrincipleForm(forms.Form):
    """What the system does for a principle."""

    text = Texts(label=say_later("riskpages.principle_text"), max_length=2000, long=True, required=False)


@member()
def page(request: MemberRequest, slug: str) -> HttpResponseBase:
    """The map; `?edit=` opens the form of one principle."""
    if request.method != "POST":
        return _page(request, system_of(request, slug), request.GET.get("edit", ""), None)
    system, name = system_to_edit(request, slug), request.POST.get("principle", "")
    if name not in principles():
        raise Http404
    form = PrincipleForm(request.POST)
    if not form.is_valid():
        return _page(request, system, name, form, 422)
    with transaction.atomic():
        text = form.cleaned_data["text"] or {}
        PrincipleText.objects.create(system=system, principle=name, text=text, by=request.user)
        record(request.organisation, "principle-text", {"principle": name, "text": text}, request.user, system)
    messages.success(request, say("web.saved"))
    return redirect("risks:principles", request.organisation.pk, slug)


def _page(request: MemberRequest, system: System, edit: str, form: PrincipleForm | None, status: int = 200) -> HttpResponse:
    texts = newest(system.principle_texts, "principle")
    rows = {row.name: row for row in system.risks.filter(removed=False)}
    obligations = {row.path: row for row in Obligation.objects.filter(system=system, active=True, kind="obligation").order_by("path")}
    states = newest(system.control_states, "control")
    lines = chart(
        [Owed(path, row.answer, row.status) for path, row in obligations.items()],
        {name: row.text for name, row in texts.items()},
        {name: str(row.content["category"]) for name, row in rows.items()},
        {control.id: states[control.id].state if control.id in states else "" for control in at_degree(system)},
    )
    law = load("kz")
    shown = [_row(line, law, texts, rows, obligations) for line in lines]
    if form is None:
        form = PrincipleForm(initial={"text": texts[edit].text if edit in texts else {}})
    context = {"lines": shown, "edit": edit, "form": form, "page": "principles", **head(request, system, "risks")}
    return render(request, "risks/principles.html", context, status=status)


def _row(line: Line, law: Any, texts: dict[str, Any], rows: dict[str, Any], obligations: dict[str, Any]) -> dict[str, Any]:
    done = sum(bool(state) for state in line.controls.values())
    return {
        "line": line,
        "title": law.editions(line.principle.path)[-1].title,
        "written": texts.get(line.principle.id),
        "owed": [(obligations[each.path], law.editions(each.path)[-1].title) for each in line.owed],
        "risks": [rows[name] for name in line.risks],
        "controls": [controls()[name] for name in line.controls],
        "done": done,
    }
