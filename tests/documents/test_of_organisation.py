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
from tanba.material.common import Whose
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
    assert chart(found, "incidents_months").rows[1][1] == (1,)


def test_an_amount_is_given_only_where_the_article_was_read() -> None:
    found = {entry["path"]: entry["amounts"]["en"] for entry in known([])["sanctions"]}
    unread = [path for path in found if not BOOK.provisions[path].text_read]
    assert unread
    assert all((found[path] == t("report.exposure.unverified", "en")) is (path in unread) for path in found)


def test_a_prohibited_system_asks_the_board_to_decide_on_stopping_it_and_a_clean_portfolio_does_not() -> None:
    def asked(paths: list[Path]) -> list[str]:
        boxes = make("board", known(paths)).blocks
        return [block.said.text["en"] for block in boxes if isinstance(block, Check) and block.name == "asked"]

    assert any("stopping" in text for text in asked(EXAMPLES))
    assert not any("stopping" in text for text in asked([path for path in EXAMPLES if path.stem == "fee-rules"]))
