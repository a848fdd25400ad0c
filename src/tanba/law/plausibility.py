"""Is the owner's own classification plausible? Compared with the engine, published examples and similar systems; it never overrides."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from tanba.law.model import Law
from tanba.law.reasons import AXES

OWN = {"risk": "own_risk", "autonomy": "own_autonomy", "mode": "own_mode"}


def plausibility(law: Law, env: Mapping[str, Any], similar: Iterable[tuple[str, str]] = ()) -> list[dict[str, Any]]:
    """One entry per axis: {axis, own, possible, answer: plausible | implausible | unknown | not_given, examples, similar}.

    `similar` lists (system, risk level) of systems with the same use case. Examples come from published summaries: practice, not law.
    """
    return [_entry(law, env, axis, tuple(similar)) for axis in AXES]


def _entry(law: Law, env: Mapping[str, Any], axis: str, similar: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    own, possible = env.get(OWN[axis]), env[axis]
    given = own not in (None, "none")
    examples = [*published_levels(law, env.get("use_case"))] if axis == "risk" else []
    return {
        "axis": axis,
        "own": own if given else None,
        "possible": sorted(possible),
        "answer": _answer(own, possible) if given else "not_given",
        "examples": examples,
        "examples_differ": bool(given and examples and own not in examples),
        "similar": [{"system": name, "level": level} for name, level in similar if level] if axis == "risk" else [],
    }


def _answer(own: Any, possible: frozenset[str]) -> str:
    if own not in possible:
        return "implausible"
    return "plausible" if len(possible) == 1 else "unknown"


@lru_cache(maxsize=256)
def published_levels(law: Law, use_case: Any) -> list[str]:
    """Risk levels that published summaries give for a use case; they may name two, or none."""
    found: list[str] = []
    for provision in law.provisions:
        found += [level for level in provision.practice.get("examples", {}).get(use_case, []) if level not in found]
    return found
