"""A draft of an answer: the system's facts, and the decision looked up in the log where there is one."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils import timezone

from tanba.law.load import load
from tanba.law.rulebook import on
from tanba.law.words import cite
from tanba.material.common import Whose
from tanba.material.requests import material
from tanba.people.answers import Case, draft
from tanba.people.askedfile import Asked
from tanba.people.decisions import Decision
from tanba.web.requests import desk, texts
from tanba.web.requests.decisions import source_of
from tanba.web.requests.law import facts_of
from tanba.web.requests.models import Request
from tanba.web.systems.models import System
from tanba.web.templatetags import day


def drafted(row: Request, outcome: str, reason: str) -> str:
    """In the person's own language. Raises InputError on what does not fit, StoreError where texts or the log cannot be read."""
    return draft(case_of(row, outcome, reason, row.language), row.language, cite)


def case_of(row: Request, outcome: str, reason: str, lang: str) -> Case:
    """What an answer in a language is drafted from. Raises StoreError."""
    facts, unanswered = facts_of(row.system, row.kind, lang)
    decision = decision_named(row.system, (texts.written(row) or {}).get("decision", ""))
    return Case(
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


def letter(row: Request) -> dict[str, Any] | None:
    """The material of the letter: the answer that was sent, else the draft as it was left; None where there is neither.

    A draft that nobody has edited is there in every language, words of a person's own only in theirs. Raises StoreError, EvidenceError.
    """
    sent = row.answer is not None
    text = texts.answered(row) if sent else texts.draft_of(row)
    if not text:
        return None
    edited = {} if not sent and text == drafted(row, row.outcome, row.reason) else {row.language: text}
    received, to = timezone.localtime(row.received).date().isoformat(), (texts.written(row) or {}).get("name", "")
    asked = Asked(row.kind, row.outcome, row.reason, row.number, received, to, text=edited)
    whose, book = Whose(row.organisation.name, row.organisation.bin), on(load("kz"), timezone.localdate())
    return material(book, lambda lang: case_of(row, row.outcome, row.reason, lang), row.system.name, asked, whose, sent=sent)


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
