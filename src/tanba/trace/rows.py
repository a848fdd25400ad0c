"""What the decision log hands out: a decision as it is listed, a batch, and a question."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """A decision as the log lists it. `time` is in microseconds since 1970; texts are None where there is none, or once erased."""

    number: int
    id: str
    organisation: str
    system: str
    time: int
    subject: str | None
    outcome: str | None
    model: str | None
    human: str | None
    changed: int | None
    erased: str | None
    batch: int
    place: int


@dataclass(frozen=True, slots=True)
class Batch:
    """What was, or will be, one entry of the ledger. Its decisions stand one after another from number `first`.

    `position` is None as long as the ledger has not taken it.
    """

    number: int
    id: str
    organisation: str
    system: str
    first: int
    count: int
    digest: str
    salt: str
    size: int
    event: bytes
    position: int | None


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for; what is None does not matter. `since` and `until` are microseconds since 1970, `until` itself excluded."""

    organisation: str | None = None
    system: str | None = None
    subject: str | None = None
    outcome: str | None = None
    model: str | None = None
    human: str | None = None
    changed: bool | None = None
    since: int | None = None
    until: int | None = None

    def where(self) -> tuple[str, list[Any]]:
        """SQL and its values."""
        plain = ("organisation", "system", "subject", "outcome", "model", "human", "changed")
        given = [(f"{name} = ?", getattr(self, name)) for name in plain] + [("time >= ?", self.since), ("time < ?", self.until)]
        chosen = [(sql, value) for sql, value in given if value is not None]
        return " AND ".join(sql for sql, _ in chosen) or "1", [value for _, value in chosen]
