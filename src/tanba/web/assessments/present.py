"""From a stored report to what the assessment page shows. Pure: a report in, values for the template out."""

from collections.abc import Iterable, Mapping
from typing import Any

from tanba.law.assess import IMPACT, LAYERS
from tanba.law.load import load
from tanba.law.model import Axis
from tanba.law.reasons import MAIN_NOTIONS, ROLES
from tanba.web.language import pick, say

Report = Mapping[str, Any]
AXES = ("risk", "autonomy", "mode", "documentation")
GROUPS = (*LAYERS[:4], "right", *LAYERS[4:])
"""Layers in the order of the page, with rights of others after the law."""

OPEN_LAYERS = ("statute", "by-law", "other-law", "right")
"""Groups that are unfolded at first."""


def page(report: Report, overrides: list[Any], rows: Mapping[str, Any], peers: Iterable[tuple[str, str]] = ()) -> dict[str, Any]:
    """Everything the page says about a report; `rows` holds what the register keeps about each provision, `peers` similar systems."""
    return {
        "sentence": sentence(report),
        "scales": scales(report, overrides),
        "groups": groups(report, rows),
        "scope": scope(report),
        "facts_used": facts_used(report),
        "bans": by_answer(report["gate"]["bans"]),
        "screen": by_answer(report["screen"]),
        "turns": turns(report),
        "plausibility": plausible(report, list(peers)),
        "next_question": report["questions"][0] if report["questions"] else None,
        "verified": min((entry["verified"]["date"] for entry in report["provisions"]), default=report["date"]),
    }


def sentence(report: Report) -> str:
    """The conclusion in one sentence."""
    levels = {name: levels_in_words(name, report["axes"][name]["levels"]) for name in AXES}
    return say(f"assessments.conclusion_{report['conclusion']}", count=len(report["questions"]), **levels)


def levels_in_words(axis: str, possible: Iterable[str]) -> str:
    """A range as a person would say it: "at least medium", "minimal or medium", "not settled"."""
    known = load("kz").axes[axis]
    names = [level.name for level in known.levels]
    found = sorted(possible, key=names.index)
    labels = {level.name: pick(level.label) for level in known.levels}
    if len(found) == len(names):
        return say("assessments.not_settled")
    if len(found) > 1 and known.ordered and found == names[names.index(found[0]) :]:
        return say("assessments.at_least", level=labels[found[0]])
    return say("assessments.or").join(labels[name] for name in found)


def scales(report: Report, overrides: Iterable[Any]) -> list[dict[str, Any]]:
    """Each axis as a scale of all its levels: which are possible, which one the owner named, which one was overridden."""
    own = {entry["axis"]: entry["own"] for entry in report["plausibility"]}
    approved = {override.axis: override for override in overrides if override.state == "approved"}
    return [_scale(load("kz").axes[name], report["axes"][name], own.get(name), approved.get(name)) for name in AXES]


def _scale(axis: Axis, found: Report, own: str | None, override: Any) -> dict[str, Any]:
    def state(name: str) -> str:
        return "out" if name not in found["levels"] else "decided" if found["decided"] else "possible"

    approved = override.level if override else None
    levels = [
        {"name": n.name, "label": n.label, "test": n.test, "state": state(n.name), "own": n.name == own, "overridden": n.name == approved}
        for n in axis.levels
    ]
    return {**found, "name": axis.name, "words": levels_in_words(axis.name, found["levels"]), "scale": levels, "override": override}


def scope(report: Report) -> dict[str, list[tuple[str, Any]]]:
    """Notions, roles and interests in the statute's order: a stored report has its keys in alphabetical order."""
    return {
        "notions": [(name, report["notions"][name]) for name in (*MAIN_NOTIONS, "synthetic_results")],
        "roles": [(name, report["roles"][name]) for name in ROLES],
        "impact": [(name, report["impact"][name]) for name in IMPACT],
    }


def facts_used(report: Report) -> list[tuple[str, Report]]:
    """Answered facts in the order of the law's vocabulary."""
    return [(name, report["facts"][name]) for name in load("kz").facts if report["facts"].get(name, {}).get("value") is not None]


def groups(report: Report, rows: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Obligations by layer, those that apply before those that may; `rows` holds what the register keeps about each."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in GROUPS}
    for entry in report["provisions"]:
        name = "right" if entry["kind"] == "right" and entry["layer"] in OPEN_LAYERS else entry["layer"]
        found[name].append({**entry, "row": rows.get(entry["path"])})
    shown = []
    for name, entries in found.items():
        entries.sort(key=lambda entry: entry["answer"] != "applies")
        applies = sum(entry["answer"] == "applies" for entry in entries)
        counts = {"applies": applies, "unknown": len(entries) - applies}
        shown.append({"layer": name, "entries": entries, "open": name in OPEN_LAYERS, **counts})
    return [group for group in shown if group["entries"]]


def by_answer(capabilities: Iterable[Report]) -> dict[str, list[Report]]:
    """Prohibitions, or items of the wider screen, by answer."""
    found: dict[str, list[Report]] = {"found": [], "unknown": [], "clear": []}
    for capability in capabilities:
        found[capability["answer"]].append(capability)
    return found


def turns(report: Report) -> list[dict[str, Any]]:
    """What answer would change the result: the gravest change first, one line for each fact and answer."""
    lines = [{**turn, "changes": [_turn(change) for change in turn["changes"]]} for turn in report["what_would_change"]]
    return sorted(lines, key=lambda line: min(change["rank"] for change in line["changes"]))


RANKS = {"ai_system": 1, "reach": 1, "risk": 2, "autonomy": 3, "mode": 3}


def _turn(change: Mapping[str, Any]) -> dict[str, Any]:
    what = change["what"]
    before, after = (_value(what, change[side]) for side in ("before", "after"))
    rank = 0 if change["after"] == "found" else RANKS.get(what, 4 if "/" in what else 5)
    return {"what": what, "before": before, "after": after, "rank": rank}


def _value(what: str, value: Any) -> str:
    return levels_in_words(what, value) if isinstance(value, list) else say(f"words.answer.{value}")


def plausible(report: Report, peers: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """The owner's own classification beside the engine's, examples and similar systems, with labels."""
    found = []
    for entry in report["plausibility"]:
        labels = {level.name: level.label for level in load("kz").axes[entry["axis"]].levels}
        found.append(
            {
                **entry,
                "label": load("kz").axes[entry["axis"]].label,
                "axis_label": pick(load("kz").axes[entry["axis"]].label),
                "own_label": labels.get(entry["own"]) if entry["own"] else None,
                "own_words": pick(labels.get(entry["own"])) if entry["own"] else "",
                "engine": levels_in_words(entry["axis"], entry["possible"]),
                "example_labels": [labels[level] for level in entry["examples"]],
                "similar_labels": [{"system": name, "label": labels.get(level, level)} for name, level in peers if entry["axis"] == "risk"],
            }
        )
    return found
