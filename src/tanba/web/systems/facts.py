"""Facts of a system: what was answered, by whom, from where; suggestions to confirm; the history of each."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tanba.law.load import load
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.assessments.run import reassess
from tanba.web.language import say
from tanba.web.lawtracker.words import answer as in_words
from tanba.web.lawtracker.words import bare, cite
from tanba.web.systems.access import system_of, system_to_edit
from tanba.web.systems.forms import AnswerForm
from tanba.web.systems.head import head
from tanba.web.systems.models import Fact, System


@member()
def facts(request: MemberRequest, slug: str) -> HttpResponseBase:
    """Suggestions first, then answers in the order of the law, then what nobody has answered."""
    system = system_of(request, slug)
    answers, suggested = system.answers(), system.suggested()
    vocabulary = load("kz").facts
    context = {
        "suggested": [_row(request, row) for row in suggested.values() if row.name in vocabulary],
        "answers": [_row(request, answers[name]) for name in vocabulary if name in answers],
        "unanswered": [_question(request, name) for name in vocabulary if name not in answers],
        **head(request, system, "facts"),
    }
    return render(request, "systems/facts.html", context)


@member()
def fact(request: MemberRequest, slug: str, name: str) -> HttpResponseBase:
    """Answer one question, or take the answer back; below it, every earlier answer."""
    if name not in load("kz").facts:
        raise Http404
    system = system_to_edit(request, slug) if request.method == "POST" else system_of(request, slug)
    now = system.answers().get(name)
    asked = load("kz").facts[name]
    shown = AnswerForm.shown(now.value if now else None)
    initial = {"value": shown or [""] if asked.type == "any_of" else shown}
    form = AnswerForm(request.POST or None, fact=asked, initial=initial)
    if form.is_valid():
        _record(request, system, name, form.answer(), form.cleaned_data["source"] or say("systems.source_form"))
        messages.success(request, say("systems.answered"))
        return redirect(_return(request, system))
    history = system.fact_rows.filter(name=name).select_related("by").order_by("-id")
    context = {
        "form": form,
        "question": _question(request, name),
        "history": [_row(request, row) for row in history],
        "return": request.GET.get("return", ""),
        **head(request, system, "facts"),
    }
    return render(request, "systems/fact.html", context)


@require_POST
@member()
def confirm(request: MemberRequest, slug: str) -> HttpResponseBase:
    """Confirm suggestions or set them aside: one, or all of them."""
    system = system_to_edit(request, slug)
    waiting, wanted = system.suggested(), request.POST.get("fact", "")
    chosen = [row for name, row in waiting.items() if wanted in ("", name)]
    with transaction.atomic():
        for row in chosen:
            _settle(request, system, row, accept="confirm" in request.POST)
        if chosen:
            reassess(system, request.user)
    messages.success(request, say("systems.confirmed" if "confirm" in request.POST else "systems.set_aside", count=len(chosen)))
    return redirect("systems:facts", request.organisation.pk, system.slug)


def _settle(request: MemberRequest, system: System, row: Fact, accept: bool) -> None:
    """A suggestion becomes an answer; set aside, the answer before it is stated again."""
    if accept:
        system.answer(row.name, row.value, row.source, request.user)
    else:
        now = system.answers().get(row.name)
        system.answer(row.name, now.value if now else None, now.source if now else say("systems.source_set_aside"), request.user)


@transaction.atomic
def _record(request: MemberRequest, system: System, name: str, value: Any, source: str) -> None:
    system.answer(name, value, source, request.user)
    reassess(system, request.user)


def _return(request: MemberRequest, system: System) -> str:
    """Back to the page that asked, if it is a page of this system."""
    home = reverse("systems:show", args=[request.organisation.pk, system.slug])
    wanted = request.POST.get("return", "")
    return (
        wanted if wanted.startswith(home) and "//" not in wanted else reverse("systems:facts", args=[request.organisation.pk, system.slug])
    )


def _row(request: MemberRequest, row: Fact) -> dict[str, Any]:
    known = load("kz").facts.get(row.name)
    return {**_question(request, row.name), "row": row, "words": in_words(known, row.value) if known else row.value}


def _question(request: MemberRequest, name: str) -> dict[str, Any]:
    known = load("kz").facts.get(name)
    if known is None:
        return {"name": name, "question": name, "governed_by": "", "path": ""}
    return {
        "name": name,
        "question": known.question,
        "governed_by": cite(known.governed_by),
        "path": bare(known.governed_by),
        "legal": known.legal,
    }
