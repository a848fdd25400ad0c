"""The exit report of a pilot: criteria and results, what became of the data, the decision. Pure."""

from tanba.documents import sections
from tanba.documents.forms import Form, word
from tanba.documents.known import Known, section
from tanba.documents.model import Block, Fields
from tanba.documents.templates.pilot_plan import criteria, goal

MUST = ("name", "organisation", "window", "entry", "exit", "milestones", "data_fate", "outcome", "decided_on", "decided_by", "reason")


def blocks(known: Known) -> list[Block]:
    """Whose system, the window, results, data, decision, what is missing, signatures."""
    form = Form(known, "pilot")
    made = [*sections.identification(known), *goal(form)]
    for name in ("entry", "exit"):
        made += section(f"section_{name}", criteria(form, name, results=True))
    done = [(form.cell(each["what"]), form.cell(each["day"]), form.cell(each["done"])) for each in form.rows("milestones")]
    made += section(
        "section_milestones", form.table(("milestone", "planned_day", "done_day"), done, (5, 3, 3), form.cell(""), "milestones")
    )
    fate = [
        (form.cell(each["name"]), form.cell(each["delete_by"]), form.stack(each["deleted"], each["proof"])) for each in form.rows("data")
    ]
    made += section("section_data_fate", form.table(("data_set", "delete_by", "deleted"), fate, (4, 3, 4), form.cell(""), "data_fate"))
    return [*made, *section("section_outcome", _decision(form)), *form.missing(), *sections.signatures("chair", "responsible")]


def _decision(form: Form) -> Block:
    decision = form.inner("decision")
    outcome = decision.get("outcome", "open")
    rows = (
        form.field("outcome", "" if outcome == "open" else word(f"pilot_decision_{outcome}")),
        form.field("decided_on", decision.get("day")),
        form.field("decided_by", decision.get("by")),
        form.field("reason", decision.get("reason")),
    )
    return Fields(rows)
