"""What a door hands in: whose data of which day, and each system with its assessment and what people arranged about it. Values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tanba.law.rulebook import Rulebook, decide

Text = Mapping[str, str]

READ_LAW = ("statute", "by-law", "other-law")
"""Layers of law whose text was read."""

DUTIES = (*READ_LAW, "house", "reported")
"""Layers of which something can be owed; of them all but `reported` can be met."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Evidence. `sha256` is empty where the content was not read; `position` in the ledger is None where it is not sealed."""

    name: str
    kind: str = ""
    sha256: str = ""
    position: int | None = None
    artifact: str = ""
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class Owed:
    """One provision for one system. `applies`: yes, no, unknown. `status` (open, evidenced, met) only of what can be owed."""

    provision: str
    kind: str
    layer: str
    applies: str
    status: str = "open"
    due: date | None = None
    due_proposed: bool = False
    remind_on: date | None = None
    assignee: str = ""
    remark: str = ""
    proofs: tuple[Proof, ...] = ()

    @property
    def path(self) -> str:
        """Without jurisdiction and edition: `230-VIII/21/2`."""
        return self.provision.partition("@")[0].partition("/")[2]

    @property
    def is_duty(self) -> bool:
        """Whether it is owed now: what may apply, rights of others and recommendations are not."""
        return self.applies == "yes" and self.layer in DUTIES and self.kind != "right"

    @property
    def shown_status(self) -> str | None:
        """Never `met` where nobody read the text; None where nothing is owed."""
        if not self.is_duty:
            return None
        return "evidenced" if self.layer == "reported" and self.status == "met" else self.status


@dataclass(frozen=True, slots=True)
class Subject:
    """A system with its newest assessment ("tanba.assessment/1"), its obligations by path, and where each answer comes from."""

    slug: str
    name: Text
    report: Mapping[str, Any]
    owed: Mapping[str, Owed]
    purpose: Text = field(default_factory=dict)
    sources: Text = field(default_factory=dict)
    proof: Proof | None = None


@dataclass(frozen=True, slots=True)
class Whole:
    """Whose data (`name` {kk, ru, en}, `bin`; empty where not known), of which day, at which state of the ledger {origin, root, size}."""

    day: date
    name: Text = field(default_factory=dict)
    bin: str = ""
    checkpoint: Mapping[str, Any] | None = None


def owed_of(entry: Mapping[str, Any], proofs: tuple[Proof, ...] = ()) -> Owed:
    """What an assessment's provision is without a register: nobody arranged anything, and nothing is sealed."""
    applies = "yes" if entry["answer"] == "applies" else "unknown"
    return Owed(entry["provision"], entry["kind"], entry["layer"], applies, proofs=proofs)


def ruled_out(book: Rulebook, report: Mapping[str, Any]) -> frozenset[str]:
    """Paths of what does not apply by the answers of an assessment. An assessment leaves that out, and what it did not know: this tells."""
    answers = {name: fact["value"] for name, fact in report["facts"].items() if fact["value"] is not None and name in book.law.facts}
    return frozenset(path for path, answer in decide(book, answers).rules.items() if answer is False)
