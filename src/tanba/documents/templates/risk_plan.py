"""The risk-management plan of a system (art. 18(1)): how risks are found, judged and refreshed, and measures that are to be done. Pure."""

from tanba.documents import sections
from tanba.documents.known import Known, section, table, words
from tanba.documents.model import Block, Field, Fields, Paragraph, Said

MUST = ("name", "organisation", "risk", "identify", "evaluate", "targeted", "refresh", "plan", "watch")
STEPS = {"identify": "230-VIII/18/1/1", "evaluate": "230-VIII/18/1/2", "targeted": "230-VIII/18/1/3"}
REFRESH = "230-VIII/18/1/4"


def blocks(known: Known) -> list[Block]:
    """The system, the method step by step, the calendar, measures that are to be done, when to act before that."""
    register = known.part("risks")
    made = [*sections.identification(known), *sections.classification(known)]
    steps = tuple(Field(name, words(f"step_{name}"), known.said(words(f"how_{name}"), path)) for name, path in STEPS.items())
    made += section("section_method", Paragraph(known.said(words("about_method"), "230-VIII/18/1")), Fields(steps))
    made += section("section_calendar", Fields((Field("refresh", words("refresh"), _refresh(known)),)))
    made += section("section_plan", _plan(known))
    made += section("section_watch", *(Paragraph(known.said(words(f"watch_{each}"), *paths), "watch") for each, paths in WATCH.items()))
    missing = [Paragraph(known.gap(each, "230-VIII/18/1"), "risk_missing") for each in (register or {}).get("missing", [])]
    return made + (section("section_plan_gaps", *missing) if missing else []) + sections.signatures("responsible", "compliance")


WATCH = {"incident": (), "change": ("230-VIII/18/1/4",), "prohibited": ("230-VIII/18/2",)}
"""What calls for a look at the risks before the calendar does; for an incident no provision says so."""


def _refresh(known: Known) -> Said:
    register = known.part("risks")
    if not register or not register["due"]:
        return known.gap(words("gap_refresh"), REFRESH)
    return known.said(words("refresh_by", day=register["due"]), REFRESH)


def _plan(known: Known) -> Block:
    """A row for each measure that is not done yet; risks without any measure are gaps."""
    register, rows = known.part("risks"), []
    for risk in (register or {}).get("rows", []):
        for measure in risk["plan"]:
            rows.append(
                (Said(risk["title"]), Said(measure["what"]), known.given(measure["owner"], "gap_measure_owner"),
                 known.given(measure["due"], "gap_measure_due"))
            )  # fmt: skip
        if not risk["measures"]:
            gap = known.gap(words("gap_measures"), "230-VIII/18/1/3")
            rows.append((Said(risk["title"]), gap, known.gap(words("gap_measure_owner")), known.gap(words("gap_measure_due"))))
    empty = known.gap(words("gap_risk_register"), "230-VIII/18/1/1") if not register else Said(words("all_done"))
    return table(("risk", "measure", "measure_owner", "measure_due"), rows, (4, 4, 3, 2), empty, "plan")
