"""The report to the board: what there is, what is owed, what happened, what is asked of the board. Pure.

Counts of read law, of reported law and of house policy stand apart. What no register was asked about is a gap.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tanba.documents import sections
from tanba.documents.known import Known, joined, number, same, section, table, told, words
from tanba.documents.model import Block, Chart, Check, Field, Fields, Paragraph, Said, Text
from tanba.strings import LANGUAGES, t

MUST = (
    *("organisation", "systems_count", "tiers", "stages", "duties", "deadlines", "prohibited", "incidents", "requests", "marks"),
    *("sanctions", "asked", "systems"),
)
TIERS = ("prohibited", "high", "medium", "minimal", "open", "outside")
STATUSES = ("open", "evidenced", "met")
DUTY = {"incidents": "230-VIII/18/2", "marks": "230-VIII/21/2", "requests": "230-VIII/16/1/4"}
MOST = 60
"""Systems in the table of a report; the register has all of them."""


def blocks(known: Known) -> list[Block]:
    """Portfolio, duties, prohibited capabilities, what happened, what the law provides, what is asked, the list, signatures."""
    made = [*_portfolio(known), *_duties(known), *_prohibited(known)]
    for name in ("incidents", "requests", "marks"):
        made += _happened(known, name)
    return [*made, *_sanctions(known), *_asked(known), *_systems(known), *sections.signatures("compliance", "head")]


def _portfolio(known: Known) -> list[Block]:
    rows = known.material["systems"]
    tiers, stages = Counter(row["tier"] for row in rows), Counter(row["stage"] for row in rows)
    labels = {**known.material["stages"], "": words("stage_unknown")}
    by_tier = [(told(f"systems.tier_{name}"), (tiers[name],)) for name in TIERS if tiers[name]]
    by_stage = [(label, (stages[name],)) for name, label in labels.items() if stages[name]]
    count = known.said(number(len(rows)), "230-VIII/17/1") if rows else known.gap(words("gap_systems"), "230-VIII/17/1")
    head = Fields((*sections.company(known), Field("systems_count", words("systems_count"), count)))
    return section("section_portfolio", head, _chart("tiers", by_tier), _chart("stages", by_stage))


def _chart(name: str, rows: Sequence[tuple[Text, tuple[int, ...]]], series: Iterable[str] = ("number",)) -> Block:
    """A chart, or that there is nothing to count."""
    if not rows:
        return Paragraph(Said(words("nothing")), name)
    return Chart(name, words(f"chart_{name}"), tuple(words(f"series_{each}") for each in series), tuple(rows))


def _duties(known: Known) -> list[Block]:
    counts = known.material["duties"]
    rows = [(words(f"group_{group}"), tuple(by[status] for status in STATUSES)) for group, by in counts.items() if any(by.values())]
    late = [row for row in known.material["systems"] if row["due"] and row["due"] < known.material["day"]]
    coming = sorted((row for row in known.material["systems"] if row["due"]), key=lambda row: (row["due"], row["slug"]))[:10]
    dates = [(Said(row["name"]), Said(same(row["due"])), Said(words("late") if row in late else words("ahead"))) for row in coming]
    missing = Said(words("no_deadlines")) if known.part("register") else known.gap(words("gap_register"))
    when = table(("system", "due", "state"), dates, (5, 2, 2), missing, "deadlines")
    return section("section_board_duties", _chart("duties", rows, STATUSES), Paragraph(Said(words("about_groups"))), when)


def _prohibited(known: Known) -> list[Block]:
    """Systems with a prohibited capability, and those of which it is not known."""
    shown = [row for row in known.material["systems"] if row["gate"] != "clear" and row["tier"] != "outside"]
    order = sorted(shown, key=lambda row: (row["gate"] != "prohibited", row["slug"]))
    rows = [(Said(row["name"]), known.said(words(f"gate_{row['gate']}"), "230-VIII/17/3", *_stop(row))) for row in order[:MOST]]
    return section("section_gate", table(("system", "state"), rows, (2, 3), Said(words("gate_none")), "prohibited"))


def _stop(row: Mapping[str, Any]) -> tuple[str, ...]:
    return ("230-VIII/18/2",) if row["gate"] == "prohibited" else ()


def _happened(known: Known, name: str) -> list[Block]:
    """Counts that a register keeps, and how they spread over the months."""
    counts = known.part(name)
    if counts is None:
        return section(f"section_{name}", Paragraph(known.gap(words("gap_register"), DUTY[name]), name))
    rows = tuple(Field(name, words(f"{name}_{key}"), Said(number(count))) for key, count in counts["counts"].items())
    months = sections.months(counts["months"])
    return section(f"section_{name}", Fields(rows), *([_chart(f"{name}_months", months)] if months else []))


def _sanctions(known: Known) -> list[Block]:
    rows = []
    for entry in known.material["sanctions"]:
        amounts = [entry["amounts"], *([entry["repeat"]] if entry["repeat"] else [])]
        further = [{each: t("report.exposure.if", each, text=entry["further"][each]) for each in LANGUAGES}] if entry["further"] else []
        rows.append((known.said(entry["title"], entry["path"]), Said(joined([*amounts, *further], "\n"))))
    made = table(("breach", "fine"), rows, (2, 3), Said(words("nothing")), "sanctions")
    return section("section_sanctions", Paragraph(Said(words("about_sanctions"))), made)


def _asked(known: Known) -> list[Block]:
    """Decisions that follow from the counts; a box to tick for each."""
    rows = known.material["systems"]
    found = {
        "stop": sum(row["gate"] == "prohibited" for row in rows),
        "settle": sum(row["tier"] == "open" for row in rows),
        "late": sum(bool(row["due"]) and row["due"] < known.material["day"] for row in rows),
        "duties": known.material["duties"]["law"]["open"],
        "responsible": sum(not row["responsible"] for row in rows),
        "policy": int(not known.material["adopted"]),
    }
    places = {"stop": ("230-VIII/18/2",), "settle": ("230-VIII/17/1",), "responsible": ("230-VIII/8/1",)}
    boxes: list[Block] = [
        Check(known.said(words(f"ask_{key}", count=n), *places.get(key, ())), False, "asked") for key, n in found.items() if n
    ]
    return section("section_asked", *(boxes or [Paragraph(Said(words("nothing_asked")), "asked")]))


def _systems(known: Known) -> list[Block]:
    rows, stages = known.material["systems"], {**known.material["stages"], "": words("stage_unknown")}
    shown = [
        (Said(row["name"]), Said(told(f"systems.tier_{row['tier']}")), Said(stages[row["stage"]]), Said(number(row["open"])),
         known.given(row["responsible"], "gap_responsible", "230-VIII/8/1"))
        for row in rows[:MOST]
    ]  # fmt: skip
    made = table(
        ("system", "tier", "stage", "open_duties", "responsible"), shown, (5, 3, 3, 3, 4), known.gap(words("gap_systems")), "systems"
    )
    rest = [Paragraph(Said(words("more_systems", count=len(rows) - MOST)))] if len(rows) > MOST else []
    return section("section_systems", made, *rest)
