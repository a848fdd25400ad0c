"""The pack for the list of trusted systems (art. 19): optional, for high risk only; procedure and terms reported, text not read. Pure."""

from collections.abc import Mapping
from typing import Any

from tanba.documents import sections
from tanba.documents.forms import Form, date_range, word
from tanba.documents.known import Known, joined, section, words
from tanba.documents.model import Block, Field, Fields, Paragraph, Said
from tanba.strings import LANGUAGES, t

AUDIT, PACK, TERMS = "230-VIII/19/2", "order-196/trusted-list", "order-196/trusted-list/review"
MUST = ("name", "organisation", "body", "risk", "application", "rights", "audit", "events")


def blocks(known: Known) -> list[Block]:
    """Whose system, to whom, enclosures, what happened, whose clock runs, what is missing, signatures."""
    form = Form(known, "trusted_list")
    rows = (
        form.field("body", form.form.get("body"), "230-VIII/19/1"),
        Field("risk", known.assessment["axes"]["risk"]["label"], known.axis("risk")),
    )
    made = [
        *sections.identification(known),
        *section("section_trusted", Paragraph(known.said(words("about_trusted"), "230-VIII/19/1")), Fields(rows)),
    ]
    made += section("section_enclosures", Fields(tuple(_enclosure(form, name) for name in ("application", "rights", "audit"))))
    made += section("section_events", _events(form), *_clocks(form))
    return [*made, *form.missing(), *sections.signatures("responsible", "head")]


def _enclosure(form: Form, name: str) -> Field:
    """What is enclosed, since when and where it is; how rights are proved."""
    each, paths = form.inner(name), (AUDIT, PACK) if name == "audit" else (PACK,)
    said = form.cell(each.get("ready") and each.get("evidence") and f"{each['ready']}, {each['evidence']}", *paths)
    if name == "rights" and not said.gap:
        proof = word(f"trusted_list_form_{each['form']}")
        said = Said(joined((proof, said.text), "\n"), said.sources, gap=each["form"] == "unknown")
    return Field(name, word(f"trusted_list_part_{name}"), said)


def _events(form: Form) -> Block:
    """What happened; that nothing was submitted yet is no gap."""
    rows = [(Said(word(f"trusted_list_event_{each['what']}")), form.cell(each["day"]), _number(form, each)) for each in form.rows("events")]
    missing = Said(word("trusted_list_stands_none")) if form.there else form.cell("")
    return form.table(("event", "day", "number_remarks"), rows, (4, 3, 4), missing, "events")


def _number(form: Form, each: Mapping[str, Any]) -> Said:
    parts = [form.cell(part).text for part in (each["number"], each["remarks"]) if part]
    return Said(joined(parts, "\n")) if parts else Said(words("form_none"))


def _clocks(form: Form) -> list[Block]:
    """The state body's terms, as reported."""
    rows = [
        (form.stack(form.known.said(each["said"]["name"], TERMS), _term(each)), Said(_days(each)), Said(each["said"]["state"]))
        for each in form.check.get("clocks", ())
    ]
    return [form.table(("clock", "from_until", "state"), rows, (4, 4, 3), Said(words("nothing")), "clocks")] if rows else []


def _days(each: Mapping[str, Any]) -> dict[str, str]:
    return dict.fromkeys(LANGUAGES, date_range(each["start"], each["due"]) or each["start"])


def _term(each: Mapping[str, Any]) -> dict[str, str]:
    if each["days"] is None:
        return {lang: t("words.answer.unknown", lang) for lang in LANGUAGES}
    return {lang: t("words.unit.working_days", lang, count=each["days"]) for lang in LANGUAGES}
