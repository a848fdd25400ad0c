"""A pilot on the national AI platform (art. 25(1)): its plan, what the plan lacks on a day, and what came out. Pure.

The platform is a possibility and nobody's duty. The law says "for a limited period" and no more; the parts of a plan are practice.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tanba.state.form import Finding, Step, Text, Value

SCHEMA = "tanba.pilot/1"
PLATFORM, ANONYMISED, PRACTICE = "230-VIII/25/1", "94-V/17/3", "practice/platform-for-high-risk"
"""Provisions: the platform, who anonymises personal data for it, and the practice that recommends it."""

Outcome = Literal["met", "not_met", "not_measured"]
Phase = Literal["undated", "before", "running", "ended", "decided"]


@dataclass(frozen=True, slots=True)
class Window:
    """The limited period."""

    start: date | None = None
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Whether a day lies in it; without an end, or a beginning, it is open there."""
        return (self.start is None or self.start <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class DataSet:
    """What is taken to the platform. `anonymised`: by whom, where data are personal; `delete_by` and `deleted`: what becomes of it."""

    name: Text = ""
    purpose: Text = ""
    fields: tuple[str, ...] = ()
    personal: bool | None = None
    basis: Text = ""
    anonymised: Literal["unknown", "platform_operator", "controller", "not_anonymised"] = "unknown"
    size: Text = ""
    delete_by: date | None = None
    deleted: date | None = None
    proof: str = ""


@dataclass(frozen=True, slots=True)
class Role:
    """Who answers for what."""

    role: Text = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class Milestone:
    """What is done by when, by whom."""

    what: Text = ""
    day: date | None = None
    owner: str = ""
    done: date | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """Measurable: a metric held against a threshold, or something that is done or not."""

    metric: Text = ""
    compare: Literal["at_least", "at_most", "done"] = "at_least"
    threshold: float | None = None
    unit: str = ""
    result: Value = None
    measured: date | None = None
    evidence: str = ""

    @property
    def outcome(self) -> Outcome:
        """What the result says about the threshold.

        >>> Criterion("AUC", "at_least", 0.7, result=0.74).outcome
        'met'
        """
        if self.compare == "done":
            return "not_measured" if not isinstance(self.result, bool) else "met" if self.result else "not_met"
        if self.threshold is None or self.result is None or isinstance(self.result, bool):
            return "not_measured"
        reached = self.result >= self.threshold if self.compare == "at_least" else self.result <= self.threshold
        return "met" if reached else "not_met"


@dataclass(frozen=True, slots=True)
class Risk:
    """What may go wrong in the pilot, and what is done about it."""

    risk: Text = ""
    measure: Text = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What the organisation decides at the end."""

    outcome: Literal["open", "production", "another_pilot", "stop"] = "open"
    day: date | None = None
    by: str = ""
    reason: Text = ""


@dataclass(frozen=True, slots=True)
class Pilot:
    """The plan, and what was entered while it ran."""

    system: str = ""
    why: Text = ""
    tried: Text = ""
    window: Window = Window()
    data: tuple[DataSet, ...] = ()
    roles: tuple[Role, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    entry: tuple[Criterion, ...] = ()
    exit: tuple[Criterion, ...] = ()
    risks: tuple[Risk, ...] = ()
    decision: Decision = Decision()


def phase(pilot: Pilot, today: date) -> Phase:
    """Where the pilot stands on a day."""
    if pilot.decision.outcome != "open":
        return "decided"
    if pilot.window.start is None or pilot.window.until is None:
        return "undated"
    return "before" if today < pilot.window.start else "running" if today <= pilot.window.until else "ended"


def findings(pilot: Pilot, today: date) -> list[Finding]:
    """Everything missing on a day."""
    return [
        *_parts(pilot),
        *_window(pilot.window),
        *_data(pilot, today),
        *_people(pilot, today),
        *_criteria(pilot, today),
        *_end(pilot, today),
    ]


def evidenced(pilot: Pilot) -> tuple[str, ...]:
    """Kinds of evidence as which this plan, once sealed, can be put forward. Nothing is thereby met."""
    needed = ("no_start", "no_end", "no_data", "no_entry", "no_exit", "data_no_purpose", "data_no_fields", "criterion_no_threshold")
    codes = {each.code for each in findings(pilot, pilot.window.start or date.min)}
    return () if codes & set(needed) else ("pilot-plan",)


def results(criteria: Iterable[Criterion]) -> dict[Outcome, int]:
    """How many criteria are met, not met, not measured."""
    found: dict[Outcome, int] = {"met": 0, "not_met": 0, "not_measured": 0}
    for each in criteria:
        found[each.outcome] += 1
    return found


def fate(each: DataSet, today: date) -> Literal["deleted", "to_delete", "late", "unknown"]:
    """What became of a data set."""
    if each.deleted:
        return "deleted"
    return "unknown" if each.delete_by is None else "late" if each.delete_by < today else "to_delete"


def steps(pilot: Pilot, today: date) -> list[Step]:
    """What is still to come or late, by day."""
    window = pilot.window
    found = [Step(each.day, "milestone", {"what": each.what}) for each in pilot.milestones if each.day and not each.done]
    found += [Step(each.delete_by, "delete", {"what": each.name}) for each in pilot.data if each.delete_by and not each.deleted]
    found += [Step(window.start, "start")] if window.start and today <= window.start else []
    found += [Step(window.until, "end")] if window.until and pilot.decision.outcome == "open" else []
    return sorted(found, key=lambda step: step.day)


def _parts(pilot: Pilot) -> Iterator[Finding]:
    """What is not written at all."""
    for name in ("system", "why", "tried", "data", "roles", "milestones", "entry", "exit", "risks"):
        if not getattr(pilot, name):
            yield Finding(f"no_{name}", name)


def _window(window: Window) -> Iterator[Finding]:
    if window.start is None:
        yield Finding("no_start", "window.start")
    if window.until is None:
        yield Finding("no_end", "window.until")
    elif window.start and window.until < window.start:
        yield Finding("window_reversed", "window.until", {"day": window.until.isoformat()})


def _data(pilot: Pilot, today: date) -> Iterator[Finding]:
    for number, each in enumerate(pilot.data, 1):
        place = f"data[{number}]"
        yield from (Finding(f"data_no_{name}", place) for name in ("name", "purpose", "fields", "size") if not getattr(each, name))
        yield from _personal(each, place)
        yield from _deletion(each, place, today)


def _personal(each: DataSet, place: str) -> Iterator[Finding]:
    """Personal data need a basis, and the personal-data law names who anonymises for the platform."""
    if each.personal is None:
        yield Finding("personal_open", place)
    elif each.personal:
        if not each.basis:
            yield Finding("personal_no_basis", place)
        if each.anonymised in ("unknown", "not_anonymised"):
            yield Finding("anonymised_by_nobody" if each.anonymised == "not_anonymised" else "anonymised_by_unknown", place)


def _deletion(each: DataSet, place: str, today: date) -> Iterator[Finding]:
    if each.deleted:
        yield from () if each.proof else (Finding("deleted_no_proof", place),)
    elif each.delete_by is None:
        yield Finding("data_no_deletion", place)
    elif each.delete_by < today:
        yield Finding("data_not_deleted", place, {"day": each.delete_by.isoformat()})


def _people(pilot: Pilot, today: date) -> Iterator[Finding]:
    yield from (Finding("role_nobody", f"roles[{number}]") for number, each in enumerate(pilot.roles, 1) if not each.who)
    yield from (Finding("risk_no_measure", f"risks[{number}]") for number, each in enumerate(pilot.risks, 1) if not each.measure)
    for number, each in enumerate(pilot.milestones, 1):
        place = f"milestones[{number}]"
        if not each.owner:
            yield Finding("milestone_no_owner", place)
        if each.day is None:
            yield Finding("milestone_no_day", place)
        elif not pilot.window.holds(each.day):
            yield Finding("milestone_outside", place, {"day": each.day.isoformat()})
        elif each.day < today and not each.done:
            yield Finding("milestone_late", place, {"day": each.day.isoformat()})


def _criteria(pilot: Pilot, today: date) -> Iterator[Finding]:
    for name, rows in (("entry", pilot.entry), ("exit", pilot.exit)):
        for number, each in enumerate(rows, 1):
            place = f"{name}[{number}]"
            if not each.metric:
                yield Finding("criterion_no_metric", place)
            if each.compare != "done" and each.threshold is None:
                yield Finding("criterion_no_threshold", place)
            if each.outcome != "not_measured" and not each.evidence:
                yield Finding("criterion_no_evidence", place)
    now = phase(pilot, today)
    if now in ("running", "ended", "decided"):
        yield from _unreached(pilot.entry, "entry")
    if now in ("ended", "decided"):
        yield from _unreached(pilot.exit, "exit")


def _unreached(rows: Sequence[Criterion], name: str) -> Iterator[Finding]:
    """Entry criteria count once it runs, exit criteria once it is over; what is not met at the end is a result, not a gap."""
    for number, each in enumerate(rows, 1):
        if each.outcome == "not_measured" or (name == "entry" and each.outcome == "not_met"):
            yield Finding(f"{name}_{each.outcome}", f"{name}[{number}]")


def _end(pilot: Pilot, today: date) -> Iterator[Finding]:
    decision = pilot.decision
    if phase(pilot, today) == "ended":
        yield Finding("no_decision", "decision")
    if decision.outcome == "open":
        return
    yield from (Finding(f"decision_no_{name}", "decision") for name in ("day", "by", "reason") if not getattr(decision, name))
    unmet = sum(each.outcome != "met" for each in pilot.exit)
    if decision.outcome == "production" and unmet:
        yield Finding("decided_over_criteria", "decision", {"count": unmet})
