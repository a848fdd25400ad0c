"""`tanba risks` and `tanba principles` as people type them."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tanba.cli import main
from tanba.errors import FINDING, FINE, MISUSE
from tanba.people.catalogue import principles, risks
from tanba.strings import LANGUAGES, t
from tanba.yamlfile import read_yaml

EXAMPLES = Path(__file__).parents[2] / "examples"
SCORER, REGISTER = str(EXAMPLES / "systems/credit-scorer.yaml"), str(EXAMPLES / "risks/credit-scorer.yaml")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_register_is_checked_in_three_languages(lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["risks", "check", REGISTER, "--on", "2026-11-22", "--lang", lang]) == FINDING
    shown = capsys.readouterr().out
    assert t("risks.finding_no_residual", lang) in shown
    assert t("cli.risks.no_verdict", lang) in shown
    assert "2027-03-02" in shown


def test_on_the_first_day_in_force_a_register_in_order_lacks_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["risks", "check", str(EXAMPLES / "risks/conveyor-maintenance.yaml"), "--on", "2026-01-18", "--lang", "en"]) == FINE
    assert "Next refresh: by 2027-09-14" in capsys.readouterr().out


def test_over_a_year_after_the_review_the_refresh_is_overdue(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["risks", "check", REGISTER, "--on", "2027-03-03", "--lang", "en"]) == FINDING
    assert "the refresh was due on 2027-03-02; to be refreshed at least once every year" in capsys.readouterr().out


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_catalogue_says_why(lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["risks", "catalogue", "--for", SCORER, "--lang", lang]) == FINE
    shown = capsys.readouterr().out
    assert risks()["region-as-proxy"].title[lang] in shown
    assert risks()["wrong-diagnosis-hint"].title[lang] not in shown
    assert t("cli.risks.practice", lang) in shown


def test_without_a_system_the_whole_catalogue_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["risks", "catalogue", "--json"]) == FINE
    assert {row["id"] for row in json.loads(capsys.readouterr().out)["risks"]} == risks().keys()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_matrix_is_a_picture(lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for more in ([], ["--inherent"]):
        assert main(["risks", "matrix", REGISTER, "-o", str(tmp_path / "m.svg"), "--lang", lang, *more]) == FINE
        assert ElementTree.parse(tmp_path / "m.svg").getroot().tag.endswith("svg")
    assert t("risks.level_severe", lang) in (tmp_path / "m.svg").read_text()
    assert capsys.readouterr().out.count("\n") == 12


@pytest.mark.parametrize("content", ["", "[]", "schema: tanba.risk-register/1\nrisks: {}\n", "schema: x", "\x00"])
def test_what_is_no_register_is_one_clear_error(content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(content)
    assert main(["risks", "check", str(path), "--lang", "en"]) == MISUSE
    told = capsys.readouterr().err
    assert "bad.yaml" in told
    assert "Traceback" not in told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_principles_show_texts_and_gaps(lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["principles", SCORER, "--risks", REGISTER, "--on", "2026-11-22", "--lang", lang]) == FINE
    shown = capsys.readouterr().out
    assert read_yaml(Path(SCORER))["principles"]["fairness"][lang] in shown
    assert shown.count(t("principles.gap_no_text", lang)) == 4
    assert shown.count(t("principles.gap_no_risk", lang)) == 3


def test_a_register_fills_the_fields_of_its_risks(capsys: pytest.CaptureFixture[str]) -> None:
    main(["principles", SCORER, "--risks", REGISTER, "--json", "--on", "2026-11-22"])
    found = {row["id"]: row for row in json.loads(capsys.readouterr().out)["principles"]}
    assert found.keys() == principles().keys()
    assert found["fairness"]["risks"] == ["region-as-proxy", "old-refusals-learned"]
    assert "no_risk" in found["safety"]["gaps"]


@pytest.mark.parametrize("written", ["{kindness: x}", "{safety: [x]}", "x", "{safety: {de: x}}"])
def test_what_is_no_text_of_a_principle_is_refused(written: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(f"schema: tanba.system/1\nsystem: s\nprinciples: {written}\nfacts: {{stage: pilot}}\n")
    assert main(["principles", str(path), "--lang", "en"]) == MISUSE
    assert "principles" in capsys.readouterr().err
