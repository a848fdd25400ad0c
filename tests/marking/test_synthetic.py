"""Art. 1(4) and 21: what the facts come to; more facts only narrow."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanba.marking.synthetic import FACTS, decide
from tanba.strings import LANGUAGES, catalogue

NO = dict.fromkeys(("appearance", "voice", "behaviour", "event"), False)
CASES = {
    "a face of nobody, published": ({**NO, "by_ai": True, "appearance": True, "distributed": True}, "21/2"),
    "a cloned voice in calls": ({**NO, "by_ai": True, "voice": True, "distributed": True}, "21/2"),
    "a flood that never was": ({**NO, "by_ai": True, "event": True, "distributed": True}, "21/2"),
    "a photograph altered a little so that somebody smiles": ({"by_ai": True, "appearance": True, "distributed": True}, "21/2"),
    "satire of a minister": ({"by_ai": True, "behaviour": True, "distributed": True}, "21/2"),
    "a product text": ({**NO, "by_ai": True, "distributed": True, "reaches_users": True}, "21/1"),
    "an internal summary": ({**NO, "by_ai": True, "distributed": False, "reaches_users": False}, "none"),
    "a deepfake that stays in the laboratory": ({"by_ai": True, "appearance": True, "distributed": False, "reaches_users": False}, "none"),
    "a photograph": ({"by_ai": False, "appearance": True, "distributed": True}, "none"),
    "nothing known": ({}, "unknown"),
    "nobody looked whether it imitates": ({"by_ai": True, "distributed": True}, "unknown"),
    "nobody knows who made it": ({"appearance": True, "distributed": True}, "unknown"),
}


@pytest.mark.parametrize("name", CASES)
def test_cases(name: str) -> None:
    facts, norm = CASES[name]
    assert decide(facts).norm == norm


def test_a_house_marks_everything_but_what_ai_did_not_make() -> None:
    for name, (facts, norm) in CASES.items():
        found = decide(facts, everything=True)
        assert found.norm == norm
        assert found.marks is (facts.get("by_ai") is True), name
        assert found.by_policy is (found.marks and norm != "21/2")


@given(st.fixed_dictionaries(dict.fromkeys(FACTS, st.sampled_from([True, False, None]))), st.sampled_from(FACTS), st.booleans())
def test_another_fact_only_narrows(facts: dict[str, bool | None], name: str, answer: bool) -> None:
    before = decide(facts)
    if facts[name] is None and before.norm != "unknown":
        assert decide({**facts, name: answer}).norm == before.norm
    if before.norm == "unknown":
        assert before.open
    assert all(facts[each] is None for each in before.open)


@given(st.fixed_dictionaries(dict.fromkeys(FACTS, st.sampled_from([True, False, None]))))
def test_every_reason_has_words(facts: dict[str, bool | None]) -> None:
    found = decide(facts, everything=True)
    keys = [*(f"reason_{each}" for each in found.reasons), *(f"fact_{each}" for each in found.open)]
    for key in [*keys, f"norm_{found.norm.replace('/', '_')}"]:
        assert all(catalogue()[f"synthetic.{key}"][language] for language in LANGUAGES)
