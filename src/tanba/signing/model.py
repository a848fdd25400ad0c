"""What is found of a signature. Values only."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

BAD = (
    *("content_differs", "wrong_signature", "other_certificate", "weak_algorithm", "part_only", "changed_after"),
    *("no_certificate", "wrong_usage", "expired_when_signed", "not_yet_valid", "issuer_unknown", "revoked"),
)
"""Any of these, and nobody should rely on the signature."""

OPEN = ("unknown_algorithm", "too_large", "unreadable", "no_roots", "expired_since")
"""These leave it open whether one may."""

NOTES = ("time_not_proven", "stamp_not_trusted", "crl_unusable", "revocation_not_checked")
"""What else the reader has to know."""

ALL = (*BAD, *OPEN, *NOTES)


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a certificate names. `iin` and `bin` are numbers of Kazakhstan, empty where it has none; `serial` is hexadecimal."""

    name: str
    organisation: str = ""
    iin: str = ""
    bin: str = ""
    issuer: str = ""
    serial: str = ""
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature. `stated` is the time the signer names, `stamped` that of an authority which was believed; both may be missing."""

    person: Person | None
    algorithm: str = ""
    stated: datetime | None = None
    stamped: datetime | None = None
    reason: str = ""
    findings: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        """`bad`, `open` or `good`."""
        found = set(self.findings)
        return "bad" if found & set(BAD) else "open" if found & set(OPEN) else "good"

    def with_findings(self, *more: str) -> "Signed":
        """The same with more findings, the worst first, each once."""
        found = {*self.findings, *more}
        return replace(self, findings=tuple(each for each in ALL if each in found))


@dataclass(frozen=True, slots=True)
class Roots:
    """Whom the reader believes: certificates, and lists of revoked ones (asn1crypto's values)."""

    certificates: Sequence[Any] = ()
    lists: Sequence[Any] = field(default=())


def masked(number: str) -> str:
    """A number of a person with its last four digits only.

    >>> masked("900101300123")
    '********0123'
    """
    return "*" * max(len(number) - 4, 0) + number[-4:]
