"""Audits of AI systems (art. 19(2), 20): an engagement, the auditor's verdicts, findings and answers, and who may do what. Pure.

Law 230-VIII makes an audit compulsory only for who applies for a list of trusted systems (art. 19(2)); where one is made, art. 20 adds two
checks to the rules for auditing information systems. How a finding moves is ours: the company answers, the auditor accepts or returns the
answer and closes, and what was said stays; a finding that is changed is a new version, and is open again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from tanba.errors import InputError
from tanba.identifiers import bin_is_valid
from tanba.state.form import Text

SCHEMA = "tanba.audit/1"
LONGEST_DAYS = 366
VERDICTS = ("not_checked", "agrees", "disagrees")
SEVERITIES = ("minor", "major", "critical", "observation")
STATES = ("open", "answered", "returned", "accepted", "closed", "withdrawn")
OVER = frozenset({"closed", "withdrawn"})

Verdict = Literal["not_checked", "agrees", "disagrees"]
Severity = Literal["minor", "major", "critical", "observation"]
Act = Literal["answer", "accept", "return", "close", "withdraw", "change"]


@dataclass(frozen=True, slots=True)
class Move:
    """Whose act it is, `company` or `auditor`, in which states, and what the finding is afterwards."""

    side: str
    before: frozenset[str]
    after: str


_LIVE = frozenset(STATES) - OVER
ACTS: Mapping[str, Move] = {
    "answer": Move("company", frozenset({"open", "returned", "accepted"}), "answered"),
    "accept": Move("auditor", frozenset({"answered"}), "accepted"),
    "return": Move("auditor", frozenset({"answered", "accepted"}), "returned"),
    "close": Move("auditor", frozenset({"answered", "accepted"}), "closed"),
    "withdraw": Move("auditor", _LIVE, "withdrawn"),
    "change": Move("auditor", _LIVE, "open"),
}
NEEDS_TEXT = frozenset({"answer", "return", "withdraw"})
"""Acts that say nothing without words."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a finding says. `evidence`: files or numbers in the ledger."""

    provision: str = ""
    severity: Severity = "minor"
    seen: Text = ""
    evidence: tuple[str, ...] = ()
    recommendation: Text = ""
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What was done to a finding, and with `change` what it says from then on."""

    act: Act = "answer"
    on: date | None = None
    by: str = ""
    text: Text = ""
    evidence: tuple[str, ...] = ()
    changed: Content | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A numbered finding as it was made, and every step since."""

    number: int | None = None
    system: str = ""
    content: Content = Content()
    steps: tuple[Step, ...] = ()

    @property
    def state(self) -> str:
        """Where it stands after its last step."""
        return ACTS[self.steps[-1].act].after if self.steps else "open"

    @property
    def version(self) -> int:
        """1, and one more for each change."""
        return 1 + sum(step.act == "change" for step in self.steps)

    @property
    def says(self) -> Content:
        """What it says now."""
        return next((step.changed for step in reversed(self.steps) if step.changed), self.content)


@dataclass(frozen=True, slots=True)
class Check:
    """The auditor's own verdict beside an item of the checklist (`state.checklist`), with how it was checked."""

    system: str = ""
    item: str = ""
    verdict: Verdict = "not_checked"
    method: Text = ""
    evidence: tuple[str, ...] = ()
    on: date | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Further:
    """A check that the auditor brings from the rules for information systems, whose AI addition was read only in part."""

    id: str = ""
    text: Text = ""


@dataclass(frozen=True, slots=True)
class Auditor:
    """Who audits."""

    name: str = ""
    bin: str = ""
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Audit:
    """An engagement with all that came of it. `starts` and `ends` both count."""

    auditor: Auditor = Auditor()
    systems: tuple[str, ...] = ()
    starts: date | None = None
    ends: date | None = None
    contract: str = ""
    independence: Text = ""
    further: tuple[Further, ...] = ()
    checks: tuple[Check, ...] = ()
    findings: tuple[Finding, ...] = ()


def move(state: str, act: str, side: str) -> str:
    """The state after an act. Raises InputError where that side may not do it, or not now: a company closes no finding."""
    step = ACTS.get(act)
    if step is None:
        raise InputError("a finding knows no act {act!r}", "Acts: {known}.", act=act, known=", ".join(ACTS))
    if step.side != side:
        raise InputError(
            "{act} is for the {side} to do",
            "The company answers findings; the auditor accepts or returns answers, changes, withdraws and closes.",
            act=act,
            side=step.side,
        )
    if state not in step.before:
        raise InputError("a finding that is {state} takes no {act}", "Possible then: {known}.", state=state, act=act, known=_then(state))
    return step.after


def _then(state: str) -> str:
    return ", ".join(name for name, step in ACTS.items() if state in step.before) or "–"


def possible(state: str, side: str) -> list[str]:
    """What that side may do next.

    >>> possible("answered", "company"), possible("answered", "auditor")
    ([], ['accept', 'return', 'close', 'withdraw', 'change'])
    """
    return [name for name, step in ACTS.items() if step.side == side and state in step.before]


def late(finding: Finding, today: date) -> bool:
    """Whether its day has passed while the company has still to answer or to do what it answered."""
    due = finding.says.due
    return due is not None and due < today and finding.state in ("open", "returned", "accepted")


def life(audit: Audit, today: date) -> str:
    """`before`, `running` or `ended`; `unknown` without both days."""
    if audit.starts is None or audit.ends is None:
        return "unknown"
    return "before" if today < audit.starts else "ended" if today > audit.ends else "running"


def about(audit: Audit, system: str) -> Audit:
    """An audit as far as it is about one system: what is handed over about one tells nothing of others."""
    checks = tuple(each for each in audit.checks if each.system == system)
    return replace(audit, systems=(system,), checks=checks, findings=tuple(each for each in audit.findings if each.system == system))


def refuse(audit: Audit) -> None:
    """Raises InputError, whose value `place` says where, on what cannot be: a finding out of scope, an act that nobody may do then."""
    if not audit.systems:
        raise InputError("{place} is missing", "Write it.", place="systems")
    refuse_days(audit.starts, audit.ends)
    if audit.auditor.bin and not bin_is_valid(audit.auditor.bin):
        raise InputError("{place}: {given!r} is no BIN", "Twelve digits; check them.", place="auditor.bin", given=audit.auditor.bin)
    for number, check in enumerate(audit.checks, 1):
        _in_scope(audit, check.system, f"checks[{number}].system")
    seen: set[int | None] = set()
    for number, finding in enumerate(audit.findings, 1):
        place = f"findings[{number}]"
        _in_scope(audit, finding.system, f"{place}.system")
        if finding.number is None or finding.number in seen:
            raise InputError("{place}: each finding needs a number of its own", "Number them 1, 2, 3 …", place=f"{place}.number")
        seen.add(finding.number)
        _refuse_content(finding.content, f"{place}.content")
        _refuse_steps(finding, place)


def refuse_days(starts: date | None, ends: date | None) -> None:
    """Raises InputError on an engagement without two days, backwards, or longer than a year."""
    if starts is None or ends is None:
        raise InputError("{place} is missing", "Write it.", place="ends" if starts else "starts")
    if not 0 <= (ends - starts).days < LONGEST_DAYS:
        raise InputError("{place}: an engagement ends after it starts, within a year", "Access is for a limited time.", place="ends")


def _in_scope(audit: Audit, system: str, place: str) -> None:
    if system not in audit.systems:
        raise InputError(
            "{place}: {given!r} is not in scope", "In scope: {known}.", place=place, given=system, known=", ".join(audit.systems)
        )


def _refuse_content(content: Content, place: str) -> None:
    if not content.seen:
        raise InputError("{place} is missing", "Write it.", place=f"{place}.seen")


def _refuse_steps(finding: Finding, place: str) -> None:
    state, before = "open", None
    for number, step in enumerate(finding.steps, 1):
        at = f"{place}.steps[{number}]"
        if state not in ACTS[step.act].before:
            raise InputError(
                "{place}: a finding that is {state} takes no {act}",
                "Possible then: {known}.",
                place=at,
                state=state,
                act=step.act,
                known=_then(state),
            )
        if step.act in NEEDS_TEXT and not step.text:
            raise InputError("{place} is missing", "Write it.", place=f"{at}.text")
        if (step.act == "change") != (step.changed is not None):
            raise InputError("{place}: a change says what the finding says now, and nothing else does", "Write it.", place=f"{at}.changed")
        if before and step.on and step.on < before:
            raise InputError("{place}: steps follow one another in time", "Correct the day.", place=f"{at}.on")
        if step.changed:
            _refuse_content(step.changed, f"{at}.changed")
        state, before = ACTS[step.act].after, step.on or before


def missing(audit: Audit) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """(code, place, values) of what an audit should have and has not: words of `audit.missing_<code>`."""
    about: dict[str, Any] = {"auditor": audit.auditor.name, "bin": audit.auditor.bin, "people": audit.auditor.people}
    about |= {"contract": audit.contract, "independence": audit.independence}
    yield from ((name, "", {}) for name, value in about.items() if not value)
    for check in audit.checks:
        if check.verdict != "not_checked" and not (check.evidence or check.method):
            yield "unproved", check.item, {"item": check.item}
    for finding in audit.findings:
        if finding.state in OVER:
            continue
        says, place = finding.says, f"№ {finding.number}"
        wanted: dict[str, Any] = {"provision": says.provision, "evidence": says.evidence, "due": says.due}
        yield from ((f"finding_{name}", place, {"number": finding.number}) for name, value in wanted.items() if not value)
