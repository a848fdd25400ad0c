"""Everything the page of one provision shows."""

from typing import Any

from tanba.law.exposure import CLASSES, mci_on
from tanba.law.load import load
from tanba.law.model import Element, Provision
from tanba.law.rulebook import Rulebook
from tanba.web.lawtracker.words import condition


def details(book: Rulebook, provision: Provision) -> dict[str, Any]:
    """The provision with its condition in words, its fine, its editions, and where it is spoken of."""
    law = book.law
    return {
        "book": book,
        "p": provision,
        "act": law.acts[provision.act],
        "in_force": provision.in_force(book.day),
        "editions": law.editions(provision.path),
        "condition": condition(law, provision.applies) if provision.kind in CONDITIONED else None,
        "elements": [_element(element) for element in provision.elements],
        "exceptions": [_element(element) for element in provision.exceptions],
        "levels": [_level(axis, level) for axis in law.axes.values() for level in axis.levels if level.provision == provision.path],
        "facts": [fact for fact in law.facts.values() if fact.governed_by == provision.path],
        "notions": [_notion(notion) for notion in law.notions.values() if notion.governed_by == provision.path],
        "sanctions": [fine(book, p) for p in book.provisions.values() if p.kind == "sanction" and _concerns(p, provision)],
        "breaches": [book.provisions[path] for path in provision.penalty.get("for", ()) if path in book.provisions],
        "changes": law.changes(provision.path, book.day),
        "claims": [claim for claim in law.claims if provision.path in claim.provisions or claim.practice == provision.path],
    }


CONDITIONED = ("obligation", "right", "companion", "recommendation", "prohibition", "screen", "sanction")


def _element(element: Element) -> dict[str, Any]:
    return {"text": element.text, "condition": condition(load("kz"), element.when)}


def _level(axis: Any, level: Any) -> dict[str, Any]:
    return {"axis": axis.label, "label": level.label, "test": level.test, "condition": condition(load("kz"), level.when)}


def _notion(notion: Any) -> dict[str, Any]:
    return {"label": notion.label, "condition": condition(load("kz"), notion.when)}


def _concerns(sanction: Provision, provision: Provision) -> bool:
    return provision.path in (sanction.path, *sanction.penalty.get("for", ())) or sanction.path == provision.sanction


def fine(book: Rulebook, sanction: Provision) -> dict[str, Any]:
    """A fine in MCI and tenge by class of offender, first and repeated; no amounts where the text was not read."""
    index = mci_on(book.law, book.day)
    repeat = sanction.penalty.get("repeat", {})
    first, again = (part.get("penalties", {}) if sanction.text_read else {} for part in (sanction.penalty, repeat))
    rows = [
        {
            "class": name,
            "mci": first[name],
            "kzt": index and first[name] * index.value,
            "again": again.get(name),
            "again_kzt": index and again.get(name, 0) * index.value,
        }
        for name in CLASSES
        if name in first
    ]
    return {"p": sanction, "rows": rows, "again": bool(again), "repeat": repeat, "further": sanction.penalty.get("further"), "mci": index}
