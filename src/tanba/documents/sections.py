"""Sections that several documents share. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import dropwhile
from typing import Any

from tanba.documents.known import READ, Known, asked, facts_table, joined, section, table, words
from tanba.documents.model import Block, Check, Field, Fields, Paragraph, Said, Signature, Text
from tanba.strings import LANGUAGES, t

DOCUMENTATION = "230-VIII/15/2/3"
AXES = ("risk", "autonomy", "mode")
DATA = (
    *("human_control", "decides_about_people", "solely_automated", "generates_or_alters_media", "processes_personal_data"),
    *("personal_data_kinds", "personal_data_basis", "stored_in_kazakhstan", "cross_border_transfer"),
)
MOOT = {"personal_data_kinds", "personal_data_basis", "stored_in_kazakhstan", "cross_border_transfer"}
"""Facts that say nothing where no personal data are processed."""


def identification(known: Known) -> list[Block]:
    """Which system, whose, in which role."""
    system = known.system
    rows = [
        Field("name", words("name"), known.given(system["name"], "gap_name", DOCUMENTATION)),
        Field("identifier", words("identifier"), known.given(system["slug"], "gap_name", DOCUMENTATION)),
        *company(known),
        *(Field(role, entry["label"], known.notion("roles", role)) for role, entry in known.assessment["roles"].items()),
        Field("responsible", words("responsible"), known.given(system["owner"], "gap_responsible", "230-VIII/8/1")),
        Field("department", words("department"), known.given(system["department"], "gap_department", "230-VIII/8/1")),
    ]
    if system["vendor"]:
        rows.append(Field("vendor", words("vendor"), known.given(system["vendor"], "gap_vendor", DOCUMENTATION)))
    return section("section_identification", Fields(tuple(rows)))


def company(known: Known) -> tuple[Field, Field]:
    """The organisation and its BIN."""
    name = known.given(known.organisation["name"], "gap_organisation", "230-VIII/8/2")
    number = known.given(known.organisation["bin"], "gap_bin", "230-VIII/8/2")
    return Field("organisation", words("organisation"), name), Field("bin", words("bin"), number)


def purpose(known: Known) -> list[Block]:
    """What the system is for, where and for whom it works."""
    system = known.system
    rows = (
        Field("purpose", words("purpose"), known.given(system["purpose"], "gap_purpose", "230-VIII/7/1")),
        Field("channels", words("channels"), known.given(system["channels"], "gap_channels", DOCUMENTATION)),
        Field("regions", words("regions"), known.given(system["regions"], "gap_regions", DOCUMENTATION)),
    )
    return section("section_purpose", Fields((*rows, *asked(known, ("stage", "has_users", "uses_system")))))


def composition(known: Known) -> list[Block]:
    """Whether it is an AI system at all, its models and its data."""
    return section(
        "section_composition",
        ai_system(known),
        parts(known, "models", ("model", "origin", "licence"), ("source", "licence")),
        parts(known, "data_libraries", ("data_library", "producer"), ("producer",)),
    )


def ai_system(known: Known) -> Block:
    """The test of an AI system with the answers behind it."""
    notion = known.assessment["notions"]["ai_system"]
    return Fields((Field("ai_system", notion["label"], known.notion("notions", "ai_system")), *asked(known, notion["because"])))


def parts(known: Known, kind: str, head: tuple[str, ...], keys: tuple[str, ...]) -> Block:
    """Models or data libraries, one a row; what is not known of one is a gap in its row."""
    path = "230-VIII/27/5" if kind == "data_libraries" else DOCUMENTATION
    rows = [
        (known.given(part.get("name", ""), "gap_name", path), *(known.given(part.get(key, ""), f"gap_{key}") for key in keys))
        for part in known.system[kind]
    ]
    return table(head, rows, (4,) + (3,) * len(keys), known.gap(words(f"gap_{kind}"), path), kind)


def classification(known: Known) -> list[Block]:
    """The axes, the depth of documentation and the gate, as they stand."""
    axes = known.assessment["axes"]
    rows = [Field(name, axes[name]["label"], known.axis(name)) for name in (*AXES, "documentation")]
    return section("section_classification", Fields((*rows, Field("gate", words("gate"), known.gate()))))


def data(known: Known) -> list[Block]:
    """The part of a human, and personal data."""
    none = known.assessment["facts"].get("processes_personal_data", {}).get("value") is False
    return section("section_data", *facts_table(known, (fact for fact in DATA if not (none and fact in MOOT))))


def limits(known: Known) -> list[Block]:
    """What article 7(1) asks for and no fact tells: in the company's own words."""
    names = ("accuracy", "known_errors", "not_fit_for")
    written = known.system["limits"]
    rows = tuple(Field(name, words(name), known.given(written.get(name), f"gap_{name}", "230-VIII/7/1")) for name in names)
    return section("section_limits", Fields(rows))


def questions(known: Known) -> list[Block]:
    """What is still open and would settle something of law that was read."""
    rows = [Paragraph(known.gap(known.question(entry["fact"]), known.material["answers"][entry["fact"]]["governed_by"]), "question")
            for entry in known.assessment["questions"] if any(_lawful(known, each) for each in entry["bears_on"])]  # fmt: skip
    return section("section_questions", *rows) if rows else section("section_questions", Paragraph(Said(words("no_questions"))))


def _lawful(known: Known, name: str) -> bool:
    """A notion, an axis or a provision that is no companion rule and no practice."""
    return not name.removeprefix("kz/").startswith(("companion/", "practice/"))


def duties(known: Known, chosen: Iterable[Mapping[str, Any]], missing: str) -> Block:
    """Provisions that apply, and the evidence of each, or a gap."""
    rows = []
    for entry in chosen:
        text = joined((entry["title"], entry["must"]), "\n")
        rows.append((known.said(text, entry["path"]), proof(known, entry)))
    return table(("duty", "evidence"), rows, (3, 2), Said(words(missing)), "duties")


def proof(known: Known, entry: Mapping[str, Any]) -> Said:
    """The evidence of a provision, or a gap; where it is open whether it applies, what would settle it."""
    if entry["answer"] == "unknown":
        return known.open(entry["ask"])
    evidence = known.material["evidence"].get(entry["path"], [])
    return known.said(joined(evidence)) if evidence else known.gap(words("gap_evidence"))


def law_duties(known: Known) -> list[Mapping[str, Any]]:
    """Duties of law, read or reported; no rights, no practice, no companion rules."""
    return [entry for entry in known.assessment["provisions"] if entry["kind"] == "obligation" and entry["layer"] in READ]


def levels(known: Known, axis: str) -> list[Block]:
    """A box for each level; ticked is the one that is decided."""
    entry = known.assessment["axes"][axis]
    decided = entry["levels"][0] if entry["decided"] else ""
    return [Check(Said(level["label"]), level["name"] == decided, axis) for level in known.material["levels"][axis]]


def months(counts: Iterable[Sequence[Any]]) -> list[tuple[Text, tuple[int, ...]]]:
    """Rows of a chart from (month, count): those since something was first counted."""
    begun = dropwhile(lambda pair: not pair[1], counts)
    return [(dict.fromkeys(LANGUAGES, month), (n,)) for month, n in begun]


def signatures(*roles: str) -> list[Block]:
    """Lines to sign on."""
    return [*section("section_signatures", *(Signature(words(f"sign_{role}")) for role in roles))]


def answer(word: str) -> dict[str, str]:
    """An answer of an assessment in words."""
    return {each: t(f"words.answer.{word}", each) for each in LANGUAGES}
