"""The file of a stop: strict, in one language or three; what does not fit is told and nothing is made up."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanba.errors import InputError
from tanba.people.stops import Restart, Stop, parse
from tanba.yamlfile import read_yaml

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=ZoneInfo("Asia/Almaty"))
EXAMPLE = Path(__file__).parent.parent.parent / "examples/stops/call-emotion-legacy.yaml"


def test_what_is_not_written_is_not_known() -> None:
    assert parse({"systems": ["x"]}, NOW) == Stop(("x",))
    assert parse({"systems": ["x"], "restart": {}}, NOW).restart == Restart()


def test_the_example_is_read_as_it_stands() -> None:
    found = parse(read_yaml(EXAMPLE), NOW)
    assert (found.found, found.by, found.day, found.restart) == (("6",), "Daniyar Akhmetov", "2026-03-02", None)
    assert found.at == datetime(2026, 3, 2, 18, 0, tzinfo=ZoneInfo("Asia/Almaty"))


def test_a_restart_says_who_approved_and_what_shows_it() -> None:
    written = {
        "at": "2026-11-27T09:00",
        "approved": ["A", "B"],
        "evidence": ["t.pdf", {"kk": "есеп"}],
        "mended": {"ru": "снято"},
        "number": "5",
    }
    found = parse({"systems": ["x"], "restart": written}, NOW).restart
    assert found
    assert (found.approved, found.evidence, found.mended, found.number) == (("A", "B"), ("t.pdf", {"kk": "есеп"}), {"ru": "снято"}, "5")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({}, "a stop names its systems"),
        ({"systems": "x"}, "systems"),
        ({"systems": [1]}, "systems"),
        ({"systems": [{"de": "x"}]}, "systems"),
        ({"systems": ["x"] * 51}, "systems"),
        ({"systems": ["x"], "why": "y"}, "unknown setting 'why'"),
        ({"systems": ["x"], "found": [8]}, "no points of article 17"),
        ({"systems": ["x"], "found": "6"}, "no points of article 17"),
        ({"systems": ["x"], "at": "tomorrow"}, "not a moment"),
        ({"systems": ["x"], "at": "2030-01-01T00:00"}, "not a time that has come"),
        ({"systems": ["x"], "day": "soon"}, "day: 'soon' does not fit"),
        ({"systems": ["x"], "by": ["A"]}, "by"),
        ({"systems": ["x"], "reason": "x" * 5001}, "reason"),
        ({"systems": ["x"], "reason": "\x00"}, "reason"),
        ({"systems": ["x"], "restart": "done"}, "restart"),
        ({"systems": ["x"], "restart": {"by": "A"}}, "unknown setting 'by'"),
        ({"systems": ["x"], "restart": {"approved": [{"kk": "A"}]}}, "approved"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_sentence(written: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        parse(written, NOW)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["kk", "ru", "at", "approved"]), inner, max_size=3),
    max_leaves=5,
)
NAMES = ("systems", "at", "by", "reason", "found", "basis", "incident", "measures", "responsible", "number", "day", "restart")


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(NAMES, ANYTHING)))
def test_whatever_a_file_holds_it_is_read_or_refused(written: dict[str, Any]) -> None:
    try:
        found = parse(written, NOW)
    except InputError:
        return
    assert found.systems
