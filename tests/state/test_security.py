"""A security dossier: what is missing, how parts stand, as which evidence it can be put forward."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanba.state.security import (
    PARTS,
    Attack,
    Dossier,
    Encrypted,
    Officer,
    Requirement,
    Requirements,
    counts,
    evidenced,
    findings,
    standing,
    steps,
)

DAY = date(2026, 11, 30)
TEST = Attack("Nomad Shield LLP", date(2026, 6, 15), "API", 6, "NS-071", date(2026, 8, 3), 0)
MET = Requirement("1", "…", True, "met", "DMS 1")
FULL = Dossier(
    "fraud-monitor", Officer("No. 214-k", date(2026, 2, 9), "", "Head of security", "soc@x.example"),
    (Encrypted("Store", "rest", "AES-256-GCM", "HSM"),), (TEST,), date(2027, 6, 14), "by role", "3 years", "soc@x.example",
    Requirements("25.02.2026", "A. Counsel", date(2026, 9, 1), (MET,)),
)  # fmt: skip


def codes(dossier: Dossier) -> list[str]:
    return [each.code for each in findings(dossier, DAY)]


def test_a_dossier_in_order_lacks_nothing_and_needs_no_name() -> None:
    assert codes(FULL) == []
    assert set(standing(FULL, DAY).values()) == {"done"}


def test_an_empty_dossier_lacks_every_part_and_requirements_are_unknown() -> None:
    assert codes(Dossier()) == [f"no_{part}" for part in PARTS]
    found = standing(Dossier(), DAY)
    assert found.pop("requirements") == "unknown"
    assert set(found.values()) == {"missing"}
    assert evidenced(Dossier(), DAY) == ()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"officer": replace(FULL.officer, order="")}, "officer_no_order"),
        ({"encryption": (Encrypted("Store", "rest", "AES"),)}, "encryption_no_keys"),
        ({"tests": (replace(TEST, found=None),)}, "test_no_found"),
        ({"tests": (replace(TEST, retested=None),)}, "test_no_retest"),
        ({"tests": (replace(TEST, left=2),)}, "test_left"),
        ({"tests": (replace(TEST, left=None),)}, "test_left"),
        ({"next_test": DAY - timedelta(1)}, "test_late"),
        ({"logging": ""}, "no_logging"),
        ({"requirements": replace(FULL.requirements, edition="")}, "requirements_no_edition"),
        ({"requirements": replace(FULL.requirements, items=(replace(MET, applies=None),))}, "requirement_open"),
        ({"requirements": replace(FULL.requirements, items=(replace(MET, state="partly"),))}, "requirement_partly"),
        ({"requirements": replace(FULL.requirements, items=(replace(MET, evidence=""),))}, "requirement_no_evidence"),
    ],
)
def test_each_thing_that_is_missing_is_named(changed: dict[str, Any], code: str) -> None:
    found = replace(FULL, **changed)
    assert codes(found) == [code]
    assert "partly" in standing(found, DAY).values() or "missing" in standing(found, DAY).values()


def test_nothing_found_needs_no_retest() -> None:
    assert codes(replace(FULL, tests=(replace(TEST, found=0, retested=None, left=None),))) == []


def test_a_point_that_does_not_apply_asks_for_nothing() -> None:
    assert codes(replace(FULL, requirements=replace(FULL.requirements, items=(Requirement("9", "…", False),)))) == []


@given(
    st.lists(st.tuples(st.sampled_from((True, False, None)), st.sampled_from(("unknown", "met", "partly", "not_met")), st.text(max_size=3)))
)
def test_requirements_are_shown_as_met_only_where_each_is_answered_met_and_evidenced(rows: list[Any]) -> None:
    items = tuple(Requirement(str(number), "…", *row) for number, row in enumerate(rows, 1))
    dossier = replace(FULL, requirements=replace(FULL.requirements, items=items))
    whole = all(each.applies is False or (each.applies and each.state == "met" and each.evidence) for each in items)
    assert ("security-requirements-report" in evidenced(dossier, DAY)) is bool(items and whole)
    assert sum(counts(dossier.requirements).values()) == len(items)
    assert items or standing(dossier, DAY)["requirements"] == "unknown"


def test_what_a_dossier_shows_is_what_it_holds() -> None:
    kinds = {"appointment-order", "security-dossier", "penetration-test-report", "security-requirements-report"}
    assert set(evidenced(FULL, DAY)) == kinds
    assert set(evidenced(replace(FULL, tests=(replace(TEST, left=1),)), DAY)) == kinds - {"penetration-test-report"}
    assert set(evidenced(replace(FULL, officer=Officer()), DAY)) == kinds - {"appointment-order"}


def test_the_next_test_is_a_step() -> None:
    assert [each.day for each in steps(FULL)] == [date(2027, 6, 14)]
    assert steps(Dossier()) == []
