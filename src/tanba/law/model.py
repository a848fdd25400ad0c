"""The law as data: what an act, a provision, a fact and a notion are. Values only; nothing here decides anything."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tanba.law.conditions import ALWAYS, Node

Text = Mapping[str, str]  # {"kk": …, "ru": …, "en": …}

ASSESSED = ("obligation", "right", "companion", "recommendation")
SCREENED = ("prohibition", "screen")
FACT_TYPES = ("yes_no", "one_of", "any_of")


@dataclass(frozen=True, slots=True)
class Fact:
    """A question with its vocabulary. An answer is True/False (yes_no), a choice (one_of) or a list of choices (any_of)."""

    name: str
    type: str
    question: Text
    governed_by: str
    help: Text | None = None
    choices: Mapping[str, Text] = field(default_factory=dict)
    legal: bool = False
    words: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Notion:
    """A named conclusion from facts: ai_system, owner, synthetic_results and so on."""

    name: str
    label: Text
    governed_by: str
    when: Node


@dataclass(frozen=True, slots=True)
class Level:
    """One level of an axis with its legal test."""

    name: str
    label: Text
    test: Text | None
    provision: str
    when: Node


@dataclass(frozen=True, slots=True)
class Axis:
    """Risk, autonomy, mode, documentation depth: levels from lowest to highest; the highest whose test holds is the answer.

    Mode is not a scale (`ordered` false): the order only says which test is looked at first.
    """

    name: str
    label: Text
    governed_by: str
    basis: str
    text_read: bool
    levels: tuple[Level, ...]
    ordered: bool = True
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a prohibition or screen item, or one exception from it."""

    id: str
    text: Text
    when: Node


@dataclass(frozen=True, slots=True)
class Change:
    """An amendment that was reported and not read: provisions it touches are to be verified again from its day on."""

    act: str
    start: date
    by: str
    touches: tuple[str, ...] | None
    confidence: str
    summary: Text

    def concerns(self, path: str) -> bool:
        """Whether a provision path (with its act) lies under one of the touched places; `touches` None means the whole act."""
        if not path.startswith(self.act + "/"):
            return False
        place = path.removeprefix(self.act + "/")
        return self.touches is None or any(place == touched or place.startswith(touched + "/") for touched in self.touches)


@dataclass(frozen=True, slots=True)
class Act:
    """One legal act, one order, or one layer of practice."""

    name: str
    kind: str
    basis: str
    title: Text
    source: str
    commencement: date
    text_read: bool
    confidence: str
    editions: tuple[Mapping[str, Any], ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Provision:
    """One citable place in an act, in one edition. `path` is act/article/…; `id` adds jurisdiction and first day in force."""

    jurisdiction: str
    path: str
    act: str
    article: str
    article_title: Text
    kind: str
    basis: str
    text_read: bool
    confidence: str
    source: str
    start: date
    end: date | None
    verified: Mapping[str, str]
    official_sha256: Mapping[str, str]
    title: Text
    must: Text
    note: Text | None = None
    binds: tuple[str, ...] = ()
    grants: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    applies: Node = ALWAYS
    elements: tuple[Element, ...] = ()
    exceptions: tuple[Element, ...] = ()
    deadline: Mapping[str, Any] | None = None
    sanction: str | None = None
    evidence: tuple[Mapping[str, Any], ...] = ()
    practice: Mapping[str, Any] = field(default_factory=dict)
    penalty: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """For example `kz/230-VIII/21/2@2026-01-18`."""
        return f"{self.jurisdiction}/{self.path}@{self.start.isoformat()}"

    def in_force(self, day: date) -> bool:
        """Whether this edition is in force on `day` (last day included)."""
        return self.start <= day and (self.end is None or day <= self.end)

    @property
    def strength(self) -> str:
        """How binding it may be shown: binding (text read), reported (text not read), companion, practice."""
        if self.basis == "practice":
            return "practice"
        if self.kind == "companion":
            return "companion"
        return "binding" if self.text_read else "reported"


@dataclass(frozen=True, slots=True)
class Claim:
    """A published statement about the law and our verdict on it."""

    id: str
    summary: str
    claim: Text
    text: Text
    verdict: str
    provisions: tuple[str, ...]
    practice: str | None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A dated figure, such as the MCI of a year."""

    start: date
    end: date | None
    value: int
    source: str
    confidence: str
    text_read: bool


@dataclass(frozen=True, eq=False)
class Law:
    """Everything tanba knows about one jurisdiction, over all dates."""

    jurisdiction: str
    name: Text
    acts: Mapping[str, Act]
    facts: Mapping[str, Fact]
    notions: Mapping[str, Notion]
    axes: Mapping[str, Axis]
    provisions: tuple[Provision, ...]
    claims: tuple[Claim, ...]
    summaries: Mapping[str, Text]
    verdicts: Mapping[str, Text]
    mci: tuple[Parameter, ...]
    bases: Mapping[str, Mapping[str, Any]]

    @property
    def commencement(self) -> date:
        """The first day of the jurisdiction's AI statute."""
        return min(act.commencement for act in self.acts.values() if act.basis == "statute")

    def editions(self, path: str) -> tuple[Provision, ...]:
        """Every edition of one path, oldest first."""
        return tuple(sorted((p for p in self.provisions if p.path == path), key=lambda p: p.start))

    def changes(self, path: str, day: date) -> tuple[Change, ...]:
        """Reported changes that touch `path` and have begun by `day`: a reason to verify again."""
        return tuple(c for act in self.acts.values() for c in act.changes if c.start <= day and c.concerns(path))
