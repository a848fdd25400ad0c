"""From the rows of the register to what an export is made of. A few systems at a time, so that thousands need no more memory than those."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from tanba.export.model import Owed, Proof, Subject, Whole, owed_of
from tanba.export.table import Row
from tanba.law.assess import assess
from tanba.law.load import load
from tanba.law.rulebook import Rulebook, on
from tanba.web.accounts.models import Organisation
from tanba.web.assessments.models import Assessment
from tanba.web.assessments.run import known_facts
from tanba.web.evidence import ledger
from tanba.web.evidence.models import Artifact, Evidence
from tanba.web.lawtracker.models import Adoption
from tanba.web.obligations.models import Obligation
from tanba.web.systems.models import Fact, System

AT_ONCE = 25
"""Systems that are read together."""

T = TypeVar("T")


def book() -> Rulebook:
    """The law of today."""
    return on(load("kz"), timezone.localdate())


def whole(organisation: Organisation) -> Whole:
    """Raises StoreError, InputError where the ledger cannot be read."""
    state = ledger.log().head().checkpoint.plain
    return Whole(timezone.localdate(), {key: str(text) for key, text in organisation.name.items()}, organisation.bin, state)


def exported(systems: QuerySet[System]) -> QuerySet[System]:
    """Those that an organisation has admitted or not decided on, in the order of their names in addresses."""
    return systems.exclude(state="rejected").order_by("slug")


class Sealed(Mapping[str, Any]):
    """A system's assessment, read from its artifact only when somebody asks for more than its day: tables do not."""

    def __init__(self, assessment: Assessment) -> None:
        """Nothing is read yet."""
        self.assessment = assessment

    @cached_property
    def report(self) -> dict[str, Any]:
        """The whole."""
        return self.assessment.report

    def __getitem__(self, key: str) -> Any:
        """As of the report."""
        return self.assessment.day.isoformat() if key == "date" else self.report[key]

    def __iter__(self) -> Iterator[str]:
        """As of the report."""
        return iter(self.report)

    def __len__(self) -> int:
        """As of the report."""
        return len(self.report)


def subjects(systems: QuerySet[System]) -> Iterator[Subject]:
    """Each system with its newest assessment and what people arranged; six queries for every `AT_ONCE`, one for a report that is read."""
    for keys in _batches(exported(systems).values_list("pk", flat=True), AT_ONCE):
        yield from _together(keys)


def _together(keys: Sequence[UUID]) -> Iterator[Subject]:
    newest = Assessment.objects.filter(system=OuterRef("pk")).order_by("-at", "-id").values("pk")[:1]
    systems = exported(System.objects.filter(pk__in=keys)).select_related("organisation").annotate(newest=Subquery(newest))
    found = list(systems)
    made = Assessment.objects.filter(pk__in=[each.newest for each in found]).select_related("artifact")
    assessments = {each.system_id: each for each in made.defer("artifact__packed", "artifact__event", "artifact__entry")}
    rows = by_system(Obligation.objects.filter(system__in=keys, active=True).select_related("assignee"))
    sources = _sources(keys)
    for system in found:
        assessment = assessments.pop(system.pk, None)
        yield _subject(system, assessment, rows.pop(system.pk, {}), sources.get(system.pk, {}))


def _subject(system: System, assessment: Assessment | None, rows: dict[str, Owed], sources: Mapping[str, str]) -> Subject:
    about = {"purpose": system.purpose, "sources": sources}
    if assessment is None:
        report = _assessed(system)
        return Subject(system.slug, system.name, report, {each["path"]: owed_of(each) for each in report["provisions"]}, **about)
    return Subject(system.slug, system.name, Sealed(assessment), rows, **about, proof=proof_of(assessment.artifact))


def _assessed(system: System) -> dict[str, Any]:
    """A system that nobody assessed yet: as it would be today. Nothing is kept."""
    adopted = Adoption.objects.paths(system.organisation_id, timezone.localdate())
    return assess(book(), known_facts(system), system=system.slug, adopted=adopted)


def _sources(keys: Sequence[UUID]) -> dict[UUID, dict[str, str]]:
    """Where the newest confirmed answers come from."""
    found: dict[UUID, dict[str, str]] = {}
    rows = Fact.objects.filter(system__in=keys, confirmed=True).order_by("id")
    for system, name, source in rows.values_list("system_id", "name", "source"):
        found.setdefault(system, {})[name] = source
    return found


def by_system(rows: Iterable[Obligation]) -> dict[UUID, dict[str, Owed]]:
    """Rows as values, by system and path, with evidence that counts today."""
    every = list(rows)
    proofs = _proofs([each.pk for each in every])
    found: dict[UUID, dict[str, Owed]] = {}
    for each in every:
        found.setdefault(each.system_id, {})[each.path] = owed(each, proofs.get(each.pk, ()))
    return found


def owed(row: Obligation, proofs: Sequence[Proof] = ()) -> Owed:
    """One row as a value."""
    return Owed(
        provision=row.provision,
        kind=row.kind,
        layer=row.layer,
        applies="yes" if row.answer == "applies" else "unknown",
        status=row.status,
        due=row.due,
        due_proposed=row.due_proposed,
        remind_on=row.remind_on,
        assignee=str(row.assignee) if row.assignee else "",
        remark=row.remark,
        proofs=tuple(proofs),
    )


def _proofs(obligations: Sequence[UUID]) -> dict[UUID, list[Proof]]:
    found: dict[UUID, list[Proof]] = {}
    for some in _batches(obligations, 500):
        rows = Evidence.objects.valid().filter(obligation__in=some).select_related("artifact").defer("artifact__packed", "artifact__event")
        for each in rows.order_by("id"):
            found.setdefault(each.obligation_id, []).append(proof_of(each.artifact, each.expires))
    return found


def proof_of(artifact: Artifact, expires: Any = None) -> Proof:
    """An artifact by its digest and its place in the ledger, None while it waits."""
    return Proof(artifact.name, artifact.kind, artifact.digest, artifact.position, str(artifact.pk), expires)


def _batches(every: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    left = iter(every)
    while some := tuple(islice(left, size)):
        yield some


def listed(rows: QuerySet[Obligation]) -> Iterator[Row]:
    """Rows of a list as lines of the table, in the list's order."""
    for some in _batches(rows.select_related("system", "assignee").iterator(500), 500):
        proofs = _proofs([each.pk for each in some])
        for each in some:
            assessed = timezone.localdate(each.system.assessed_at) if each.system.assessed_at else timezone.localdate()
            yield Row(each.system.slug, each.system.name, assessed.isoformat(), owed(each, proofs.get(each.pk, ())))
