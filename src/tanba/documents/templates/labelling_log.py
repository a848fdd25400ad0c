"""The labelling log: which files were marked when, by which system, under which number (art. 21(2)). Pure."""

from collections.abc import Mapping
from typing import Any

from tanba.documents import sections
from tanba.documents.known import Known, joined, number, same, section, table, words
from tanba.documents.model import Block, Chart, Field, Fields, Paragraph, Said

MUST = ("organisation", "bin", "marks_total", "months", "log")
MARK = "230-VIII/21/2"


def blocks(known: Known) -> list[Block]:
    """How many, month by month, and the newest ones a row each."""
    log, counts = known.part("log"), known.part("marks")
    total = known.said(number(log["total"]), MARK) if log else known.gap(words("gap_log"), MARK)
    head = Fields((*sections.company(known), Field("marks_total", words("marks_total"), total)))
    made = [
        *section("section_company", head),
        *section("section_marks", _months(known, counts)),
        *section("section_log", *_rows(known, log)),
    ]
    return made + sections.signatures("compliance")


def _months(known: Known, counts: Mapping[str, Any] | None) -> Block:
    if not counts:
        return _missing(known, "months")
    rows = sections.months(counts["months"])
    return (
        Chart("months", words("chart_marks_months"), (words("series_number"),), tuple(rows))
        if rows
        else Paragraph(Said(words("no_marks")), "months")
    )


def _rows(known: Known, log: Mapping[str, Any] | None) -> list[Block]:
    if log is None:
        return [_missing(known, "log")]
    rows = [
        (_file(row), Said(joined((row["kind"], row["source"]), ", ")), Said(same(row["system"] or "–")), _place(row)) for row in log["rows"]
    ]
    made = table(("marked_file", "mark_kind", "system", "digest_and_place"), rows, (5, 3, 3, 5), Said(words("no_marks")), "log")
    left = log["total"] - len(rows)
    return [made, *([Paragraph(Said(words("more_marks", count=left)))] if left > 0 else [])]


def _file(row: Mapping[str, Any]) -> Said:
    name = f"\n{row['name']}" if row["name"] else ""
    return Said(same(f"{row['number']}, {row['time']} UTC{name}"))


def _place(row: Mapping[str, Any]) -> Said:
    sealed = words("mark_sealed" if row["sealed"] else "mark_unsealed")
    return Said(joined((same(row["digest"] or "–"), sealed), "\n"))


def _missing(known: Known, name: str) -> Block:
    return Paragraph(known.gap(words("gap_log"), MARK), name)
