"""The interview: one question at a time, only those that can still change the answer. Works with htmx and without JavaScript.

Answers are kept as they are given, so it resumes anywhere. What was put off, and the way back, live in the session.
"""

from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from tanba.law.interview import open_questions
from tanba.law.load import load
from tanba.law.model import Fact
from tanba.law.rulebook import Rulebook, decide, on
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.assessments import present
from tanba.web.assessments.run import known_facts, reassess
from tanba.web.language import say
from tanba.web.systems.access import system_to_edit
from tanba.web.systems.forms import NONE, AnswerForm
from tanba.web.systems.head import head
from tanba.web.systems.models import System

EXTRAS = {
    "impact_on": "impact",
    "use_case": "plausibility",
    "own_risk": "plausibility",
    "own_autonomy": "plausibility",
    "own_mode": "plausibility",
    "offender_class": "exposure",
}
"""Asked last, where nothing open hangs on them: what each of them is good for (assessments.extra_…)."""


class Sitting:
    """What one person put off, and the questions passed, for one system; kept in the session."""

    def __init__(self, request: MemberRequest, system: System) -> None:
        """Read what the session holds."""
        self.session, self.key = request.session, f"interview:{system.pk}"
        kept = self.session.get(self.key, {})
        self.later: list[str] = kept.get("later", [])
        self.trail: list[str] = kept.get("trail", [])

    def passed(self, name: str, later: bool) -> None:
        """A question was answered, or put off."""
        self.trail = [*(each for each in self.trail if each != name), name][-60:]
        self.later = [each for each in self.later if each != name] + ([name] if later else [])
        self.keep()

    def keep(self) -> None:
        """Write to the session."""
        self.session[self.key] = {"later": self.later, "trail": self.trail}

    def before(self, name: str | None) -> str | None:
        """The question passed before this one."""
        earlier = self.trail[: self.trail.index(name)] if name in self.trail else self.trail
        return earlier[-1] if earlier else None


@member()
def interview(request: MemberRequest, slug: str) -> HttpResponse:
    """Ask the next question, or the one in the address; take its answer."""
    system = system_to_edit(request, slug)
    book = on(load("kz"), timezone.localdate())
    sitting = Sitting(request, system)
    if request.method == "POST":
        return _answered(request, system, book, sitting)
    name = request.GET.get("fact") or None
    if name and name not in book.law.facts:
        raise Http404
    return _ask(request, system, book, sitting, name)


def _answered(request: MemberRequest, system: System, book: Rulebook, sitting: Sitting) -> HttpResponse:
    """Keep an answer, put a question off, or take up what was put off."""
    if "resume" in request.POST:
        sitting.later = []
        sitting.keep()
        return _onward(request, system)
    name = request.POST.get("fact", "")
    if name not in book.law.facts:
        raise Http404
    if "later" in request.POST:
        sitting.passed(name, later=True)
        return _onward(request, system)
    form = AnswerForm(request.POST, fact=book.law.facts[name])
    value = form.answer() if form.is_valid() else None
    if value is None or _contradicts(request, value):
        return _ask(request, system, book, sitting, name, trouble=say("assessments.pick_an_answer"))
    _keep(request, system, name, value)
    sitting.passed(name, later=False)
    return _onward(request, system)


def _contradicts(request: MemberRequest, value: Any) -> bool:
    """Whether "none of these" was ticked together with one of these."""
    return isinstance(value, list) and bool(value) and NONE in request.POST.getlist("value")


def _keep(request: MemberRequest, system: System, name: str, value: Any) -> None:
    """An unchanged answer is not written again; a confirmed suggestion keeps its source."""
    now, suggested = system.answers().get(name), system.suggested().get(name)
    if now and now.value == value and not suggested:
        return
    source = suggested.source if suggested and suggested.value == value else say("assessments.source_interview")
    with transaction.atomic():
        system.answer(name, value, source, request.user)
        reassess(system, request.user)


def _onward(request: MemberRequest, system: System) -> HttpResponse:
    return HttpResponseRedirect(_address(request, system))


def _address(request: MemberRequest, system: System, name: str | None = None) -> str:
    address = reverse("assessments:interview", args=[request.organisation.pk, system.slug])
    return f"{address}?{urlencode({'fact': name})}" if name else address


def _ask(request: MemberRequest, system: System, book: Rulebook, sitting: Sitting, name: str | None, trouble: str = "") -> HttpResponse:
    facts = known_facts(system)
    remaining = open_questions(book, facts)
    bears_on = dict(remaining)
    extras = [extra for extra in EXTRAS if extra in book.law.facts and extra not in facts and extra not in bears_on]
    in_scope = decide(book, facts).env["ai_system"] is not False
    waiting = [fact for fact in (*bears_on, *(extras if in_scope else ())) if fact not in sitting.later]
    name = name or (waiting[0] if waiting else None)
    before = sitting.before(name)
    newest = system.assessments.first()
    context = {
        **head(request, system, "interview"),
        "asked": _question(request, system, book.law.facts[name]) if name else None,
        "bears_on": bears_on.get(name or "", []),
        "extra": EXTRAS.get(name or "") if name not in bears_on else None,
        "remaining": len(remaining),
        "answered": len(facts),
        "put_off": [fact for fact in sitting.later if fact in bears_on or fact in extras],
        "back": _address(request, system, before) if before else None,
        "trouble": trouble,
        "report": newest.report if newest else None,
        "sentence": present.sentence(newest.report) if newest else "",
    }
    partial = request.htmx and not request.htmx.history_restore_request
    return render(request, "assessments/_question.html" if partial else "assessments/interview.html", context)


def _question(request: MemberRequest, system: System, fact: Fact) -> dict[str, Any]:
    """One question with its choices; what is known or suggested, and from where; what was just typed comes first."""
    now, suggested = system.answers().get(fact.name), system.suggested().get(fact.name)
    shown = suggested.value if suggested else now.value if now else None
    form_value = AnswerForm.shown(shown)
    picked = request.POST.getlist("value") if request.method == "POST" else form_value if isinstance(form_value, list) else [form_value]
    yes_no = {"true": say("words.answer.yes"), "false": say("words.answer.no")}
    labels: dict[str, Any] = yes_no if fact.type == "yes_no" else dict(fact.choices)
    choices = [{"value": value, "label": label, "picked": value in picked} for value, label in labels.items()]
    if fact.type == "any_of":
        choices.append({"value": NONE, "label": say("words.answer.none_of_them"), "picked": NONE in picked})
    return {"fact": fact, "now": now, "suggested": suggested, "choices": choices}
