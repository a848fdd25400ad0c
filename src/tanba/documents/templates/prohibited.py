"""The statement on prohibited capabilities (art. 17(3)): each with its elements, exceptions and deciding facts. Pure."""

from collections.abc import Mapping
from typing import Any

from tanba.documents import sections
from tanba.documents.known import Known, facts_table, joined, section, table, words
from tanba.documents.model import Block, Check, Heading, Paragraph, Said

MUST = ("name", "organisation", "elements", "result", "gate", "conclusion")
ANSWERS = ("clear", "found", "unknown")


def blocks(known: Known) -> list[Block]:
    """Every capability, then the conclusion, which is never better than what was answered."""
    gate = known.assessment["gate"]
    made = [*sections.identification(known), *section("section_capabilities", Paragraph(known.said(words("about_ban"), "230-VIII/17/3")))]
    for ban in gate["bans"]:
        made += _ban(known, ban)
    made += section("section_conclusion", Paragraph(known.gate(), "gate"), *_conclusion(known))
    return made + sections.signatures("responsible", "compliance")


def _ban(known: Known, ban: Mapping[str, Any]) -> list[Block]:
    rows = [_element(known, ban, each, "") for each in ban["elements"]] + [
        _element(known, ban, each, "exception") for each in ban["exceptions"]
    ]
    made: list[Block] = [Heading(ban["title"], 2), Paragraph(known.said(ban["must"], ban["provision"]))]
    made.append(table(("element", "answer"), rows, (3, 2), known.gap(words("gap_answer"), ban["provision"]), "elements"))
    made += facts_table(known, ban["because"])
    settled = ban["answer"] != "unknown"
    made.append(Paragraph(Said(words(f"result_{ban['answer']}")) if settled else known.open(ban["ask"], ban["provision"]), "result"))
    return made + ([Paragraph(Said(ban["note"]))] if ban["note"] else [])


def _element(known: Known, ban: Mapping[str, Any], element: Mapping[str, Any], kind: str) -> tuple[Said, Said]:
    """An element nobody had to answer, since another one settles the matter, is no gap."""
    text = joined((words(kind), element["text"]), ": ") if kind else element["text"]
    if element["answer"] != "unknown":
        return Said(text), Said(sections.answer(element["answer"]))
    return Said(text), known.open(element["ask"]) if ban["answer"] == "unknown" else Said(words("moot"))


def _conclusion(known: Known) -> list[Block]:
    answer = {"clear": "clear", "prohibited": "found", "unknown": "unknown"}[known.assessment["gate"]["answer"]]
    boxes: list[Block] = [Check(known.said(words(f"conclude_{each}"), "230-VIII/17/3"), each == answer, "conclusion") for each in ANSWERS]
    if answer == "found":
        boxes.append(Paragraph(known.said(words("measures"), "230-VIII/18/2")))
    if answer == "unknown":
        asked = [fact for ban in known.assessment["gate"]["bans"] for fact in ban["ask"]]
        boxes.append(Paragraph(known.open(dict.fromkeys(asked), "230-VIII/17/3"), "conclusion"))
    return boxes
