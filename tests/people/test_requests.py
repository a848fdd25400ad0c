"""Which requests there are for a system, and how one moves: golden cases from the law's data, laws of the moves."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanba.errors import InputError
from tanba.law.load import load
from tanba.law.rulebook import decide, on
from tanba.people.requests import CLOSED, KINDS, MOVES, STATES, Ground, Law, grounds, kind_of, refuse_identity, refuse_move

NOVEMBER = date(2026, 11, 22)
OWNER = dict(load().bases["owner"])
LENDER = OWNER | {"decides_about_people": True, "processes_personal_data": True}
ALONE = LENDER | {"solely_automated": True, "personal_data_basis": "consent"}


def stands(facts: dict[str, Any], day: date = NOVEMBER) -> dict[str, Ground]:
    book = on(load(), day)
    return grounds(Law(book.provisions, decide(book, facts).rules, book.changed))


def test_a_lender_whose_model_alone_refuses_owes_every_kind() -> None:
    found = {name: ground.standing for name, ground in stands(ALONE).items()}
    assert found == dict.fromkeys(KINDS, "applies") | {"complaint": "house", "review": "in_cases"}


def test_a_score_that_an_officer_weighs_gives_no_objection_and_no_review() -> None:
    found = stands(LENDER | {"solely_automated": False})
    assert (found["objection"].standing, found["review"].standing) == ("not_applicable", "not_applicable")


def test_what_the_facts_leave_open_stays_open() -> None:
    found = stands(OWNER | {"processes_personal_data": True})
    assert {found[name].standing for name in ("explanation", "data", "objection", "review", "withdrawal")} == {"unknown"}


def test_before_the_digital_code_no_review_is_owed_under_it() -> None:
    assert stands(ALONE, date(2026, 7, 10))["review"].standing == "not_in_force"
    assert stands(ALONE, date(2026, 7, 11))["review"].standing != "not_in_force"


def test_withdrawal_shows_its_limits() -> None:
    assert [place.path for place in stands(ALONE)["withdrawal"].limits] == ["94-V/8/2"]


def test_a_reported_amendment_is_said() -> None:
    assert not stands(ALONE, date(2026, 7, 10))["objection"].changed
    assert stands(ALONE)["objection"].changed


def test_every_kind_names_a_provision_that_the_law_has() -> None:
    known = {provision.path for provision in load().provisions}
    assert {path for kind in KINDS.values() for path in (kind.path, *kind.limits) if path} <= known


@given(st.lists(st.sampled_from(STATES), max_size=12))
def test_nothing_leaves_an_end(steps: list[str]) -> None:
    state = "received"
    for step in steps:
        try:
            refuse_move(state, step)
        except InputError:
            assert step not in MOVES[state]
        else:
            assert state not in CLOSED
            state = step


def test_every_state_is_reached_and_an_end_is_always_near() -> None:
    assert set().union(*MOVES.values()) | {"received"} == set(STATES)
    assert all(MOVES[state] & CLOSED for state in STATES if state not in CLOSED)


@pytest.mark.parametrize("kind", ["support", "complaint", "refusal"])
def test_nobody_has_to_show_who_they_are_for_what_discloses_nothing(kind: str) -> None:
    with pytest.raises(InputError, match="nothing may be asked"):
        refuse_identity(kind, ["show_document"])


@pytest.mark.parametrize("asked", [[], ["copy_of_passport"], ["contract_number", "iin"]])
def test_no_more_is_asked_of_identity_than_is_listed(asked: list[str]) -> None:
    with pytest.raises(InputError, match="ask one of these"):
        refuse_identity("data", asked)
    refuse_identity("data", ["contract_number"])


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(InputError, match="no kind of request 'magic'"):
        kind_of("magic")
