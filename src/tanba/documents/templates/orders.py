"""Orders to suspend and to restart (art. 18(2)). The law asks for the first where a risk of art. 17(3) is found, and nowhere else. Pure."""

from collections.abc import Mapping
from typing import Any

from tanba.documents.known import Known, joined, words
from tanba.documents.model import Block, Field, Fields, Paragraph, Said, Source, Text
from tanba.documents.templates import letters
from tanba.strings import LANGUAGES

SUSPENSION = (*letters.MUST, "basis", "reason", "systems", "from_when", "decided", "measures", "responsible", "later")
RESTART = (*letters.MUST, "basis", "systems", "stopped", "mended", "evidence", "from_when", "approved", "responsible")
STOP = "230-VIII/18/2"


def suspension(known: Known) -> list[Block]:
    """Why, then what is ordered: which systems, from when, what else, who sees to it."""
    stop = known.part("stop")
    grounds = [
        Field("basis", words("stop_basis"), _basis(known, stop)),
        Field("reason", words("reason"), known.given(stop["reason"], "gap_reason")),
    ]
    grounds += [Field("incident", words("incident"), Said(stop["incident"]))] if stop["incident"] else []
    ordered = [
        _item("from_when", _suspend(known, stop)),
        _item("measures", _filled(known, "measures_ordered", stop["measures"], *_law(stop))),
        _item("responsible", _filled(known, "order_responsible", stop["responsible"], *_law(stop))),
        _item("later", Said(words("later"), (_house(),))),
    ]
    return [
        _head(known, stop),
        Fields((*grounds, _systems(known, stop), _decided(known, stop))),
        *_ordered(ordered),
        letters.signed("authorised"),
        letters.signed("executor"),
    ]


def restart(known: Known) -> list[Block]:
    """What was stopped and why, what was mended, what shows it, who approved; then what is ordered."""
    stop, ended = known.part("stop"), known.part("stop")["restart"]
    grounds = (
        Field("basis", words("stop_basis"), _restart_basis(known, ended)),
        _systems(known, stop),
        Field("stopped", words("stopped"), _stopped(known, stop)),
        Field("mended", words("mended"), known.given(ended["mended"], "gap_mended", *_bans(stop))),
        Field("evidence", words("mended_evidence"), known.given(joined(ended["evidence"]), "gap_mended_evidence", *_bans(stop))),
        Field("approved", words("approved"), known.given(ended["approved"], "gap_approved")),
    )
    ordered = [
        _item(
            "from_when",
            Said(words("order_restart", systems=_named(stop), at=ended["at"])) if ended["at"] else known.gap(words("gap_restart_from")),
        ),
        _item("responsible", _filled(known, "order_responsible", stop["responsible"])),
    ]
    return [_head(known, ended), Fields(grounds), *_ordered(ordered), letters.signed("authorised"), letters.signed("second")]


def front(known: Known) -> tuple[Text, ...]:
    """That the law sets neither hours nor an authority to notify."""
    return letters.front(known, words("order_remark"))


def _head(known: Known, order: Mapping[str, Any]) -> Block:
    return letters.letterhead(known, Said(words("addressee_inside")), number=order["number"], day=order["day"], kind="act")


def _basis(known: Known, stop: Mapping[str, Any]) -> Said:
    """Art. 18(2) where a risk of art. 17(3) is named; else what the organisation goes by; else it stays open which of the two."""
    if stop["found"]:
        titles = joined(known.material["law"][path]["title"] for path in stop["found"] if path in known.material["law"])
        return known.said(words("basis_found", found=titles), STOP, *stop["found"])
    if any(stop["basis"].values()):
        return Said(joined((stop["basis"], words("basis_own")), "\n"), (_house(),))
    return known.gap(words("gap_order_basis"), STOP)


def _restart_basis(known: Known, ended: Mapping[str, Any]) -> Said:
    """No provision that was read says how a stop ends; that it may end is said only once it is written what was mended and who approved."""
    if ended["approved"] and any(ended["mended"].values()):
        return Said(words("restart_basis"), (_house(),))
    return known.gap(words("gap_restart_basis"))


def _law(stop: Mapping[str, Any]) -> tuple[str, ...]:
    """What is ordered rests on art. 18(2) only where a risk of art. 17(3) is named."""
    return (STOP,) if stop["found"] else ()


def _bans(stop: Mapping[str, Any]) -> tuple[str, ...]:
    """A prohibited capability has to be gone before the system runs again."""
    return ("230-VIII/17/3", *stop["found"]) if stop["found"] else ()


def _suspend(known: Known, stop: Mapping[str, Any]) -> Said:
    if not stop["at"]:
        return known.gap(words("gap_from_when"), *_law(stop))
    return known.said(words("order_suspend", systems=_named(stop), at=stop["at"]), *_law(stop))


def _stopped(known: Known, stop: Mapping[str, Any]) -> Said:
    if not stop["at"]:
        return known.gap(words("gap_stopped"))
    return Said(joined((words("stopped_at", at=stop["at"]), stop["reason"]), "\n"))


def _systems(known: Known, stop: Mapping[str, Any]) -> Field:
    return Field("systems", words("systems"), known.given(_named(stop), "gap_stopped_system", *_law(stop)))


def _named(stop: Mapping[str, Any]) -> Text:
    return joined(stop["systems"], ", ")


def _decided(known: Known, stop: Mapping[str, Any]) -> Field:
    return Field("decided", words("decided"), known.given(stop["by"], "gap_decided", *_law(stop)))


def _filled(known: Known, key: str, text: Any, *paths: str) -> Said:
    given = dict.fromkeys(LANGUAGES, text) if isinstance(text, str) else text
    if not any(given.values()):
        return known.gap(words(f"gap_{key}"), *paths)
    return Said(words(f"{key}_are", text=given))


def _item(name: str, said: Said) -> Paragraph:
    return Paragraph(said, name)


def _ordered(items: list[Paragraph]) -> list[Block]:
    """Numbered, under the word that orders."""
    numbered = [
        Paragraph(Said({each: f"{number}. {text}" for each, text in item.said.text.items()}, item.said.sources, item.said.gap), item.name)
        for number, item in enumerate(items, 1)
    ]
    return [Paragraph(Said(words("i_order"))), *numbered]


def _house() -> Source:
    return Source("", words("source_house"), "", True)
