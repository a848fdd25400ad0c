"""The security dossier: a duty of two subclasses (art. 17(1)), practice or house policy for every other system. Pure."""

from collections.abc import Mapping
from typing import Any

from tanba.documents import sections
from tanba.documents.forms import Form, word
from tanba.documents.known import Known, section, words
from tanba.documents.model import Block, Field, Fields, Paragraph, Said
from tanba.strings import LANGUAGES

EQUATED, UNIFIED = "230-VIII/17/1/equated", "companion/unified-requirements"
OFFICER, ENCRYPTION, TESTS = "practice/security-officer", "practice/encryption", "practice/penetration-tests"
MUST = (
    *("name", "organisation", "risk", "equated", "order", "appointed", "contact", "encryption", "tests", "access", "logging"),
    *("incident_contact", "requirements_edition", "verified_by", "requirements"),
)


def blocks(known: Known) -> list[Block]:
    """Whether it is a duty, the officer, encryption, tests, access, the checklist, what is missing, signatures."""
    form = Form(known, "security")
    rows = (
        Field("risk", known.assessment["axes"]["risk"]["label"], known.axis("risk")),
        Field("equated", words("form_equated"), _equated(known)),
    )
    made = [*sections.identification(known), *section("section_equated_security", Fields(rows))]
    made += section("section_officer", Fields(_officer(form)))
    made += section("section_encryption", _encryption(form)) + section("section_tests", _tests(form))
    plain = tuple(form.field(name, form.form.get(name)) for name in ("access", "logging", "incident_contact"))
    made += section("section_access", Fields(plain)) + section("section_requirements", *_requirements(form))
    return [*made, *form.missing(), *sections.signatures("responsible", "head")]


def _equated(known: Known) -> Said:
    """Whether the system is one of the two subclasses, as the assessment has it."""
    entry = next((each for each in known.assessment["provisions"] if each["path"] == EQUATED), None)
    if entry is None:
        return known.said(word("security_duty_not_applicable"), EQUATED)
    return (
        known.open(entry["ask"], EQUATED) if entry["answer"] == "unknown" else known.said(word("security_duty_applies"), EQUATED, UNIFIED)
    )


def _officer(form: Form) -> tuple[Field, ...]:
    """The post and the order; a name is printed where one was written, and is no gap."""
    officer = form.inner("officer")
    who = ", ".join(filter(None, (officer.get("post"), officer.get("name"))))
    rows = [
        form.field("order", officer.get("order"), OFFICER),
        form.field("appointed", officer.get("day"), OFFICER),
        form.field("contact", officer.get("contact"), OFFICER),
    ]
    return tuple([form.field("post", who), *rows] if who else rows)


def _encryption(form: Form) -> Block:
    rows = [
        (form.stack(each["what"], word(f"security_where_{each['where']}")), form.cell(each["how"]), form.cell(each["keys"]))
        for each in form.rows("encryption")
    ]
    return form.table(("what", "how", "keys"), rows, (4, 3, 4), form.cell("", ENCRYPTION), "encryption")


def _tests(form: Form) -> Block:
    rows = [
        (form.stack(each["by"], each["day"], each["scope"]), form.cell(each["report"]), _found(form, each)) for each in form.rows("tests")
    ]
    return form.table(("tested", "report", "found"), rows, (5, 4, 4), form.cell("", TESTS), "tests")


def _found(form: Form, each: Mapping[str, Any]) -> Said:
    """How many weaknesses were found and are left; what was not looked at again is a gap."""
    if each["found"] is None:
        return form.cell("")
    if each["found"] and (each["retested"] is None or each["left"] is None):
        return form.known.gap(words("not_retested", found=each["found"]))
    again = f" ({each['retested']})" if each["retested"] else ""
    return Said(words("found_left", found=each["found"], left=each["left"] or 0, again=again))


def _requirements(form: Form) -> list[Block]:
    """The checklist that an officer imported; without it everything is a gap."""
    known, written = form.known, form.inner("requirements")
    rows = (
        form.field("requirements_edition", written.get("edition"), UNIFIED),
        form.field(
            "verified_by",
            written.get("verified_by") and ", ".join(filter(None, (written["verified_by"], written.get("verified")))),
            UNIFIED,
        ),
    )
    items = [(form.stack(each["number"], each["text"]), _state(form, each), _evidence(form, each)) for each in written.get("items") or ()]
    made = form.table(("requirement", "state", "evidence"), items, (5, 3, 3), known.gap(words("gap_requirements"), UNIFIED), "requirements")
    return [Paragraph(known.said(words("about_requirements"), UNIFIED)), Fields(rows), made]


def _state(form: Form, each: Mapping[str, Any]) -> Said:
    if each["applies"] is False:
        return Said(word("security_state_not_applicable"))
    unknown = each["applies"] is None or each["state"] == "unknown"
    return form.known.gap(word("security_state_unknown")) if unknown else Said(word(f"security_state_{each['state']}"))


def _evidence(form: Form, each: Mapping[str, Any]) -> Said:
    asked = each["applies"] and each["state"] == "met"
    return form.cell(each["evidence"]) if asked or each["evidence"] else Said(dict.fromkeys(LANGUAGES, "–"))
