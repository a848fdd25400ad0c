"""Forms as values: read strictly, written again, held against their schemas."""

import json
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanba.errors import InputError
from tanba.state import pilot, security, training, trustedlist
from tanba.state.form import keys, read, told, write
from tanba.yamlfile import line_of, read_yaml

ROOT = Path(__file__).parents[2]
FORMS: dict[str, tuple[type[Any], str]] = {
    "pilot-credit-scorer": (pilot.Pilot, pilot.SCHEMA),
    "security-fraud-monitor": (security.Dossier, security.SCHEMA),
    "training": (training.Training, training.SCHEMA),
    "trusted-list-fraud-monitor": (trustedlist.Application, trustedlist.SCHEMA),
}


@pytest.mark.parametrize("name", FORMS)
def test_what_is_written_reads_back_as_the_same(name: str) -> None:
    form, schema = FORMS[name]
    found = read(form, schema, read_yaml(ROOT / f"examples/state/{name}.yaml"))
    assert found != form()
    assert read(form, "", json.loads(json.dumps(write(found)))) == found


@pytest.mark.parametrize("form", [each[0] for each in FORMS.values()])
def test_an_empty_form_is_a_form_in_which_everything_is_missing(form: type[Any]) -> None:
    assert read(form, "", {}) == form()


def names(form: type[Any]) -> dict[str, Any]:
    """{field: names inside it}."""
    found = {}
    for name, kind in get_type_hints(form).items():
        inner = (get_args(kind) or (kind,))[0]
        found[name] = names(inner) if is_dataclass(inner) and isinstance(inner, type) else {}
    return found


def properties(schema: dict[str, Any]) -> dict[str, Any]:
    inner = {name: each.get("items", each) for name, each in schema["properties"].items() if name != "schema"}
    return {name: properties(each) if "properties" in each else {} for name, each in inner.items()}


@pytest.mark.parametrize("name", FORMS)
def test_a_schema_has_the_fields_of_its_form(name: str) -> None:
    form, schema = FORMS[name]
    path = ROOT / f"spec/schema/{schema.removeprefix('tanba.').removesuffix('/1')}.json"
    assert properties(json.loads(path.read_text())) == names(form)


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ([], "form"),
        ({"window": []}, "window"),
        ({"windw": {}}, "windw"),
        ({"window": {"start": "5 October"}}, "window.start"),
        ({"window": {"start": 20261005}}, "window.start"),
        ({"data": {"name": "x"}}, "data"),
        ({"data": [{}, {"personal": "maybe"}]}, "data[2].personal"),
        ({"data": [{"personal": 1}]}, "data[1].personal"),
        ({"data": [{"fields": ["a", 3]}]}, "data[1].fields[2]"),
        ({"data": [{"anonymised": "somebody"}]}, "data[1].anonymised"),
        ({"why": {"de": "x"}}, "why"),
        ({"why": {"en": 3}}, "why.en"),
        ({"why": "x" * 2001}, "why"),
        ({"why": "a\0b"}, "why"),
        ({"exit": [{"threshold": "high"}]}, "exit[1].threshold"),
        ({"exit": [{"threshold": True}]}, "exit[1].threshold"),
        ({"exit": [{"threshold": float("nan")}]}, "exit[1].threshold"),
        ({"exit": [{"result": "often"}]}, "exit[1].result"),
        ({"exit": [{}] * 501}, "exit"),
        ({"decision": {"outcome": ["stop"]}}, "decision.outcome"),
    ],
)
def test_what_does_not_fit_is_named_by_its_place(content: Any, place: str) -> None:
    with pytest.raises(InputError) as caught:
        read(pilot.Pilot, "", content)
    assert caught.value.values["place"] == place


def test_a_file_of_another_kind_is_refused() -> None:
    with pytest.raises(InputError, match="schema"):
        read(pilot.Pilot, pilot.SCHEMA, {"schema": training.SCHEMA})


def test_an_empty_file_is_not_told_in_the_words_of_a_programming_language() -> None:
    with pytest.raises(InputError, match="form: '' does not fit"):
        read(pilot.Pilot, pilot.SCHEMA, None)


def test_a_place_is_found_in_the_text() -> None:
    text = "data:\n  - name: a\n  - name: b\n    size: 3\n"
    assert line_of(text, keys("data[2].size")) == 4
    assert line_of(text, keys("data[2].purpose")) == 3
    assert line_of(text, keys("data[3].purpose")) == 1


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30).map(str.strip)
TEXTS = st.one_of(WORDS, st.dictionaries(st.sampled_from(("kk", "ru", "en")), WORDS.filter(bool), min_size=1))
NUMBERS = st.one_of(st.none(), st.floats(-1e9, 1e9, allow_nan=False))
CRITERIA = st.builds(
    pilot.Criterion,
    metric=TEXTS,
    compare=st.sampled_from(("at_least", "at_most", "done")),
    threshold=NUMBERS,
    unit=WORDS,
    result=st.one_of(st.booleans(), NUMBERS),
    measured=st.one_of(st.none(), st.dates()),
    evidence=WORDS,
)


@given(st.lists(CRITERIA, max_size=5), st.one_of(st.none(), st.booleans()), TEXTS)
def test_any_form_survives_being_written(criteria: list[pilot.Criterion], personal: bool | None, why: Any) -> None:
    plan = pilot.Pilot(why=why, exit=tuple(criteria), data=(pilot.DataSet(personal=personal),))
    assert read(pilot.Pilot, "", json.loads(json.dumps(write(plan)))) == plan


def test_a_text_in_one_language_serves_for_all() -> None:
    assert (told("x", "kk"), told({"ru": "р"}, "kk"), told({}, "en")) == ("x", "р", "")


WORDS_OF_FORMS = st.sampled_from(("2026-10-05", "yes", "stop", "0.5"))
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), WORDS_OF_FORMS)
NAMES = st.sampled_from(("data", "exit", "window", "personal", "compare", "threshold", "result", "start", "why", "kk", "fields"))
MORE = st.deferred(lambda: st.one_of(LEAVES, st.lists(MORE, max_size=3), st.dictionaries(NAMES, MORE, max_size=4)))


@given(MORE)
def test_whatever_is_written_is_read_or_refused_in_words(content: Any) -> None:
    for form, _ in FORMS.values():
        try:
            found = read(form, "", content)
        except InputError:
            continue
        assert read(form, "", json.loads(json.dumps(write(found)))) == found
