"""The labelling policy: what is marked, how, in which words, channel by channel (art. 21, 22), from the channel standard. Pure.

How a mark has to look no act says that was read: wording, size and place are house policy, and conformity with the order is unknown.
"""

from tanba.documents import sections
from tanba.documents.known import Known, section, table, told, words
from tanba.documents.model import Block, Field, Fields, Paragraph, Said
from tanba.strings import LANGUAGES

MUST = (
    "organisation",
    "bin",
    "law",
    "form",
    "standard",
    "scope",
    "created",
    "altered",
    "layers",
    "channels",
    "generating",
    "gate",
    "in_charge",
)
TELL, MARK, ANSWER, FORM = "230-VIII/21/1", "230-VIII/21/2", "230-VIII/21/3", "order-202/forms"


def blocks(known: Known) -> list[Block]:
    """The company, what the law asks, the house's standard, channels, systems that generate, release, who is in charge."""
    made = section("section_company", Fields(sections.company(known)))
    made += section("section_asked_by_law", *_law(known))
    made += _standard(known)
    made += section("section_generating", _generating(known))
    made += section("section_release", Paragraph(Said(told("guidelines.gate")), "gate"), Paragraph(known.said(words("vendors_too"), MARK)))
    charge = known.gap(words("gap_in_charge"), ANSWER)
    made += section("section_in_charge", Fields((Field("in_charge", words("in_charge"), charge),)), Paragraph(Said(words("kept_in_log"))))
    return made + sections.signatures("head", "compliance")


def _law(known: Known) -> list[Block]:
    """Each provision in its own words; the order on forms was not read."""
    rows = [Paragraph(known.said(known.material["law"][path]["must"], path), "law") for path in (TELL, MARK, ANSWER)
            if path in known.material["law"]]  # fmt: skip
    return [*rows, Paragraph(known.gap(words("gap_form"), "230-VIII/22/3", FORM), "form")]


def _standard(known: Known) -> list[Block]:
    given = known.part("standard")
    if not given:
        names = ("standard", "scope", "created", "altered", "layers", "channels")
        rows = tuple(Field(name, words(name), known.gap(words("gap_standard"), MARK)) for name in names)
        return section("section_standard", Fields(rows))
    rows = (
        Field("standard", words("standard"), Said(dict.fromkeys(LANGUAGES, given["version"]))),
        Field("scope", words("scope"), known.said(given["everything"], MARK)),
        Field("created", words("created"), Said(given["warnings"]["created"])),
        Field("altered", words("altered"), Said(given["warnings"]["altered"])),
        Field("languages", words("languages"), Said(given["languages"])),
        Field("place", told("guidelines.place"), Said(given["place"])),
        Field("size", told("guidelines.size"), Said(given["size"])),
        *(Field("layers", words("layers"), known.said(layer, MARK)) for layer in given["layers"]),
    )
    note = Paragraph(Said(told("guidelines.house_note")))
    channels = [(Said(each["name"]), known.said(each["do"], *((TELL, MARK) if each["chat"] else (MARK,)))) for each in given["channels"]]
    return [
        *section("section_standard", Fields(rows), note),
        *section("section_channels", table(("channel", "has_to"), channels, (2, 5), Said(words("nothing")), "channels")),
    ]


def _generating(known: Known) -> Block:
    """Systems that generate or alter media, and those of which it is not known."""
    shown = [row for row in known.material["systems"] if row["generates"] is not False and row["tier"] != "outside"]
    rows = [
        (Said(row["name"]), _generates(known, row["generates"]), known.given(row["responsible"], "gap_responsible", ANSWER))
        for row in shown
    ]
    return table(("system", "generates", "responsible"), rows, (3, 3, 3), known.gap(words("gap_generating"), MARK), "generating")


def _generates(known: Known, answer: bool | None) -> Said:
    return known.gap(words("gap_generates"), MARK) if answer is None else known.said(words("generates_yes"), MARK)
