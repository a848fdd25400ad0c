"""`tanba register`: template, dry run, import, export, undo, as somebody types them."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tanba import workspace
from tanba.cli import main
from tanba.exchange.files import read
from tanba.law.load import load
from tanba.web.accounts.models import Organisation, User
from tanba.web.evidence.models import Artifact
from tanba.web.exchange.models import Import
from tanba.web.systems.models import System

ROOT = Path(__file__).parent.parent.parent.parent
pytestmark = pytest.mark.django_db
CSV = "slug,name_en,vendor,stage\nscorer,,Aq,\nbot,Bot,,pilot\n"
FAULTY = CSV + "x,X,=1+1,someday\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tanba.workspace.Workspace.has_register", lambda self: True)
    monkeypatch.setattr("tanba.web.start.prepare", lambda: None)
    monkeypatch.setenv("TANBA_LANG", "en")
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(["register", *words])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def valid(name: str, text: str) -> Any:
    value = json.loads(text)
    jsonschema.Draft202012Validator(json.loads((ROOT / f"spec/schema/{name}.json").read_text())).validate(value)
    return value


@pytest.mark.file
def test_a_template_needs_no_register(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "t.xlsx"
    assert said(capsys, "template", "-o", str(path))[0] == 0
    assert read(path.read_bytes(), load("kz")).rows == 0
    code, _, err = said(capsys, "export", "-o", str(tmp_path / "x.xlsx"), "--lang", "en")
    assert (code, "there is no register in this workspace yet" in err) == (2, True)


def test_a_dry_run_writes_nothing(folder: Path, system: System, carol: User, capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.csv").write_text(FAULTY)
    code, out, _ = said(capsys, "import", "a.csv", "--dry-run")
    assert code == 1
    assert "~ scorer (row 2)\n    Vendor: – → Aq\n" in out
    assert "✗ row 4, Vendor: is a formula, or the fault of one\n    Put its value in its place.\n" in out
    assert "Rows: 3. Systems created: 1, changed: 1, unchanged: 0. Errors: 2, rows left out: 1." in out
    assert out.endswith("Nothing was written.\n")
    assert (System.objects.count(), Import.objects.count()) == (1, 0)


def test_errors_stop_an_import_unless_their_rows_are_left_out(
    folder: Path, system: System, carol: User, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("a.csv").write_text(FAULTY)
    code, out, _ = said(capsys, "import", "a.csv")
    assert (code, "--skip-errors" in out, System.objects.count()) == (1, True, 1)
    code, out, _ = said(capsys, "import", "a.csv", "--skip-errors", "--confirmed", "--format", "json")
    value = valid("register-import", out)
    assert (code, value["applied"], value["counts"]["created"], System.objects.get(slug="bot").stage) == (1, True, 1, "pilot")
    assert not Artifact.objects.exclude(state="sealed").exists()
    code, out, _ = said(capsys, "undo", value["import"])
    assert (code, System.objects.count()) == (0, 1)
    assert "Systems removed" not in out
    assert "systems removed 1, restored 1" in out
    assert said(capsys, "undo", value["import"])[0] == 2


def test_what_is_exported_is_taken_in_again(
    folder: Path, system: System, carol: User, bob: User, capsys: pytest.CaptureFixture[str]
) -> None:
    for form in ("xlsx", "csv", "json"):
        assert said(capsys, "export", "--to", form, "-o", f"x.{form}") == (0, f"x.{form}: 1 system written\n", "")
        code, out, _ = said(capsys, "import", f"x.{form}", "--confirmed")
        assert (code, "unchanged: 1" in out) == (0, True)
    valid("register", Path("x.json").read_text())


def test_who_and_whose_are_asked_where_they_are_not_plain(
    folder: Path, company: Organisation, alice: User, carol: User, charlie: User, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("a.csv").write_text(CSV)
    assert "several organisations" in said(capsys, "import", "a.csv")[2]
    own = ("import", "a.csv", "--organisation", company.bin)
    assert "say who imports" in said(capsys, *own)[2]
    assert "'dan@tanba.example' may not import here" in said(capsys, *own, "--by", "dan@tanba.example")[2]
    assert "no organisation is called 'Nobody'" in said(capsys, "export", "-o", "x.csv", "--organisation", "Nobody")[2]
    assert said(capsys, *own, "--by", "ALICE@tanba.example")[0] == 1  # scorer is not there, and has no name
    assert "there is no import 'x'" in said(capsys, "undo", "x")[2]


def test_a_file_that_cannot_be_read_is_named(folder: Path, carol: User, capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.xlsx").write_bytes(b"PK\x03\x04")
    code, _, err = said(capsys, "import", "a.xlsx")
    assert (code, err.startswith("tanba: a.xlsx: is no workbook that can be read")) == (2, True)
    assert said(capsys, "import", "missing.csv")[0] == 2
    assert not Import.objects.exists()
    assert workspace.current()
