"""House policy: adopted by a named officer, from a day, until withdrawn."""

from datetime import date
from pathlib import Path

import pytest

from tanba.errors import InputError
from tanba.law.load import load
from tanba.law.policy import Adoption, adoptable, adopted_on, read_policy


def test_adoption_holds_from_its_day_until_withdrawn() -> None:
    adoption = Adoption("practice/x", date(2026, 2, 1), "A. Officer", withdrawn=date(2026, 6, 1))
    days = [date(2026, 1, 31), date(2026, 2, 1), date(2026, 5, 31), date(2026, 6, 1)]
    assert [bool(adopted_on([adoption], day)) for day in days] == [False, True, True, False]


def test_a_policy_file_is_read(tmp_path: Path) -> None:
    name = next(iter(adoptable(load())))
    path = tmp_path / "house-policy.yaml"
    path.write_text(f"schema: tanba.house-policy/1\nadopted:\n  - {{provision: kz/{name}, on: 2026-02-01, by: A. Officer}}\n")
    assert read_policy(path, load()) == [Adoption(name, date(2026, 2, 1), "A. Officer")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("adopted: [{provision: kz/230-VIII/21/2, on: 2026-02-01, by: A}]", "cannot be adopted"),
        ("adopted: [{on: 2026-02-01, by: A}]", "needs provision, on and by"),
        ("adopted: {}", "not a house policy"),
        ("schema: other/1", "not a house policy"),
        ("adopted: [{provision: NAME, on: yesterday, by: A}]", "Invalid isoformat"),
    ],
)
def test_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "house-policy.yaml"
    path.write_text(text.replace("NAME", next(iter(adoptable(load())))))
    with pytest.raises(InputError, match=message):
        read_policy(path, load())
