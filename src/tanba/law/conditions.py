"""Conditions over facts in Kleene's strong three-valued logic: True, False, None (not settled).

Grammar (docs/law-data.md): a name, `{name: value}`, `{name: [values]}`, `{name: some}`, `{all: […]}`, `{any: […]}`, `{not: …}`, `always`.
A condition is a small tree; every node carries `check`, a function from facts to an answer, made once for speed. `deciding` and
`open_terms` read the tree for the reasons. The logic is monotone: settling one more fact never turns True into False or back.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tanba.errors import LawError

Answer = bool | None
Env = Mapping[str, Any]
Check = Callable[[Env], Answer]


def _opposite(part: "Node") -> Check:
    inner = part.check
    return lambda env: None if (value := inner(env)) is None else not value


def _fold(parts: tuple["Node", ...], ends_on: bool) -> Check:
    """Conjunction (`ends_on` False) or disjunction (True)."""
    checks = tuple(part.check for part in parts)
    if len(checks) == 1:
        return checks[0]

    def check(env: Env) -> Answer:
        result: Answer = not ends_on
        for part in checks:
            value = part(env)
            if value is ends_on:
                return ends_on
            if value is None:
                result = None
        return result

    return check


def _term_check(term: "Term") -> Check:
    name, accepted = term.name, term.accepted
    if term.kind in ("yes_no", "notion"):
        return lambda env: env.get(name)
    if term.kind == "one_of":
        return lambda env: None if (value := env.get(name)) is None else value in accepted
    if term.kind == "any_of" and not accepted:
        return lambda env: None if (value := env.get(name)) is None else bool(value)
    if term.kind == "any_of":
        return lambda env: None if (value := env.get(name)) is None else not accepted.isdisjoint(value)

    def level(env: Env) -> Answer:
        possible = env[name]
        return True if possible <= accepted else False if accepted.isdisjoint(possible) else None

    return level


@dataclass(frozen=True, slots=True)
class Term:
    """One name compared with values. `kind`: yes_no, one_of, any_of, notion or axis; `accepted` empty = is true / is not empty."""

    name: str
    kind: str
    accepted: frozenset[str] = frozenset()
    check: Check = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Prepare the answer function."""
        object.__setattr__(self, "check", _term_check(self))


@dataclass(frozen=True, slots=True)
class AllOf:
    """True if every part is."""

    parts: tuple["Node", ...]
    check: Check = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Prepare the answer function."""
        object.__setattr__(self, "check", _fold(self.parts, ends_on=False))


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True if at least one part is."""

    parts: tuple["Node", ...]
    check: Check = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Prepare the answer function."""
        object.__setattr__(self, "check", _fold(self.parts, ends_on=True))


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    part: "Node"
    check: Check = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Prepare the answer function."""
        object.__setattr__(self, "check", _opposite(self.part))


Node = Term | AllOf | AnyOf | Not
ALWAYS = AllOf(())


def parse(written: Any, kinds: Mapping[str, str]) -> Node:
    """The tree of a condition as written in YAML. `kinds` gives the kind of every known name. Raises LawError."""
    if written == "always":
        return ALWAYS
    if isinstance(written, str):
        return Term(written, _kind(written, kinds))
    if not isinstance(written, dict) or len(written) != 1:
        raise LawError(f"not a condition: {written!r}", "One of: a name, {name: value}, {all: […]}, {any: […]}, {not: …}, always.")
    ((key, value),) = written.items()
    if key in ("all", "any"):
        parts = tuple(parse(part, kinds) for part in value)
        return AllOf(parts) if key == "all" else AnyOf(parts)
    if key == "not":
        return Not(parse(value, kinds))
    accepted = frozenset() if value == "some" else frozenset(value if isinstance(value, list) else [value])
    return Term(key, _kind(key, kinds), accepted)


def _kind(name: str, kinds: Mapping[str, str]) -> str:
    if name not in kinds:
        raise LawError(f"{name!r} is neither a fact nor a notion", "Define it in the file of the article that governs it.")
    return kinds[name]


def deciding(node: Node, env: Env) -> Iterator[Term]:
    """The terms that settle the condition as it stands; for an open one, the terms that leave it open."""
    match node:
        case Term():
            yield node
        case Not(part):
            yield from deciding(part, env)
        case AllOf(parts) | AnyOf(parts):
            yield from _deciding_parts(parts, env, ends_on=isinstance(node, AnyOf))


def _deciding_parts(parts: tuple[Node, ...], env: Env, ends_on: bool) -> Iterator[Term]:
    values = [part.check(env) for part in parts]
    if ends_on in values:
        yield from deciding(parts[values.index(ends_on)], env)
    else:
        wanted = None if None in values else (not ends_on)
        for part, value in zip(parts, values, strict=True):
            if value is wanted:
                yield from deciding(part, env)


def open_terms(node: Node, env: Env) -> Iterator[Term]:
    """Terms worth asking about next: in a conjunction or disjunction the first open part only, since it may end the matter."""
    if node.check(env) is not None:
        return
    match node:
        case Term():
            yield node
        case Not(part):
            yield from open_terms(part, env)
        case AllOf(parts) | AnyOf(parts):
            first = next((part for part in parts if part.check(env) is None), None)
            if first is not None:
                yield from open_terms(first, env)


def names(node: Node) -> Iterator[str]:
    """Every name the condition mentions."""
    match node:
        case Term():
            yield node.name
        case Not(part):
            yield from names(part)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from names(part)
