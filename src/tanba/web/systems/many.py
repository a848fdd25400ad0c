"""Answers of many systems in one query each."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from tanba.web.systems.models import Fact

Answers = dict[UUID, dict[str, Any]]


def answers_of(systems: Iterable[UUID]) -> Answers:
    """As `System.facts`: the newest confirmed answers that have a value, by system."""
    found: Answers = {}
    rows = Fact.objects.filter(system__in=list(systems), confirmed=True).order_by("id")
    for system, name, value in rows.values_list("system_id", "name", "value"):
        found.setdefault(system, {})[name] = value
    return {system: {name: value for name, value in facts.items() if value is not None} for system, facts in found.items()}


def suggested_of(systems: Iterable[UUID]) -> Answers:
    """As `System.suggested`: suggestions that nobody has settled, by system."""
    newest: dict[UUID, dict[str, tuple[bool, Any]]] = {}
    rows = Fact.objects.filter(system__in=list(systems)).order_by("id")
    for system, name, value, settled in rows.values_list("system_id", "name", "value", "confirmed"):
        newest.setdefault(system, {})[name] = (settled, value)
    return {system: {name: value for name, (settled, value) in facts.items() if not settled} for system, facts in newest.items()}
