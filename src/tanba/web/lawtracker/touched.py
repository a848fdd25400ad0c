"""Which systems of an organisation a provision or a reported change touches, from the obligation rows: no system is assessed here."""

from typing import Any

from django.db.models import Count, QuerySet

from tanba.law.model import ASSESSED, Change, Provision
from tanba.law.rulebook import Rulebook
from tanba.web.accounts.access import MemberRequest
from tanba.web.accounts.models import Organisation
from tanba.web.obligations.models import Obligation
from tanba.web.systems.access import in_reach, systems_of
from tanba.web.systems.models import System

SHOWN = 50
MEASURING = ("prohibition", "screen", "classification")
"""Kinds by which every AI system is measured, so that a change of theirs touches all of them."""


def rows_of(organisation: Organisation) -> QuerySet[Obligation]:
    """The organisation's obligation rows that apply or may apply."""
    return Obligation.objects.filter(system__organisation=organisation, active=True)


def measured(systems: QuerySet[System]) -> QuerySet[System]:
    """Those that are, or may be, AI systems within reach of the law."""
    return systems.exclude(conclusion__in=("", "not_ai_system", "out_of_reach"))


def by_provision(request: MemberRequest, provision: Provision) -> dict[str, Any]:
    """The systems that a provision touches, of those this member sees: first those to which it applies."""
    if provision.kind in MEASURING:
        systems = measured(systems_of(request))
        return {"measures": systems.count(), "prohibited": _found(systems, provision)}
    paths = provision.penalty.get("for", ()) if provision.kind == "sanction" else [provision.path] if provision.kind in ASSESSED else []
    if not paths:
        return {}
    rows = (
        Obligation.objects.filter(in_reach(request), active=True, path__in=paths)
        .select_related("system")
        .order_by("answer", "system__slug")
    )
    once = {row.system_id: row for row in reversed(rows[: SHOWN * len(paths)])}
    return {"touched": [*once.values()][::-1][:SHOWN], "touched_count": rows.values("system").distinct().count()}


def _found(systems: QuerySet[System], provision: Provision) -> list[System]:
    """Systems whose newest assessment found this prohibition."""
    if provision.kind != "prohibition":
        return []
    return [system for system in systems.filter(gate="prohibited")[:SHOWN] if _has(system, provision)]


def _has(system: System, provision: Provision) -> bool:
    newest = system.assessments.first()
    bans = newest.report["gate"]["bans"] if newest else []
    return any(ban["provision"] == provision.id and ban["answer"] == "found" for ban in bans)


def by_paths(organisation: Organisation, provisions: list[Provision]) -> dict[str, Any]:
    """Systems that these provisions touch, with how many of them each; and whether all are touched because all are measured by one."""
    paths = [p.path for p in provisions]
    systems = System.objects.filter(organisation=organisation, obligations__path__in=paths, obligations__active=True)
    every = any(p.kind in MEASURING for p in provisions)
    counted = systems.annotate(n=Count("obligations")).order_by("-n", "slug")
    every_system = measured(System.objects.filter(organisation=organisation)).count() if every else 0
    return {"systems": counted[:SHOWN], "systems_count": systems.distinct().count(), "all_measured": every_system}


def by_change(organisation: Organisation, book: Rulebook) -> list[dict[str, Any]]:
    """Each act with its editions and reported changes; a change with how many provisions and systems it touches."""
    return [
        {"act": act, "changes": [_change(organisation, book, change) for change in act.changes]}
        for act in book.law.acts.values()
        if act.changes or act.editions
    ]


def _change(organisation: Organisation, book: Rulebook, change: Change) -> dict[str, Any]:
    provisions = [p for p in book.provisions.values() if change.concerns(p.path)]
    rows = rows_of(organisation).filter(path__in=[p.path for p in provisions])
    return {
        "change": change,
        "begun": change.start <= book.day,
        "provisions": provisions,
        "systems": rows.values("system").distinct().count(),
    }
