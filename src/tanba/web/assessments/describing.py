"""A pasted description suggests answers, with the words that led to them. Suggestions wait for a person; nothing is decided here."""

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tanba.law.describe import MAX_CHARS, Suggestion, flagged, suggest
from tanba.law.load import load
from tanba.law.rulebook import on
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.language import say
from tanba.web.systems.access import system_to_edit
from tanba.web.systems.head import head
from tanba.web.systems.models import System


@member()
def describe(request: MemberRequest, slug: str) -> HttpResponse:
    """Paste a text in Kazakh, Russian or English; see what it suggests and why."""
    system = system_to_edit(request, slug)
    text = request.POST.get("text", "")
    context: dict[str, Any] = {
        **head(request, system, "interview"),
        "text": text or _purpose(system),
        "limit": MAX_CHARS,
        "described": False,
    }
    if request.method == "POST" and text.strip():
        found = suggest(load("kz"), text)
        known = system.facts()
        context |= {
            "described": True,
            "flagged": flagged(on(load("kz"), timezone.localdate()), found),
            "new": _suggested(request, system, [s for s in found if s.fact not in known]),
            "agree": [s for s in found if s.fact in known and known[s.fact] == s.value],
            "differ": [{"s": s, "now": known[s.fact]} for s in found if s.fact in known and known[s.fact] != s.value],
        }
    return render(request, "assessments/describe.html", context)


def _purpose(system: System) -> str:
    """The purpose as registered, in every language once: a first text to try."""
    return "\n".join(dict.fromkeys(text for text in system.purpose.values() if text))


@transaction.atomic
def _suggested(request: MemberRequest, system: System, found: list[Suggestion]) -> list[Suggestion]:
    """Keep suggestions as unconfirmed facts; the same one is not kept twice."""
    waiting = system.suggested()
    for suggestion in found:
        old = waiting.get(suggestion.fact)
        if old is None or old.value != suggestion.value:
            source = say("assessments.source_description", words="; ".join(suggestion.words))
            system.answer(suggestion.fact, suggestion.value, source, request.user, confirmed=False)
    return found
