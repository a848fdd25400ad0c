"""What letters and orders share: number and date, to whom, remarks for whoever signs. Pure."""

from collections.abc import Mapping
from typing import Any

from tanba.documents.known import Known, words
from tanba.documents.model import Field, Letterhead, Said, Signature, Source, Text
from tanba.strings import LANGUAGES, t

MUST = ("sender", "number", "date", "addressee")


def letterhead(known: Known, to: Said, *rows: Field, number: str = "", day: str = "", kind: str = "letter") -> Letterhead:
    """Who writes, number and day (gaps until it has them), further rows, to whom. `kind`: letter or act."""
    head = (
        Field("sender", words(f"{kind}_sender"), sender(known)),
        Field("number", words(f"{kind}_number"), known.given(number, "gap_outgoing_number")),
        Field("date", words("outgoing_date"), known.given(day, "gap_outgoing_date")),
    )
    return Letterhead((*head, *rows), Field("addressee", words("addressee"), to))


def sender(known: Known) -> Said:
    """The organisation with its BIN, or a gap."""
    name, bin = known.organisation["name"], known.organisation["bin"]
    if not any(name.values()):
        return known.gap(words("gap_sender"))
    return Said(words("sender_bin", name=name, bin=bin)) if bin else Said(name)


def signed(role: str) -> Signature:
    """A line to sign on."""
    return Signature(words(f"sign_{role}"))


def front(known: Known, *remarks: Text, draft: bool = True) -> tuple[Text, ...]:
    """What stands below a letter: what whoever signs has to do, the day of the data, the edition of the law."""
    todo = (words("letter_remark", gap=words("gap")),) if draft else ()
    day = {each: t("documents.prepared", each, day=known.material["day"]) for each in LANGUAGES}
    return (*remarks, *todo, day, *known.material["edition"])


def statement(known: Known, row: Mapping[str, Any], text: Text | None = None) -> Said:
    """A row {text, source, place, gap} with its place of the law, else with its source in words."""
    found = known.sources(row["place"]) if row["place"] else ()
    told = (Source("", row["source"], "", True),) if not found and any(row["source"].values()) else ()
    return Said(text or row["text"], found or told, row["gap"])
