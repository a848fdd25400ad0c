"""What answer would change the result: every fact behind the headline is turned once, and what depends on it is decided again."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from tanba.law.conditions import Check, Node, names
from tanba.law.model import Fact
from tanba.law.reasons import AXES, MAIN_NOTIONS, ROLES
from tanba.law.rulebook import Rulebook, Step, Verdict

Dependents = tuple[tuple[Step, ...], tuple[tuple[str, Check], ...]]


def what_would_change(book: Rulebook, verdict: Verdict) -> list[dict[str, Any]]:
    """Each single answer that would move the headline: [{fact, answer, changes: [{what, before, after}]}], definite ends first."""
    before = summary(verdict.env, verdict.bans)
    found = []
    for name, dependents in headline_facts(book).items():
        for answer in alternatives(book.law.facts[name], verdict.env.get(name)):
            after = summary(*_turned(verdict, name, answer, dependents))
            changes = [{"what": key, "before": before[key], "after": after[key]} for key in before if before[key] != after[key]]
            if changes:
                found.append({"fact": name, "answer": answer, "changes": changes})
    return sorted(found, key=lambda entry: not any(_settles(change) for change in entry["changes"]))


def _settles(change: Mapping[str, Any]) -> bool:
    """Whether a change ends in a definite answer."""
    return change["after"] != "unknown" and not (isinstance(change["after"], list) and len(change["after"]) > 1)


def _turned(verdict: Verdict, name: str, answer: Any, dependents: Dependents) -> tuple[dict[str, Any], dict[str, bool | None]]:
    """(env, bans) with one answer changed; only what depends on it is settled anew."""
    steps, bans = dependents
    env = {**verdict.env, name: answer}
    for step, settle in steps:
        env[step] = settle(env)
    return env, {**verdict.bans, **{path: check(env) for path, check in bans}}


def summary(env: Mapping[str, Any], bans: Mapping[str, bool | None]) -> dict[str, Any]:
    """The headline as plain values: notions and bans as yes / no / unknown, axes as sorted possible levels."""
    values: dict[str, Any] = {name: answer_word(env[name]) for name in (*MAIN_NOTIONS, *ROLES)}
    values |= {name: sorted(env[name]) for name in AXES}
    return values | {path: answer_word(value, "found", "clear") for path, value in bans.items()}


def answer_word(value: bool | None, yes: str = "yes", no: str = "no") -> str:
    """A three-valued answer as a word."""
    return "unknown" if value is None else yes if value else no


def alternatives(fact: Fact, current: Any) -> Iterator[Any]:
    """Other answers to try: for lists the empty and the full one, since conditions ask for `some` or for members."""
    if fact.type == "yes_no":
        options: list[Any] = [True, False]
    elif fact.type == "one_of":
        options = list(fact.choices)
    else:
        options = [[], list(fact.choices)]
    yield from (option for option in options if option != current)


@lru_cache(maxsize=32)
def headline_facts(book: Rulebook) -> dict[str, Dependents]:
    """Facts behind the notions, axes and bans of the headline, each with the steps and bans that depend on it."""
    law = book.law
    nodes: dict[str, list[Node]] = {name: [notion.when] for name, notion in law.notions.items()}
    nodes |= {name: [level.when for level in axis.levels] for name, axis in law.axes.items()}
    nodes |= {path: [book.capabilities[path]] for path, _ in book.bans}
    behind = {name: frozenset(_facts_behind(name, nodes)) for name in nodes}
    wanted = (*MAIN_NOTIONS, *ROLES, *AXES, *(path for path, _ in book.bans))
    facts = dict.fromkeys(fact for name in wanted for fact in sorted(behind[name]) if fact in law.facts)
    return {
        fact: (
            tuple(step for step in book.steps if fact in behind[step[0]]),
            tuple(ban for ban in book.bans if fact in behind[ban[0]]),
        )
        for fact in facts
    }


def _facts_behind(name: str, nodes: Mapping[str, list[Node]]) -> Iterator[str]:
    """Every name that a conclusion rests on, directly or through other conclusions."""
    for node in nodes[name]:
        for mention in names(node):
            yield mention
            if mention in nodes:
                yield from _facts_behind(mention, nodes)
