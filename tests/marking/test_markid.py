"""Numbers of marks: what was written is read again, however people type it, and a typing error is refused."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanba.errors import InputError
from tanba.marking.markid import ALPHABET, EXAMPLE, LARGEST, new_id, parse, text_of

numbers = st.integers(0, LARGEST)


@given(numbers)
def test_what_is_written_is_read(number: int) -> None:
    text = text_of(number)
    assert parse(text) == number
    assert [len(group) for group in text.split("-")] == [5, 5, 4]
    assert text_of(parse(text)) == text


def test_the_first_and_the_last() -> None:
    assert text_of(0) == "00000-00000-0000"
    assert parse(text_of(LARGEST)) == LARGEST
    for number in (-1, LARGEST + 1):
        with pytest.raises(ValueError, match="64 bits"):
            text_of(number)


def test_the_example_is_a_number() -> None:
    assert text_of(parse(EXAMPLE)) == EXAMPLE


@given(numbers, st.randoms())
def test_people_write_as_they_like(number: int, random: object) -> None:
    text = text_of(number)
    for written in (text.lower(), text.replace("-", ""), text.replace("-", " – "), f"  {text}\n", " ".join(text)):
        assert parse(written) == number
    assert parse(text.replace("0", "O").replace("1", "l")) == number
    assert parse(text.replace("0", "o").replace("1", "I")) == number
    assert parse(text.translate(str.maketrans("ABEKMHPCTYX", "АВЕКМНРСТУХ")).lower()) == number


@given(numbers, st.integers(0, 13), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_refused(number: int, place: int, other: str) -> None:
    text = text_of(number).replace("-", "")
    wrong = text[:place] + other + text[place + 1 :]
    if wrong != text:
        with pytest.raises(InputError, match="has a typing error") as caught:
            parse(wrong)
        assert caught.value.hint


@given(numbers, st.integers(0, 13), st.integers(0, 13))
def test_two_characters_that_changed_places_are_refused(number: int, one: int, other: int) -> None:
    characters = list(text_of(number).replace("-", ""))
    characters[one], characters[other] = characters[other], characters[one]
    if "".join(characters) != text_of(number).replace("-", ""):
        with pytest.raises(InputError, match="has a typing error"):
            parse("".join(characters))


NONE = ("", "-", "abc", EXAMPLE + "0", EXAMPLE[:-1], "9F3K2-M7QXW-41U8", "9F3K2-M7QXW-41Я8", "9F3K2_M7QXW_41AT", "\0" * 14)


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_number_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InputError, match="is not the number of a mark") as caught:
        parse(text)
    assert EXAMPLE in caught.value.hint


@given(st.text())
def test_no_text_is_a_surprise(text: str) -> None:
    with suppress(InputError):
        assert 0 <= parse(text) <= LARGEST


def test_new_numbers_differ_and_fill_their_range() -> None:
    made = [new_id() for _ in range(2000)]
    assert len(set(made)) == 2000
    assert all(0 < number <= LARGEST for number in made)
    assert min(made) < LARGEST // 100 < LARGEST * 99 // 100 < max(made)
