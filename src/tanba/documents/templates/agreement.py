"""The user agreement (art. 15(2)(5)): section by section, each statement with its place; own words where an officer wrote some. Pure."""

from collections.abc import Mapping
from typing import Any

from tanba.documents.known import Known, words
from tanba.documents.model import Block, ByLanguage, Heading, Paragraph, Said, Text
from tanba.strings import LANGUAGES, t

SECTIONS = ("parties", "purpose", "characteristics")
MUST = tuple(f"agreement_{name}" for name in SECTIONS)
"""Sections that every agreement has; the others are there where the law asks for them."""
PLACE = "230-VIII/15/2/5"


def blocks(known: Known) -> list[Block]:
    """The sections in which something is said."""
    made = known.part("agreement")
    if not made:
        gap = known.gap(words("gap_agreement"), PLACE)
        return [block for name in SECTIONS for block in (Heading(_heading(name)), Paragraph(gap, f"agreement_{name}"))]
    return [
        block
        for section in made["sections"]
        for block in (Heading(section["heading"]), *(_row(known, f"agreement_{section['name']}", row) for row in section["rows"]))
    ]


def front(known: Known) -> tuple[Text, ...]:
    """Whether it is in force, of which day and version, how much is missing, and on which text of the law it rests."""
    made = known.part("agreement")
    disclaimer = {each: t("words.disclaimer", each) for each in LANGUAGES}
    state = [{each: _state(made, each) for each in LANGUAGES}] if made else []
    return (*state, *known.material["edition"], disclaimer)


def _state(made: Mapping[str, Any], lang: str) -> str:
    state = t("agreement.effective", lang, day=made["effective"]) if made["effective"] else t("agreement.draft", lang)
    count = made["gaps"][lang]
    missing = [t("agreement.gaps", lang, count=count)] if count else []
    return " ".join([state, t("agreement.as_of", lang, day=made["day"], version=made["version"]), *missing])


def _heading(name: str) -> Text:
    return {each: t(f"agreement.section_{name}", each) for each in LANGUAGES}


def _row(known: Known, name: str, row: Mapping[str, Any]) -> Block:
    """One statement in all languages, or another one in each."""
    one = next(iter(row.values()))
    if len(row) == len(LANGUAGES) and all((each["gap"], each["places"]) == (one["gap"], one["places"]) for each in row.values()):
        return Paragraph(Said({lang: each["text"] for lang, each in row.items()}, known.sources(*one["places"]), one["gap"]), name)
    return ByLanguage({lang: Said({lang: each["text"]}, known.sources(*each["places"]), each["gap"]) for lang, each in row.items()}, name)
