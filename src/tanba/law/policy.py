"""House policy: practice provisions that a named officer adopted, each by a dated act. Until then they are recommendations."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tanba.errors import InputError
from tanba.law.model import Law
from tanba.yamlfile import line_of, read_text, read_yaml

SCHEMA = "tanba.house-policy/1"


@dataclass(frozen=True, slots=True)
class Adoption:
    """`path` of a practice provision, the day it binds from, the officer, and the day it was withdrawn (first day without it)."""

    path: str
    on: date
    by: str
    withdrawn: date | None = None


def adopted_on(adoptions: Iterable[Adoption], day: date) -> frozenset[str]:
    """Paths of the provisions that are house policy on `day`."""
    return frozenset(a.path for a in adoptions if a.on <= day and (a.withdrawn is None or day < a.withdrawn))


def adoptable(law: Law) -> dict[str, str]:
    """Practice provisions that can be adopted: {path: default}."""
    return {p.path: p.practice.get("default", "off") for p in law.provisions if p.kind == "recommendation"}


def read_policy(path: Path, law: Law) -> list[Adoption]:
    """Read house-policy.yaml: `adopted: [{provision, on, by}]`. Raises InputError."""
    content = read_yaml(path)
    if content.get("schema", SCHEMA) != SCHEMA or not isinstance(content.get("adopted", []), list):
        raise InputError("not a house policy", "Write `schema: {schema}` and a list `adopted:`.", path, 1, schema=SCHEMA)
    known = adoptable(law)
    line = line_of(read_text(path, 1_000_000), ("adopted",))
    return [_adoption(entry, known, law, path, line) for entry in content.get("adopted", [])]


def _adoption(entry: object, known: dict[str, str], law: Law, path: Path, line: int | None) -> Adoption:
    if not isinstance(entry, dict) or not {"provision", "on", "by"} <= entry.keys():
        raise InputError("an adoption needs provision, on and by", "Name the officer and the day.", path, line)
    name = str(entry["provision"]).removeprefix(f"{law.jurisdiction}/").partition("@")[0]
    if name not in known:
        raise InputError(
            "{provision!r} cannot be adopted",
            "`tanba law list --kind recommendation` shows what can.",
            path,
            line,
            provision=entry["provision"],
        )
    try:
        withdrawn = entry.get("withdrawn")
        return Adoption(
            name, date.fromisoformat(str(entry["on"])), str(entry["by"]), date.fromisoformat(str(withdrawn)) if withdrawn else None
        )
    except ValueError as error:
        raise InputError("{name}: {problem}", "Write days as YYYY-MM-DD.", path, line, name=name, problem=error) from None
