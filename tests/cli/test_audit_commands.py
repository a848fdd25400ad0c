"""`tanba audit`, as it is read and as it fails."""

from pathlib import Path

import pytest

from tanba.cli import main
from tanba.strings import LANGUAGES

ROOT = Path(__file__).parent.parent.parent
SYSTEM, AUDIT = str(ROOT / "examples/systems/credit-scorer.yaml"), ROOT / "examples/audits/credit-scorer.yaml"
DAY = ["--on", "2026-11-30"]
Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_checklist_has_the_auditors_verdict_beside_the_facts(lang: str, capsys: Capture) -> None:
    assert main(["audit", "checklist", SYSTEM, "--audit", str(AUDIT), "--lang", lang, *DAY]) == 1
    said = capsys.readouterr().out
    assert {"kk": "келіспейді", "ru": "не согласен", "en": "disagrees"}[lang] in said
    assert "20" in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_findings_show_state_and_what_is_overdue(lang: str, capsys: Capture) -> None:
    assert main(["audit", "findings", str(AUDIT), "--lang", lang, *DAY]) == 1
    said = capsys.readouterr().out
    assert {"kk": "жауап берілді", "ru": "есть ответ", "en": "answered"}[lang] in said
    assert "2026-11-27 ✗" in said


def test_nothing_overdue_is_no_finding(capsys: Capture) -> None:
    assert main(["audit", "findings", str(AUDIT), "--on", "2026-11-26"]) == 0
    capsys.readouterr()


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("schema: tanba.audit/1", "schema: tanba.audit/9", 2, "does not fit"),
        ("systems: [credit-scorer]", "systems: [other]", None, "not in scope"),
        ("ends: 2026-12-15", "ends: 2020-12-15", 9, "within a year"),
        ("      - act: answer", "      - act: close", None, "takes no close"),
        ("provision: 230-VIII/20/2/1", "provision: 230-VIII/99", None, "no provision"),
        ("number: 2", "number: 1", None, "a number of its own"),
        ("severity: major", "severity: huge", None, "does not fit"),
    ],
)
def test_bad_files_are_one_sentence_with_a_line(tmp_path: Path, capsys: Capture, old: str, new: str, line: int | None, said: str) -> None:
    path = tmp_path / "audit.yaml"
    path.write_text(AUDIT.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    assert main(["audit", "findings", str(path), "--lang", "en"]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert f"audit.yaml:{line}:" in told if line else "audit.yaml:" in told
    assert "Traceback" not in told


@pytest.mark.parametrize("lang", [*LANGUAGES, "kk+ru"])
def test_the_pack_is_made_in_every_language(tmp_path: Path, capsys: Capture, lang: str) -> None:
    path = tmp_path / "pack.html"
    assert (
        main(["documents", "make", "audit-pack", SYSTEM, "--audit", str(AUDIT), "--lang", lang, "--to", "html", "-o", str(path), *DAY]) == 0
    )
    capsys.readouterr()
    made = path.read_text(encoding="utf-8")
    assert "Burkit Audit LLP" in made
    assert {"kk": "келіспейді", "ru": "не согласен", "en": "disagrees", "kk+ru": "не согласен"}[lang] in made


def test_the_pack_of_a_system_that_is_not_in_scope_is_refused(tmp_path: Path, capsys: Capture) -> None:
    other = str(ROOT / "examples/systems/limit-manager.yaml")
    assert main(["documents", "make", "audit-pack", other, "--audit", str(AUDIT), "-o", str(tmp_path / "x.docx"), "--lang", "en"]) == 2
    assert "not in scope" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("content", ["", "[]", "\x00", "schema: tanba.audit/1\n", "schema: tanba.audit/1\nfindings: {}\n"])
def test_files_that_are_none(tmp_path: Path, capsys: Capture, content: str) -> None:
    path = tmp_path / "audit.yaml"
    path.write_text(content)
    assert main(["audit", "findings", str(path)]) == 2
    assert "audit.yaml" in capsys.readouterr().err
