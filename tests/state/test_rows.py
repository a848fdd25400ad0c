"""Checklists and records as tables: what reads, and why a row does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanba.errors import InputError
from tanba.sheets import Sheet, write_xlsx
from tanba.state.rows import read_checklist, read_records

HEAD = "№;Требование;Применимо;Состояние;Доказательство\n"


def test_a_checklist_of_a_spreadsheet_reads_with_headings_of_any_language() -> None:
    found = read_checklist("list.csv", (HEAD + "1.1;Доступ по ролям;да;выполнено;DMS 3\n1.2;Журналы;;частично;\n").encode())
    assert not found.refused
    assert [(row.number, row.applies, row.state) for row in found.rows] == [("1.1", True, "met"), ("1.2", None, "partly")]


def test_the_same_as_a_workbook_and_as_yaml() -> None:
    book = write_xlsx([Sheet("x", ["Нөмір", "Талап", "Қолданылады", "Күйі"], [[1, "…", "иә", "орындалды"], [2.5, "…", "жоқ", None]])])
    listed = b"- {number: '1', text: '\xe2\x80\xa6', applies: 'yes', state: met}\n- {number: '2.5', text: '\xe2\x80\xa6', applies: 'no'}\n"
    assert read_checklist("list.xlsx", book).rows == read_checklist("list.yaml", listed).rows
    assert [row.applies for row in read_checklist("list.xlsx", book).rows] == [True, False]


def test_a_row_that_does_not_read_is_named_and_the_others_stay() -> None:
    found = read_checklist("list.csv", (HEAD + "1;a;maybe;met;\n2;b;да;выполнено;x\n3;=1+1;да;met;\n").encode())
    assert [row.number for row in found.rows] == ["2"]
    assert [(number, error.values["place"]) for number, error in found.refused] == [(2, "applies"), (4, "text")]


def test_records_read_days_and_hours_as_people_write_them() -> None:
    found = read_records("r.csv", "Роль;Курс;Дата;Часы;Сотрудник;Действует до\nengineer;law;2026-04-21;1,5;E-01;2027-04-21\n".encode())
    (row,) = found.rows
    assert (row.role, row.hours, row.person, str(row.valid_until)) == ("engineer", 1.5, "E-01", "2027-04-21")
    bad = read_records("r.csv", b"role,course,day,hours\nengineer,law,21.04.2026,6\nengineer,law,2026-04-21,many\n")
    assert [(number, error.values["place"]) for number, error in bad.refused] == [(2, "day"), (3, "hours")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b""),
        ("a.csv", b"x,y\n1,2\n"),
        ("a.xlsx", b"PK no workbook"),
        ("a.yaml", b"number: 1\n"),
        ("a.yaml", b"\xff\xfe"),
        ("a.csv", b"number\n" + b"1\n" * 501),
        ("a.csv", b"\x00\x01\x02"),
    ],
)
def test_a_file_that_is_no_table_is_one_error(name: str, content: bytes) -> None:
    with pytest.raises(InputError):
        read_checklist(name, content)


@given(st.binary(max_size=300), st.sampled_from(("a.csv", "a.xlsx", "a.yaml")))
def test_whatever_bytes_are_given_rows_are_read_or_refused_in_words(content: bytes, name: str) -> None:
    for read, head in ((read_checklist, b"number,applies\n"), (read_records, b"role,course,day,hours\n")):
        for given_bytes in (content, head + content):
            try:
                found = read(name, given_bytes)
            except InputError:
                continue
            assert all(error.hint for _, error in found.refused)
