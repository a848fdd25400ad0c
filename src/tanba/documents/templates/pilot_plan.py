"""The plan of a pilot on the national AI platform (art. 25(1): a possibility, nobody's duty). Pure."""

from collections.abc import Mapping
from typing import Any

from tanba.documents import sections
from tanba.documents.forms import Form, date_range, word
from tanba.documents.known import Known, joined, section, words
from tanba.documents.model import Block, Fields, Paragraph, Said

PLATFORM, ANONYMISED = "230-VIII/25/1", "94-V/17/3"
MUST = ("name", "organisation", "why", "tried", "window", "pilot_data", "roles", "milestones", "entry", "exit", "pilot_risks")


def blocks(known: Known) -> list[Block]:
    """Whose system, why, the window, data, who does what by when, criteria, risks, what is missing, signatures."""
    form = Form(known, "pilot")
    made = [*sections.identification(known), *goal(form), *_data(form), *_people(form)]
    for name in ("entry", "exit"):
        made += section(f"section_{name}", criteria(form, name))
    rows = [(form.cell(each["risk"]), form.cell(each["measure"]), form.cell(each["owner"])) for each in form.rows("risks")]
    made += section("section_pilot_risks", form.table(("risk", "measure", "in_charge"), rows, (4, 4, 3), form.cell(""), "pilot_risks"))
    return [*made, *form.missing(), *sections.signatures("responsible", "compliance")]


def goal(form: Form) -> list[Block]:
    """Why, what, and for how long."""
    window = form.inner("window")
    rows = (
        form.field("why", form.form.get("why")),
        form.field("tried", form.form.get("tried")),
        form.field("window", date_range(window.get("start"), window.get("until")), PLATFORM),
    )
    return section("section_pilot", Paragraph(form.known.said(words("about_platform"), PLATFORM)), Fields(rows))


def criteria(form: Form, name: str, *, results: bool = False) -> Block:
    """Criteria with their thresholds; with `results`, what was measured and what that means."""
    outcomes = [each for each in form.check.get("criteria", ()) if each["group"] == name]
    pairs = list(zip(form.rows(name), outcomes, strict=True))
    if results:
        rows = [(form.stack(each["metric"], _wanted(form, each, outcome)), *_result(form, each, outcome)) for each, outcome in pairs]
        return form.table(("metric", "result", "outcome"), rows, (4, 4, 3), form.cell(""), name)
    wanted = [(form.cell(each["metric"]), _wanted(form, each, outcome)) for each, outcome in pairs]
    return form.table(("metric", "wanted"), wanted, (5, 3), form.cell(""), name)


def _wanted(form: Form, each: Mapping[str, Any], outcome: Mapping[str, Any]) -> Said:
    known = each["compare"] == "done" or each["threshold"] is not None
    return Said(outcome["wanted"]) if known else form.known.gap(words("gap_threshold"))


def _result(form: Form, each: Mapping[str, Any], outcome: Mapping[str, Any]) -> tuple[Said, Said]:
    """What nobody measured is a gap in both columns."""
    if outcome["outcome"] == "not_measured":
        return form.cell(""), form.known.gap(outcome["said"])
    result = (
        sections.answer("yes" if each["result"] else "no")
        if isinstance(each["result"], bool)
        else f"{each['result']} {each['unit']}".strip()
    )
    parts = [form.cell(part).text for part in (result, each["measured"], each["evidence"]) if part]
    return Said(joined(parts, "\n")), Said(outcome["said"])


def _data(form: Form) -> list[Block]:
    rows = [
        (form.stack(each["name"], each["purpose"], list(each["fields"]), each["size"]), _personal(form, each), form.cell(each["delete_by"]))
        for each in form.rows("data")
    ]
    return section("section_pilot_data", form.table(("data_set", "personal", "delete_by"), rows, (5, 4, 4), form.cell(""), "pilot_data"))


def _personal(form: Form, each: Mapping[str, Any]) -> Said:
    """Whether the data are personal, on what basis, and who anonymises them."""
    if each["personal"] is None:
        return form.known.gap(words("gap_answer"))
    if not each["personal"]:
        return Said(words("not_personal"))
    basis, who = form.cell(each["basis"]), word(f"pilot_anonymised_{each['anonymised']}")
    open_ = basis.gap or each["anonymised"] in ("unknown", "not_anonymised")
    text = joined((words("personal_basis", basis=basis.text), words("anonymised_by", who=who)), "\n")
    return form.known.gap(text, ANONYMISED) if open_ else form.known.said(text, ANONYMISED)


def _people(form: Form) -> list[Block]:
    roles = [(form.cell(each["role"]), form.cell(each["who"])) for each in form.rows("roles")]
    steps = [(form.cell(each["what"]), form.cell(each["day"]), form.cell(each["owner"])) for each in form.rows("milestones")]
    return [
        *section("section_roles", form.table(("role", "in_charge"), roles, (1, 1), form.cell(""), "roles")),
        *section("section_milestones", form.table(("milestone", "day", "in_charge"), steps, (4, 3, 3), form.cell(""), "milestones")),
    ]
