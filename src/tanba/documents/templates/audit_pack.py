"""The audit pack (art. 19(2), 20): engagement, independence, both checks with the auditor's verdicts, duties, findings, evidence. Pure.

What the facts say and what the auditor says stand side by side; neither fills a gap of the other.
"""

from collections.abc import Mapping
from typing import Any

from tanba.documents import sections
from tanba.documents.known import Known, joined, same, section, table, words
from tanba.documents.model import Block, Field, Fields, Heading, Paragraph, Said, Text

RULES, USUAL = "230-VIII/20/1", "practice/third-party-audit"
"""The Law says by which rules an audit goes; what a pack says of the engagement beyond its auditor is practice."""
MUST = (
    *("name", "organisation", "auditor", "auditor_bin", "people", "period", "contract", "independence"),
    *("data", "capability", "gate", "duties", "findings", "enclosed"),
)
OPEN = ("gap", "open", "reported", "unknown")
"""Answers of a point that are gaps."""


def blocks(known: Known) -> list[Block]:
    """Whose system, who audits, the checks, duties, findings, gaps, enclosures, signatures."""
    part = known.material["audit"]
    audit: Mapping[str, Any] = part["audit"] or {}
    made = [*sections.identification(known), *_engagement(known, part, audit)]
    for name in ("data", "prohibited", "further"):
        made += _check(known, name, [each for each in part["checklist"]["items"] if each["check"] == name])
    made += section("section_owed", sections.duties(known, sections.law_duties(known), "no_duties"))
    made += section("section_findings", *_findings(known, audit))
    made += section("section_lacks", *(Paragraph(known.gap(each["said"]), "lacks") for each in audit.get("missing", ())))
    made += section("section_enclosed", _enclosed(known, part, audit))
    return [*made, *sections.signatures("auditor", "responsible", "compliance")]


def _engagement(known: Known, part: Mapping[str, Any], audit: Mapping[str, Any]) -> list[Block]:
    """What asks for an audit, and who made this one. Nobody is bound to one by being named here."""
    about = [Paragraph(known.said(each["said"], *each["paths"])) for each in part["basis"]]
    who = audit.get("auditor", {})
    period = f"{audit['starts']} – {audit['ends']}" if audit.get("starts") else ""
    rows = (
        Field("auditor", words("auditor"), known.given(who.get("name", ""), "gap_auditor", RULES)),
        Field("auditor_bin", words("auditor_bin"), known.given(who.get("bin", ""), "gap_auditor", USUAL)),
        Field("people", words("auditors"), known.given(who.get("people", []), "gap_auditor", USUAL)),
        Field("period", words("period"), known.given(period, "gap_period", USUAL)),
        Field("contract", words("contract"), known.given(audit.get("contract", ""), "gap_contract", USUAL)),
        Field("independence", words("independence"), known.given(audit.get("independence", ""), "gap_independence", USUAL)),
    )
    return section("section_engagement", *about, Fields(rows))


def _check(known: Known, name: str, items: list[Mapping[str, Any]]) -> list[Block]:
    if not items:
        return []
    made: list[Block] = [Paragraph(known.gate(), "gate")] if name == "prohibited" else []
    for item in items:
        made += _item(known, item)
    return section(f"section_check_{name}", *made)


def _item(known: Known, item: Mapping[str, Any]) -> list[Block]:
    made: list[Block] = [Heading(item["title"], 2)]
    capability = item["check"] == "prohibited"
    if item["points"] and capability:
        rows = [(Said(_label(each)), _facts(known, each), _verdict(known, each)) for each in item["points"]]
        made.append(table(("element", "facts_say", "auditor_says"), rows, (4, 3, 4), known.gap(words("gap_answer")), "capability"))
    elif item["points"]:
        pairs = [(known.said(each["label"], each["provision"]), _facts(known, each)) for each in item["points"]]
        made.append(table(("what_is_checked", "facts_say"), pairs, (1, 1), known.gap(words("gap_answer")), "data"))
    said = _verdict(known, item)
    whole = Said(joined((words("auditor_on_item"), said.text), ": "), known.sources(item["provision"]), said.gap)
    return [*made, Paragraph(whole, "verdict")]


def _label(point: Mapping[str, Any]) -> Text:
    return joined((words("exception"), point["label"]), ": ") if point["name"] == "exception" else point["label"]


def _facts(known: Known, point: Mapping[str, Any]) -> Said:
    """What the facts say; what they do not settle is a gap with its question."""
    said = words("not_written") if point["answer"] == "gap" else point["said"]
    parts = [said, *point["known"], *point["asked"]]
    return Said(joined(parts, "\n"), (), point["answer"] in OPEN)


def _verdict(known: Known, each: Mapping[str, Any]) -> Said:
    """The auditor's own word, with how and on what; where there is none, that is said and is a gap of the item, not of each element."""
    verdict = each["verdict"]
    if verdict is None:
        text = words("no_verdict")
        return known.gap(text) if "check" in each else Said(text)
    who = same(", ".join(filter(None, (verdict["by"], verdict["on"] or ""))))
    how = [verdict["said"], verdict["method"], same("; ".join(verdict["evidence"])), who]
    return Said(joined((text for text in how if any(text.values())), "\n"), (), verdict["verdict"] == "not_checked")


def _findings(known: Known, audit: Mapping[str, Any]) -> list[Block]:
    if not audit:
        return [Paragraph(known.gap(words("gap_audit"), RULES), "findings")]
    made: list[Block] = []
    for each in audit["findings"]:
        made += _finding(known, each)
    return made or [Paragraph(Said(words("no_findings")), "findings")]


def _finding(known: Known, each: Mapping[str, Any]) -> list[Block]:
    state = joined((each["said"]["severity"], each["said"]["state"], *([words("finding_late")] if each["late"] else [])), ", ")
    place = [each["provision"]] if each["provision"] else []
    rows = (
        Field("findings", words("finding_seen"), known.said(each["seen"], *place)),
        Field("finding_state", words("finding_state"), Said(state)),
        Field("finding_evidence", words("evidence"), known.given(list(each["evidence"]), "gap_evidence")),
        Field("recommendation", words("recommendation"), Said(each["recommendation"] if each["recommendation"] else words("form_none"))),
        Field("due", words("finding_due"), known.given(each["due"] or "", "gap_due")),
    )
    steps = [(same(step["on"] or "–"), step) for step in each["steps"]]
    cells = [(Said(day), Said(step["said"]), Said(_told(step))) for day, step in steps]
    heading = words("finding", number=each["number"])
    return [Heading(heading, 2), Fields(rows), table(("step_day", "step", "step_text"), cells, (3, 3, 6), Said(words("no_steps")), "steps")]


def _told(step: Mapping[str, Any]) -> Text:
    return joined((text for text in (step["text"], same("; ".join(step["evidence"]))) if any(text.values())), "\n")


def _enclosed(known: Known, part: Mapping[str, Any], audit: Mapping[str, Any]) -> Block:
    """Every piece of evidence once, numbered, with what it is for."""
    found: dict[str, tuple[Text, list[Text]]] = {}
    for path, entries in sorted(known.material["evidence"].items()):
        place = known.material["law"].get(path)
        for text in entries:
            _add(found, text, place["cited"] if place else same(path))
    for item in part["checklist"]["items"]:
        for each in (item, *item["points"]):
            for name in each["verdict"]["evidence"] if each["verdict"] else ():
                _add(found, same(name), item["title"])
    for finding in audit.get("findings", ()):
        for name in (*finding["evidence"], *(name for step in finding["steps"] for name in step["evidence"])):
            _add(found, same(name), words("finding", number=finding["number"]))
    rows = [(Said({each: f"{number}. {name}" for each, name in text.items()}), Said(joined(uses))) for number, (text, uses)
            in enumerate(found.values(), 1)]  # fmt: skip
    return table(("evidence", "used_for"), rows, (6, 5), known.gap(words("gap_evidence")), "enclosed")


def _add(found: dict[str, tuple[Text, list[Text]]], text: Text, use: Text) -> None:
    _, uses = found.setdefault(next(iter(text.values()), ""), (text, []))
    if use not in uses:
        uses.append(use)
