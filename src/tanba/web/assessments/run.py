"""`reassess`: the one way from a system's facts to its assessment, its obligations and its line in the portfolio."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from tanba.digest import canonical_json
from tanba.law.assess import assess
from tanba.law.load import load
from tanba.law.rulebook import on
from tanba.seal import Artifact as Sealable
from tanba.web.accounts.models import User
from tanba.web.assessments.models import Assessment
from tanba.web.evidence.outbox import keep, replace
from tanba.web.evidence.status import settle
from tanba.web.incidents.stops import propose
from tanba.web.lawtracker.models import Adoption
from tanba.web.obligations.sync import recount, sync
from tanba.web.systems.models import Fact, System

SIMILAR = 20


@transaction.atomic
def reassess(system: System, by: User | None, day: date | None = None) -> Assessment:
    """Assess on `day` (today), keep the report, and bring obligations and portfolio columns in line. Raises NotInForceError."""
    day = day or timezone.localdate()
    facts = known_facts(system)
    report = assess(
        on(load("kz"), day),
        facts,
        system=system.slug,
        adopted=Adoption.objects.paths(system.organisation_id, day),
    )  # similar systems are named where the page is shown: what is sealed about one system tells nothing of others
    assessment = _keep(system, by, day, report)
    sync(system, report)
    settle({system.pk})
    _denormalise(system, assessment, report)
    propose(system, report)
    return assessment


def known_facts(system: System) -> dict[str, Any]:
    """Confirmed answers; the class of offender is the organisation's unless the system says otherwise."""
    of_organisation = {"offender_class": system.organisation.offender_class} if system.organisation.offender_class else {}
    return of_organisation | system.facts()


def similar(system: System, use_case: Any, among: Collection[UUID] | None = None) -> list[tuple[str, str]]:
    """Other systems of the organisation (only `among`) with the same use case and a decided risk degree: (slug, level)."""
    if use_case in (None, "other"):
        return []
    answers = Fact.objects.filter(system__organisation_id=system.organisation_id, name="use_case", value=use_case, confirmed=True)
    newer = Fact.objects.filter(system=OuterRef("system"), name="use_case", confirmed=True, id__gt=OuterRef("id"))
    answers = answers if among is None else answers.filter(system__in=among)
    found = answers.exclude(system=system).exclude(Exists(newer)).exclude(system__risk_levels="").exclude(system__risk_levels__contains="-")
    return list(found.order_by("system__slug").values_list("system__slug", "system__risk_levels").distinct()[:SIMILAR])


def headline(report: dict[str, Any]) -> dict[str, Any]:
    """What a history line shows, and what has to change for a new line."""
    return {
        "conclusion": report["conclusion"],
        "gate": report["gate"]["answer"],
        "axes": {name: axis["levels"] for name, axis in report["axes"].items()},
        "roles": [name for name, role in report["roles"].items() if role["answer"] == "yes"],
    }


def _keep(system: System, by: User | None, day: date, report: dict[str, Any]) -> Assessment:
    """Store the report, to be sealed. Answers of one person that follow one another and leave the headline where it was share one row."""
    made = Sealable("assessment", report["schema"], canonical_json(report), "assessment.json")
    top = headline(report)
    newest = Assessment.objects.filter(system=system).select_related("artifact").first()
    same = newest is not None and newest.day == day and newest.by_id == (by.pk if by else None) and newest.headline == top
    if newest and same and replace(newest.artifact, made):
        newest.at = timezone.now()
        newest.save(update_fields=["at"])
        return newest
    artifact = keep(system.organisation, made, by, system, rest=True)
    return Assessment.objects.create(system=system, day=day, by=by, headline=top, at=timezone.now(), artifact=artifact)


def _denormalise(system: System, assessment: Assessment, report: dict[str, Any]) -> None:
    system.conclusion = report["conclusion"]
    system.gate = report["gate"]["answer"]
    system.risk_levels = "-".join(report["axes"]["risk"]["levels"])
    system.questions = len(report["questions"])
    system.assessed_at = assessment.at
    system.save(update_fields=["conclusion", "gate", "risk_levels", "questions", "assessed_at"])
    recount(System.objects.filter(pk=system.pk))
    system.refresh_from_db(fields=["open_statute", "open_house", "next_due"])
