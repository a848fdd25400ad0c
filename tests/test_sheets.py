"""Spreadsheets: what goes out comes back, nothing is taken for a formula, and a hostile file gets one clear error."""

import contextlib
import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanba import sheets
from tanba.errors import InputError
from tanba.sheets import FORMULA_STARTS, Formula, Sheet, plain_cell, read_csv, read_xlsx, safe_cell, write_csv, write_xlsx

STARTS = st.sampled_from(["", "'", "''", *FORMULA_STARTS, "'=", "''=", "_x0041_", "_x005F_"])
TEXTS = st.builds(lambda start, rest: start + rest, STARTS, st.text(max_size=30))


def book(rows: list[list[Any]]) -> bytes:
    return write_xlsx([Sheet("Systems", ["a", "b"], rows)])


def repacked(content: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """The same workbook with some of its parts changed."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, change(part.filename, old.read(part)))
    return file.getvalue()


@given(TEXTS)
def test_a_safe_cell_is_no_formula_and_comes_back(text: str) -> None:
    assert plain_cell(safe_cell(text)) == text
    assert not text or safe_cell(text)[:1] not in FORMULA_STARTS


@pytest.mark.parametrize(
    ("cell", "safe"), [("=1", "'=1"), ("+7", "'+7"), ("-x", "'-x"), ("@a", "'@a"), ("\tx", "'\tx"), ("a=b", "a=b"), ("", "")]
)
def test_safe_cells(cell: str, safe: str) -> None:
    assert safe_cell(cell) == safe


@given(st.lists(st.lists(TEXTS.filter(lambda text: "\x00" not in text), min_size=1, max_size=3), max_size=4), st.sampled_from(",;\t"))
def test_csv_comes_back(rows: list[list[str]], delimiter: str) -> None:
    heading = ["slug", "name", "vendor"]
    read = [cells for _, cells in read_csv("".join(write_csv([heading, *rows], delimiter)).encode())]
    assert read == [heading, *filter(None, map(stripped, rows))]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(TEXTS, min_size=1, max_size=3), max_size=4))
def test_a_workbook_comes_back(rows: list[list[str]]) -> None:
    plain = [[text.encode("utf-8", "replace").decode() for text in row] for row in rows]
    assert [cells for _, cells in read_xlsx(book(plain))] == [["a", "b"], *filter(None, map(stripped, plain))]


def test_half_a_letter_that_a_workbook_spells_out_is_no_letter() -> None:
    file = io.BytesIO()
    made = openpyxl.Workbook()
    made.worksheets[0].append(["a_xD800_b", "_x0041_"])
    made.save(file)
    assert [cells for _, cells in read_xlsx(file.getvalue())] == [["a\ufffdb", "A"]]


def stripped(row: list[str]) -> list[str | None]:
    cells: list[str | None] = [cell or None for cell in row]
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def test_types_come_back() -> None:
    values = [True, 3, 2.5, date(2026, 11, 30), None, "ү"]
    assert [*read_xlsx(book([values]))][1] == (2, values)


def test_rows_keep_their_numbers() -> None:
    assert [number for number, _ in read_xlsx(book([["x"], [None], ["y"]]))] == [1, 2, 4]
    assert [number for number, _ in read_csv(b"a,b\n\nx,y\n")] == [1, 3]


def test_a_drop_down_offers_its_choices() -> None:
    content = write_xlsx([Sheet("Жүйелер", ["a", "b"], [["x", "y"]], choices={1: ["да", "нет"]}, widths={0: 40})])
    page = openpyxl.load_workbook(io.BytesIO(content))["Жүйелер"]
    (rule,) = page.data_validations.dataValidation
    assert (str(rule.sqref), rule.formula1) == ("B2:B100000", "'_Жүйелер'!$A$1:$A$2")
    assert page.column_dimensions["A"].width == 40
    assert [*read_xlsx(content)][1] == (2, ["x", "y"])


def test_formulas_are_read_as_formulas_and_never_as_values() -> None:
    made, file = openpyxl.Workbook(), io.BytesIO()
    made.active.append(["=1+1", '=HYPERLINK("http://x")', "'=not one"])
    made.active["D1"], made.active["D1"].data_type = "#REF!", "e"
    made.active["E1"] = openpyxl.worksheet.formula.ArrayFormula("E1:E2", "=SUM(A1:A2)")
    made.save(file)
    ((_, cells),) = read_xlsx(file.getvalue())
    assert [type(cell) for cell in cells] == [Formula, Formula, str, Formula, Formula]
    assert cells[2] == "=not one"
    assert [type(cell) for cell in next(iter(read_csv(b"=1+1,'=1,+7 701")))[1]] == [Formula, str, str]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251", "kz1048"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_encodings_and_separators_are_recognised(encoding: str, delimiter: str) -> None:
    words = ["Наименование", "Скоринг «Ә»" if encoding not in ("cp1251",) else "Скоринг №1"]
    assert next(iter(read_csv(delimiter.join(words).encode(encoding))))[1] == words


def test_a_named_separator_counts_as_a_row() -> None:
    assert [*read_csv(b"sep=;\na;b,c\n")] == [(2, ["a", "b,c"])]


@pytest.mark.parametrize("content", [bytes(range(128, 256)), b"\xff\xfea", b"a\x00b", "naïve café".encode("latin-1"), b"\x89PNG\r\n"])
def test_other_bytes_are_one_clear_error(content: bytes) -> None:
    with pytest.raises(InputError, match="no text that we can read"):
        list(read_csv(content))


def test_a_broken_quote_names_its_row() -> None:
    with pytest.raises(InputError, match="row 2: broken CSV"):
        list(read_csv(b'a,b\n"x"y,z\n'))


def test_every_cut_of_a_workbook_is_refused() -> None:
    whole = book([["x", "y"]])
    for length in range(0, len(whole), 97):
        with pytest.raises(InputError):
            list(read_xlsx(whole[:length]))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0" * 200, b"<html></html>"])
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(InputError, match="no workbook"):
        list(read_xlsx(content))


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("hello.txt", "hello")
    with pytest.raises(InputError, match="no workbook"):
        list(read_xlsx(file.getvalue()))


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_UNPACKED", 1_000_000)
    bomb = repacked(book([["x"]]), lambda name, part: part + b" " * 2_000_000 if name.endswith("sheet1.xml") else part)
    assert len(bomb) < 20_000
    with pytest.raises(InputError, match="larger than"):
        list(read_xlsx(bomb))


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml", "_rels/.rels"])
def test_a_billion_laughs_are_refused(part: str) -> None:
    laugh = b'<!DOCTYPE x [<!ENTITY a "ha">' + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a;" * 10) for n in range(9)) + b"]>"

    def joke(name: str, content: bytes) -> bytes:
        head, mark, rest = content.rpartition(b"?>")
        return head + mark + b"<!-- late -->" + laugh + rest if name == part else content

    with pytest.raises(InputError, match="declares a document type"):
        list(read_xlsx(repacked(book([["x"]]), joke)))


def test_links_to_other_files_are_not_followed(tmp_path: Path) -> None:
    made, file = openpyxl.Workbook(), io.BytesIO()
    made.active.append([f"='[{tmp_path}/secret.xlsx]Sheet1'!A1", "x"])
    made.save(file)
    ((_, cells),) = read_xlsx(file.getvalue())
    assert isinstance(cells[0], Formula)


def test_more_rows_than_a_register_takes_are_refused() -> None:
    with pytest.raises(InputError, match="more than 100,000 rows"):
        list(read_csv(b"a\n" * 1_048_577))

    def far(name: str, part: bytes) -> bytes:
        return part.replace(b'r="2"', b'r="1048577"').replace(b'"A2"', b'"A1048577"') if name.endswith("sheet1.xml") else part

    with pytest.raises(InputError, match="more than 100,000 rows"):
        list(read_xlsx(repacked(book([["x"]]), far)))


def test_wider_rows_than_a_table_has_are_refused() -> None:
    with pytest.raises(InputError, match="row 1 has more than 1,000 cells"):
        list(read_csv(b"a," * 1_001 + b"b"))


WHOLE = book([["x", 1], ["y", True]])
"""Made once: a workbook says when it was made, and so is of another length a second later."""


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damage_is_an_error_or_a_table_and_nothing_else(data: st.DataObject) -> None:
    whole = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(InputError):
        list(read_xlsx(bytes(whole)))
