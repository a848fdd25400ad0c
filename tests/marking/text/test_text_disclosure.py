"""The visible line: its words, where it stands, what the checker takes for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marking.text.texts import EN, KK, MARKDOWN, RU, any_text
from tanba.errors import InputError
from tanba.marking.text.disclosure import languages_of, line, phrase, present, put, strip, told
from tanba.strings import LANGUAGES

some_languages = st.lists(st.sampled_from(LANGUAGES), min_size=1, max_size=3, unique=True).map(tuple)


def test_the_words_in_three_languages() -> None:
    assert line(("kk", "ru", "en"), short=True) == "ЖИ жасаған · Создано ИИ · Made by AI"
    assert line(("ru",), "altered") == "Текст изменён с использованием системы искусственного интеллекта."
    assert line(("kk",)) == "Мәтін жасанды интеллект жүйесі пайдаланыла отырып жасалған."


def test_languages_are_named_with_plus() -> None:
    assert languages_of("kk+ru") == ("kk", "ru")
    for wrong in ("", "kk+", "de", "kk ru"):
        with pytest.raises(InputError, match="needs languages of kk, ru, en"):
            languages_of(wrong)


def test_the_line_stands_at_the_beginning_or_the_end() -> None:
    assert put("Сәлем.", ("en",)) == "This text was made with an artificial intelligence system.\n\nСәлем."
    assert put("Сәлем.", ("en",), place="end") == "Сәлем.\n\nThis text was made with an artificial intelligence system."


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Создано ИИ", ("ru",)),
        ("*создано   ии*", ("ru",)),
        ("> **ЖИ ЖАСАҒАН** | СОЗДАНО ИИ", ("kk", "ru")),
        ("<p class='x'><b>Made by AI</b></p>", ("en",)),
        ("[ТЕКСТ ИЗМЕНЕН с использованием системы искусственного интеллекта]", ("ru",)),
        ("— Made\u00a0by\tAI —", ("en",)),
        ("Картина «Создано ИИ» продана на аукционе", ()),
        ("Создано ИИСУСОМ", ()),
        ("", ()),
        ("***", ()),
    ],
)
def test_a_warning_is_known_by_its_words_alone(written: str, expected: tuple[str, ...]) -> None:
    assert told(written) == expected


PHRASES = [phrase(lang, source, short=short) for lang in LANGUAGES for source in ("created", "altered") for short in (False, True)]
PARTS = [
    *PHRASES,
    *(each.upper() for each in PHRASES),
    "<b>",
    "<i",
    ">",
    "·",
    " ",
    "ё",
    "\u0345",
    "İ",
    "Made",
    "by",
    "ИИ",
    "*" * 47,
    "a" * 48,
]


@given(st.lists(st.sampled_from(PARTS), max_size=5).map("".join))
def test_what_stands_so_far_in_that_the_quick_look_does_not_see_it_is_judged_alike(text: str) -> None:
    assert told(" " * 48 + text) == told(text)


def test_a_warning_in_the_middle_of_a_long_text_warns_nobody() -> None:
    lines = [f"Строка {number}." for number in range(40)]
    assert present("\n".join([*lines[:20], "Создано ИИ", *lines[20:]])) == ()
    assert present("\n".join([*lines[:3], "Создано ИИ", *lines[3:]])) == ("ru",)
    assert present("\n\n".join([*lines, "  Создано ИИ "])) == ("ru",)


def test_only_the_missing_language_is_added() -> None:
    once = put(KK, ("ru",))
    assert put(once, ("kk", "ru")) == f"{phrase('kk', 'created')}\n\n{once}"
    assert strip(put(once, ("kk", "ru"))) == KK


@pytest.mark.parametrize("text", [KK, RU, EN, MARKDOWN, ""])
@given(languages=some_languages, source=st.sampled_from(["created", "altered"]), place=st.sampled_from(["start", "end"]))
def test_put_is_found_repeated_without_effect_and_taken_off(text: str, languages: tuple[str, ...], source: str, place: str) -> None:
    marked = put(text, languages, source, place)  # type: ignore[arg-type]
    assert set(present(marked)) == set(languages)
    assert put(marked, languages, source, place) == marked  # type: ignore[arg-type]
    assert strip(marked) == text


@given(any_text, some_languages, st.sampled_from(["start", "end"]))
def test_taking_the_line_off_gives_any_text_back(text: str, languages: tuple[str, ...], place: str) -> None:
    assert strip(put(text, languages, place=place)) == strip(text)  # type: ignore[arg-type]
