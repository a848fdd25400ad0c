"""Why an answer is what it is: the facts behind it, the facts that keep it open, and the question worth asking next."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from tanba.law.conditions import Node, Term, deciding, open_terms
from tanba.law.model import ASSESSED, Axis
from tanba.law.rulebook import Rulebook, Settled, Verdict

MAIN_NOTIONS = ("ai_system", "reach")
ROLES = ("owner", "holder", "user")
AXES = ("risk", "autonomy", "mode")
WEIGHTS = {"scope": 100_000, "ban": 6_000, "axis": 3_000, "role": 1_500, "rule": 1}
"""How much an open conclusion pulls its question forward: scope ends everything, a ban stops release, an axis sets the tier."""


def facts_behind(book: Rulebook, node: Node, env: Mapping[str, Any]) -> list[str]:
    """Facts that settle `node`, or that leave it open, each once, in order of mention."""
    return list(dict.fromkeys(_facts(book, deciding(node, env), env, deciding)))


def facts_to_ask(book: Rulebook, node: Node, env: Mapping[str, Any]) -> list[str]:
    """Facts whose answer could settle an open `node`; the first open part of each conjunction only."""
    return list(dict.fromkeys(_facts(book, open_terms(node, env), env, open_terms)))


def _facts(book: Rulebook, terms: Iterator[Term], env: Mapping[str, Any], walk: Any) -> Iterator[str]:
    for term in terms:
        if term.name in book.law.facts:
            yield term.name
        else:
            yield from _behind(book, term.name, env, walk)


def _behind(book: Rulebook, name: str, env: Mapping[str, Any], walk: Any) -> tuple[str, ...]:
    """Facts behind a notion, an axis or the bans, found once for each verdict."""
    found = env.behind if isinstance(env, Settled) else {}
    if (name, walk) not in found:
        found[name, walk] = tuple(dict.fromkeys(_facts_of(book, name, env, walk)))
    return found[name, walk]


def _facts_of(book: Rulebook, name: str, env: Mapping[str, Any], walk: Any) -> Iterator[str]:
    law = book.law
    if name in law.notions:
        return _facts(book, walk(law.notions[name].when, env), env, walk)
    if name in law.axes:
        return _facts(book, _axis_terms(law.axes[name], env, walk), env, walk)
    return _ban_facts(book, env, walk)


def _axis_terms(axis: Axis, env: Mapping[str, Any], walk: Any) -> Iterator[Term]:
    """Terms of the tests that settled the axis: those above the level that failed, and its own."""
    possible = env[axis.name]
    for level in reversed(axis.levels):
        if walk is deciding or level.name in possible:
            yield from walk(level.when, env)
        if possible == {level.name}:
            return


def _ban_facts(book: Rulebook, env: Mapping[str, Any], walk: Any) -> Iterator[str]:
    for path, check in book.bans:
        if check(env) is env["ban_suspected"]:
            yield from _facts(book, walk(book.capabilities[path], env), env, walk)


def axis_facts(book: Rulebook, name: str, env: Mapping[str, Any], walk: Any = deciding) -> list[str]:
    """Facts behind the level of an axis; with `walk=open_terms`, the facts to ask where it is open."""
    return list(dict.fromkeys(_facts(book, _axis_terms(book.law.axes[name], env, walk), env, walk)))


def open_conclusions(book: Rulebook, verdict: Verdict) -> Iterator[tuple[str, str, list[str]]]:
    """(kind, name, facts to ask) of everything the facts leave open, the weightiest kinds first."""
    env, law = verdict.env, book.law
    for name in MAIN_NOTIONS:
        if env[name] is None:
            yield "scope", name, facts_to_ask(book, law.notions[name].when, env)
    for path, value in verdict.bans.items():
        if value is None:
            yield "ban", path, facts_to_ask(book, book.capabilities[path], env)
    if env["ai_system"] is not False:
        for name in AXES:
            if len(env[name]) > 1:
                yield "axis", name, axis_facts(book, name, env, open_terms)
        for name in ROLES:
            if env[name] is None:
                yield "role", name, facts_to_ask(book, law.notions[name].when, env)
    for path, value in verdict.rules.items():
        if value is None and (book.provisions[path].kind in ASSESSED or breachable(book, verdict, path)):
            yield "rule", path, facts_to_ask(book, book.provisions[path].applies, env)
    for path, value in verdict.screen.items():
        if value is None:
            yield "rule", path, facts_to_ask(book, book.capabilities[path], env)


def breachable(book: Rulebook, verdict: Verdict, sanction: str) -> list[str]:
    """Paths of the provisions whose breach a fine punishes and that apply, or may."""
    return [path for path in book.provisions[sanction].penalty.get("for", ()) if verdict.rules.get(path, False) is not False]


def questions(book: Rulebook, verdict: Verdict) -> list[tuple[str, list[str]]]:
    """Open questions, the one that could settle most first: [(fact, conclusions it bears on)]. Questions of law come last."""
    weight: Counter[str] = Counter()
    bears_on: dict[str, list[str]] = {}
    for kind, name, facts in open_conclusions(book, verdict):
        for fact in facts:
            weight[fact] += WEIGHTS[kind]
            bears_on.setdefault(fact, []).append(name)
    ordered = sorted(bears_on, key=lambda fact: (book.law.facts[fact].legal, -weight[fact]))
    return [(fact, bears_on[fact]) for fact in ordered]
