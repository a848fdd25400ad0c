"""`tanba obligations` on files: every form, to a file or the screen, and bad input in words with nothing half written."""

import json
import shutil
from pathlib import Path

import pytest

from exported import ROOT, prop, read
from tanba.cli import main
from tanba.cli.obligations import FORMS, WITHOUT_SYSTEMS
from tanba.digest import sha256

SYSTEMS = ROOT / "examples/systems"
SCORER = str(SYSTEMS / "credit-scorer.yaml")
DAY = ["--on", "2026-11-22"]
Capture = pytest.CaptureFixture[str]


def test_the_verb_knows_every_form() -> None:
    from tanba.export import forms

    assert set(FORMS) == set(forms.FORMS)
    assert WITHOUT_SYSTEMS == forms.WITHOUT_SYSTEMS


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_form_of_a_folder_goes_into_a_file(form: str, language: str, tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "out"
    assert main(["obligations", str(SYSTEMS), "--to", form, "-o", str(path), "--lang", language, *DAY]) == 0
    assert str(path) in capsys.readouterr().out
    if form.startswith("oscal"):
        read(path.read_bytes(), tmp_path)


def test_systems_may_be_named_one_by_one_and_twice(capsys: Capture) -> None:
    assert main(["obligations", SCORER, str(SYSTEMS / "fraud-monitor.yaml"), SCORER, *DAY]) == 0
    rows = json.loads(capsys.readouterr().out)["obligations"]
    assert {each["system"] for each in rows} == {"credit-scorer", "fraud-monitor"}
    assert len({(each["system"], each["provision"]) for each in rows}) == len(rows)


def test_a_file_named_as_evidence_is_listed_by_its_digest_and_counts_for_nothing_yet(capsys: Capture) -> None:
    assert main(["obligations", SCORER, *DAY]) == 0
    rows = json.loads(capsys.readouterr().out)["obligations"]
    [row] = [each for each in rows if each["evidence"]]
    kept = SYSTEMS / "evidence/credit-scorer/user-agreement.md"
    assert row["provision"].startswith("kz/230-VIII/15/2/5@")
    assert row["evidence"][0]["sha256"] == sha256(kept.read_bytes())
    assert (row["evidence"][0]["position"], row["status"]) == (None, "open")


def test_evidence_that_is_not_there_has_no_digest(tmp_path: Path, capsys: Capture) -> None:
    shutil.copy(SCORER, tmp_path)
    assert main(["obligations", str(tmp_path / "credit-scorer.yaml"), *DAY]) == 0
    [row] = [each for each in json.loads(capsys.readouterr().out)["obligations"] if each["evidence"]]
    assert row["evidence"][0]["sha256"] is None


def test_house_policy_beside_the_systems_is_heeded(capsys: Capture) -> None:
    assert main(["obligations", SCORER, *DAY]) == 0
    assert "house" in {each["layer"] for each in json.loads(capsys.readouterr().out)["obligations"]}


def test_the_catalog_needs_no_system(capsys: Capture, tmp_path: Path) -> None:
    assert main(["obligations", "--to", "oscal-catalog", *DAY]) == 0
    plain = read(capsys.readouterr().out.encode(), tmp_path)
    assert prop(plain["metadata"], "jurisdiction") == "kz"


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--to", "oscal-results"],
        ["nowhere.yaml"],
        [SCORER, "--on", "yesterday"],
        [SCORER, "--on", "2025-01-01"],
        [SCORER, "--system", "credit-scorer"],
        ["--organisation", "--on", "2026-11-22"],
        [SCORER, "-o", "no/such/folder/x.json"],
    ],
)
def test_bad_input_is_told_in_words_and_nothing_is_written(
    arguments: list[str], language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["obligations", *arguments, "--lang", language]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("tanba: ")
    assert len(captured.err.splitlines()) == 2
    assert list(tmp_path.iterdir()) == []


def test_one_broken_system_among_many_leaves_the_old_file_whole(tmp_path: Path, capsys: Capture) -> None:
    shutil.copytree(SYSTEMS, tmp_path / "systems")
    (tmp_path / "systems/broken.yaml").write_text("facts: {no_such_fact: true}\n")
    old = tmp_path / "old.json"
    old.write_text("before")
    assert main(["obligations", str(tmp_path / "systems"), "-o", str(old), *DAY]) == 2
    assert "broken.yaml" in capsys.readouterr().err
    assert old.read_text() == "before"


def test_two_systems_of_one_name_are_refused(tmp_path: Path, capsys: Capture) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        shutil.copy(SCORER, tmp_path / name)
    assert main(["obligations", str(tmp_path), "--lang", "en", *DAY]) == 2
    assert "two systems are called 'credit-scorer'" in capsys.readouterr().err
