import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanba.identifiers import bin_is_valid, check_digit


@pytest.mark.parametrize("text", ["190140999998", "200140999992", "200141000004", "200141000090"])
def test_well_formed_numbers_pass(text: str) -> None:
    assert bin_is_valid(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("19014099999", "eleven digits"),
        ("1901409999980", "thirteen digits"),
        ("19014099999x", "a letter"),
        ("１９０１４０９９９９９８", "digits that are not ASCII"),
        ("190140999997", "wrong check digit"),
        ("190010999998", "month 00"),
        ("191340999998", "month 13"),
        ("190130999998", "fifth digit 3: a person's number"),
        ("200141000030", "both weightings give 10"),
    ],
)
def test_others_do_not(text: str, why: str) -> None:
    assert not bin_is_valid(text), why


def test_second_weights_are_used_where_the_first_give_ten() -> None:
    assert check_digit("20014100000") == 4


def test_no_digit_where_both_give_ten() -> None:
    assert check_digit("20014100003") is None


@given(st.from_regex(r"\A\d{2}(0[1-9]|1[0-2])[456]\d{6}\Z"), st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(eleven: str, place: int, shift: int) -> None:
    digit = check_digit(eleven)
    if digit is None or 10 in (sum(w * int(d) for w, d in zip(range(1, 12), eleven, strict=True)) % 11,):
        return
    good = f"{eleven}{digit}"
    bad = good[:place] + str((int(good[place]) + shift) % 10) + good[place + 1 :]
    first = sum(w * int(d) for w, d in zip(range(1, 12), bad[:11], strict=True)) % 11
    assert not bin_is_valid(bad) or first == 10
