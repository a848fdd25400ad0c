"""Drafts of answers in kk, ru and en: each statement with its source, each gap as a gap. A person edits and sends them.

Words stand in `strings/answers.yaml`. What a draft cannot know it leaves open as `[[what is missing]]`; `gaps_of` finds what was left.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tanba.errors import InputError
from tanba.people.decisions import Decision
from tanba.people.requests import Ground, kind_of
from tanba.strings import catalogue, t

OUTCOMES: Mapping[str, Mapping[str, str]] = {
    "explanation": {"given": "answered", "refused": "refused"},
    "data": {"given": "answered", "refused": "refused"},
    "refusal": {"accepted": "answered", "refused": "refused"},
    "objection": {"upheld": "answered", "rejected": "refused"},
    "review": {"changed": "answered", "stands": "answered", "refused": "refused"},
    "withdrawal": {"done": "answered", "refused": "refused"},
    "support": {"solved": "answered", "explained": "answered", "passed_on": "answered", "refused": "refused"},
    "complaint": {"upheld": "answered", "rejected": "refused"},
}
"""{kind: {outcome: state}}."""

COMMON = ("not_applicable", "identity_not_shown", "other")
REASONS: Mapping[str, tuple[str, ...]] = {
    "data": ("protected",),
    "explanation": ("protected",),
    "refusal": ("law_mandatory",),
    "objection": ("not_justified",),
    "review": ("human_already",),
    "withdrawal": ("against_law", "obligation_open", "storage_required"),
    "complaint": ("not_justified",),
}
"""Grounds of a refusal, beside the common ones."""

PLACE_OF = {
    "protected": "230-VIII/16/1/5",
    "law_mandatory": "",
    "human_already": "255-VIII/43/3",
    "against_law": "94-V/8/2",
    "obligation_open": "94-V/8/2",
    "storage_required": "94-V/8/7",
}
"""The provision of a ground; empty: the kind's own. `protected` limits the right to data alone: elsewhere a person names the norm."""

FACTS: Mapping[str, tuple[str, ...]] = {
    "explanation": ("decides_about_people", "human_control"),
    "data": ("processes_personal_data", "personal_data_basis"),
    "objection": ("solely_automated", "automated_ground"),
    "review": ("solely_automated", "human_control"),
    "withdrawal": ("personal_data_basis",),
}
"""Which of a system's facts an answer states."""

ON_DECISION = ("explanation", "data", "objection", "review")
_GAP = re.compile(r"\[\[.*?(?:\]\]|\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence and where it comes from, in words; `place` where that is one of the law."""

    text: str
    source: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """What a draft is made of; `received` is a day in words, `facts` are statements on the system, `unanswered` open questions on it."""

    kind: str
    outcome: str
    ground: Ground
    system: str
    organisation: str
    number: str = ""
    received: str = ""
    facts: Sequence[Statement] = ()
    unanswered: Sequence[str] = ()
    decision: Decision | None = None
    identity_shown: bool = False
    reason: str = ""


def refusal_reasons(kind: str) -> tuple[str, ...]:
    """Grounds on which a request of that kind may be refused."""
    return (*REASONS.get(kind, ()), *COMMON)


def state_after(kind: str, outcome: str, reason: str) -> str:
    """`answered` or `refused`. Raises InputError on an outcome or a ground that does not fit."""
    kind_of(kind)
    if outcome not in OUTCOMES[kind]:
        known = ", ".join(OUTCOMES[kind])
        raise InputError("{kind}: there is no outcome {outcome!r}", "Choose one of: {known}.", kind=kind, outcome=outcome, known=known)
    state = OUTCOMES[kind][outcome]
    if state == "refused" and reason not in refusal_reasons(kind):
        known = ", ".join(refusal_reasons(kind))
        raise InputError("a refusal needs its ground, not {reason!r}", "Choose one of: {known}.", reason=reason, known=known)
    return state


def gaps_of(text: str) -> list[str]:
    """What is still open in an answer.

    >>> gaps_of("Dear reader, [[which data]] were used.")
    ['[[which data]]']
    """
    return _GAP.findall(text)


def draft(case: Case, lang: str, cite: Callable[[str, str], str]) -> str:
    """The answer as text. `cite(path, lang)` names a place of the law. Raises InputError as `state_after` does."""
    return "\n\n".join(_shown(each, lang) for each in statements(case, lang, cite)) + "\n"


def statements(case: Case, lang: str, cite: Callable[[str, str], str]) -> list[Statement]:
    """What the answer says, from greeting to closing; in each language the same in the same order. Raises InputError."""
    reason = case.reason or next(iter(refusal_reasons(case.kind)))
    refused = state_after(case.kind, case.outcome, reason) == "refused"
    said = [Statement(_say("greeting", lang)), _opening(case, lang), _body(case, lang, cite)]
    said += [_reason(case, reason, lang, cite)] if refused else [*_decision(case, lang), *_facts(case, lang)]
    said += [_appeal(case, refused, lang, cite), Statement(_say("closing", lang, organisation=case.organisation))]
    return [each for each in said if each.text]


def _say(key: str, lang: str, **values: object) -> str:
    return t(f"answers.{key}", lang, **values)


def _gap(key: str, lang: str) -> str:
    return f"[[{_say(key, lang)}]]"


def _shown(said: Statement, lang: str) -> str:
    return f"{said.text}\n({_say('source', lang, source=said.source)})" if said.source else said.text


def _placed(text: str, place: str, lang: str, cite: Callable[[str, str], str]) -> Statement:
    return Statement(text, cite(place, lang) if place else "", place)


def _opening(case: Case, lang: str) -> Statement:
    number = case.number or _gap("gap_number", lang)
    day = case.received or _gap("gap_received", lang)
    system = case.system.replace("«", "„").replace("»", "“")  # it stands in quotation marks itself
    return Statement(_say("opening", lang, number=number, day=day, kind=_say(f"about_{case.kind}", lang), system=system))


def _body(case: Case, lang: str, cite: Callable[[str, str], str]) -> Statement:
    """What was decided, with the place that gives the right where it applies here."""
    place = case.ground.place.path if case.ground.place and case.ground.standing in ("applies", "in_cases") else ""
    return _placed(_say(f"{case.kind}_{case.outcome}", lang), place, lang, cite)


def _reason(case: Case, reason: str, lang: str, cite: Callable[[str, str], str]) -> Statement:
    """The ground, with its place, and a gap for what only a person can say."""
    path = None if reason == "protected" and case.kind != "data" else PLACE_OF.get(reason)
    place = (case.ground.place.path if case.ground.place else "") if path == "" or reason == "not_applicable" else path or ""
    gap = f" {_gap(f'gap_{reason}', lang)}" if f"answers.gap_{reason}" in catalogue() else ""
    return _placed(_say(f"reason_{reason}", lang) + gap, place, lang, cite)


def _decision(case: Case, lang: str) -> list[Statement]:
    """What the log says of the decision, or that it says nothing."""
    found, open_ = case.decision, [Statement(_gap(f"gap_{case.kind}", lang))]
    if found is None or case.kind not in ON_DECISION:
        return open_
    source = _say("source_log", lang, number=found.number)
    rows = [("time", found.time), ("outcome", found.outcome), ("model", found.model), ("human", found.human)]
    rows += [("reason", found.reason)] if case.kind != "data" else [("data", "; ".join(found.data))]
    told = [Statement(_say(f"log_{name}", lang, value=value), source) for name, value in rows if value]
    missing = [Statement(_gap(f"gap_log_{name}", lang)) for name, value in rows if not value and name in ("reason", "data")]
    unsure = [] if case.identity_shown else [Statement(_gap("gap_identity", lang))]
    return [*unsure, *told, *missing, *(open_ if case.kind == "review" else ())]


def _facts(case: Case, lang: str) -> list[Statement]:
    return [*case.facts, *(Statement(f"[[{question}]]") for question in case.unanswered)]


def _appeal(case: Case, refused: bool, lang: str, cite: Callable[[str, str], str]) -> Statement:
    """How to go on: where a provision gives the route it is named, else only what the house offers."""
    if case.kind == "objection" and case.ground.place and case.ground.standing == "applies":
        return _placed(_say("appeal_objection", lang), case.ground.place.path, lang, cite)
    return Statement(_say("appeal", lang)) if refused or case.kind == "review" else Statement("")
