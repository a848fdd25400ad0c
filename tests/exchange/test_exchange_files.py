"""The register as XLSX, CSV and JSON: out and in again is the identity, and every fault is listed with its row."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanba.errors import InputError
from tanba.exchange.cells import CLEAR, plain
from tanba.exchange.columns import DESCRIPTION, columns, fold, known
from tanba.exchange.files import FORMS, SCHEMA, read, template, write
from tanba.exchange.read import Table
from tanba.law.load import load
from tanba.law.model import Fact
from tanba.sheets import Sheet, read_xlsx, write_csv, write_xlsx
from tanba.strings import LANGUAGES

LAW = load("kz")
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30).map(plain).filter(bool)
STARTING = st.builds(lambda start, rest: start + rest, st.sampled_from(["", "=", "+", "-", "@", "'", "'=", "\\-", "–"]), TEXTS)
LISTS = st.lists(STARTING, min_size=1, max_size=4, unique=True)


def answers(fact: Fact) -> st.SearchStrategy[Any]:
    if fact.type == "yes_no":
        return st.booleans()
    if fact.type == "one_of":
        return st.sampled_from([*fact.choices])
    return st.sets(st.sampled_from([*fact.choices])).map(lambda chosen: [name for name in fact.choices if name in chosen])


FACTS = st.fixed_dictionaries({}, optional={name: answers(fact) for name, fact in [*LAW.facts.items()][:12]})
SYSTEMS = st.builds(
    lambda described, facts: described | facts,
    st.fixed_dictionaries(
        {"slug": st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True), "name_ru": STARTING},
        optional={
            "purpose_kk": STARTING,
            "vendor": STARTING,
            "vendor_bin": st.just("190140999998"),
            "owner": st.just("bob@tanba.example"),
            "channels": LISTS,
            "models": st.lists(st.dictionaries(st.sampled_from(["name", "version"]), STARTING, min_size=1), min_size=1, max_size=3),
        },
    ),
    FACTS,
)


@settings(max_examples=60, deadline=None)
@given(SYSTEMS, st.sampled_from([*FORMS]), st.sampled_from(LANGUAGES))
def test_out_and_in_again_is_the_identity(system: dict[str, Any], form: str, lang: str) -> None:
    table = read(write([system], form, LAW, lang), LAW)
    assert table.problems == []
    assert [entry.values for entry in table.entries] == [system]


def test_headings_are_known_in_three_languages_and_by_key() -> None:
    for column in columns(LAW):
        assert {known(LAW)[fold(heading)].key for heading in (column.key, *column.label.values())} == {column.key}
    assert not DESCRIPTION.keys() & LAW.facts.keys()


def test_answers_are_known_in_three_languages_and_by_key() -> None:
    for column in columns(LAW):
        for choice, labels in (column.fact.choices if column.fact else {}).items():
            assert {column.words[fold(word)] for word in (choice, *labels.values())} == {choice}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_template_reads_as_an_empty_table_and_explains_every_column(lang: str) -> None:
    content = template(LAW, lang)
    table = read(content, LAW)
    assert (table.rows, table.problems) == (0, [])
    explained = [
        cells[0] for _, cells in read_xlsx(content, {"kk": "Бағандар туралы", "ru": "О столбцах", "en": "About the columns"}[lang])
    ]
    assert explained[2:] == [column.key for column in columns(LAW)]


def table_of(*rows: list[Any], form: str = "xlsx") -> Table:
    content = write_xlsx([Sheet("s", rows[0], rows[1:])]) if form == "xlsx" else "".join(write_csv(rows)).encode()
    return read(content, LAW)


def faults(table: Table) -> list[tuple[int, str, str]]:
    return [(problem.row, problem.column, problem.told("en")[0]) for problem in table.problems]


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_every_fault_is_listed_and_none_stops_the_others(form: str) -> None:
    table = table_of(
        ["slug", "name_en", "vendor", "vendor_bin", "uses_model", "stage", "uses_modell", "owner"],
        ["a", "A", "V1", "190140999998", "yes", "pilot", None, None],
        ["a", "A2"],
        ["b b", "x" * 201, None, "190140999997", "perhaps", "someday", "ignored", "nobody"],
        [None, None, None, None, "да"],
        ["c", "C", "V2", "190140999998"],
        ["d", "D", "v1", "190140999998", None, None, None, None, "stray"],
        ["e", "E", "V1", "190140999998"],
        form=form,
    )
    assert faults(table) == [
        (1, "uses_modell", "unknown column 'uses_modell'"),
        (3, "slug", "'a' stands in row 2 already"),
        (4, "slug", "'b b' is no short name"),
        (4, "name_en", "is longer than 200 letters"),
        (4, "vendor_bin", "'190140999997' is no BIN"),
        (4, "uses_model", "'perhaps' is no answer"),
        (4, "stage", "'someday' is no answer"),
        (4, "owner", "'nobody' is no e-mail address"),
        (5, "name_kk", "neither a short name nor a name"),
        (6, "vendor_bin", "BIN 190140999998 is that of 'V1' in row 2"),
        (7, "", "'stray' stands under no heading"),
    ]
    assert [entry.slug for entry in table.entries] == ["a", "e"]
    assert table.rows == 7


def test_hints_are_in_the_language_of_the_reader() -> None:
    (problem,) = table_of(["slug", "stage"], ["a", "x"]).problems
    assert problem.told("ru")[1].startswith("Одно из: планируется; разрабатывается")
    assert problem.told("kk")[1].startswith("Мыналардың бірі: жоспарланып отыр")


def test_formulas_are_refused_with_their_row() -> None:
    assert faults(read(b"slug,name_en\na,=1+1\nb,'=1+1\n", LAW)) == [(2, "name_en", "is a formula, or the fault of one")]


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("иә", True),
        ("ДА", True),
        ("Yes.", True),
        (True, True),
        (1, True),
        ("нет", False),
        (0, False),
        ("-", CLEAR),
        ("Not known yet", CLEAR),
    ],
)
def test_yes_and_no_in_many_words(raw: Any, value: Any) -> None:
    assert table_of(["slug", "Работает ли система на основе одной или нескольких моделей?", "uses_model"], ["a", None, raw]).entries[
        0
    ].values == {
        "slug": "a",
        "uses_model": value,
    }


def test_several_answers_in_any_language_are_put_in_the_order_of_the_law() -> None:
    table = table_of(["slug", "media_kinds", "regions", "vendor_bin"], ["a", "текст; video\nкескін", "Алматы; Астана", 40140000006])
    assert table.entries[0].values["media_kinds"] == ["image", "video", "text"]
    assert table.entries[0].values["regions"] == ["Алматы", "Астана"]


def test_two_rows_of_one_name_without_short_names_are_one_too_many() -> None:
    assert faults(table_of(["name_ru"], ["Скоринг"], ["скоринг "])) == [(3, "name_kk", "'скоринг' stands in row 2 already")]


def test_json_says_none_for_what_is_taken_away() -> None:
    systems = [{"slug": "a", "vendor": None, "facts": {"uses_model": None, "media_kinds": []}}, 7, {"slug": "b", "vendr": 1}]
    table = read(json.dumps({"schema": SCHEMA, "systems": systems}).encode(), LAW)
    assert [entry.values for entry in table.entries] == [{"slug": "a", "vendor": CLEAR, "uses_model": CLEAR, "media_kinds": []}]
    assert faults(table) == [(2, "", "expected an object"), (3, "vendr", "unknown column 'vendr'")]


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"[]",
        b'{"schema": "tanba.register/2", "systems": []}',
        b"[" * 100_000,
        b'{"systems": 1}',
        b'{"schema": "tanba.register/1", "systems": [{"name": {"en": "\\ud800"}}]}',
    ],
)
def test_other_json_is_one_clear_error(content: bytes) -> None:
    with pytest.raises(InputError, match="JSON"):
        read(content, LAW)


@pytest.mark.parametrize("content", [b"", b"a;b\n1;2\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 9, b"PK\x03\x04"])
def test_what_is_no_table_is_one_clear_error(content: bytes) -> None:
    with pytest.raises(InputError):
        read(content, LAW)
