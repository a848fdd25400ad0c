"""The order that appoints people responsible for AI systems. Pure.

The law asks for control over each system and for a person in charge of personal data; other posts are the company's own arrangement and
say so. Names are those of the register: a proposal, until the head signs.
"""

from tanba.documents import sections
from tanba.documents.known import Known, joined, section, table, words
from tanba.documents.model import Block, Field, Fields, Paragraph, Said, Signature
from tanba.strings import LANGUAGES

MUST = ("organisation", "bin", "number", "basis", "compliance", "personal_data", "security", "incidents", "of_systems", "tasks", "control")
CONTROL = "230-VIII/8/1"
POSTS = {
    "compliance": ("230-VIII/8/2",),
    "personal_data": ("94-V/25/2/10",),
    "security": ("practice/security-officer",),
    "incidents": ("practice/incident-notice",),
}
"""Posts of the whole organisation, and what each rests on; practice is a recommendation."""
TASKS = (
    *(CONTROL, "230-VIII/17/1", "230-VIII/18/1", "230-VIII/18/2", "230-VIII/15/2/3", "230-VIII/15/2/4", "230-VIII/21/1", "230-VIII/21/2"),
)
"""Duties of an owner or holder that whoever is responsible for a system sees to."""


def blocks(known: Known) -> list[Block]:
    """Number and basis, posts, systems with their people, tasks, who watches over it, signatures."""
    number = known.gap(words("gap_order_number"))
    head = (*sections.company(known), Field("number", words("order_number"), number))
    made = section("section_company", Fields(head), Paragraph(known.said(words("order_basis"), CONTROL, "230-VIII/8/2"), "basis"))
    made += section("section_posts", Fields(tuple(_post(known, name, paths) for name, paths in POSTS.items())))
    made += section("section_of_systems", _systems(known))
    made += section("section_tasks", *_tasks(known))
    made += section("section_control", Paragraph(known.gap(words("gap_control")), "control"))
    readers = dict.fromkeys(row["responsible"] for row in known.material["systems"] if row["responsible"])
    made += sections.signatures("head")
    return made + section("section_acquainted", *(Signature(dict.fromkeys(LANGUAGES, name)) for name in readers))


def _post(known: Known, name: str, paths: tuple[str, ...]) -> Field:
    """Who the register has for it, or a gap with what asks for it."""
    people = (known.part("people") or {}).get(name, [])
    remark = [words("post_practice")] if paths[0].startswith("practice/") else []
    if not people:
        return Field(name, words(f"post_{name}"), known.gap(joined((words("gap_person"), *remark), ". "), *paths))
    return Field(name, words(f"post_{name}"), known.said(joined((dict.fromkeys(LANGUAGES, ", ".join(people)), *remark), "\n"), *paths))


def _systems(known: Known) -> Block:
    rows = [
        (Said(row["name"]), Said(row["department"]) if any(row["department"].values()) else known.gap(words("gap_department"), CONTROL),
         known.given(row["responsible"], "gap_responsible", CONTROL))
        for row in known.material["systems"]
    ]  # fmt: skip
    return table(("system", "department", "responsible"), rows, (4, 3, 4), known.gap(words("gap_systems"), CONTROL), "of_systems")


def _tasks(known: Known) -> list[Block]:
    """In the law's own words, those in force on the day."""
    law = known.material["law"]
    return [Paragraph(known.said(law[path]["must"], path), "tasks") for path in TASKS if path in law]
