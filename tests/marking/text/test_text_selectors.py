"""IDs in variation selectors: where they stand, what survives, what is refused."""

import re
import unicodedata

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from marking.text.texts import EN, ID, KK, MARKDOWN, OTHER, RU, RUN, SECRET, any_text, cut
from tanba.errors import InputError
from tanba.marking.text.selectors import embed_id, read_ids, run_of, strip
from tanba.marking.text.sentences import Weaver


def shown(text: str, *, markdown: bool = False) -> str:
    """The marked text with | where an ID stands."""
    return embed_id(text, ID, SECRET, markdown=markdown).replace(RUN, "|")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Таңбаланған мәтін. Екінші сөйлем!", "Таңбаланған мәтін.| Екінші сөйлем!|"),
        ("Он сказал: «Да!» И ушёл…", "Он сказал: «Да!»| И ушёл…|"),
        ("А. С. Пушкин жил в г. Москве. Всё.", "А. С. Пушкин жил в г. Москве.| Всё.|"),
        ("Mr. Smith came, e.g. today. He left.", "Mr. Smith came, e.g. today.| He left.|"),
        ("> 1. Дәйексөз. Соңы", "> 1. Дәйексөз.| Соңы|"),
        ("# Тақырып\n\n- бір\n- екі", "# Тақырып|\n\n- бір|\n- екі|"),
        ("1. Первый пункт\n2. Второй.", "1. Первый пункт|\n2. Второй.|"),
        ("Иә", "Иә|"),
        ("без знаков препинания", "без знаков препинания|"),
        ("👍🏽", "👍🏽|"),
        ("Махаббат ❤️\nСоңы", "Махаббат ❤️|\nСоңы|"),
        ("Семья 👩‍👩‍👧. Дом.", "Семья 👩‍👩‍👧.| Дом.|"),
        ("Сайт https://adilet.zan.kz/kaz. Дальше.", "Сайт https://adilet.zan.kz/kaz. Дальше.|"),
        ("Пишите info@example.kz. Ответим.", "Пишите info@example.kz. Ответим.|"),
        ("См. [закон](https://adilet.zan.kz). Далее.", "См. [закон](https://adilet.zan.kz).| Далее.|"),
        ("Код `a. b` жұмыс істейді. Тамаша.", "Код `a. b` жұмыс істейді.| Тамаша.|"),
        ("```\na. b\n```\nПосле.", "```\na. b\n```\nПосле.|"),
        ("- ```js\n  a. b\n\n  c. d\n  ```\nПосле.", "- ```js\n  a. b\n\n  c. d\n  ```\nПосле.|"),
        ("````md\n```\na. b\n```\n````\nПосле.", "````md\n```\na. b\n```\n````\nПосле.|"),
        ("$$\nx. y\n$$\nПосле.", "$$\nx. y\n$$\nПосле.|"),
        ("$$ x $$\nПосле.", "$$ x $$\nПосле.|"),
        ('<a title="a. b">сөз</a>. Соңы.', '<a title="a. b">сөз</a>.| Соңы.|'),
        ("Том &amp; Джерри. Конец&nbsp;", "Том &amp; Джерри.| Конец&nbsp;|"),
        ("| a | b |\n|---|---|\n| c. | d |", "| a | b |\n|---|---|\n| c. | d |"),
        ("Жол\r\nЕкінші.\r\n", "Жол|\r\nЕкінші.|\r\n"),
        ("---\n\n…\n", "---\n\n…\n"),
        ("", ""),
    ],
)
def test_an_id_stands_at_the_end_of_sentences_and_lines(text: str, expected: str) -> None:
    assert shown(text) == expected


def test_indented_code_is_code_in_markdown_and_a_paragraph_in_plain_text() -> None:
    text = "Алды.\n\n    Абзац с отступом. Ещё.\n\nСоңы."
    assert shown(text, markdown=True) == "Алды.|\n\n    Абзац с отступом. Ещё.\n\nСоңы.|"
    assert shown(text) == "Алды.|\n\n    Абзац с отступом.| Ещё.|\n\nСоңы.|"


@pytest.mark.parametrize("text", [KK, RU, EN], ids=["kk", "ru", "en"])
def test_any_whole_sentence_of_a_copy_tells_the_id(text: str) -> None:
    marked = embed_id(text, ID, SECRET)
    sentences = [part for part in re.split(f"(?<={RUN}) ", marked) if part]
    assert len(sentences) >= 4
    for sentence in sentences:
        assert [(read.issuer, read.id) for read in read_ids(f"Біреу былай депті: {sentence} Шынымен.", [OTHER, SECRET])] == [(1, ID)]


def test_what_survives_normalisation_quoting_and_white_space() -> None:
    marked = embed_id(KK, ID, SECRET)
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert read_ids(unicodedata.normalize(form, marked), [SECRET])[0].id == ID  # type: ignore[arg-type]
    assert read_ids(" ".join(marked.split()).upper(), [SECRET])[0].copies == 4


def test_copies_vote() -> None:
    text = embed_id(RU, 2, SECRET) + " " + embed_id("Одна фраза.", 1, SECRET)
    assert [(read.id, read.copies) for read in read_ids(text, [SECRET])] == [(2, 5), (1, 1)]


def test_a_damaged_copy_is_outvoted_and_a_cut_one_passed_over() -> None:
    marked = embed_id(KK, ID, SECRET)
    damaged = marked.replace(RUN, RUN[:5] + "\ufe03" + RUN[6:], 1)[:-3]
    assert [(read.id, read.copies) for read in read_ids(damaged, [SECRET])] == [(ID, 2)]


def test_another_key_reads_nothing_and_a_forged_check_is_no_id() -> None:
    assert read_ids(embed_id(KK, ID, SECRET), [OTHER]) == []
    forged = "".join(f"Сөйлем{chr(0xE0100 + number)}." + run_of(number, OTHER) for number in range(200))
    assert read_ids(forged, [SECRET]) == []


def test_marks_of_others_stay_when_a_second_issuer_marks() -> None:
    both = embed_id(embed_id(KK, 1, OTHER), ID, SECRET)
    assert {(read.issuer, read.id, read.copies) for read in read_ids(both, [OTHER, SECRET])} == {(0, 1, 4), (1, ID, 4)}
    assert strip(both) == KK


def test_what_is_no_id_or_no_key_is_refused() -> None:
    with pytest.raises(InputError, match="64 bits"):
        embed_id(KK, 1 << 64, SECRET)
    with pytest.raises(InputError, match="secret is empty"):
        embed_id(KK, 1, b"")


@given(any_text, st.booleans())
@settings(max_examples=300)
def test_taking_marks_off_gives_the_text_back(text: str, markdown: bool) -> None:
    marked = embed_id(text, ID, SECRET, markdown=markdown)
    assert strip(marked) == strip(text)
    assert embed_id(marked, ID, SECRET, markdown=markdown) == marked


@given(any_text, st.lists(st.integers(0, 1000), max_size=30), st.booleans())
@settings(max_examples=300)
def test_any_cutting_into_pieces_gives_the_same(text: str, places: list[int], markdown: bool) -> None:
    weaver = Weaver(RUN, markdown=markdown)
    assert "".join([weaver.feed(piece) for piece in cut(text, places)]) + weaver.close() == embed_id(text, ID, SECRET, markdown=markdown)


@given(any_text)
def test_letters_are_never_parted_from_what_belongs_to_them(text: str) -> None:
    assume(RUN not in strip(text))
    for match in re.finditer(RUN, embed_id(strip(text), ID, SECRET)):
        after = match.string[match.end() : match.end() + 1]
        assert not after or after.isspace()


def test_nothing_stands_within_the_code_of_a_document() -> None:
    marked = embed_id(MARKDOWN, ID, SECRET, markdown=True)
    for code in re.findall(r"```.*?```|`[^`\n]+`|\$\$.*?\$\$|<[^>]*>|https://\S+|^\|.*\|$", marked, re.DOTALL | re.MULTILINE):
        assert RUN not in code
    assert read_ids(marked, [SECRET])[0].copies == 8
