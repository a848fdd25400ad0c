"""Competence of staff, and support by the state: coverage by role, records without names, plan, programmes. Pure."""

from collections.abc import Mapping
from typing import Any

from tanba.documents import sections
from tanba.documents.forms import Form
from tanba.documents.known import Known, joined, same, section, words
from tanba.documents.model import Block, Fields, Paragraph, Said

MUST = ("organisation", "bin", "coverage", "records", "planned", "programmes")


def blocks(known: Known) -> list[Block]:
    """Whose, who has what, records, what is planned, what the state offers, what is missing, signatures."""
    form = Form(known, "training")
    names = {each["id"]: each["title"] or each["id"] for group in ("courses", "roles") for each in form.rows(group)}
    made = section("section_training", Paragraph(Said(words("about_courses"))), Fields(sections.company(known)))
    made += section("section_coverage", _coverage(form))
    made += section("section_records", _records(form, names)) + section("section_planned", _planned(form, names))
    made += section("section_programmes", _programmes(form))
    return [*made, *form.missing(), *sections.signatures("compliance", "head")]


def _coverage(form: Form) -> Block:
    rows = [(form.stack(each["role"], each["course"]), form.cell(each["people"]), _counts(each)) for each in form.check.get("coverage", ())]
    return form.table(("role_course", "people", "standing"), rows, (4, 3, 4), form.cell(""), "coverage")


def _counts(each: Mapping[str, Any]) -> Said:
    """How many have it; that some are without it, and none is planned, is a gap."""
    text = words("form_covered", valid=each["valid"], soon=each["soon"], expired=each["expired"])
    return Said(text, gap=bool(each["open"]) and not each["planned"])


def _records(form: Form, names: Mapping[str, Any]) -> Block:
    rows = [(_of(form, each, names), _given(form, each), form.cell(each["certificate"])) for each in form.rows("records")]
    return form.table(("role_course", "provider", "certificate"), rows, (4, 4, 3), form.cell(""), "records")


def _of(form: Form, each: Mapping[str, Any], names: Mapping[str, Any]) -> Said:
    return form.stack(names[each["role"]], names[each["course"]])


def _given(form: Form, each: Mapping[str, Any]) -> Said:
    """When, by whom, how long."""
    return form.stack(each["day"], each["provider"], each["hours"] and words("form_hours", hours=each["hours"]))


def _planned(form: Form, names: Mapping[str, Any]) -> Block:
    rows = [(_of(form, each, names), form.cell(each["day"]), form.stack(each["people"], each["owner"])) for each in form.rows("planned")]
    missing = Said(words("form_nothing_planned")) if form.there else form.cell("")
    return form.table(("role_course", "day", "people_in_charge"), rows, (4, 3, 4), missing, "planned")


def _programmes(form: Form) -> Block:
    """What the law or a source says of each, what is unknown of it, and what the company did."""
    rows = [
        (_programme(form, each), Said(each["unknown"]), Said(joined((each["said"], same(each["day"] or "")), "\n")))
        for each in form.check.get("programmes", ())
    ]
    return form.table(("programme", "not_known", "company"), rows, (5, 4, 4), form.cell(""), "programmes")


def _programme(form: Form, each: Mapping[str, Any]) -> Said:
    text = joined((each["title"], each["about"], same(each["source"] or "")), "\n")
    return form.known.said(text, *([each["provision"]] if each["provision"] else []))
