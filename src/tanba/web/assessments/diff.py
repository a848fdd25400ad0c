"""The difference between two assessments of one system. Pure."""

from collections.abc import Mapping
from typing import Any

Report = Mapping[str, Any]


def difference(before: Report, after: Report) -> dict[str, Any]:
    """What changed: facts, conclusions, prohibitions, provisions. Empty lists where nothing did."""
    return {
        "facts": _facts(before, after),
        "conclusion": _pair(before["conclusion"], after["conclusion"]),
        "axes": _axes(before, after),
        "notions": [_named(name, *pair) for name, pair in _answers(before, after, ("notions", "roles"))],
        "bans": _capabilities(before["gate"]["bans"], after["gate"]["bans"]),
        "screen": _capabilities(before["screen"], after["screen"]),
        "provisions": _provisions(before, after),
    }


def _pair(before: Any, after: Any) -> dict[str, Any] | None:
    return None if before == after else {"before": before, "after": after}


def _named(name: str, before: Any, after: Any) -> dict[str, Any]:
    return {"name": name, "before": before, "after": after}


def _facts(before: Report, after: Report) -> list[dict[str, Any]]:
    old, new = ({name: entry["value"] for name, entry in report["facts"].items()} for report in (before, after))
    names = dict.fromkeys([*old, *new])
    return [_named(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)]


def _axes(before: Report, after: Report) -> list[dict[str, Any]]:
    pairs = ((name, before["axes"][name]["levels"], axis["levels"]) for name, axis in after["axes"].items() if name in before["axes"])
    return [_named(name, old, new) for name, old, new in pairs if old != new]


def _answers(before: Report, after: Report, parts: tuple[str, ...]) -> list[tuple[str, tuple[str, str]]]:
    entries = ((name, before[part].get(name), entry) for part in parts for name, entry in after[part].items())
    pairs = ((name, (old["answer"], new["answer"])) for name, old, new in entries if old)
    return [(name, pair) for name, pair in pairs if pair[0] != pair[1]]


def _capabilities(before: list[Report], after: list[Report]) -> list[dict[str, Any]]:
    old = {entry["provision"]: entry["answer"] for entry in before}
    changed = [entry for entry in after if old.get(entry["provision"]) != entry["answer"]]
    return [{**_named(entry["provision"], old.get(entry["provision"]), entry["answer"]), "title": entry["title"]} for entry in changed]


def _provisions(before: Report, after: Report) -> list[dict[str, Any]]:
    """Added, gone, or changed in answer, layer or edition."""
    old, new = ({entry["path"]: entry for entry in report["provisions"]} for report in (before, after))
    found = []
    for path in dict.fromkeys([*old, *new]):
        states = [_state(side.get(path)) for side in (old, new)]
        if states[0] != states[1]:
            found.append({**_named(path, *states), "title": (new.get(path) or old[path])["title"]})
    return found


def _state(entry: Report | None) -> dict[str, str] | None:
    return None if entry is None else {key: entry[key] for key in ("answer", "layer", "provision")}
