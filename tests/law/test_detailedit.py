"""A description goes back into a SYSTEM.yaml, and every other letter of it stays."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanba.law.detailedit import with_detail
from tanba.law.facts import SystemFile, parse_system
from tanba.law.load import load
from tanba.law.rulebook import on
from tanba.strings import LANGUAGES

ROOT = Path(__file__).parent.parent.parent
BOOK = on(load(), date(2026, 11, 22))
FILES = sorted((ROOT / "examples/systems").glob("*.yaml"))
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"], include_characters=" \n"), min_size=1, max_size=60)


def read(text: str) -> SystemFile:
    return parse_system(text, BOOK.law, Path("x.yaml"))


def at(found: SystemFile, path: tuple[Any, ...]) -> Any:
    if path[0] == "name":
        return found.name[path[1]]
    value: Any = found.details[path[0]]
    for key in path[1:]:
        value = value[key]
    return value


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
@settings(max_examples=15)
@given(data=st.data())
def test_one_value_is_set_and_every_comment_fact_and_other_value_stays(path: Path, data: st.DataObject) -> None:
    before = path.read_text()
    places: list[tuple[Any, ...]] = [
        ("name", "kk"),
        ("purpose", "ru"),
        ("purpose", "en"),
        ("department",),
        ("principles", "fairness", "kk"),
    ]
    place = data.draw(st.sampled_from(places))
    value = data.draw(WORDS)
    after = with_detail(before, place, value)
    assert at(read(after), place) == value
    assert read(after).answers == read(before).answers
    assert read(after).evidence == read(before).evidence
    was, now = dict(read(before).details), dict(read(after).details)
    assert {key: each for key, each in was.items() if key != place[0]} == {key: each for key, each in now.items() if key != place[0]}
    assert [line for line in before.splitlines() if line.lstrip().startswith("#")] == [
        line for line in after.splitlines() if line.lstrip().startswith("#")
    ]
    assert with_detail(after, place, value) == after


CASES: list[tuple[str, tuple[Any, ...], Any, str]] = [
    ("name: A # c\nfacts: {}\n", ("name", "kk"), "Б", 'name: {kk: "Б", ru: "A", en: "A"} # c\nfacts: {}\n'),
    ("name: {ru: A}\nfacts:\n  uses_model: true # c\n", ("name", "kk"), "Б", 'name: {ru: A, kk: "Б"}\nfacts:\n  uses_model: true # c\n'),
    ("name:\n  ru: A # c\n\nfacts: {}\n", ("name", "kk"), "Б", 'name:\n  ru: A # c\n  kk: "Б"\n\nfacts: {}\n'),
    ("purpose:\nfacts: {}\n", ("purpose", "kk"), "Б", 'purpose: {kk: "Б"}\nfacts: {}\n'),
    ("facts: {}\n", ("purpose", "kk"), "Б", 'facts: {}\npurpose: {kk: "Б"}\n'),
    ("purpose: >-\n  long\n  text\n\n# c\nfacts: {}\n", ("purpose", "kk"), "x", None),
    ("channels:\n  - a\n  - b\n# c\nfacts: {}\n", ("channels",), ["a", "c"], 'channels:\n  ["a", "c"]\n# c\nfacts: {}\n'),
    ("models: [gbm]\n", ("models", 0, "licence"), "MIT", 'models: [{name: "gbm", licence: "MIT"}]\n'),
    ("models:\n  - name: gbm\n    source: x\n", ("models", 0, "source"), "y", 'models:\n  - name: gbm\n    source: "y"\n'),
    ("models: gbm\n", ("models", 0, "name"), "xgb", 'models: {name: "xgb"}\n'),
    ("vendor: {name: A, bin: 1}\n", ("vendor",), "B", 'vendor: {name: "B", bin: 1}\n'),
    ('department: "a: b"\r\nfacts: {}\r\n', ("department",), "c", 'department: "c"\r\nfacts: {}\r\n'),
    ("principles: {}\n", ("principles", "fairness", "kk"), "x", 'principles: {fairness: {kk: "x"}}\n'),
]


@pytest.mark.parametrize(("before", "path", "value", "after"), CASES)
def test_however_it_was_written(before: str, path: tuple[Any, ...], value: Any, after: str | None) -> None:
    made = with_detail(before, path, value)
    assert after is None or made == after
    read(made)
    assert before.count("#") == made.count("#")


@pytest.mark.parametrize("path", [("models", 1, "name"), ("models", 7, "name")])
def test_a_part_that_is_not_there_is_not_made_up(path: tuple[Any, ...]) -> None:
    with pytest.raises(KeyError):
        with_detail("models: [gbm]\n", path, "x")
    with pytest.raises(KeyError):
        with_detail("facts: {}\n", path, "x")
    assert set(LANGUAGES) == {"kk", "ru", "en"}
