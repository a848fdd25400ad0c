"""`tanba state` as people type it."""

import json
from pathlib import Path

import pytest

from tanba.cli import main
from tanba.errors import FINDING, FINE, MISUSE
from tanba.strings import LANGUAGES, t

ROOT = Path(__file__).parents[2]
FORMS = {
    "pilot": "pilot-credit-scorer",
    "trusted-list": "trusted-list-fraud-monitor",
    "security": "security-fraud-monitor",
    "training": "training",
}
DAY = ["--on", "2026-11-30"]


def path(form: str) -> str:
    return str(ROOT / f"examples/state/{FORMS[form]}.yaml")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_told_in_three_languages_with_its_basis_and_limits(form: str, lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["state", form, path(form), *DAY, "--lang", lang]) == FINDING
    shown = capsys.readouterr().out
    assert t("cli.state.basis", lang) in shown
    assert shown.rstrip().endswith(t(f"cli.state.note_{form.replace('-', '_')}", lang))
    assert "{" not in shown


@pytest.mark.parametrize(("system", "code"), [("fraud-monitor", None), ("credit-scorer", "not_high"), ("wealth-adviser", "degree_open")])
def test_the_degree_of_risk_decides_whether_there_is_a_list(system: str, code: str | None, capsys: pytest.CaptureFixture[str]) -> None:
    main(["state", "trusted-list", path("trusted-list"), "--for", str(ROOT / f"examples/systems/{system}.yaml"), "--format", "json", *DAY])
    found = json.loads(capsys.readouterr().out)
    assert [each["code"] for each in found["missing"]] == ([code] if code else [])
    assert {clock["basis"] for clock in found["clocks"]} == {"reported"}


def test_security_is_a_duty_of_the_two_subclasses_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    system = tmp_path / "grid.yaml"
    answers = {"applies": ("true", "true"), "unknown": ("true", "null"), "not_applicable": ("true", "false")}
    for answer, (high, critical) in answers.items():
        system.write_text(
            f"facts: {{uses_model: true, model_abilities: [adapts, learns, optimises], operated_in_kazakhstan: true, owns_system: true, "
            f"failure_emergency: {high}, critical_ict_object: {critical}, forms_state_resources: false}}\n"
        )
        main(["state", "security", path("security"), "--for", str(system), "--format", "json", *DAY])
        assert json.loads(capsys.readouterr().out)["duty"]["answer"] == answer


def test_without_a_system_it_is_unknown_whether_security_is_a_duty(capsys: pytest.CaptureFixture[str]) -> None:
    main(["state", "security", path("security"), "--format", "json", *DAY])
    assert json.loads(capsys.readouterr().out)["duty"]["answer"] == "unknown"


def test_a_form_in_order_is_fine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(
        "schema: tanba.trusted-list/1\nsystem: fraud-monitor\nbody: the sectoral body\n"
        + "".join(f"{name}: {{ready: '2026-10-20', evidence: DMS, form: contract}}\n" for name in ("application", "rights", "audit"))
    )
    assert main(["state", "trusted-list", str(file), *DAY]) == FINE
    capsys.readouterr()


@pytest.mark.parametrize(
    ("form", "content", "line"),
    [
        ("pilot", "schema: tanba.training/1\n", 1),
        ("pilot", "schema: tanba.pilot/1\nexit:\n  - metric: AUC\n    threshold: much\n", 4),
        ("pilot", "schema: tanba.pilot/1\nwindow:\n  until: December\n", 3),
        ("trusted-list", "schema: tanba.trusted-list/1\nevents:\n  - {what: returned, day: '2026-11-11'}\n", 3),
        ("trusted-list", "schema: tanba.trusted-list/1\nevents:\n  - {what: submitted, day: '2027-11-11'}\n", 3),
        ("training", "schema: tanba.training/1\ncourses:\n  - {id: law}\nrecords:\n  - {role: x, course: law}\n", 5),
        ("security", "schema: tanba.security-dossier/1\nofficers: {}\n", 2),
        ("security", "[]\n", 1),
        ("security", "a: [\n", 2),
    ],
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_mistake_is_one_error_with_its_line(
    form: str, content: str, line: int, lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "form.yaml"
    file.write_text(content)
    assert main(["state", form, str(file), *DAY, "--lang", lang]) == MISUSE
    assert capsys.readouterr().err.startswith(f"tanba: {file}:{line}: ")


def test_a_checklist_from_a_table_makes_the_requirements_known(capsys: pytest.CaptureFixture[str]) -> None:
    table = ["--table", str(ROOT / "examples/state/unified-requirements.csv")]
    main(["state", "security", path("security"), *table, "--format", "json", *DAY])
    assert json.loads(capsys.readouterr().out)["requirements"] == {"met": 1, "partly": 1, "not_met": 0, "unknown": 1, "not_applicable": 1}


def test_records_from_a_table_are_counted_and_a_bad_row_is_one_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "r.csv"
    table.write_text("role,course,day,person\nengineer,law,2026-05-05,E-02\n")
    main(["state", "training", path("training"), "--table", str(table), "--format", "json", *DAY])
    assert [each["valid"] for each in json.loads(capsys.readouterr().out)["coverage"]] == [3, 1, 2, 0]
    for content in ("role,course,day\nengineer,law,5 May\n", "role,course,day\npilot,law,2026-05-05\n", "a,b\n1,2\n"):
        table.write_text(content)
        assert main(["state", "training", path("training"), "--table", str(table), *DAY]) == MISUSE
        assert capsys.readouterr().err.count("\n") == 2
