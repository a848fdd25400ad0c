"""Broken input gets one clear error with file and line; nothing crashes."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanba.errors import InputError
from tanba.yamlfile import line_of, parse_yaml, read_yaml


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("a: 1\na: 2", 2, "stands twice"),
        ("a: &x 1\nb: *x", 1, "anchors"),
        ("a: &a [*a]", 1, "anchors"),
        ("a: 'x", 1, "broken"),
        ("a: b: c", 1, "broken"),
        ("1: 2", 1, "key must be text"),
        ("? [1]\n: 2", 1, "key must be text"),
        ("a: !!timestamp x", 1, "tag"),
        ("a: !!python/object:os.system x", 1, "tag"),
        ("a: 1\n---\nb: 2", 2, "another document"),
        ("a:\n\t- b", 2, "broken"),
        ("[" * 30000, 1, "nested too deeply"),
        ("- " * 30000, 1, "nested too deeply"),
        ("{a: " * 30000, 1, "nested too deeply"),
    ],
)
def test_refused_with_line(text: str, line: int, part: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_yaml(text, "f.yaml")
    assert caught.value.line == line
    assert part in caught.value.message
    assert caught.value.message.startswith(f"f.yaml:{line}: ")
    assert caught.value.hint


def test_only_true_and_false_are_booleans_and_dates_stay_text() -> None:
    text = "a: no\nb: yes\nc: on\nd: true\ne: 2026-01-18\nf: 12:30\ng: ~\nh:\ni: 010\nj: none"
    assert parse_yaml(text) == {
        "a": "no", "b": "yes", "c": "on", "d": True, "e": "2026-01-18", "f": "12:30", "g": None, "h": None, "i": "010", "j": "none",
    }  # fmt: skip


@given(st.text(max_size=200))
def test_any_text_parses_or_is_refused(text: str) -> None:
    with contextlib.suppress(InputError):
        parse_yaml(text)


@given(st.binary(max_size=200))
def test_any_bytes_parse_or_are_refused(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz.yaml"
    path.write_bytes(raw)
    with contextlib.suppress(InputError):
        assert isinstance(read_yaml(path), dict)


def test_a_50_mb_file_is_refused_without_reading_it_all(tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(InputError, match="larger than"):
        read_yaml(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(InputError, match="cannot be read"):
            read_yaml(path)


def test_line_of_a_nested_key() -> None:
    text = "a: 1\nfacts:\n  x: true\n  y: false\n"
    assert line_of(text, ("facts", "y")) == 4
    assert line_of(text, ("facts", "z")) == 2
    assert line_of(text, ("z",)) is None
