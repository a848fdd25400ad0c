"""A security dossier: who answers, what is encrypted, tested, logged, and the Unified Requirements point by point. Pure.

Law 230-VIII equates two subclasses of high-risk systems to state ones as to information security (art. 17(1)); what that asks for stands in
other acts, not read. For every other system all of this is practice or house policy. The checklist is the officer's own import; without it
nobody knows whether the requirements are met.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tanba.state.form import Finding, Step, Text

SCHEMA = "tanba.security-dossier/1"
EQUATED, UNIFIED, OFFICER, ENCRYPTION, TESTS = (
    "230-VIII/17/1/equated",
    "companion/unified-requirements",
    "practice/security-officer",
    "practice/encryption",
    "practice/penetration-tests",
)
"""Provisions: the duty of two subclasses, the act that is not read, and the practice for high risk."""

PARTS = ("officer", "encryption", "tests", "access", "logging", "incident_contact", "requirements")
Standing = Literal["done", "partly", "missing", "unknown"]


@dataclass(frozen=True, slots=True)
class Officer:
    """Appointed by an order. `name` is optional: it is the only personal datum here with the contact."""

    order: str = ""
    day: date | None = None
    name: str = ""
    post: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Encrypted:
    """What is encrypted, where, how, and who holds the keys."""

    what: Text = ""
    where: Literal["rest", "transit", "backup"] = "rest"
    how: str = ""
    keys: Text = ""


@dataclass(frozen=True, slots=True)
class Attack:
    """A penetration test and, where one was, its retest."""

    by: str = ""
    day: date | None = None
    scope: Text = ""
    found: int | None = None
    report: str = ""
    retested: date | None = None
    left: int | None = None

    @property
    def mended(self) -> bool:
        """Whether nothing that was found is left, as far as it was looked at again."""
        return self.found == 0 or (self.retested is not None and self.left == 0)


@dataclass(frozen=True, slots=True)
class Requirement:
    """One point of the checklist."""

    number: str = ""
    text: Text = ""
    applies: bool | None = None
    state: Literal["unknown", "met", "partly", "not_met"] = "unknown"
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Requirements:
    """The checklist as an officer imported it: of which edition, and who held it against the text."""

    edition: str = ""
    verified_by: str = ""
    verified: date | None = None
    items: tuple[Requirement, ...] = ()


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything of one system."""

    system: str = ""
    officer: Officer = Officer()
    encryption: tuple[Encrypted, ...] = ()
    tests: tuple[Attack, ...] = ()
    next_test: date | None = None
    access: Text = ""
    logging: Text = ""
    incident_contact: Text = ""
    requirements: Requirements = Requirements()


def findings(dossier: Dossier, today: date) -> list[Finding]:
    """Everything missing on a day."""
    return [*_officer(dossier.officer), *_protection(dossier, today), *_requirements(dossier.requirements)]


def standing(dossier: Dossier, today: date) -> dict[str, Standing]:
    """How each part stands; requirements without a checklist are unknown, never missing."""
    missing = findings(dossier, today)
    found: dict[str, Standing] = {}
    for part in PARTS:
        here = [each for each in missing if each.place.partition("[")[0].partition(".")[0] == part]
        written = getattr(dossier, part) not in ("", (), Officer(), Requirements())
        found[part] = "done" if not here else "partly" if written else "missing"
    if not dossier.requirements.items:
        found["requirements"] = "unknown"
    return found


def evidenced(dossier: Dossier, today: date) -> tuple[str, ...]:
    """Kinds of evidence as which this dossier, once sealed, can be put forward. Nothing is thereby met."""
    parts = standing(dossier, today)
    kinds = ["appointment-order"] if parts["officer"] == "done" else []
    kinds += ["security-dossier"] if parts["encryption"] == "done" else []
    kinds += ["penetration-test-report"] if any(test.mended and test.report for test in dossier.tests) else []
    return (*kinds, *(["security-requirements-report"] if parts["requirements"] == "done" else []))


def counts(requirements: Requirements) -> dict[str, int]:
    """How many points are met, partly met, not met, open, and how many do not apply."""
    found = dict.fromkeys(("met", "partly", "not_met", "unknown", "not_applicable"), 0)
    for each in requirements.items:
        found["not_applicable" if each.applies is False else "unknown" if each.applies is None else each.state] += 1
    return found


def steps(dossier: Dossier) -> list[Step]:
    """What is to come."""
    return [Step(dossier.next_test, "test")] if dossier.next_test else []


def _officer(officer: Officer) -> Iterator[Finding]:
    if officer == Officer():
        yield Finding("no_officer", "officer")
        return
    for name in ("order", "day", "contact"):
        if not getattr(officer, name):
            yield Finding(f"officer_no_{name}", f"officer.{name}")


def _protection(dossier: Dossier, today: date) -> Iterator[Finding]:
    for name in ("encryption", "tests", "access", "logging", "incident_contact"):
        if not getattr(dossier, name):
            yield Finding(f"no_{name}", name)
    for number, each in enumerate(dossier.encryption, 1):
        yield from (
            Finding(f"encryption_no_{name}", f"encryption[{number}]") for name in ("what", "how", "keys") if not getattr(each, name)
        )
    for number, test in enumerate(dossier.tests, 1):
        yield from _test(test, f"tests[{number}]")
    if dossier.next_test and dossier.next_test < today:
        yield Finding("test_late", "tests", {"day": dossier.next_test.isoformat()})


def _test(test: Attack, place: str) -> Iterator[Finding]:
    yield from (Finding(f"test_no_{name}", place) for name in ("by", "day", "scope", "report") if not getattr(test, name))
    if test.found is None:
        yield Finding("test_no_found", place)
    elif test.found and test.retested is None:
        yield Finding("test_no_retest", place, {"count": test.found})
    elif test.found and test.left != 0:
        yield Finding("test_left", place, {"count": test.left if test.left is not None else test.found})


def _requirements(requirements: Requirements) -> Iterator[Finding]:
    if not requirements.items:
        yield Finding("no_requirements", "requirements")
        return
    for name in ("edition", "verified_by", "verified"):
        if not getattr(requirements, name):
            yield Finding(f"requirements_no_{name}", f"requirements.{name}")
    for number, each in enumerate(requirements.items, 1):
        place = f"requirements.items[{number}]"
        if each.applies is None:
            yield Finding("requirement_open", place, {"number": each.number})
        elif each.applies and each.state != "met":
            yield Finding(f"requirement_{each.state}", place, {"number": each.number})
        elif each.applies and not each.evidence:
            yield Finding("requirement_no_evidence", place, {"number": each.number})
