"""Who may move a finding, what cannot be, what is missing, and what an audit keeps of what was said."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanba.errors import InputError
from tanba.state.audit import (
    ACTS,
    NEEDS_TEXT,
    OVER,
    SCHEMA,
    STATES,
    Audit,
    Auditor,
    Check,
    Content,
    Finding,
    Step,
    late,
    life,
    missing,
    move,
    possible,
    refuse,
)
from tanba.state.form import read, write

DAY = date(2026, 11, 30)
FOUND = Finding(1, "scorer", Content("230-VIII/20/2/1", "major", "No metadata", ("B-1",), "Write them", DAY))
GOOD = Audit(
    Auditor("Burkit", "200140999992", ("Erlan",)), ("scorer",), DAY - timedelta(days=9), DAY, "No. 1", "Independent", findings=(FOUND,)
)


@given(st.lists(st.sampled_from(sorted(ACTS)), max_size=12), st.lists(st.sampled_from(["company", "auditor"]), min_size=12, max_size=12))
def test_whatever_the_company_does_only_the_auditor_ends_a_finding_and_nothing_comes_after(acts: list[str], sides: list[str]) -> None:
    state, done = "open", []
    for act, side in zip(acts, sides, strict=False):
        try:
            state = move(state, act, side)
        except InputError:
            continue
        done.append((act, side))
        assert state in STATES
    ended = [side for act, side in done if ACTS[act].after in OVER]
    assert ended in ([], ["auditor"])
    assert not ended or ACTS[done[-1][0]].after in OVER
    assert all(act == "answer" for act, side in done if side == "company")


def test_possible_acts_are_those_that_move_lets_through() -> None:
    for state in STATES:
        for side in ("company", "auditor"):
            assert possible(state, side) == [act for act in ACTS if passes(state, act, side)]


def passes(state: str, act: str, side: str) -> bool:
    try:
        move(state, act, side)
    except InputError:
        return False
    return True


@pytest.mark.parametrize(
    ("act", "side", "said"),
    [("close", "company", "for the auditor"), ("answer", "auditor", "for the company"), ("erase", "auditor", "no act")],
)
def test_an_act_of_the_other_side_or_of_nobody_is_refused(act: str, side: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        move("answered", act, side)


def test_a_change_is_a_new_version_that_is_open_again_and_the_first_one_stays() -> None:
    changed = replace(FOUND.content, seen="Half of the metadata")
    row = replace(FOUND, steps=(Step("answer", DAY, "Timur", "Done"), Step("change", DAY, "Erlan", changed=changed)))
    assert (row.state, row.version, row.says, row.content) == ("open", 2, changed, FOUND.content)


@pytest.mark.parametrize(
    ("steps", "state", "is_late"),
    [
        ((), "open", True),
        ((Step("answer", DAY, "", "Done"),), "answered", False),
        ((Step("answer", DAY, "", "Done"), Step("accept", DAY)), "accepted", True),
        ((Step("answer", DAY, "", "Done"), Step("close", DAY)), "closed", False),
    ],
)
def test_late_is_what_the_company_has_still_to_do(steps: tuple[Step, ...], state: str, is_late: bool) -> None:
    row = replace(FOUND, steps=steps)
    assert row.state == state
    assert late(row, DAY + timedelta(days=1)) is is_late
    assert not late(row, DAY)


def test_both_days_count() -> None:
    assert [life(GOOD, day) for day in (DAY - timedelta(days=10), DAY - timedelta(days=9), DAY, DAY + timedelta(days=1))] == [
        "before",
        "running",
        "running",
        "ended",
    ]
    assert life(replace(GOOD, ends=None), DAY) == "unknown"


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"systems": ()}, "systems"),
    ({"ends": None}, "ends"),
    ({"starts": None}, "starts"),
    ({"ends": date(2026, 1, 1)}, "ends"),
    ({"ends": date(2028, 1, 1)}, "ends"),
    ({"auditor": Auditor("B", "123456789012")}, "auditor.bin"),
    ({"checks": (Check("other", "x"),)}, "checks[1].system"),
    ({"findings": (replace(FOUND, system="other"),)}, "findings[1].system"),
    ({"findings": (FOUND, FOUND)}, "findings[2].number"),
    ({"findings": (replace(FOUND, number=None),)}, "findings[1].number"),
    ({"findings": (replace(FOUND, content=Content()),)}, "findings[1].content.seen"),
    ({"findings": (replace(FOUND, steps=(Step("close"),)),)}, "findings[1].steps[1]"),
    ({"findings": (replace(FOUND, steps=(Step("answer"),)),)}, "findings[1].steps[1].text"),
    ({"findings": (replace(FOUND, steps=(Step("change"),)),)}, "findings[1].steps[1].changed"),
    ({"findings": (replace(FOUND, steps=(Step("change", changed=Content()),)),)}, "findings[1].steps[1].changed.seen"),
    (
        {"findings": (replace(FOUND, steps=(Step("answer", DAY, "", "x"), Step("accept", DAY - timedelta(days=1)))),)},
        "findings[1].steps[2].on",
    ),
]


@pytest.mark.parametrize(("change", "place"), WRONG, ids=[place for _, place in WRONG])
def test_what_cannot_be_is_refused_with_its_place(change: dict[str, Any], place: str) -> None:
    with pytest.raises(InputError) as error:
        refuse(replace(GOOD, **change))
    assert error.value.values["place"] == place


def test_a_good_audit_is_read_as_it_was_written_and_lacks_nothing() -> None:
    refuse(GOOD)
    assert read(Audit, SCHEMA, {"schema": SCHEMA, **write(GOOD)}) == GOOD
    assert list(missing(GOOD)) == []


def test_what_is_missing_is_named() -> None:
    bare = Audit(systems=("scorer",), checks=(Check("scorer", "x", "agrees"),), findings=(Finding(3, "scorer", Content(seen="Seen")),))
    assert [code for code, _, _ in missing(bare)] == [
        *("auditor", "bin", "people", "contract", "independence", "unproved"),
        *("finding_provision", "finding_evidence", "finding_due"),
    ]


def test_answers_returns_and_withdrawals_need_words() -> None:
    assert ACTS.keys() > NEEDS_TEXT
