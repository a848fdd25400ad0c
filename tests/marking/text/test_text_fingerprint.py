"""Fingerprints: what leaves them as they are, what moves them a little, what is another text."""

import pytest
from hypothesis import given

from marking.text.texts import EN, ID, KK, MARKDOWN, RU, SECRET, any_text
from tanba.marking.text import markdown, plain
from tanba.marking.text.fingerprint import NEAR, WINDOW, distance, fingerprint, fingerprints, words
from tanba.marking.text.mark import Mark

MARK = Mark(ID, SECRET, ("kk", "ru", "en"))
LONG = " ".join(f"сөз{number * number % 997} {RU.split()[number % 40]}" for number in range(120))


def of(text: str) -> bytes:
    found = fingerprint(text)
    assert found is not None
    return found


@pytest.mark.parametrize("text", [KK, RU, EN], ids=["kk", "ru", "en"])
def test_marks_case_punctuation_and_spacing_change_nothing(text: str) -> None:
    for other in (
        plain.mark(text, MARK),
        text.upper(),
        "\n".join(text.split()),
        text.replace("!", ",").replace(". ", " – "),
        f"«{text}»",
        text.replace("е", "ё"),
        text.replace("а", "а\u00ad"),
    ):
        assert of(other) == of(text)
    assert len(of(text)) == 32


def test_kazakh_letters_count() -> None:
    assert words("Қазақ тілі; ЁЖ, й = и\u0306, уда\u0301р") == ["қазақ", "тілі", "еж", "й", "й", "удар"]
    assert distance(of(KK), of(KK.replace("қ", "к").replace("ғ", "г").replace("ө", "о").replace("і", "и"))) > NEAR


def test_a_word_here_and_there_moves_it_a_little() -> None:
    edited = KK.replace("тиіс", "керек").replace("кескінге", "суретке")
    assert 0 < distance(of(KK), of(edited)) <= NEAR


def test_other_texts_are_far() -> None:
    for one, other in ((KK, RU), (RU, EN), (KK, EN)):
        assert distance(of(one), of(other)) > 90


def test_a_half_of_a_long_text_is_found_by_its_windows() -> None:
    kept, half = fingerprints(LONG), fingerprints(" ".join(LONG.split()[120:]))
    assert min(distance(one, other) for one in kept for other in half) == 0
    assert distance(kept[0], half[0]) > 0


def test_a_short_text_has_none() -> None:
    assert fingerprint("Иә, келісемін.") is None
    assert fingerprint("") is None
    assert fingerprints("слово " * 10) == []
    assert len(fingerprints(RU)) == 1
    assert len(fingerprints("слово " * (WINDOW + 2))) >= 2


def test_a_marked_document_keeps_most_of_it() -> None:
    assert distance(of(MARKDOWN), of(markdown.strip(markdown.mark(MARKDOWN, MARK)))) == 0


@given(any_text)
def test_any_text_has_a_list_or_none(text: str) -> None:
    assert all(len(each) == 32 for each in fingerprints(text))
