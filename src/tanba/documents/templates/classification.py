"""The act of classification (art. 17): level by level, the facts that decided, the owner's own classification beside it. Pure."""

from tanba.documents import sections
from tanba.documents.known import Known, facts_table, joined, section, table, words
from tanba.documents.model import Block, Field, Fields, Heading, Paragraph, Said

MUST = ("name", "organisation", "ai_system", "risk", "autonomy", "mode", "critical_ict_object", "gate", "own", "decision")


def blocks(known: Known) -> list[Block]:
    """Subject, test of an AI system, each axis, what changes the answer, decision, signatures of the commission."""
    made = [*sections.identification(known), *section("section_ai_system", sections.ai_system(known))]
    for axis in sections.AXES:
        made += _axis(known, axis)
    made += section("section_equated", *facts_table(known, ("critical_ict_object",)))
    made += section("section_gate", Paragraph(known.gate(), "gate"))
    made += section("section_own", _own(known))
    made += section("section_changes", _changes(known))
    made += section("section_decision", *_decision(known))
    return made + sections.signatures("chair", "member", "member", "responsible")


def _axis(known: Known, name: str) -> list[Block]:
    axis = known.assessment["axes"][name]
    made: list[Block] = [Heading(axis["label"])]
    made += [Fields((Field(name, words("computed"), known.axis(name)),)), *sections.levels(known, name)]
    made += [Paragraph(known.said(test, *axis["provisions"])) for test in axis["tests"] if axis["decided"]]
    made += facts_table(known, axis["because"])
    return made + ([Paragraph(Said(axis["note"]))] if axis["note"] else [])


def _own(known: Known) -> Block:
    """What the owner says beside what the facts say; one that is not given is a gap."""
    rows = []
    for entry in known.assessment["plausibility"]:
        labels = {level["name"]: level["label"] for level in known.material["levels"][entry["axis"]]}
        own = known.said(labels[entry["own"]]) if entry["own"] else known.gap(words("gap_own"), "230-VIII/17/1")
        possible = joined((labels[level] for level in entry["possible"]), ", ")
        label = known.assessment["axes"][entry["axis"]]["label"]
        rows.append((Said(label), own, Said(joined((possible, sections.answer(entry["answer"])), "\n"))))
    return table(("axis", "own", "computed"), rows, (3, 4, 4), Said(words("nothing")), "own")


def _changes(known: Known) -> Block:
    rows = [
        (Said(known.question(entry["fact"])), Said(entry["said"]), Said(joined(entry["bears_on"], ", ")))
        for entry in known.material["changes"]
    ]
    return table(("question", "if_answer", "bears_on"), rows, (5, 4, 5), Said(words("no_changes")), "changes")


def _decision(known: Known) -> list[Block]:
    """What the commission writes is left to it; what the facts give stands above."""
    axes = known.assessment["axes"]
    lines = [Field("decision", axes[name]["label"], known.axis(name)) for name in sections.AXES]
    own = known.gap(words("gap_decision"), "230-VIII/17/1")
    return [Fields(tuple(lines)), Paragraph(own, "decision"), Paragraph(known.said(words("by_owner"), "230-VIII/17/1"))]
