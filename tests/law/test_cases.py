"""The golden cases of the law data: each is a sentence that a lawyer can judge."""

from datetime import date, timedelta

import pytest

from tanba.datafolder import read_folder
from tanba.law.cases import Case, differences, read_cases
from tanba.law.lint import lint
from tanba.law.load import HERE, load
from tanba.law.model import ASSESSED, SCREENED

CASES = read_cases(read_folder(HERE / "kz"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file.partition('/')[0]}: {case.name}")
def test_case(case: Case) -> None:
    assert differences(load(), case) == []


def test_there_are_at_least_150_cases() -> None:
    assert len(CASES) >= 150


def test_the_data_is_in_order() -> None:
    assert lint() == []


def test_every_day_since_commencement_has_exactly_one_edition_of_each_provision() -> None:
    law = load()
    paths = {p.path for p in law.provisions}
    first = {path: min(p.start for p in law.editions(path)) for path in paths}
    last = {path: [p.end for p in law.editions(path)][-1] for path in paths}
    boundaries = {p.start for p in law.provisions} | {p.end + timedelta(days=1) for p in law.provisions if p.end}
    for day in sorted(boundaries | {law.commencement, date(2026, 7, 11), date(2026, 8, 25), date(2030, 1, 1)}):
        for path in paths:
            current = [p for p in law.editions(path) if p.in_force(day)]
            expected = first[path] <= day and (last[path] is None or day <= last[path])
            assert len(current) == expected, (path, day)


def test_seven_prohibitions_and_no_more() -> None:
    assert [p.path for p in load().provisions if p.kind == "prohibition"] == [f"230-VIII/17/3/{n}" for n in range(1, 8)]


def test_practice_is_never_of_statute_basis() -> None:
    for p in load().provisions:
        assert (p.basis == "practice") == (p.act == "practice"), p.path
        if p.basis == "practice":
            assert p.kind in ("recommendation", "screen", "informs"), p.path


def test_every_assessed_provision_has_a_positive_and_a_negative_case() -> None:
    """The lint says so too; here it is counted, so that an empty lint cannot hide it."""
    assessed = [p for p in load().provisions if p.kind in (*ASSESSED, *SCREENED)]
    assert len(assessed) >= 100
