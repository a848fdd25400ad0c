"""Laws of every document of every kind: must-have fields filled or as gaps, no empty cell, no gap of the law without its provision."""

from html import unescape
from itertools import pairwise
from typing import Any

import pytest

from letterpapers import EMPTY, FULL
from papers import squeezed
from tanba.documents.catalogue import OF, TEMPLATES, make
from tanba.documents.layout import laid
from tanba.documents.model import Heading, Letterhead, gaps, names, statements
from tanba.documents.pdf import LINE_OF_TWO
from tanba.documents.render import EDITIONS, MEDIA_TYPES, render
from tanba.strings import LANGUAGES, t

MATERIALS = {"full": FULL, "empty": EMPTY}
LETTERS = [name for name, each in TEMPLATES.items() if each.of not in ("system", "organisation")]
NEW = [*LETTERS, "agreement", "notices", "bundle-index"]
SAID = {
    "agreement": set(),
    "notices": {"name"},
    "bundle-index": {"name"},
    "breach": {"addressee", "basis", "aware", "term", "what"},
    "users": {"addressee", "basis", "aware", "what", "rights"},
    "vendor": {"aware", "what"},
    "suspension-order": {"addressee", "systems", "later"},
    "restart-order": {"addressee", "systems"},
    "answer": {"answer"},
}
"""What is said where nothing but the thing itself is known; all else has to be a gap."""
FILLED_BY_HAND = {
    "agreement": {"agreement_explanations", "agreement_data"},
    "bundle-index": set(),
    "breach": {"number", "date", "data_kinds", "contact"},
    "users": {"number", "date", "data_kinds", "advice", "contact"},
    "vendor": {"number", "date", "addressee", "asked", "contact"},
    "answer": {"number", "date"},
}
"""What stays a gap however much is known: only a person writes it."""
OF_THE_LAW = {
    "agreement": {"agreement_parties", "agreement_purpose", "agreement_characteristics"},
    "notices": {"organisation", "page", "version", "since", "languages", "text", "voice", "email", "bot", "label", "leaflet", "versions"},
    "bundle-index": {"organisation", "ledger", "artifacts", "claims", "check"},
    "suspension-order": {"basis"},
}
"""Gaps that a provision asks to be filled."""


def cells(page: dict[str, Any]) -> list[dict[str, str]]:
    found = [cell for block in page["blocks"] for row in block.get("rows", []) if isinstance(row, list) for side in row for cell in side]
    if head := page["letterhead"]:
        found += [*head["to"], *(cell for side in head["rows"] for row in side for cell in row)]
    return found


def test_there_is_material_for_every_kind_of_document() -> None:
    assert set(FULL) == set(EMPTY) == set(OF) >= {each.of for each in TEMPLATES.values()}


@pytest.mark.parametrize("much", MATERIALS)
@pytest.mark.parametrize("name", TEMPLATES)
def test_every_must_have_field_is_there(name: str, much: str) -> None:
    found = make(name, MATERIALS[much][TEMPLATES[name].of])
    assert set(TEMPLATES[name].must) <= names(found)
    assert found.digest == make(name, MATERIALS[much][TEMPLATES[name].of]).digest


@pytest.mark.parametrize("name", NEW)
def test_with_nothing_known_what_is_not_the_thing_itself_is_a_gap(name: str) -> None:
    found = list(statements(make(name, EMPTY[TEMPLATES[name].of])))
    for field in TEMPLATES[name].must:
        assert any(said.gap for each, said in found if each == field) or field in SAID[name], field
        assert field not in SAID[name] or any(not said.gap for each, said in found if each == field), field


@pytest.mark.parametrize("name", NEW)
def test_with_everything_known_only_what_a_person_writes_is_a_gap(name: str) -> None:
    found = statements(make(name, FULL[TEMPLATES[name].of]))
    assert {field for field, said in found if said.gap} == FILLED_BY_HAND.get(name, set())


@pytest.mark.parametrize("much", MATERIALS)
@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("name", TEMPLATES)
def test_no_section_and_no_cell_is_empty(name: str, edition: str, much: str) -> None:
    found = make(name, MATERIALS[much][TEMPLATES[name].of])
    levels = [block.level if isinstance(block, Heading) else 9 for block in found.blocks]
    assert levels[-1] == 9
    assert all(before < after for before, after in pairwise(levels) if before != 9 and after != 9)
    page = laid(found, edition.split("+"))
    assert all(cell["text"] for cell in cells(page))
    for block in page["blocks"]:
        assert all(block.get("texts", [True]))
        assert block["kind"] != "paragraph" or any(cell["text"] for cell in block["cells"])
        wide = TEMPLATES[name].of == "organisation" or "widths" not in block  # the board's tables have no gaps in narrow columns
        assert wide or min(block["widths"]) / sum(block["widths"]) * LINE_OF_TWO >= 34  # a gap's word needs so much


@pytest.mark.parametrize("name", OF_THE_LAW)
def test_every_gap_of_the_law_names_its_provision(name: str) -> None:
    found = [said for field, said in statements(make(name, EMPTY[TEMPLATES[name].of])) if field in OF_THE_LAW[name] and said.gap]
    assert len(found) >= len(OF_THE_LAW[name])
    for said in found:
        assert said.sources
        assert all(source.provision and source.basis and source.cited["kk"] for source in said.sources)


@pytest.mark.parametrize("name", NEW)
def test_what_is_said_is_there_in_three_languages(name: str) -> None:
    """Words of ours; what somebody wrote in one language stays in it."""
    for field, said in statements(make(name, EMPTY[TEMPLATES[name].of])):
        assert set(said.text) == set(LANGUAGES), (name, field)
        if said.gap and len(said.text["kk"].split()) > 3:
            assert len(set(said.text.values())) == len(LANGUAGES), (name, field)


@pytest.mark.parametrize("form", MEDIA_TYPES)
@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("name", NEW)
def test_it_is_drawn_in_every_language_and_form(name: str, edition: str, form: str) -> None:
    found = make(name, FULL[TEMPLATES[name].of])
    content = render(found, edition, form)
    assert content.startswith({"docx": b"PK", "html": b"<!doctype", "pdf": b"%PDF"}[form])
    if form == "html":
        text = squeezed(unescape(content.decode()))
        for language in edition.split("+"):
            assert squeezed(t(f"documents.title_{name}", language)) in text


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_begins_with_number_date_and_to_whom_and_not_with_the_state_of_the_ledger(name: str) -> None:
    found = make(name, FULL[TEMPLATES[name].of])
    assert isinstance(found.blocks[0], Letterhead)
    for language in LANGUAGES:
        page = laid(found, (language,))
        assert t("documents.no_checkpoint", language) not in str(page["blocks"])
        assert [block["kind"] for block in page["blocks"]].index("notes") > [block["kind"] for block in page["blocks"]].index("signature")
        assert t("documents.prepared", language, day="2026-11-22") in str(page["blocks"])


def test_counts_of_gaps_are_those_of_the_document() -> None:
    assert len(gaps(make("breach", FULL["incident"]))) < len(gaps(make("breach", EMPTY["incident"])))
