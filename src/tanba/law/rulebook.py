"""The law on one day, ready to decide: `decide(book, facts)` settles every notion, axis, ban and provision at once.

Order: notions and axes by their dependencies, then the prohibitions (a gate before any tier), then every assessed provision.
Pure: facts and a day in, answers out.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from tanba.errors import LawError, NotInForceError
from tanba.law.conditions import AllOf, Answer, Check, Node, Not, names
from tanba.law.model import ASSESSED, SCREENED, Axis, Law, Provision

Facts = Mapping[str, Any]
Step = tuple[str, Callable[[Any], Any]]


@dataclass(frozen=True, eq=False)
class Rulebook:
    """Provisions in force on `day`; `steps` settle notions and axes in order; `capabilities` are the conditions of bans and screen.

    `changed` are the paths that a reported amendment touches which has begun by that day.
    """

    law: Law
    day: date
    provisions: Mapping[str, Provision]
    steps: tuple[Step, ...]
    capabilities: Mapping[str, Node]
    changed: frozenset[str]
    bans: tuple[tuple[str, Check], ...]
    screen: tuple[tuple[str, Check], ...]
    rules: tuple[tuple[str, Check], ...]


class Settled(dict[str, Any]):
    """What is settled: facts, notions, axes. `behind` remembers what `reasons` found behind a name, since many provisions rest on one."""

    __slots__ = ("behind",)

    def __init__(self, facts: Facts) -> None:
        """Nothing found yet."""
        super().__init__(facts)
        self.behind: dict[Any, tuple[str, ...]] = {}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the facts settle. `env` holds facts, notions and axes (frozensets of levels still possible); answers are three-valued."""

    env: Mapping[str, Any]
    bans: Mapping[str, Answer]
    screen: Mapping[str, Answer]
    rules: Mapping[str, Answer]

    @property
    def gate(self) -> Answer:
        """True: some prohibition is found. None: not settled. False: all are clear."""
        return _any(self.bans.values())


@lru_cache(maxsize=32)
def on(law: Law, day: date) -> Rulebook:
    """The law on `day`. Raises NotInForceError before the statute's first day."""
    if day < law.commencement:
        raise NotInForceError(
            "the AI law was not in force on {day}",
            "It is in force from {first}: choose that day or a later one.",
            day=day.isoformat(),
            first=law.commencement.isoformat(),
        )
    current = {p.path: p for p in law.provisions if p.in_force(day)}

    def of_kinds(*kinds: str) -> Iterator[Provision]:
        return (p for p in current.values() if p.kind in kinds)

    capabilities = {p.path: capability(p) for p in of_kinds(*SCREENED)}

    def checks(*kinds: str) -> tuple[tuple[str, Check], ...]:
        return tuple((p.path, capabilities.get(p.path, p.applies).check) for p in of_kinds(*kinds))

    return Rulebook(
        law=law,
        day=day,
        provisions=current,
        steps=tuple(_steps(law)),
        capabilities=capabilities,
        changed=frozenset(path for path in current if law.changes(path, day)),
        bans=checks("prohibition"),
        screen=checks("screen"),
        rules=checks(*ASSESSED, "sanction"),
    )


def capability(provision: Provision) -> Node:
    """Scope, every element, and no exception: the condition under which a prohibition or screen item is found."""
    return AllOf((provision.applies, *(e.when for e in provision.elements), *(Not(e.when) for e in provision.exceptions)))


def _steps(law: Law) -> Iterator[Step]:
    """Notions and axes, each after those it depends on. Raises LawError on a circle."""
    needs = {n.name: set(names(n.when)) for n in law.notions.values()}
    needs |= {a.name: {name for level in a.levels for name in names(level.when)} for a in law.axes.values()}
    done: set[str] = set()
    while len(done) < len(needs):
        ready = [name for name in needs if name not in done and not (needs[name] & needs.keys()) - done]
        if not ready:
            raise LawError(f"notions depend on one another in a circle: {sorted(needs.keys() - done)}", "Break the circle.")
        for name in ready:
            yield name, law.notions[name].when.check if name in law.notions else axis_check(law.axes[name])
        done.update(ready)


def axis_check(axis: Axis) -> Callable[[Any], frozenset[str]]:
    """Facts → the levels still possible. The highest level whose test holds ends the search; where every test fails, all stay open."""
    tests = tuple((level.name, level.when.check) for level in reversed(axis.levels))
    every = frozenset(level.name for level in axis.levels)

    def possible(env: Any) -> frozenset[str]:
        found = []
        for name, test in tests:
            value = test(env)
            if value is not False:
                found.append(name)
            if value is True:
                return frozenset(found)
        return frozenset(found) or every

    return possible


def decide(book: Rulebook, facts: Facts) -> Verdict:
    """Settle everything the facts allow. `facts` must be valid answers (see `facts.py`); absent or None is not settled."""
    env = Settled(facts)
    for name, settle in book.steps:
        env[name] = settle(env)
    bans = {path: check(env) for path, check in book.bans}
    env["ban_suspected"] = _any(bans.values())
    return Verdict(env, bans, {path: check(env) for path, check in book.screen}, {path: check(env) for path, check in book.rules})


def _any(answers: Any) -> Answer:
    values = set(answers)
    return True if True in values else None if None in values else False
