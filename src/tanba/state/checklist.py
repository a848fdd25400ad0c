"""The two checks that art. 20(2) adds to an audit, from the facts of a system, with gaps; and checks that the auditor brings. Pure.

Law 230-VIII says what is assessed, not how. That a data library is checked by the presence and correctness of mandatory metadata is
reported of Order 102/НҚ; which metadata those are was not read, so that item is never better than `reported`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tanba.state.audit import Further

DATA, CAPABILITIES = "230-VIII/20/2/1", "230-VIII/20/2/2"
METADATA, RULES = "order-102/audit", "230-VIII/20/1"
PRODUCER, WORKS, PERSONAL = "230-VIII/27/5", "230-VIII/23/5", "94-V/7/1"


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to check.

    `answer`: `given`, `gap` (nobody wrote it), `open` (a fact is not answered), `reported` (the text was not read), `untrained`,
    `unprocessed`, or an answer of the assessment; `said`: what is known; `facts`: facts that are meant or asked; `provision`: a path;
    `key`: for the auditor's verdict.
    """

    name: str
    answer: str
    said: Any = ""
    facts: tuple[str, ...] = ()
    provision: str = ""
    text: Mapping[str, str] = field(default_factory=dict)
    key: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A data library, a capability of art. 17(3), or a further check. `key` names it for the auditor's verdict."""

    key: str
    check: str
    title: Any
    points: tuple[Point, ...]
    answer: str
    provision: str


def checklist(
    assessment: Mapping[str, Any],
    libraries: Sequence[Mapping[str, Any]],
    evidence: Mapping[str, Sequence[Any]],
    further: Iterable[Further] = (),
) -> list[Item]:
    """Every item, in order. `libraries`: parts with a `name` and what is written of them; `evidence` by path of a provision."""
    items = [_library(number, each, assessment["facts"], evidence) for number, each in enumerate(libraries, 1)]
    if not items:
        items = [Item("data", "data", "", (Point("libraries", "gap", provision=DATA),), "gap", DATA)]
    items += [_capability(ban) for ban in assessment["gate"]["bans"]]
    return items + [Item(f"further/{each.id}", "further", each.text, (), "open", RULES) for each in further]


def gaps(items: Iterable[Item]) -> list[tuple[Item, Point]]:
    """What is not there, not answered, or rests on a text that was not read."""
    return [(item, point) for item in items for point in item.points if point.answer in ("gap", "open", "reported", "unknown")]


def _library(number: int, part: Mapping[str, Any], facts: Mapping[str, Any], evidence: Mapping[str, Sequence[Any]]) -> Item:
    points = (
        Point("metadata", "reported", ", ".join(sorted(key for key, value in part.items() if value)), provision=METADATA),
        _written("producer", part.get("producer"), PRODUCER),
        _written("source", part.get("source"), DATA),
        _written("licence", part.get("licence"), DATA),
        _works(facts, evidence),
        _personal(facts),
        _proved(evidence),
    )
    name = str(part.get("name") or number)
    answer = "gap" if any(point.answer in ("gap", "open") for point in points) else "reported"
    return Item(f"data/{number}/{name}"[:200], "data", name, points, answer, DATA)


def _written(name: str, value: Any, provision: str) -> Point:
    return Point(name, "given" if value else "gap", str(value or ""), provision=provision)


def _works(facts: Mapping[str, Any], evidence: Mapping[str, Sequence[Any]]) -> Point:
    """Training on works is lawful only without a prohibition in machine-readable form; whoever trains shows that it was looked for."""
    trains = _value(facts, "trains_on_works")
    if trains is None:
        return Point("works", "open", facts=("trains_on_works",), provision=WORKS)
    if trains is False:
        return Point("works", "untrained", facts=("trains_on_works",), provision=WORKS)
    proof = list(evidence.get(WORKS, ()))
    return Point("works", "given" if proof else "gap", proof, ("trains_on_works",), WORKS)


def _personal(facts: Mapping[str, Any]) -> Point:
    processes, basis = _value(facts, "processes_personal_data"), _value(facts, "personal_data_basis")
    if processes is None:
        return Point("personal", "open", facts=("processes_personal_data",), provision=PERSONAL)
    if processes is False:
        return Point("personal", "unprocessed", facts=("processes_personal_data",), provision=PERSONAL)
    return Point("personal", "given" if basis else "open", basis or "", ("personal_data_basis",), PERSONAL)


def _value(facts: Mapping[str, Any], name: str) -> Any:
    return facts.get(name, {}).get("value")


def _proved(evidence: Mapping[str, Sequence[Any]]) -> Point:
    proof = [*evidence.get(DATA, ()), *evidence.get(PRODUCER, ())]
    return Point("evidence", "given" if proof else "gap", proof, provision=DATA)


def _capability(ban: Mapping[str, Any]) -> Item:
    path = ban["provision"].partition("@")[0].removeprefix("kz/")
    parts = [("element", each) for each in ban["elements"]] + [("exception", each) for each in ban["exceptions"]]
    settled = ban["answer"] != "unknown"
    points = tuple(
        Point(
            kind,
            "moot" if settled and each["answer"] == "unknown" else each["answer"],
            facts=tuple(each["ask"] or each["because"]),
            provision=path,
            text=each["text"],
            key=f"{path}#{each['id']}",
        )
        for kind, each in parts
    )
    return Item(path, "prohibited", ban["title"], points, ban["answer"], path)
