"""A SYSTEM.yaml is read strictly: file, line and hint on every fault."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanba.errors import InputError
from tanba.law.facts import parse_system, read_system
from tanba.law.load import load


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        ("facts:\n  use_model: true", 2, "unknown fact 'use_model'", "'uses_model'"),
        ("facts:\n  uses_model: 1", 2, "expected true or false", "uses_model"),
        ("facts:\n  uses_model: no", 2, "expected true or false", "no"),
        ("facts:\n  stage: prod", 2, "expected one of: planned", "stage"),
        ("facts:\n  model_abilities: adapts", 2, "expected a list of: adapts", ""),
        ("facts:\n  model_abilities: [flies]", 2, "expected a list of: adapts", ""),
        ("facts:\n  uses_model: {value: true, why: x}", 2, "unknown key 'why'", ""),
        ("facts:\n  uses_model: {value: true, confirmed: maybe}", 2, "`confirmed` is true or false", ""),
        ("facts: [a]", 1, "expected a mapping", ""),
        ("- a", 1, "expected a mapping", ""),
        ("", 1, "expected a mapping", ""),
        ("schema: tanba.system/9\nfacts: {}", 1, "schema 'tanba.system/9'", "tanba.system/1"),
        ("system: a\nfact:\n  uses_model: true", 2, "unknown key 'fact'", "'facts'"),
        ("facts: {}\nevidence:\n  kz/230-VIII/21/1: {date: 2026-01-18}", 3, "names no file", ""),
        ("facts: {}\nevidence:\n  kz/230-VIII/21/1: {file: a.md, date: soon}", 3, "not a date", "YYYY-MM-DD"),
    ],
)
def test_refused(text: str, line: int, message: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_system(text, load(), Path("s.yaml"))
    assert caught.value.line == line
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_an_unconfirmed_answer_counts_as_unknown_and_is_shown_as_suggested() -> None:
    system = parse_system("facts:\n  uses_model: {value: true, source: card, confirmed: false}\n  has_users: ~", load(), Path("s.yaml"))
    assert system.facts == {}
    assert system.suggested["uses_model"].source == "card"
    assert "has_users" not in system.answers


def test_names_may_be_plain_or_in_three_languages() -> None:
    plain = parse_system("name: Scorer\nfacts: {}", load(), Path("s.yaml"))
    partly = parse_system("name: {kk: Бағалауыш}\nfacts: {}", load(), Path("s.yaml"))
    assert plain.name == {"kk": "Scorer", "ru": "Scorer", "en": "Scorer"}
    assert partly.name["en"] == "Бағалауыш"
    assert plain.slug == "s"


@given(st.text(max_size=300))
def test_any_text_is_a_system_or_one_clear_error(text: str) -> None:
    with contextlib.suppress(InputError):
        assert parse_system(text, load(), Path("s.yaml")).slug


def test_a_50_mb_system_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(InputError, match="larger than"):
        read_system(path, load())


def test_what_is_left_empty_is_as_if_it_were_not_there() -> None:
    system = parse_system("system:\nname:\nfacts:\nevidence:\n", load(), Path("scorer.yaml"))
    assert (system.slug, system.name["en"], system.facts, system.evidence) == ("scorer", "scorer", {}, {})
