"""`reassess_many`: what `run.reassess` does, for a hundred systems at a time.

A few queries for all of them, and contents packed in a second thread while the next assessment is made. Each gets an artifact of its own
that does not rest, since nobody sits before them.
"""

import bisect
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from tanba.digest import canonical_json
from tanba.law.assess import assess
from tanba.law.load import load
from tanba.law.rulebook import on
from tanba.seal import Artifact as Sealable
from tanba.web.accounts.models import User
from tanba.web.assessments.models import Assessment
from tanba.web.assessments.run import SIMILAR, headline
from tanba.web.evidence.models import Artifact
from tanba.web.evidence.outbox import prepared
from tanba.web.evidence.status import settle
from tanba.web.incidents.stops import propose
from tanba.web.lawtracker.models import Adoption
from tanba.web.obligations.models import Obligation
from tanba.web.obligations.sync import recount, sync, sync_new
from tanba.web.systems.many import answers_of
from tanba.web.systems.models import Fact, System

LEVEL = 1
"""How hard contents are packed: a third larger, four times as quick."""

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


@transaction.atomic
def reassess_many(systems: QuerySet[System], by: User | None, kin: Kin, day: date | None = None) -> list[Assessment]:
    """Assess systems of one organisation on `day` (today). Raises NotInForceError."""
    day = day or timezone.localdate()
    rows = list(systems.select_related("organisation"))
    if not rows:
        return []
    adopted = Adoption.objects.paths(rows[0].organisation_id, day)
    facts = answers_of(row.pk for row in rows)
    work = _Work(day, adopted, by, kin)
    with ThreadPoolExecutor(2) as pool:
        packing = []
        for row in rows:
            report = work.report(row, facts.get(row.pk, {}))
            packing.append((row, report, pool.submit(work.pack, row, report)))
        made = [(row, report, packed.result()) for row, report, packed in packing]
    Artifact.objects.bulk_create([artifact for _, _, artifact in made])
    found = [_assessment(row, report, artifact, day, by) for row, report, artifact in made]
    Assessment.objects.bulk_create(found)
    _follow(made, kin, facts)
    return found


class _Work:
    """What is the same for all of them."""

    def __init__(self, day: date, adopted: Iterable[str], by: User | None, kin: Kin) -> None:
        self.book, self.adopted, self.by, self.kin = on(load("kz"), day), frozenset(adopted), by, kin

    def report(self, row: System, answers: dict[str, Any]) -> dict[str, Any]:
        offender = row.organisation.offender_class
        facts = ({"offender_class": offender} if offender else {}) | answers
        near = self.kin.of(row.slug, facts.get("use_case"))
        return assess(self.book, facts, system=row.slug, adopted=self.adopted, similar=near)

    def pack(self, row: System, report: dict[str, Any]) -> Artifact:
        made = Sealable("assessment", report["schema"], canonical_json(report), "assessment.json")
        return prepared(row.organisation, made, self.by, row, LEVEL)


def _assessment(row: System, report: dict[str, Any], artifact: Artifact, day: date, by: User | None) -> Assessment:
    row.conclusion, row.gate = report["conclusion"], report["gate"]["answer"]
    row.risk_levels, row.questions = "-".join(report["axes"]["risk"]["levels"]), len(report["questions"])
    row.assessed_at = timezone.now()
    return Assessment(system=row, day=day, by=by, headline=headline(report), at=row.assessed_at, artifact=artifact)


def _follow(made: list[tuple[System, dict[str, Any], Artifact]], kin: Kin, facts: dict[UUID, dict[str, Any]]) -> None:
    """Obligations and the portfolio's columns in line with the reports."""
    systems = [row for row, _, _ in made]
    known = set(Obligation.objects.filter(system__in=systems).order_by().values_list("system_id", flat=True).distinct())
    sync_new([(row, report) for row, report, _ in made if row.pk not in known])
    for row, report, _ in made:
        if row.pk in known:
            sync(row, report)
        propose(row, report)
        kin.add(facts.get(row.pk, {}).get("use_case"), row.slug, row.risk_levels)
    System.objects.bulk_update(systems, COLUMNS, batch_size=50)
    if known:
        settle(known)
    recount(System.objects.filter(pk__in=[row.pk for row in systems]))
