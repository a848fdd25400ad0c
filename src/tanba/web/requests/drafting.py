"""A draft of an answer: the system's facts, and the decision looked up in the log where there is one."""

from dataclasses import replace
from datetime import datetime

from django.utils import timezone

from tanba.law.load import load
from tanba.law.words import cite
from tanba.people.answers import Case, draft
from tanba.people.decisions import Decision
from tanba.web.requests import desk, texts
from tanba.web.requests.decisions import source_of
from tanba.web.requests.law import facts_of
from tanba.web.requests.models import Request
from tanba.web.systems.models import System
from tanba.web.templatetags import day


def drafted(row: Request, outcome: str, reason: str) -> str:
    """In the person's own language. Raises InputError on what does not fit, StoreError where texts or the log cannot be read."""
    lang = row.language
    facts, unanswered = facts_of(row.system, row.kind, lang)
    decision = decision_named(row.system, (texts.written(row) or {}).get("decision", ""))
    case = Case(
        row.kind,
        outcome,
        desk.ground_of(row),
        _named(row.system.name, lang),
        _named(row.organisation.name, lang),
        row.number,
        day(row.received, lang),
        facts,
        unanswered,
        decision and _worded(decision, lang),
        row.events.filter(what="shown").exists(),
        reason,
    )
    return draft(case, lang, cite)


def decision_named(system: System, named: str) -> Decision | None:
    """The decision that a person named: by its number, else the newest about that pseudonym or about whom the organisation calls so."""
    source = source_of(system)
    return (source.by_number(named) or next(iter(source.of_subject(named)), None)) if named else None


def _worded(decision: Decision, lang: str) -> Decision:
    """The log's time and codes as a person reads them."""
    time = f"{day(decision.time, lang)}, {timezone.localtime(datetime.fromisoformat(decision.time)):%H:%M}"
    human = load("kz").facts["human_control"].choices.get(decision.human, {}).get(lang, decision.human)
    return replace(decision, time=time, human=human)


def _named(texts_: dict[str, str], lang: str) -> str:
    return texts_.get(lang) or next((text for text in texts_.values() if text), "")
