"""What `run.reassess` does, for a hundred systems at a time: a few queries for all of them, reports made in processes beside this one.

Each system gets an artifact of its own that does not rest, since nobody sits before it.
"""

import bisect
from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from tanba.assessing import Done, Job, do, workers
from tanba.ids import uuid7
from tanba.web.accounts.models import Organisation, User
from tanba.web.assessments.models import Assessment
from tanba.web.assessments.run import SIMILAR, headline
from tanba.web.bulk import insert, update
from tanba.web.evidence.models import Artifact, Packed
from tanba.web.evidence.outbox import author_of, elsewhere
from tanba.web.evidence.status import settle
from tanba.web.incidents.stops import propose
from tanba.web.lawtracker.models import Adoption
from tanba.web.obligations.models import Obligation
from tanba.web.obligations.sync import recount, sync, sync_new
from tanba.web.systems.many import answers_of
from tanba.web.systems.models import Fact, System

COLUMNS = ("conclusion", "gate", "risk_levels", "questions", "assessed_at")


class Kin:
    """Decided systems of an organisation by use case, read once and kept in step with what is assessed."""

    def __init__(self, organisation_id: UUID) -> None:
        """One query for the use cases, one for the levels."""
        decided = System.objects.filter(organisation_id=organisation_id).exclude(risk_levels="").exclude(risk_levels__contains="-")
        cases = Fact.objects.filter(name="use_case", confirmed=True, system__organisation_id=organisation_id).order_by("id")
        case_of = dict(cases.values_list("system_id", "value"))
        self._of: dict[str, list[tuple[str, str]]] = {}
        for key, slug, level in decided.order_by("slug").values_list("pk", "slug", "risk_levels"):
            self.add(case_of.get(key), slug, level)

    def of(self, slug: str, use_case: Any) -> list[tuple[str, str]]:
        """What `run.similar` finds."""
        some = self._of.get(use_case, [])[: SIMILAR + 1] if isinstance(use_case, str) else []
        return [pair for pair in some if pair[0] != slug][:SIMILAR]

    def add(self, use_case: Any, slug: str, level: str) -> None:
        """A system that was assessed."""
        pairs = self._of.setdefault(use_case, []) if use_case not in (None, "other") else []
        at = bisect.bisect_left(pairs, (slug,))
        pairs[at : at + (at < len(pairs) and pairs[at][0] == slug)] = [(slug, level)] if level and "-" not in level else []


@dataclass(frozen=True, slots=True)
class Batch:
    """Systems whose reports are being made; `asked`: how many keys there were, of which some may be gone."""

    asked: int
    rows: list[System]
    facts: dict[UUID, dict[str, Any]]
    made: "list[Future[Done]]"


class Assessor:
    """Assesses systems of one organisation today, in the name of one person. To be closed."""

    def __init__(self, organisation: Organisation, by: User | None, count: int) -> None:
        """`count`: about how many systems will come."""
        self.organisation, self.by, self.day = organisation, by, timezone.localdate()
        self.adopted = frozenset(Adoption.objects.paths(organisation.pk, self.day))
        self.kin = Kin(organisation.pk)
        self._pool = workers(count)

    def __enter__(self) -> "Assessor":
        """As it is."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the processes; what nobody waits for is not begun."""
        self._pool.shutdown(cancel_futures=True)

    def begin(self, keys: Iterable[UUID]) -> Batch:
        """Have reports made from what the register says now."""
        wanted = list(keys)
        rows = list(System.objects.filter(pk__in=wanted).select_related("organisation").order_by("id"))
        facts = answers_of(row.pk for row in rows)
        return Batch(len(wanted), rows, facts, [self._pool.submit(do, self._job(row, facts.get(row.pk, {}))) for row in rows])

    def _job(self, row: System, answers: dict[str, Any]) -> Job:
        offender = self.organisation.offender_class
        facts = ({"offender_class": offender} if offender else {}) | answers
        near = self.kin.of(row.slug, facts.get("use_case"))
        return Job(uuid7(), row.slug, self.organisation.bin, author_of(self.by), facts, near, self.adopted, self.day)

    def finish(self, batch: Batch) -> None:
        """Keep reports, to be sealed, and bring obligations and the portfolio's columns in line, in one transaction."""
        made = [future.result() for future in batch.made]
        with transaction.atomic():
            artifacts = [elsewhere(self.organisation, self.by, row, done) for row, done in zip(batch.rows, made, strict=True)]
            Artifact.objects.bulk_create(artifacts)
            insert(Packed, ("artifact", "content"), ((row.pk, done.packed) for row, done in zip(artifacts, made, strict=True)))
            pairs = [(row, done.brief) for row, done in zip(batch.rows, made, strict=True)]
            found = [self._assessment(row, brief, artifact) for (row, brief), artifact in zip(pairs, artifacts, strict=True)]
            Assessment.objects.bulk_create(found)
            _follow(pairs)
        for row in batch.rows:
            self.kin.add(batch.facts.get(row.pk, {}).get("use_case"), row.slug, row.risk_levels)

    def _assessment(self, row: System, brief: Any, artifact: Artifact) -> Assessment:
        row.conclusion, row.gate = brief["conclusion"], brief["gate"]["answer"]
        row.risk_levels, row.questions = "-".join(brief["axes"]["risk"]["levels"]), len(brief["questions"])
        row.assessed_at = timezone.now()
        return Assessment(system=row, day=self.day, by=self.by, headline=headline(brief), at=row.assessed_at, artifact=artifact)


def _follow(pairs: list[tuple[System, Any]]) -> None:
    """Obligations and the portfolio's columns in line with the reports."""
    systems = [row for row, _ in pairs]
    known = set(Obligation.objects.filter(system__in=systems).order_by().values_list("system_id", flat=True).distinct())
    sync_new([(row, brief) for row, brief in pairs if row.pk not in known])
    for row, brief in pairs:
        if row.pk in known:
            sync(row, brief)
        propose(row, brief)
    update(System, COLUMNS, ((*(getattr(row, name) for name in COLUMNS), row.pk) for row in systems))
    if known:
        settle(known)
    recount(System.objects.filter(pk__in=[row.pk for row in systems]))
