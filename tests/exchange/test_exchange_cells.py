"""Lists, parts and signs in one cell come back as they were."""

from hypothesis import given
from hypothesis import strategies as st

from tanba.exchange.cells import CLEAR, join, join_parts, plain, read_text, split, split_parts, write_text

PLAIN = st.text(st.sampled_from("ab =;|\\n-–{}\"'\nӘ1"), min_size=1, max_size=12).map(plain).filter(bool)


@given(PLAIN)
def test_a_text_comes_back_and_is_never_the_sign(text: str) -> None:
    assert read_text(write_text(text)) == text


@given(st.lists(PLAIN, max_size=5, unique=True))
def test_items_come_back(items: list[str]) -> None:
    assert split(read_text(write_text(join(items)))) == items


@given(
    st.lists(st.dictionaries(st.one_of(st.sampled_from(["name", "version", "licence"]), PLAIN), PLAIN, min_size=1, max_size=4), max_size=4)
)
def test_parts_come_back(parts: list[dict[str, str]]) -> None:
    assert split_parts(read_text(write_text(join_parts(parts)))) == parts


def test_what_people_write_is_understood() -> None:
    assert split(" app ; branch;;app\nsite ") == ["app", "branch", "site"]
    assert split_parts("GPT-4 | version=2024; CatBoost") == [{"name": "GPT-4", "version": "2024"}, {"name": "CatBoost"}]
    assert split_parts("a | b") == [{"name": "a | b"}]
    assert [read_text(sign) for sign in ("-", "–", "—", "\\-", "--")] == [CLEAR, CLEAR, CLEAR, "-", "--"]
    assert split(r"C:\models\n1") == ["C:\\models\n1"]
