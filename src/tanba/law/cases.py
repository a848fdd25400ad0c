"""Golden cases: sentences a lawyer can judge, run against the engine. They lie beside the provisions in the same YAML files."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tanba.law.load import articles, day, full_path
from tanba.law.model import Law
from tanba.law.rulebook import Verdict, decide, on
from tanba.law.whatif import answer_word


@dataclass(frozen=True, slots=True)
class Case:
    """Facts laid over a base, a day, and what is expected of paths, notions, axes and the gate."""

    file: str
    act: str
    name: str
    date: date
    base: str
    facts: Mapping[str, Any]
    expect: Mapping[str, Any]


def read_cases(files: Mapping[str, Mapping[str, Any]]) -> list[Case]:
    """Every case of parsed article files."""
    return [
        Case(name, act, entry["name"], day(entry["date"]), entry.get("base", "owner"), entry.get("facts", {}), entry["expect"])
        for name, act, content in articles(files)
        for entry in content.get("cases", [])
    ]


def differences(law: Law, case: Case) -> list[str]:
    """What the engine answers otherwise than the case expects; empty when they agree."""
    base = {} if case.base == "none" else law.bases[case.base]
    facts = {name: value for name, value in {**base, **case.facts}.items() if value is not None}
    verdict = decide(on(law, case.date), facts)
    found = {target: _answer(law, verdict, case.act, target) for target in case.expect}
    return [
        f"{target}: expected {_plain(want)}, got {found[target]}" for target, want in case.expect.items() if _plain(want) != found[target]
    ]


def _plain(expected: Any) -> Any:
    """An expectation in the form `_answer` gives: levels sorted, booleans as words."""
    if isinstance(expected, list):
        return sorted(expected)
    return {True: "true", False: "false"}.get(expected, expected) if isinstance(expected, bool) else expected


def _answer(law: Law, verdict: Verdict, act: str, target: str) -> Any:
    if target == "gate":
        return answer_word(verdict.gate, "prohibited", "clear")
    if target in law.axes:
        levels = sorted(verdict.env[target])
        return levels[0] if len(levels) == 1 else levels
    if target in verdict.env and target not in law.facts:
        return answer_word(verdict.env[target], "true", "false")
    path = full_path(target, act, law.acts)
    capabilities = {**verdict.bans, **verdict.screen}
    if path in capabilities:
        return answer_word(capabilities[path], "found", "clear")
    if path not in verdict.rules:
        return "not in force"
    kind = next(p.kind for p in law.provisions if p.path == path)
    answer = verdict.rules[path]
    return answer_word(None if kind == "companion" and answer else answer, "applies", "not_applicable")
