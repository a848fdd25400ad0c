"""The file on risks (art. 18): the register as it stands, levels before and after, measures, what is missing, duties. Pure."""

from collections.abc import Mapping
from typing import Any

from tanba.documents import sections
from tanba.documents.known import Known, joined, section, table, words
from tanba.documents.model import Block, Field, Fields, Said, Text
from tanba.strings import LANGUAGES

MUST = ("name", "organisation", "purpose", "risk", "risk_register", "refresh", "duties")
DUTIES = ("230-VIII/18/", "230-VIII/11/3", "230-VIII/15/2/1")


def blocks(known: Known) -> list[Block]:
    """The system, its degree, its risks, duties with evidence, signatures."""
    made = [block for part in (sections.identification, sections.purpose, sections.classification) for block in part(known)]
    return made + management(known) + sections.signatures("responsible", "compliance")


def management(known: Known) -> list[Block]:
    """The section that the dossier has too."""
    register = known.material["risks"]
    duties = sections.duties(known, [each for each in sections.law_duties(known) if each["path"].startswith(DUTIES)], "no_duties")
    if not register:
        missing = known.gap(words("gap_risk_register"), "230-VIII/18/1/1")
        refresh = known.gap(words("gap_refresh"), "230-VIII/18/1/4")
        rows = (Field("risk_register", words("risk_register"), missing), Field("refresh", words("refresh"), refresh))
        return section("section_risks", Fields(rows), duties)
    return section("section_risks", Fields(_head(known, register)), _risks(known, register), duties)


def _head(known: Known, register: Mapping[str, Any]) -> tuple[Field, ...]:
    count = known.said(words("risks_count", count=len(register["rows"])), "230-VIII/18/1/1")
    reviewed = [words("reviewed", day=register["reviewed"])] if register["reviewed"] else []
    again = [words("refresh_by", day=register["due"])] if register["due"] else []
    text = joined([*reviewed, *again], "\n")
    refresh = known.said(text, "230-VIII/18/1/4") if reviewed else known.gap(words("gap_refresh"), "230-VIII/18/1/4")
    rows = [Field("risk_register", words("risk_register"), count), Field("refresh", words("refresh"), refresh)]
    return (*rows, *(Field("risk_missing", words("risk_missing"), known.gap(each, "230-VIII/18/1")) for each in register["missing"]))


def _risks(known: Known, register: Mapping[str, Any]) -> Block:
    rows = [(_risk(known, row), measures(known, row), missing(row)) for row in register["rows"]]
    return table(("risk", "measures_taken", "risk_missing"), rows, (5, 4, 4), known.gap(words("gap_risks"), "230-VIII/18/1/1"), "risks")


def _risk(known: Known, row: Mapping[str, Any]) -> Said:
    """What it is, its levels before and after measures, and why; a level that nobody gave is not made up."""
    parts: list[Text] = [row["title"], row["harm"]]
    for name in ("before", "after"):
        level = row["levels"][name]
        reason = f" ({row['reasons'][name]})" if row["reasons"][name] else ""
        parts += [joined((words(f"level_{name}", level=level), dict.fromkeys(LANGUAGES, reason)), "")] if level else []
    return Said(joined(parts, "\n"))


def measures(known: Known, row: Mapping[str, Any]) -> Said:
    """What is done about it, or a gap."""
    return Said(joined(row["measures"], "\n")) if row["measures"] else known.gap(words("gap_measures"))


def missing(row: Mapping[str, Any]) -> Said:
    """What the row lacks, as a gap, or that it is complete."""
    return Said(joined(row["missing"]), gap=True) if row["missing"] else Said(words("complete"))
