"""What an answer may draw on of a decision: the log is asked through `DecisionSource`, whoever keeps it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of the log, as far as it says; the rest is empty. `time` is RFC 3339, `human` an answer to the fact `human_control`."""

    number: str
    time: str
    outcome: str = ""
    reason: str = ""
    model: str = ""
    data: Sequence[str] = field(default=())
    human: str = ""


class DecisionSource(Protocol):
    """A log of decisions of one system."""

    def by_number(self, number: str) -> Decision | None:
        """The decision of that number."""

    def of_subject(self, pseudonym: str) -> Sequence[Decision]:
        """Decisions about somebody, newest first."""


class NoDecisions:
    """A system without a log."""

    def by_number(self, number: str) -> Decision | None:
        """None."""
        return None

    def of_subject(self, pseudonym: str) -> Sequence[Decision]:
        """Nothing."""
        return ()
