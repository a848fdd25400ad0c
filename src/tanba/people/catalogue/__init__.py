"""Starter catalogue: risks that systems of a kind may bear, controls that treat them, principles. DATA beside this file, parsed once.

The law names neither a risk nor a control of its own: all of this is practice, a place to begin. Conditions are lists of
`fact=value|value`, every one of which must hold; facts come from the door, with answers as the law's vocabulary has them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tanba.datafolder import read_folder

Text = Mapping[str, str]
"""{kk, ru, en}."""

TIERS = ("minimal", "medium", "high")


@dataclass(frozen=True, slots=True)
class Condition:
    """The fact has one of these values; of a fact with several answers, one of them is among these."""

    fact: str
    values: tuple[str, ...]

    def holds(self, facts: Mapping[str, Any]) -> bool | None:
        """None while nobody has answered."""
        value = facts.get(self.fact)
        if value is None:
            return None
        given = value if isinstance(value, list) else [_word(value)]
        return any(each in self.values for each in given)


@dataclass(frozen=True, slots=True)
class KnownRisk:
    """One risk of the catalogue. `provision` is the path it endangers, `evidence` the kind of artifact that shows the measure."""

    id: str
    category: str
    when: tuple[Condition, ...]
    affects: tuple[str, ...]
    evidence: str
    provision: str
    stages: tuple[str, ...]
    foresight: str
    use: str
    title: Text
    cause: Text
    harm: Text
    measure: Text


@dataclass(frozen=True, slots=True)
class Control:
    """One control: `done` says when it is in place; `treats` names risks."""

    id: str
    area: str
    tiers: tuple[str, ...]
    evidence: str
    provision: str
    treats: tuple[str, ...]
    title: Text
    done: Text


@dataclass(frozen=True, slots=True)
class Principle:
    """One principle of article 4: paths of the articles that spell it out, categories of risks and areas of controls that belong to it."""

    id: str
    path: str
    articles: tuple[str, ...]
    categories: tuple[str, ...]
    areas: tuple[str, ...]

    def covers(self, path: str) -> bool:
        """Whether a provision is one of its articles, or lies in one."""
        return any(path == article or path.startswith(f"{article}/") for article in self.articles)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A risk whose conditions hold (`answer` True), or would, once `open` facts are answered (None)."""

    risk: KnownRisk
    answer: bool | None
    because: tuple[Condition, ...]
    open: tuple[Condition, ...]


@cache
def risks() -> Mapping[str, KnownRisk]:
    """Every risk by id, in the order of the files."""
    return {name: KnownRisk(name, category, **_read(entry)) for category, name, entry in _entries("risks")}


@cache
def controls() -> Mapping[str, Control]:
    """Every control by id."""
    return {name: Control(name, area, **_read(entry)) for area, name, entry in _entries("controls")}


@cache
def principles() -> Mapping[str, Principle]:
    """The seven of article 4, in its order."""
    return {name: Principle(name, **_read(entry)) for name, entry in _data()["principles"].items()}


@cache
def matrix() -> Mapping[str, Any]:
    """{levels, rows, accept} of matrix.yaml."""
    return _data()["matrix"]


def suggest(facts: Mapping[str, Any]) -> list[Suggestion]:
    """Risks for a system with these answers: those that fit, then those that wait for answers; what the facts rule out is left out."""
    found = [_suggestion(risk, facts) for risk in risks().values()]
    return sorted((each for each in found if each.answer is not False), key=lambda each: (each.answer is None, len(each.open)))


def controls_for(tiers: Sequence[str]) -> list[Control]:
    """Controls that apply at one of these degrees of risk; without any, at any."""
    return [each for each in controls().values() if set(each.tiers) & set(tiers or TIERS)]


def treating(risk: str) -> list[Control]:
    """Controls that treat a risk of the catalogue."""
    return [each for each in controls().values() if risk in each.treats]


def _suggestion(risk: KnownRisk, facts: Mapping[str, Any]) -> Suggestion:
    answers = {condition: condition.holds(facts) for condition in risk.when}
    answer = False if False in answers.values() else None if None in answers.values() else True
    holding = tuple(condition for condition, holds in answers.items() if holds)
    return Suggestion(risk, answer, holding, tuple(condition for condition, holds in answers.items() if holds is None))


def _word(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _data() -> Mapping[str, Mapping[str, Any]]:
    return read_folder(Path(__file__).parent)


def _entries(folder: str) -> list[tuple[str, str, Mapping[str, Any]]]:
    files = [(name.rpartition("/")[2], content) for name, content in _data().items() if name.startswith(f"{folder}/")]
    return [(group, name, entry) for group, content in files for name, entry in content.items() if name != "kazakh"]


def _read(entry: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}
    if "when" in found:
        found["when"] = tuple(_condition(text) for text in found["when"])
    return found


def _condition(text: str) -> Condition:
    fact, _, values = text.partition("=")
    return Condition(fact, tuple(values.split("|")))
