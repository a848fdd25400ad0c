"""Written quickly, an assessment has the bytes of canonical JSON."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from tanba.digest import canonical_json
from tanba.law import written
from tanba.law.assess import assess
from tanba.law.load import load
from tanba.law.model import Fact
from tanba.law.rulebook import on
from tanba.law.written import Writer

LAW = load("kz")
BOOK = on(LAW, date(2026, 11, 30))
PRACTICE = [path for path, provision in BOOK.provisions.items() if provision.strength == "practice"]
WRITER = Writer()


def answers(fact: Fact) -> st.SearchStrategy[object]:
    if fact.type == "yes_no":
        return st.booleans()
    return st.sampled_from([*fact.choices]) if fact.type == "one_of" else st.lists(st.sampled_from([*fact.choices]), unique=True)


FACTS = st.fixed_dictionaries({}, optional={name: answers(fact) for name, fact in LAW.facts.items()})


@settings(max_examples=60, deadline=None)
@given(FACTS, st.sets(st.sampled_from(PRACTICE), max_size=3), st.sampled_from(["", "scorer"]))
def test_any_assessment_is_written_as_canonical_json(facts: dict[str, object], adopted: set[str], system: str) -> None:
    report = assess(BOOK, facts, system=system, adopted=adopted, similar=[("other", "high")])
    assert WRITER(report) == canonical_json(report)


def test_what_is_remembered_is_bounded() -> None:
    writer = Writer()
    for at in range(written.MOST + 2):
        writer._once(at, lambda: b"")
    report = assess(BOOK, {})
    assert writer(report) == canonical_json(report)
    assert len(writer._written) < 1000
