"""What the tests of exports share: subjects from the example company, and reading OSCAL the strict way."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from tanba.export.model import Owed, Proof, Subject, Whole, owed_of
from tanba.law.assess import assess
from tanba.law.facts import read_system
from tanba.law.load import load
from tanba.law.rulebook import Rulebook, on

ROOT = Path(__file__).parent.parent
DAY = date(2026, 11, 22)
WHOLE = Whole(
    DAY,
    {"kk": "«Қарлығаш» АҚ", "ru": "АО «Карлыгаш»", "en": "Qarlygash JSC"},
    "190140999998",
    {"origin": "tanba.local/x", "root": "ab" * 32, "size": 3},
)
PROOF = Proof("review.pdf", "upload", "cd" * 32, 7, "0198-artifact", date(2027, 1, 31))
FILES = sorted((ROOT / "examples/systems").glob("*.yaml"))
HOSTILE = '=cmd|calc!A1 <script>alert(1)</script> **b** {{ insert: param, x }}\u202e\x00 "q" ’ \\ [x](javascript:1)\nsecond'


def book() -> Rulebook:
    return on(load(), DAY)


def subject(path: Path, **arranged: Any) -> Subject:
    """A system of the example company; `arranged` are values that every duty gets."""
    system = read_system(path, load())
    report = assess(book(), system.facts, system=system.slug, adopted=["practice/incident-notice"])
    owed = {each["path"]: replace(owed_of(each), **arranged) for each in report["provisions"]}
    sources = {name: answer.source for name, answer in system.answers.items() if answer.source}
    return Subject(system.slug, system.name, report, owed, {"en": "A purpose."}, sources)


def subjects(**arranged: Any) -> list[Subject]:
    return [subject(path, **arranged) for path in FILES]


def joined(pieces: Iterator[bytes]) -> bytes:
    return b"".join(pieces)


def read(content: bytes, folder: Path) -> Any:
    """The file through trestle: its model, every validator of it, and back to the same JSON. Returns the plain JSON inside."""
    import trestle.core.validator_factory as validators
    from trestle.oscal.assessment_plan import AssessmentPlan
    from trestle.oscal.assessment_results import AssessmentResults
    from trestle.oscal.catalog import Catalog
    from trestle.oscal.component import ComponentDefinition

    models: Mapping[str, Any] = {
        "assessment-plan": AssessmentPlan,
        "assessment-results": AssessmentResults,
        "catalog": Catalog,
        "component-definition": ComponentDefinition,
    }
    path = folder / "oscal.json"
    path.write_bytes(content)
    [(name, plain)] = json.loads(content, parse_float=_no_float).items()
    model = models[name].oscal_read(path)
    for each in validators.validator_factory.get_all():
        assert each.model_is_valid(model, True), each.error_msg()
    model.oscal_write(path)
    assert models[name].oscal_read(path) == model
    check_references(plain)
    return plain


def _no_float(written: str) -> Any:
    raise AssertionError(f"a float: {written}")


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every object inside."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from nodes(each)


def check_references(plain: Any) -> None:
    """Every identifier is used once, and every reference inside the file leads to something in it (trestle looks at version 4 only)."""
    every = list(nodes(plain))
    uuids = [each["uuid"] for each in every if "uuid" in each and "type" not in each]
    components = {each["uuid"] for each in every if "uuid" in each and "type" in each}
    assert len(uuids) == len(set(uuids))
    ids = [each["id"] for each in every if "id" in each]
    assert len(ids) == len(set(ids))
    known = {*uuids, *components, *ids}
    for each in every:
        for name in ("observation-uuid", "risk-uuid", "subject-uuid"):
            assert each.get(name, each.get("uuid")) in {*known, None}, each
        for name in ("href", "source"):
            if str(each.get(name, "")).startswith("#"):
                assert each[name][1:] in known, each


def prop(node: Mapping[str, Any], name: str) -> str | None:
    """The value of a property of an object."""
    return next((each["value"] for each in node.get("props", []) if each["name"] == name), None)


def owing(**values: Any) -> Owed:
    """One obligation."""
    given = {"provision": "kz/230-VIII/21/2@2026-01-18", "kind": "obligation", "layer": "statute", "applies": "yes"}
    return Owed(**(given | values))
