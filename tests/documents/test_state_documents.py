"""Documents made from forms of dealings with the state: what was not written is a gap, nothing is stronger than its basis."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tanba.calendars import kazakhstan
from tanba.documents.catalogue import TEMPLATES, make
from tanba.documents.layout import laid
from tanba.documents.model import Document, gaps, names, statements
from tanba.documents.pdf import LINE_OF_TWO
from tanba.law.assess import assess
from tanba.law.facts import read_system
from tanba.law.load import load
from tanba.law.rulebook import on
from tanba.material import organisation, state, system
from tanba.material.common import Whose
from tanba.state import pilot, security, training, trustedlist
from tanba.state.form import read
from tanba.strings import LANGUAGES, t
from tanba.yamlfile import read_yaml

EXAMPLES = Path(__file__).parents[2] / "examples"
BOOK = on(load(), date(2026, 11, 30))
WHOSE = Whose({"en": "Qarlygash JSC"}, "051140004567")
OF = {"pilot-plan": "credit-scorer", "pilot-report": "credit-scorer", "trusted-list": "fraud-monitor", "security": "fraud-monitor"}


def form(kind: type[Any], name: str) -> Any:
    return read(kind, "", {key: value for key, value in read_yaml(EXAMPLES / f"state/{name}.yaml").items() if key != "schema"})


def parts() -> dict[str, Any]:
    plan, pack = form(pilot.Pilot, "pilot-credit-scorer"), form(trustedlist.Application, "trusted-list-fraud-monitor")
    dossier, courses = form(security.Dossier, "security-fraud-monitor"), form(training.Training, "training")
    return {
        "pilot": state.part(plan, state.pilot_of(BOOK, plan)),
        "security": state.part(dossier, state.security_of(BOOK, dossier)),
        "training": state.part(courses, state.training_of(BOOK, courses)),
        "trusted_list": state.part(pack, state.trusted_list_of(BOOK, pack, kazakhstan(), ["high"])),
    }


def document(name: str, **more: Any) -> Document:
    found = parts() | more
    if name == "training":
        return make(name, organisation.material(BOOK, WHOSE, (), {}, **found))
    file = read_system(EXAMPLES / f"systems/{OF[name]}.yaml", BOOK.law)
    return make(name, system.material(BOOK, file, WHOSE, **found))


@pytest.mark.parametrize("name", [*OF, "training"])
def test_every_must_have_field_is_there_and_every_column_holds_a_gap(name: str) -> None:
    found = document(name)
    assert set(TEMPLATES[name].must) <= names(found)
    for block in [block for language in LANGUAGES for block in laid(found, (language,))["blocks"]]:
        assert "widths" not in block or min(block["widths"]) / sum(block["widths"]) * LINE_OF_TWO >= 34
        assert all(cell["text"] for row in block.get("rows", []) for cells in row for cell in cells)


@pytest.mark.parametrize(
    ("name", "count"), [("pilot-plan", 3), ("pilot-report", 14), ("trusted-list", 1), ("security", 5), ("training", 2)]
)
def test_what_the_examples_leave_open_is_a_gap(name: str, count: int) -> None:
    assert len(gaps(document(name))) == count


def test_a_report_tells_each_criterion_with_what_was_measured_and_makes_up_nothing() -> None:
    said = [each for name, each in statements(document("pilot-report")) if name == "exit"]
    texts = [each.text["en"] for each in said]
    assert texts[:3] == ["AUC\nat least 0.74", "0.761\n2026-11-20\nreport pd-5.0, table 2", "met"]
    assert [each.gap for each in said[3:6]] == [False, True, True]


def test_what_is_reported_of_the_list_says_so_and_no_benefit_is_claimed() -> None:
    found = document("trusted-list")
    reported = [source for _, said in statements(found) for source in said.sources if source.provision.startswith("kz/order-196")]
    assert reported
    assert not any(source.read for source in reported)
    for language, words in {"kk": ("артықшылық", "жеңілдік"), "ru": ("преимуществ", "льгот"), "en": ("benefit", "preference")}.items():
        shown = str(laid(found, (language,)))
        assert t("report.unread", language) in shown
        assert not any(word in shown for word in words)


def test_security_is_a_duty_only_where_the_assessment_says_so() -> None:
    said = dict(statements(document("security")))["equated"]
    assert said.gap
    credit = read_system(EXAMPLES / "systems/credit-scorer.yaml", BOOK.law)
    outside = dict(statements(make("security", system.material(BOOK, credit, WHOSE))))["equated"]
    assert "house policy" in outside.text["en"]
    assert state.duty_of(assess(BOOK, credit.facts)) == "not_applicable"


def test_without_a_checklist_requirements_are_a_gap_and_with_one_each_point_is_told() -> None:
    assert dict(statements(document("security")))["requirements"].gap
    points = (
        security.Requirement("1", "x", True, "met", "DMS 1"),
        security.Requirement("2", "y", None),
        security.Requirement("3", "z", False),
    )
    dossier = security.Dossier(requirements=security.Requirements("2026", "A. Counsel", date(2026, 9, 1), points))
    found = document("security", security=state.part(dossier, state.security_of(BOOK, dossier)))
    cells = [each for name, each in statements(found) if name == "requirements"]
    assert [each.gap for each in cells[1::3]] == [False, True, False]
    assert [each.text["en"] for each in cells[1::3]] == ["met", "unknown", "does not apply"]


def test_a_document_on_training_names_nobody() -> None:
    shown = str(laid(document("training"), ("en",)))
    assert "QA-118" in shown
    assert "U-01" not in shown
