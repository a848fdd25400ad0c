"""Tables as people save them: any of three delimiters, Cyrillic, a byte order mark; what does not fit is one error with its line."""

import json
from pathlib import Path

import pytest
from lxml import etree

from tanba.cli import main
from tanba.errors import InputError
from tanba.people.fairness import Case, measure
from tanba.people.fairnesschart import chart
from tanba.people.predictions import read_table
from tanba.seal import Receipt, Trust, verify
from tanba.seal import measure as measured_file

TABLE = "пол,жас,одобрено,вернул\nж,18-35,1,1\nм,18-35,0,0\nж,60+,0,1\nм,60+,1,\n"
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_tables_are_read_as_they_are_saved(delimiter: str, mark: str, end: str) -> None:
    data = (mark + TABLE.replace(",", delimiter).replace("\n", end)).encode()
    assert read_table(data, ["пол"], "одобрено", "вернул") == {
        Case("ж", True, True): 1,
        Case("м", False, False): 1,
        Case("ж", False, True): 1,
        Case("м", True, None): 1,
    }
    assert Case("ж · 60+", False) in read_table(data, ["пол", "жас"], "одобрено")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "has no column"),
        (b"sex,approved\n", "has no rows"),
        (b"sex,approved\nf,2\n", "no row has '1'"),
        (b"sex,approved\nf\n", "a row has 1 cells, the header 2"),
        (b'sex,approved\nf,"1\n', "is no table"),
        ("sex,approved\n\u0436,1\n".encode("cp1251"), "is not UTF-8 text"),
        (b"sex,sex,approved\nf,f,1\n", "column 'sex' twice"),
        (b"sexx,approved\nf,1\n", "has no column 'sex'"),
        (b"\x00\x01,\x02\n", "has no column"),
    ],
)
def test_what_is_no_such_table_is_one_error(data: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        measure(read_table(data, ["sex"], "approved"))


def test_a_chart_is_well_formed_and_escapes_names() -> None:
    hostile = "<script>alert(1)</script>&"
    measured = measure({Case(hostile, True): 3, Case("b", False): 40})
    drawn = chart(measured, "selection_rate", "Доля <i>", "все", "мало")
    tree = etree.fromstring(drawn.encode())
    assert hostile in "".join(tree.itertext())
    assert "<script" not in drawn
    assert "мало" in drawn


def test_the_command_prints_keeps_draws_and_seals(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "table.csv"
    table.write_text(TABLE)
    words = [str(table), "--group", "пол", "--prediction", "одобрено", "--label", "вернул", "--charts", str(tmp_path / "charts")]
    report = tmp_path / "report.json"
    assert main(["fairness", *words, "-o", str(report), "--seal", "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "Share of positive predictions" in said
    assert "few cases" in said
    assert "no verdict of “fair”" in said
    assert json.loads(report.read_text())["schema"] == "tanba.fairness/1"
    assert len(list((tmp_path / "charts").glob("*.svg"))) == 6
    receipt = Receipt.parse(report.with_name("report.json.receipt.json").read_bytes())
    assert verify(receipt, Trust(), measured_file(report.read_bytes())).entry.kind == "fairness"
    assert main(["fairness", *words, "--seal", "--lang", "en"]) == 2
    assert "--seal takes --output" in capsys.readouterr().err


def test_an_error_names_file_and_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "table.csv"
    table.write_text("sex,approved\nf,1\nm\n")
    assert main(["fairness", str(table), "--group", "sex", "--prediction", "approved", "--lang", "ru"]) == 2
    assert f"{table}:3: в строке 1 ячеек" in capsys.readouterr().err
