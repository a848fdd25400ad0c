"""The table of obligations: the same rows as JSON, CSV and XLSX; no formula; what is not known stays so; ids find their way back."""

import csv
import io
import json
from dataclasses import replace
from typing import Any

import jsonschema
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exported import DAY, FILES, HOSTILE, PROOF, ROOT, WHOLE, book, joined, owing, prop, subject, subjects
from tanba.errors import InputError
from tanba.export import table
from tanba.export.component import component_definition
from tanba.export.forms import FORMS, written
from tanba.export.model import DUTIES, Whole
from tanba.export.results import assessment_results
from tanba.export.table import COLUMNS, Row, as_csv, as_json, as_xlsx, record, rows_of
from tanba.law.assess import LAYERS
from tanba.law.model import ASSESSED
from tanba.strings import LANGUAGES, t

SCHEMA = jsonschema.Draft202012Validator(json.loads((ROOT / "spec/schema/obligations.json").read_text()))


def plain(**options: Any) -> Any:
    value = json.loads(joined(as_json(WHOLE, book(), rows_of(book(), subjects(proofs=(PROOF,), status="met", due=DAY), **options))))
    SCHEMA.validate(value)
    return value


def test_a_row_for_every_provision_of_every_assessment() -> None:
    value = plain()
    pairs = [(each["system"], each["provision"]) for each in value["obligations"]]
    assert len(pairs) == len(set(pairs))
    assert set(pairs) == {(each.slug, entry["provision"]) for each in subjects() for entry in each.report["provisions"]}
    assert value["day"] == "2026-11-22"
    assert value["checkpoint"]["size"] == 3


def test_all_adds_what_does_not_apply() -> None:
    value = plain(everything=True)
    looked_at = {each.id for each in book().provisions.values() if each.kind in ASSESSED}
    for given_subject in subjects():
        rows = {each["provision"]: each for each in value["obligations"] if each["system"] == given_subject.slug}
        assert rows.keys() == looked_at
        known = {each["provision"] for each in given_subject.report["provisions"]}
        assert {each for each, row in rows.items() if row["applies"] == "no"} == looked_at - known
        assert all(row["status"] is None for row in rows.values() if row["applies"] != "yes")


def test_a_status_stands_only_where_something_is_owed() -> None:
    for each in plain()["obligations"]:
        owed = each["applies"] == "yes" and each["layer"] in DUTIES and each["kind"] != "right"
        assert each["status"] == (None if not owed else "evidenced" if each["layer"] == "reported" else "met")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_csv_and_xlsx_hold_the_same_cells(lang: str) -> None:
    every = subjects(proofs=(PROOF,), due=DAY, remark="бір; екі", assignee="Аяз")
    content = joined(as_csv(book(), rows_of(book(), every), lang)).decode()
    assert content.startswith("\ufeff")
    head, *rows, last = csv.reader(io.StringIO(content.removeprefix("\ufeff")))
    assert last == [t("words.disclaimer", lang)]
    assert head == [t(f"obligations.column_{name}", lang) for name in COLUMNS]
    assert len(rows) == sum(len(each.owed) for each in every)
    book_read = openpyxl.load_workbook(io.BytesIO(as_xlsx(WHOLE, book(), rows_of(book(), every), lang)))
    sheet = [["" if cell is None else cell for cell in row] for row in book_read.worksheets[0].iter_rows(values_only=True)]
    assert [[str(cell)[:10] if hasattr(cell, "date") else cell for cell in row] for row in sheet] == [head, *rows]
    assert "review.pdf (№ 7)" in {row[COLUMNS.index("evidence")] for row in rows}
    about = [[cell for cell in row if cell is not None] for row in book_read.worksheets[1].iter_rows(values_only=True)]
    assert [t("words.disclaimer", lang)] in about


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(start: str) -> None:
    given_subject = replace(subject(FILES[0], remark=f"{start}HYPERLINK(1)", assignee=f"{start}1"), slug="x", name={"en": f"{start}1"})
    rows = list(rows_of(book(), [given_subject]))
    for line in csv.reader(io.StringIO(joined(as_csv(book(), rows, "en")).decode().removeprefix("\ufeff"))):
        assert not any(cell.startswith(start) for cell in line)
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(WHOLE, book(), rows, "en"))).worksheets[0]
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)


def test_hostile_words_come_back_from_json_as_they_were() -> None:
    value = record(book(), Row("x", {"en": HOSTILE}, "2026-11-22", owing(remark=HOSTILE, assignee=HOSTILE)))
    again = json.loads(json.dumps(value))
    assert (again["remark"], again["assignee"], again["name"]) == (HOSTILE, HOSTILE, {"en": HOSTILE})


def test_an_edition_that_the_data_no_longer_have_is_known_by_its_id_only() -> None:
    value = record(book(), Row("x", {}, "2026-11-22", owing(provision="kz/230-VIII/99/9@2020-01-01")))
    assert (value["basis"], value["confidence"], value["text_read"]) == (None, None, False)
    assert value["title"]["kk"] == "230-VIII/99/9"


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MOST_ROWS", 5)
    with pytest.raises(InputError, match="more rows"):
        as_xlsx(WHOLE, book(), rows_of(book(), subjects()[:1]), "en")


def test_ids_find_their_way_through_oscal_and_back() -> None:
    """JSON → OSCAL → the same systems and provisions, with the same status."""
    every = subjects(status="evidenced")
    rows = {(each["system"], each["provision"]): each for each in plain_of(every)}
    found = {}
    for result in json.loads(joined(assessment_results(WHOLE, book(), every, "en")))["assessment-results"]["results"]:
        for each in [*result.get("findings", []), *result["observations"]]:
            if prop(each, "applies"):
                found[(prop(result, "system"), prop(each, "provision"))] = (prop(each, "applies"), prop(each, "status"))
    assert found == {key: (row["applies"], row["status"]) for key, row in rows.items()}
    components = json.loads(joined(component_definition(WHOLE, book(), every, "en")))["component-definition"]["components"]
    duties = {
        (prop(component, "system"), prop(each, "provision"))
        for component in components
        for layer in component["control-implementations"]
        for each in layer["implemented-requirements"]
    }
    assert duties == {key for key, row in rows.items() if row["applies"] == "yes" and row["kind"] != "right"}


def plain_of(every: Any) -> Any:
    return json.loads(joined(as_json(WHOLE, book(), rows_of(book(), every))))["obligations"]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_can_be_made_with_and_without_systems(form: str) -> None:
    assert joined(written(form, WHOLE, book(), subjects()[:1], "kk"))
    if form == "oscal-results":
        with pytest.raises(InputError, match="no system"):
            written(form, Whole(DAY), book(), [], "kk")
    else:
        assert joined(written(form, Whole(DAY), book(), [], "kk"))


@given(
    st.builds(
        owing,
        layer=st.sampled_from(LAYERS),
        applies=st.sampled_from(["yes", "no", "unknown"]),
        status=st.sampled_from(["open", "evidenced", "met"]),
        kind=st.sampled_from(ASSESSED),
        remark=st.text(max_size=30),
        assignee=st.text(max_size=30),
        due=st.none() | st.dates(),
    )
)
def test_whatever_is_owed_its_row_fits_the_schema_and_unknown_is_never_met(owed: Any) -> None:
    row = Row("x", {"en": "X"}, "2026-11-22", owed)
    SCHEMA.validate(json.loads(joined(as_json(WHOLE, book(), [row]))))
    if owed.applies != "yes" or owed.layer in ("reported", "companion", "recommended"):
        assert record(book(), row)["status"] != "met"
    [_, line, _] = csv.reader(io.StringIO(joined(as_csv(book(), [row], "en")).decode().removeprefix("\ufeff")), strict=True)
    assert len(line) == len(COLUMNS)
