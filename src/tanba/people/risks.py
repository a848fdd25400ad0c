"""A register of risks (art. 18): what a risk is, its level, what is missing, by when the register is refreshed. Pure.

The law asks to identify known and foreseeable risks, to evaluate them for the intended purpose and for foreseeable other use, to take
measures, and to refresh; it gives no scale. Levels are ours (`catalogue/matrix.yaml`), and none of them says that a system is safe.
The period of the refresh is the provision's own and is handed in.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tanba.calendars.periods import later
from tanba.people.catalogue import matrix

SCALE = (1, 2, 3, 4, 5)
SOON = timedelta(days=30)
"""How long before the date a refresh is due soon: a house proposal."""

Text = Mapping[str, str] | str
"""{kk, ru, en}, or one text for all."""

FORESIGHT, USES = ("known", "foreseeable"), ("intended", "misuse")
STATES = ("planned", "under_way", "in_place", "dropped")
DPIA = ("unknown", "done", "not_done", "not_needed")


@dataclass(frozen=True, slots=True)
class Score:
    """Likelihood and consequence from 1 to 5, and why."""

    likelihood: int
    consequence: int
    reason: str = ""

    @property
    def level(self) -> str:
        """A level of the matrix.

        >>> Score(5, 5).level
        'severe'
        """
        return str(matrix()["rows"][self.consequence - 1][self.likelihood - 1])

    @property
    def rank(self) -> int:
        """The level's place, from 0."""
        return int(matrix()["levels"].index(self.level))


@dataclass(frozen=True, slots=True)
class Measure:
    """What is done about a risk, by whom, by when."""

    what: Text
    owner: str = ""
    due: date | None = None
    state: str = "planned"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Who lives with what is left, and why. It holds for the residual score it was given for: `of`."""

    by: str
    on: date
    reason: str
    of: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Risk:
    """One risk of a system. `source` is the id in the catalogue where it came from there."""

    id: str
    title: Text
    cause: Text
    harm: Text
    affects: tuple[str, ...] = ()
    category: str = "safety"
    stages: tuple[str, ...] = ()
    foresight: str = "known"
    use: str = "intended"
    source: str = ""
    inherent: Score | None = None
    residual: Score | None = None
    measures: tuple[Measure, ...] = ()
    accepted: Acceptance | None = None
    dpia: str = "unknown"
    dpia_place: str = ""

    @property
    def level(self) -> str:
        """The residual level; without it the inherent one; empty where nobody scored it."""
        score = self.residual or self.inherent
        return score.level if score else ""

    @property
    def holds_acceptance(self) -> bool:
        """Whether somebody accepted the residual score that the risk has now."""
        return bool(self.accepted and self.residual and self.accepted.of == (self.residual.likelihood, self.residual.consequence))


@dataclass(frozen=True, slots=True)
class Register:
    """The risks of one system, and the day on which somebody last went through all of them."""

    system: str
    risks: tuple[Risk, ...] = ()
    reviewed: date | None = None
    purpose: Text = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something missing: a word of `risks.finding_…`, the risk it is about (empty: the register), and what the words need."""

    code: str
    risk: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


def due(reviewed: date | None, every: str | None) -> date | None:
    """By when to refresh; None where no review was, or no provision sets a period."""
    return later(reviewed, every) if reviewed and every else None


def findings(register: Register, today: date, every: str | None) -> list[Finding]:
    """Everything missing on a day; `every` is the period of the provision in force, None where none is."""
    found = [*_refresh(register, today, every)]
    if not register.risks:
        found.append(Finding("not_identified"))
    elif not any(risk.use == "misuse" and risk.inherent for risk in register.risks):
        found.append(Finding("no_misuse"))
    return found + [each for risk in register.risks for each in (*_scores(risk), *_measures(risk, today), *_standing(risk))]


def evidenced(register: Register, missing: Collection[Finding]) -> tuple[str, ...]:
    """Kinds of evidence of art. 18(1) that this register, once reviewed, can be put forward as. Nothing is thereby met."""
    codes = {finding.code for finding in missing}
    kinds = ["risk-register"] if register.risks else []
    if register.risks and not codes & {"not_scored", "no_residual", "no_reason", "no_misuse"}:
        kinds.append("risk-assessment")
    if register.risks and not codes & {"no_measure", "measure_no_owner", "measure_no_date", "no_residual"}:
        kinds.append("risk-measures")
    if register.reviewed:
        kinds.append("risk-refresh")
    return tuple(kinds)


def counts(risks: Sequence[Risk]) -> dict[str, int]:
    """{level: how many}, the highest first; "none" where nobody scored."""
    levels = [*reversed(matrix()["levels"]), "none"]
    return {level: sum((risk.level or "none") == level for risk in risks) for level in levels}


def _refresh(register: Register, today: date, every: str | None) -> list[Finding]:
    if every is None:
        return []
    last = due(register.reviewed, every)
    if last is None:
        return [Finding("never_reviewed", values={"every": every})]
    if last < today:
        return [Finding("overdue", values={"due": last.isoformat(), "every": every})]
    return [Finding("due_soon", values={"due": last.isoformat()})] if last - today <= SOON else []


def _scores(risk: Risk) -> list[Finding]:
    codes = []
    if risk.inherent is None:
        codes.append("not_scored")
    if risk.residual is None:
        codes.append("no_residual")
    if any(score and not score.reason.strip() for score in (risk.inherent, risk.residual)):
        codes.append("no_reason")
    if risk.inherent and risk.residual:
        if risk.residual.rank > risk.inherent.rank:
            codes.append("residual_above")
        elif risk.residual.rank < risk.inherent.rank and not any(measure.state == "in_place" for measure in risk.measures):
            codes.append("lowered_without_measure")
    return [Finding(code, risk.id) for code in codes]


def _measures(risk: Risk, today: date) -> list[Finding]:
    standing = [measure for measure in risk.measures if measure.state != "dropped"]
    if not standing:
        return [Finding("no_measure", risk.id)]
    found = [Finding("measure_no_owner", risk.id)] if any(not measure.owner.strip() for measure in standing) else []
    unfinished = [measure for measure in standing if measure.state != "in_place"]
    found += [Finding("measure_no_date", risk.id)] if any(measure.due is None for measure in unfinished) else []
    late = [measure.due for measure in unfinished if measure.due and measure.due < today]
    return found + ([Finding("measure_late", risk.id, {"due": min(late).isoformat()})] if late else [])


def _standing(risk: Risk) -> list[Finding]:
    found = []
    if risk.residual and risk.residual.level in matrix()["accept"] and not risk.holds_acceptance:
        found.append(Finding("not_accepted", risk.id, {"level": risk.residual.level}))
    if risk.category == "personal_data":
        if risk.dpia in ("unknown", "not_done"):
            found.append(Finding("dpia_open", risk.id, {"state": risk.dpia}))
        elif not risk.dpia_place.strip() and risk.dpia == "done":
            found.append(Finding("dpia_no_place", risk.id))
    return found
