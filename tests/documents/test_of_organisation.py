"""Documents of an organisation: must-have fields are there, counts are those of the systems, what no register was asked is a gap."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tanba.documents.catalogue import TEMPLATES, make
from tanba.documents.layout import laid
from tanba.documents.model import Chart, Check, Document, names, statements
from tanba.law.facts import read_system
from tanba.law.load import load
from tanba.law.rulebook import on
from tanba.marking.register import Mark
from tanba.marking.standard import Standard
from tanba.material.common import Whose
from tanba.material.marking import log_of, standard_of
from tanba.material.organisation import material, of_files
from tanba.strings import LANGUAGES, t

OF_ORGANISATION = [name for name, each in TEMPLATES.items() if each.of == "organisation"]
EXAMPLES = sorted((Path(__file__).parent.parent.parent / "examples/systems").glob("*.yaml"))
BOOK = on(load(), date(2026, 11, 22))
WHOSE = Whose({"kk": "«Qarlygash» АҚ", "ru": "АО «Qarlygash»", "en": "Qarlygash JSC"}, "051140004567")


def known(paths: list[Path], **parts: Any) -> dict[str, Any]:
    systems, duties = of_files(BOOK, [read_system(path, BOOK.law) for path in paths], ())
    return material(BOOK, parts.pop("whose", WHOSE), systems, duties, **parts)


def chart(found: Document, name: str) -> Chart:
    return next(block for block in found.blocks if isinstance(block, Chart) and block.name == name)


@pytest.mark.parametrize("paths", [EXAMPLES, []], ids=["example", "nothing"])
@pytest.mark.parametrize("name", OF_ORGANISATION)
def test_every_must_have_field_is_there_and_no_cell_is_empty(name: str, paths: list[Path]) -> None:
    found = make(name, known(paths))
    assert set(TEMPLATES[name].must) <= names(found)
    for language in LANGUAGES:
        for block in laid(found, (language,))["blocks"]:
            assert all(cell["text"] for row in block.get("rows", []) if isinstance(row, list) for cells in row for cell in cells)


@pytest.mark.parametrize("name", OF_ORGANISATION)
def test_of_an_unknown_organisation_nothing_is_filled_in(name: str) -> None:
    said = {field for field, each in statements(make(name, known([], whose=Whose()))) if each.gap}
    assert {"organisation", "bin"} <= said


def test_a_board_sees_every_system_once_by_tier_and_the_duties_that_the_assessments_give() -> None:
    given = known(EXAMPLES)
    found = make("board", given)
    assert sum(counts[0] for _, counts in chart(found, "tiers").rows) == len(EXAMPLES)
    shown = {label["en"]: counts for label, counts in chart(found, "duties").rows}
    assert shown["Law, text read"] == (given["duties"]["law"]["open"], given["duties"]["law"]["evidenced"], 0)
    assert sum(row["open"] for row in given["systems"]) == given["duties"]["law"]["open"]


def test_what_only_a_register_knows_is_a_gap_without_one_and_a_count_with_one() -> None:
    missing = {field for field, each in statements(make("board", known(EXAMPLES))) if each.gap}
    assert {"incidents", "requests", "marks", "deadlines"} <= missing
    counts = {"counts": {"all": 1}, "months": [["2026-10", 0], ["2026-11", 1]]}
    found = make("board", known(EXAMPLES, incidents=counts, requests=counts, marks=counts, register=True))
    assert not {field for field, each in statements(found) if each.gap} & {"incidents", "requests", "marks", "deadlines"}
    assert chart(found, "incidents_months").rows == (({"kk": "2026-11", "ru": "2026-11", "en": "2026-11"}, (1,)),)


def test_an_amount_is_given_only_where_the_article_was_read() -> None:
    found = {entry["path"]: entry["amounts"]["en"] for entry in known([])["sanctions"]}
    unread = [path for path in found if not BOOK.provisions[path].text_read]
    assert unread
    assert all((found[path] == t("report.exposure.unverified", "en")) is (path in unread) for path in found)


def test_a_prohibited_system_asks_the_board_for_immediate_measures_and_a_clean_portfolio_does_not() -> None:
    def asked(paths: list[Path]) -> list[str]:
        boxes = make("board", known(paths)).blocks
        return [block.said.text["en"] for block in boxes if isinstance(block, Check) and block.name == "asked"]

    assert any("suspend or terminate" in text for text in asked(EXAMPLES))
    assert not any("suspend or terminate" in text for text in asked([path for path in EXAMPLES if path.stem == "fee-rules"]))


def test_an_order_names_who_the_register_has_and_leaves_the_rest_open() -> None:
    found = make("appointment", known(EXAMPLES, people={"compliance": ["Daniyar Akhmetov"]}))
    said = {field: each for field, each in statements(found) if field}
    assert said["compliance"].text["en"] == "Daniyar Akhmetov"
    assert {name for name, each in said.items() if each.gap} == {"number", "personal_data", "security", "incidents", "control"}
    assert "recommendation" in said["security"].text["en"]
    assert said["security"].sources[0].basis == "practice"
    assert said["personal_data"].sources[0].basis == "other-law"


def test_a_policy_says_what_the_standard_says_and_that_the_form_is_unknown() -> None:
    found = make("labelling-policy", known(EXAMPLES, standard=standard_of(Standard(languages=("ru", "en")))))
    said = dict(statements(found))
    assert said["created"].text["kk"] == "Создано ИИ · Made by AI"
    assert said["form"].gap
    assert not any(source.read for source in said["form"].sources if "order-202" in source.provision)
    assert not said["standard"].gap


def test_a_log_counts_all_marks_and_prints_the_newest() -> None:
    marks = [
        Mark(n + 1, "2026-11-22T10:00:00Z", "image", "image/png", "created", "p", name="a.png", digest_after="ab" * 32) for n in range(3)
    ]
    found = make("labelling-log", known([], log=log_of(marks, 5), marks={"counts": {"all": 5}, "months": [["2026-11", 5]]}))
    text = [each.text["en"] for _, each in statements(found)]
    assert sum("a.png" in each for each in text) == 3
    assert "2 more files are in the register of marks." in text
    assert not any("ledger" in each and "not sealed" not in each for each in text if "ab" * 32 in each)
