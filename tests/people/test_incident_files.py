"""A file of an incident is read strictly: bad ones get one clear error, and nothing stands for unknown but unknown."""

from contextlib import suppress
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanba.errors import InputError
from tanba.people.incidents import FACTS, Incident, Term, parse

NOW = datetime(2026, 11, 29, 12, tzinfo=ZoneInfo("Asia/Almaty"))
GOOD: dict[str, Any] = {"what": "It broke", "aware": "2026-11-29T11:00"}


def test_the_least_that_is_an_incident_leaves_everything_unknown() -> None:
    found = parse(GOOD, NOW)
    assert found == Incident("It broke", NOW.replace(hour=11), facts=dict.fromkeys(FACTS))
    assert found.persons is None


def test_words_and_flags_mean_the_same() -> None:
    found = parse({**GOOD, "harm": "yes", "personal_data": True, "vendor": "no", "persons": "unknown", "high_risk": "unknown"}, NOW)
    assert (found.facts["harm"], found.facts["personal_data"], found.facts["vendor"]) == (True, True, False)
    assert (found.persons, found.facts["high_risk"]) == (None, None)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"aware": "2026-11-29T12:01"}, "not a time that has come"),
        ({"aware": "2026-11-29T12:01+05:00"}, "not a time that has come"),
        ({"aware": "1999-01-01"}, "not a time that has come"),
        ({"aware": "yesterday"}, "is not a moment"),
        ({"aware": None}, "is not a moment"),
        ({"what": " "}, "says what happened"),
        ({"what": 7}, "not a text"),
        ({"what": "x" * 5001}, "not a text"),
        ({"severity": "dreadful"}, "is not known"),
        ({"severity": []}, "is not known"),
        ({"harm": 1.5}, "is not known"),
        ({"systems": "scorer"}, "no list of systems"),
        ({"persons": -1}, "no number of people"),
        ({"persons": ["A. Person"]}, "no number of people"),
        ({"persons": True}, "no number of people"),
        ({"vendor_term": {"within": 4, "unit": "hours"}}, "no term"),
        ({"vendor_term": {"within": 4, "unit": "moons", "source": "x"}}, "no term"),
        ({"vendor_term": {"within": True, "unit": "hours", "source": "x"}}, "no term"),
        ({"vendor_term": 4}, "does not fit"),
        ({"sent": {"breach": {"at": "2026-11-29T10:00"}}}, "before the awareness time"),
        ({"sent": {"breach": {"at": "2026-11-29T13:00"}}}, "not a time that has come"),
        ({"sent": {"letter": {"at": "2026-11-29T11:30"}}}, "is not known"),
        ({"severty": "minor"}, "unknown setting"),
    ],
)
def test_what_does_not_fit_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        parse({**GOOD, **change}, NOW)


def test_a_term_keeps_where_it_is_written() -> None:
    found = parse({**GOOD, "vendor_term": {"within": 4, "unit": "hours", "source": "clause 7.3"}}, NOW)
    assert found.vendor_term == Term(4, "hours", "clause 7.3")


@given(
    st.dictionaries(
        st.sampled_from(["what", "aware", "systems", "severity", "persons", "harm", "vendor_term", "sent", "x"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=8),
            lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
            max_leaves=4,
        ),
    )
)
def test_any_mapping_is_read_or_refused_in_words(written: dict[str, Any]) -> None:
    with suppress(InputError):
        assert parse(written, NOW).what
