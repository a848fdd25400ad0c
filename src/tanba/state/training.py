"""Competence of staff and support by the state: who learned what, what is due, what the company applied for. Pure.

No provision that was read asks for courses: roles, courses and their renewal are the house's own plan.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from tanba.calendars.periods import later
from tanba.errors import InputError
from tanba.state.form import Finding, Step, Text
from tanba.state.programmes import programmes

SCHEMA = "tanba.training/1"
SOON = timedelta(days=30)
"""How long before it runs out a certificate is due soon: a house proposal."""


@dataclass(frozen=True, slots=True)
class Course:
    """What is taught. `renew`: after which period again (P1Y), empty where once is enough."""

    id: str = ""
    title: Text = ""
    renew: str = ""


@dataclass(frozen=True, slots=True)
class Role:
    """How many people hold a role, and which courses the house wants each of them to have."""

    id: str = ""
    title: Text = ""
    people: int | None = None
    courses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """One person had one course. `person` is optional: a name, or a number that the house gives."""

    role: str = ""
    course: str = ""
    day: date | None = None
    person: str = ""
    provider: str = ""
    hours: float | None = None
    valid_until: date | None = None
    certificate: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """A course that is to come."""

    course: str = ""
    role: str = ""
    day: date | None = None
    people: int | None = None
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Applied:
    """What the company did about a programme of the state."""

    programme: str = ""
    state: Literal["considered", "applied", "granted", "refused", "not_applied"] = "considered"
    day: date | None = None
    note: Text = ""


@dataclass(frozen=True, slots=True)
class Training:
    """Everything of one organisation."""

    organisation: Text = ""
    courses: tuple[Course, ...] = ()
    roles: tuple[Role, ...] = ()
    records: tuple[Record, ...] = ()
    planned: tuple[Planned, ...] = ()
    programmes: tuple[Applied, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of the people of a role, how many have a course that is still valid, runs out soon, has run out. `people` None: nobody counted."""

    role: str
    course: str
    people: int | None
    valid: int
    soon: int
    expired: int
    planned: date | None

    @property
    def open(self) -> int | None:
        """How many are without it; None where it is not known how many there are."""
        return None if self.people is None else max(0, self.people - self.valid)


def checked(training: Training) -> None:
    """Raises InputError on a name that nothing in the file, or no programme, has."""
    names: Mapping[str, Sequence[str]] = {
        "course": [each.id for each in training.courses],
        "role": [each.id for each in training.roles],
        "programme": list(programmes()),
    }
    for place, kind, given in _named(training):
        if given not in names[kind]:
            raise InputError("{place} is not known here", "Known: {known}.", place=place, known=", ".join(names[kind]))
    for number, course in enumerate(training.courses, 1):
        if course.renew:
            try:
                later(date(2026, 1, 1), course.renew)
            except InputError:
                raise InputError(
                    "{place}: {given!r} does not fit",
                    "Write {wanted}.",
                    place=f"courses[{number}].renew",
                    given=course.renew,
                    wanted="P1Y, P6M",
                ) from None


def ends(record: Record, training: Training) -> date | None:
    """Until when a record counts: as its certificate says, else as the house renews the course; None where it does not run out."""
    if record.valid_until:
        return record.valid_until
    renew = next((course.renew for course in training.courses if course.id == record.course), "")
    return later(record.day, renew) if renew and record.day else None


def coverage(training: Training, today: date) -> list[Coverage]:
    """For each role and each course wanted of it. The last record of a person counts; records without a name each count as one person."""
    return [_covered(training, role, course, today) for role in training.roles for course in role.courses]


def due(training: Training, today: date) -> list[tuple[Record, date]]:
    """Records that have run out or run out soon and were not renewed, the oldest end first."""
    found = [(each, until) for each in _latest(training) if (until := ends(each, training)) and until - SOON <= today]
    return sorted(found, key=lambda pair: pair[1])


def findings(training: Training, today: date) -> list[Finding]:
    """Everything missing on a day."""
    found = [Finding(f"no_{name}", name) for name in ("courses", "roles", "records") if not getattr(training, name)]
    for number, record in enumerate(training.records, 1):
        for name in ("day", "provider", "hours", "certificate"):
            if getattr(record, name) in (None, ""):
                found.append(Finding(f"record_no_{name}", f"records[{number}]"))
        if record.day and record.day > today:
            found.append(Finding("record_to_come", f"records[{number}]", {"day": record.day.isoformat()}))
    for each in coverage(training, today):
        values = {"role": each.role, "course": each.course}
        if each.people is None:
            found.append(Finding("people_unknown", "roles", values))
        elif each.open and each.planned is None:
            found.append(Finding("not_covered", "roles", values | {"count": each.open}))
    late = [(number, each) for number, each in enumerate(training.planned, 1) if each.day and each.day < today]
    return found + [Finding("plan_late", f"planned[{number}]", {"course": each.course, "day": str(each.day)}) for number, each in late]


def steps(training: Training, today: date) -> list[Step]:
    """Courses to come, and certificates that run out."""
    found = [Step(each.day, "course", {"course": each.course, "role": each.role}) for each in training.planned if each.day]
    found += [Step(until, "renew", {"course": record.course, "role": record.role}) for record, until in due(training, today)]
    return sorted(found, key=lambda step: step.day)


def _named(training: Training) -> Iterator[tuple[str, str, str]]:
    """(place, kind, name) wherever something is named."""
    for number, role in enumerate(training.roles, 1):
        yield from ((f"roles[{number}].courses[{index}]", "course", name) for index, name in enumerate(role.courses, 1))
    for group in ("records", "planned"):
        for number, row in enumerate(getattr(training, group), 1):
            yield from ((f"{group}[{number}].{kind}", kind, getattr(row, kind)) for kind in ("role", "course"))
    yield from ((f"programmes[{number}].programme", "programme", each.programme) for number, each in enumerate(training.programmes, 1))


def _latest(training: Training) -> list[Record]:
    """The last record of each person, role and course, and every record without a name."""
    found: dict[tuple[str, str, str], Record] = {}
    for number, each in enumerate(training.records):
        key = (each.person or f"#{number}", each.role, each.course)
        if key not in found or (each.day or date.min) >= (found[key].day or date.min):
            found[key] = each
    return list(found.values())


def _covered(training: Training, role: Role, course: str, today: date) -> Coverage:
    count: dict[str, int] = defaultdict(int)
    for record in _latest(training):
        if (record.role, record.course) == (role.id, course) and record.day and record.day <= today:
            until = ends(record, training)
            count["expired" if until and until < today else "valid"] += 1
            count["soon"] += bool(until and today <= until <= today + SOON)
    planned = min(
        (each.day for each in training.planned if (each.role, each.course) == (role.id, course) and each.day and each.day >= today),
        default=None,
    )
    return Coverage(role.id, course, role.people, count["valid"], count["soon"], count["expired"], planned)
