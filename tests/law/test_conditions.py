"""Kleene logic: order does not matter, and one more fact never turns a settled answer."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanba.errors import LawError
from tanba.law.conditions import ALWAYS, AllOf, AnyOf, Node, Not, Term, deciding, names, open_terms, parse

KINDS = {"a": "yes_no", "b": "yes_no", "c": "one_of", "d": "any_of", "tier": "axis"}
LEVELS = ("low", "medium", "high")

terms = st.sampled_from(
    [
        Term("a", "yes_no"),
        Term("b", "yes_no"),
        Term("c", "one_of", frozenset({"x"})),
        Term("c", "one_of", frozenset({"x", "y"})),
        Term("d", "any_of"),
        Term("d", "any_of", frozenset({"p"})),
        Term("tier", "axis", frozenset({"high"})),
        Term("tier", "axis", frozenset({"low", "medium"})),
    ]
)
nodes = st.recursive(
    terms,
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, max_size=4).map(lambda p: AllOf(tuple(p))),
        st.lists(inner, max_size=4).map(lambda p: AnyOf(tuple(p))),
    ),
    max_leaves=12,
)
environments = st.fixed_dictionaries(
    {"tier": st.sets(st.sampled_from(LEVELS), min_size=1).map(frozenset)},
    optional={
        "a": st.booleans(),
        "b": st.booleans(),
        "c": st.sampled_from(["x", "y", "z"]),
        "d": st.lists(st.sampled_from(["p", "q"]), unique=True),
    },
)


@given(nodes, environments, environments)
def test_one_more_fact_never_turns_a_settled_answer(node: Node, env: dict[str, Any], more: dict[str, Any]) -> None:
    narrowed = (env["tier"] & more["tier"]) or env["tier"]
    before, after = node.check(env), node.check({**more, **env, "tier": narrowed})
    assert before is None or before is after


@given(nodes, environments)
def test_order_does_not_matter(node: Node, env: dict[str, Any]) -> None:
    assert node.check(env) is _reversed(node).check(env)


def _reversed(node: Node) -> Node:
    match node:
        case Term():
            return node
        case Not(part):
            return Not(_reversed(part))
        case AllOf(parts):
            return AllOf(tuple(_reversed(p) for p in reversed(parts)))
        case AnyOf(parts):
            return AnyOf(tuple(_reversed(p) for p in reversed(parts)))


@given(nodes, environments)
def test_an_open_condition_names_something_to_ask_and_a_settled_one_does_not(node: Node, env: dict[str, Any]) -> None:
    assert bool(list(open_terms(node, env))) == (node.check(env) is None)


@given(nodes, environments)
def test_deciding_terms_alone_settle_the_condition(node: Node, env: dict[str, Any]) -> None:
    value = node.check(env)
    kept = {term.name for term in deciding(node, env)}
    alone = {"tier": frozenset(LEVELS)} | {name: answer for name, answer in env.items() if name in kept}
    if value is not None:
        assert node.check(alone) is value


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("always", ALWAYS),
        ("a", Term("a", "yes_no")),
        ({"c": "x"}, Term("c", "one_of", frozenset({"x"}))),
        ({"d": "some"}, Term("d", "any_of")),
        ({"all": ["a", {"not": "b"}]}, AllOf((Term("a", "yes_no"), Not(Term("b", "yes_no"))))),
        ({"any": []}, AnyOf(())),
    ],
)
def test_parse(written: Any, expected: Node) -> None:
    assert parse(written, KINDS) == expected


@pytest.mark.parametrize("written", ["unknown", {"unknown": "x"}, {}, {"a": "x", "b": "y"}, 3, None, ["a"]])
def test_parse_refuses(written: Any) -> None:
    with pytest.raises(LawError):
        parse(written, KINDS)


def test_names() -> None:
    assert list(names(parse({"all": ["a", {"any": [{"c": "x"}, {"not": "b"}]}]}, KINDS))) == ["a", "c", "b"]
