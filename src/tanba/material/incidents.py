"""Notifications of an incident as the plain material of letters: what the drafts say, in all languages side by side."""

from collections.abc import Callable, Mapping
from typing import Any

from tanba.law.rulebook import Rulebook
from tanba.material.common import Whose, common
from tanba.people.drafts import Case, Line, draft
from tanba.strings import LANGUAGES, t

TO = ("breach", "users", "vendor")
CaseIn = Callable[[str], Case]
"""The incident with its names in a language."""


def material(book: Rulebook, case_in: CaseIn, whose: Whose, checkpoint: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """JSON-ready: `notifications` {breach, users, vendor: {addressee, lines, remarks}}, lines as `side_by_side` gives them."""
    return {**common(book, subject(case_in), whose, checkpoint), "notifications": {to: side_by_side(to, case_in) for to in TO}}


def subject(case_in: CaseIn) -> dict[str, str]:
    """The systems that the incident touched, and its day."""
    return {each: _subject(case_in(each), each) for each in LANGUAGES}


def side_by_side(to: str, case_in: CaseIn) -> dict[str, Any]:
    """{addressee, lines [{name, label, text, source, place, gap}], remarks}; every text {kk, ru, en}."""
    drafts = {each: draft(to, case_in(each), each) for each in LANGUAGES}
    lines = zip(*(made.lines for made in drafts.values()), strict=True)
    remarks = zip(*(made.remarks[:-1] for made in drafts.values()), strict=True)  # the last speaks of the brackets of the text
    return {
        "addressee": {each: made.addressee for each, made in drafts.items()},
        "lines": [_line(dict(zip(LANGUAGES, row, strict=True))) for row in lines],
        "remarks": [dict(zip(LANGUAGES, row, strict=True)) for row in remarks],
    }


def _line(sides: Mapping[str, Line]) -> dict[str, Any]:
    one = sides[LANGUAGES[0]]
    said = {name: {each: getattr(line, name) for each, line in sides.items()} for name in ("label", "source", "text")}
    return {**said, "gap": one.gap, "name": one.name, "place": one.place}


def _subject(case: Case, lang: str) -> str:
    systems = ", ".join(case.names.get(each, each) for each in case.incident.systems)
    day = t("documents.incident_of", lang, day=case.incident.aware.date().isoformat())
    return " – ".join(filter(None, (systems, day)))
