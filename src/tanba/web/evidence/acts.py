"""What an act of the register says, in the words of the page."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tanba.law.load import load
from tanba.strings import catalogue
from tanba.web.evidence.models import Artifact
from tanba.web.evidence.outbox import ACT
from tanba.web.language import pick, say
from tanba.web.obligations.listing import provisions_by_id
from tanba.web.templatetags import day

UNSAID = ("at", "criteria", "engagement", "override", "to", "writer")
"""Details that the page shows otherwise, or that name nothing a reader knows."""


PREFIXES = {
    "basis": "requests.basis_",
    "channel": "requests.channel_",
    "event": "requests.event_",
    "is": "cli.calendar.",
    "kind": "answers.about_",
    "outcome": "requests.outcome_",
    "reason": "requests.reason_",
    "clock": "incidents.clock_",
    "severity": "incidents.severity_",
    "step_channel": "incidents.channel_",
    "step_when": "incidents.when_",
    "term_kind": "incidents.term_",
    "open": "incidents.clock_",
    "unit": "incidents.unit_",
    "act": "audit.did_",
    "did": "audits.did_",
    "finding_severity": "audit.severity_",
    "verdict": "audit.verdict_",
}
"""Details whose values are words of ours, and where those stand."""


@dataclass(frozen=True)
class Detail:
    """One line. `path` is the place of a provision, `artifacts` those that are meant."""

    label: str
    text: str = ""
    path: str = ""
    artifacts: tuple[Artifact, ...] = ()


def details_of(row: Artifact) -> dict[str, Any]:
    """What an act says; empty for files and assessments."""
    written = row.made_here if row.schema == ACT else None
    return dict(json.loads(written)["details"]) if written else {}


def described(row: Artifact, details: Mapping[str, Any], reach: Collection[UUID] | None = None) -> list[Detail]:
    """The same in words, one line for each detail that says something; with `reach`, artifacts of those systems only are named."""
    named = [pk for name in ("artifact", "evidence") for pk in _listed(details.get(name))]
    rows = Artifact.objects.filter(pk__in=named, organisation=row.organisation_id)
    known = {str(each.pk): each for each in (rows if reach is None else rows.filter(system__in=reach))} if named else {}
    return [_detail(name, value, details, known) for name, value in details.items() if name not in UNSAID and value not in ("", None)]


def title_of(provision: str) -> str:
    """The title of an edition of a provision; its path where the data no longer has it."""
    found = provisions_by_id(load("kz")).get(provision)
    return pick(found.title) if found else provision


def _detail(name: str, value: Any, details: Mapping[str, Any], known: Mapping[str, Artifact]) -> Detail:
    key = f"proof.detail_{name}"
    label = say(key) if key in catalogue() else name
    if name in ("artifact", "evidence"):
        return Detail(label, artifacts=tuple(known[pk] for pk in _listed(value) if pk in known))
    if name == "provision":
        return Detail(label, title_of(value), path=value)
    return Detail(label, _words(name, value, details))


def _words(name: str, value: Any, details: Mapping[str, Any]) -> str:
    if name == "axis" and value in load("kz").axes:
        return pick(load("kz").axes[value].label)
    if name == "level" and details.get("axis") in load("kz").axes:
        return next((pick(level.label) for level in load("kz").axes[details["axis"]].levels if level.name == value), str(value))
    if name == "decision" and f"proof.decision_{value}" in catalogue():
        return say(f"proof.decision_{value}")
    if isinstance(value, bool):
        return say("web.yes" if value else "web.no")
    if isinstance(value, dict):
        return ", ".join(f"{_words('kind', each, details)}: {number}" for each, number in value.items())
    if isinstance(value, list):
        return ", ".join(_words(name, each, details) for each in value) or "–"
    if (key := f"{PREFIXES.get(name, '-')}{value}") in catalogue():
        return say(key)
    return {"on": day, "position": lambda position: f"№ {position}"}.get(name, str)(value)


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())
