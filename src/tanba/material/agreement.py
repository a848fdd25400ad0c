"""A user agreement as the plain material of its document: what readers of each language see, with its places."""

from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

from tanba.law.facts import SystemFile
from tanba.law.rulebook import Rulebook, decide
from tanba.law.words import cite
from tanba.material.common import Text, Whose, common, texts
from tanba.material.system import part_names
from tanba.people.agreement import Known, gaps, lines, make
from tanba.people.requests import Law
from tanba.people.written import checked_limits
from tanba.strings import LANGUAGES


def drafted(book: Rulebook, system: SystemFile, whose: Whose, contact: Text | None = None) -> dict[str, Any]:
    """The agreement (`tanba.agreement/1`) of a system's file, in nobody's own words."""
    names = tuple(part_names(system.details.get("models")))
    purpose = texts(system.details.get("purpose"))
    limits = {name: texts(text) for name, text in checked_limits(system.details.get("limits")).items()}
    known = Known(system.name, purpose, whose.name, whose.bin, contact or {}, names, system.facts, limits)
    return make(known, Law(book.provisions, decide(book, system.facts).rules, book.changed), cite)


def material(book: Rulebook, made: Mapping[str, Any], slug: str, day: str, effective: str = "") -> dict[str, Any]:
    """JSON-ready: all that the document of an agreement asks for. `slug` is its system's."""
    whose = Whose(made["organisation"], made["bin"])
    return {**common(book, made["name"], whose, None), "agreement": agreement_of(made, day, effective), "system": {"slug": slug}}


def agreement_of(made: Mapping[str, Any], day: str, effective: str = "") -> dict[str, Any]:
    """`made` is `tanba.agreement/1`, `day` that of its facts, `effective` its first day in force, empty for a draft.

    {version, day, effective, gaps {language: count}, sections [{name, heading, rows [{language: {text, places, gap}}]}]}.
    """
    return {
        "day": day,
        "effective": effective,
        "gaps": {each: len(gaps(made, each)) for each in LANGUAGES},
        "sections": [section for each in made["sections"] if (section := _section(each))["rows"]],
        "version": made["version"],
    }


def _section(section: Mapping[str, Any]) -> dict[str, Any]:
    """What is said in each language stands side by side: an officer's own words may be there in some of them only."""
    sides = [_said(section, each) for each in LANGUAGES]
    rows = [{lang: said for lang, said in zip(LANGUAGES, row, strict=True) if said} for row in zip_longest(*sides)]
    return {"heading": dict(section["heading"]), "name": section["name"], "rows": rows}


def _said(section: Mapping[str, Any], lang: str) -> list[dict[str, Any]]:
    """A line that is a source only belongs to the one before."""
    found: list[dict[str, Any]] = []
    for line in lines(section, lang):
        places = [line["source"]] if line["source"] else []
        if line["text"][lang]:
            found.append({"gap": line["gap"], "places": places, "text": line["text"][lang]})
        elif found:
            found[-1]["places"] += places
    return found
