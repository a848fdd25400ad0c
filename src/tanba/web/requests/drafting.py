"""A draft of an answer: the system's facts, and the decision looked up in the log where there is one."""

from tanba.law.words import cite
from tanba.people.answers import Case, draft
from tanba.people.decisions import Decision, DecisionSource
from tanba.web.requests import desk, texts
from tanba.web.requests.decisions import source_of
from tanba.web.requests.law import facts_of
from tanba.web.requests.models import Request
from tanba.web.templatetags import day


def drafted(row: Request, outcome: str, reason: str) -> str:
    """In the person's own language. Raises InputError on what does not fit, StoreError where texts or the log cannot be read."""
    lang = row.language
    facts, unanswered = facts_of(row.system, row.kind, lang)
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
        found(source_of(row.system), (texts.written(row) or {}).get("decision", "")),
        reason,
    )
    return draft(case, lang, cite)


def found(source: DecisionSource, named: str) -> Decision | None:
    """The decision that a person named: by its number, else the newest about that pseudonym."""
    if not named:
        return None
    return source.by_number(named) or next(iter(source.of_subject(named)), None)


def _named(texts_: dict[str, str], lang: str) -> str:
    return texts_.get(lang) or next((text for text in texts_.values() if text), "")
