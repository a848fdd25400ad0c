"""The file of a request: kind and outcome that fit one another, a decision with its number, words of one's own by language."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanba.errors import InputError
from tanba.people.askedfile import Asked, parse
from tanba.people.decisions import Decision
from tanba.yamlfile import read_yaml

EXAMPLE = Path(__file__).parent.parent.parent / "examples/answers/credit-data.yaml"


def test_what_is_not_written_is_not_known_and_the_first_outcome_is_taken() -> None:
    assert parse({"kind": "objection"}) == Asked("objection", "upheld")


def test_the_example_is_read_as_it_stands() -> None:
    found = parse(read_yaml(EXAMPLE))
    assert (found.kind, found.outcome, found.number, found.received) == ("data", "given", "K7QM-2T9X", "2026-11-20")
    assert isinstance(found.decision, Decision)
    assert found.decision.data == ("monthly income", "days past due", "months at the present address")


def test_empty_words_are_none() -> None:
    assert parse({"kind": "data", "text": {"kk": " ", "ru": "Да"}}).text == {"ru": "Да"}


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({}, "no kind of request"),
        ({"kind": "praise"}, "no kind of request"),
        ({"kind": ["data"]}, "kind"),
        ({"kind": "data", "outcome": "upheld"}, "no outcome 'upheld'"),
        ({"kind": "data", "outcome": "refused", "ground": "law_mandatory"}, "a refusal needs its ground"),
        ({"kind": "data", "ground": "whim"}, "a refusal needs its ground"),
        ({"kind": "data", "received": "Friday"}, "received: 'Friday' does not fit"),
        ({"kind": "data", "decision": "D-1"}, "decision"),
        ({"kind": "data", "decision": {"time": "x"}}, "decision"),
        ({"kind": "data", "decision": {"number": "1", "data": "income"}}, "decision"),
        ({"kind": "data", "decision": {"number": "1", "score": 3}}, "unknown setting 'score'"),
        ({"kind": "data", "identity_shown": "yes"}, "identity_shown"),
        ({"kind": "data", "text": "Да"}, "text"),
        ({"kind": "data", "text": {"de": "Ja"}}, "text"),
        ({"kind": "data", "number": 7}, "number"),
        ({"kind": "data", "colour": "red"}, "unknown setting 'colour'"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_sentence(written: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        parse(written)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["kk", "number", "data"]), inner, max_size=3),
    max_leaves=5,
)
NAMES = ("outcome", "ground", "number", "received", "to", "system", "decision", "identity_shown", "text")


@given(st.fixed_dictionaries({"kind": st.sampled_from(["data", "support"])}, optional=dict.fromkeys(NAMES, ANYTHING)))
def test_whatever_a_file_holds_it_is_read_or_refused(written: dict[str, Any]) -> None:
    try:
        found = parse(written)
    except InputError:
        return
    assert found.kind == written["kind"]
