"""What documents share that are made from a form somebody filled in: its fields, its rows, what it lacks. Pure.

A part of the material is {form: what was written, check: what stands and what is missing} (`tanba.material.state`), or is not there.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tanba.documents.known import Known, joined, section, table, words
from tanba.documents.model import Block, Field, Paragraph, Said, Text
from tanba.strings import LANGUAGES, t


class Form:
    """One form of the material, empty where nobody filled it in."""

    def __init__(self, known: Known, name: str) -> None:
        """`name` is that of the part."""
        part = known.part(name) or {}
        self.known = known
        self.there = bool(part)
        self.form: Mapping[str, Any] = part.get("form", {})
        self.check: Mapping[str, Any] = part.get("check", {})

    def rows(self, name: str) -> Sequence[Mapping[str, Any]]:
        """Entries of a list."""
        found: Sequence[Mapping[str, Any]] = self.form.get(name) or ()
        return found

    def inner(self, name: str) -> Mapping[str, Any]:
        """A form inside it."""
        return self.form.get(name) or {}

    def field(self, name: str, value: Any, *paths: str) -> Field:
        """A named value; its label is the word `form_<name>`."""
        return Field(name, words(f"form_{name}"), self.cell(value, *paths))

    def table(self, head: Iterable[str], rows: Iterable[tuple[Said, ...]], widths: tuple[int, ...], missing: Said, name: str) -> Block:
        """A table whose columns are called by the words `form_<name>`, or what is missing in its place. Three leave room for gaps."""
        return table((f"form_{each}" for each in head), rows, widths, missing, name)

    def cell(self, value: Any, *paths: str) -> Said:
        """What somebody wrote, or a gap."""
        return self.known.given(_plain(value), "gap_written", *paths)

    def stack(self, *values: Any) -> Said:
        """Several values below one another; a gap where one is missing."""
        parts = [each if isinstance(each, Said) else self.cell(each) for each in values]
        return Said(
            joined((each.text for each in parts), "\n"),
            tuple(place for each in parts for place in each.sources),
            any(each.gap for each in parts),
        )

    def missing(self) -> list[Block]:
        """What the form lacks on the day, as remarks: each gap stands where it is, too."""
        said = (each["said"] for each in self.check.get("missing", ()))
        found = [Paragraph(Said({lang: text[:1].upper() + text[1:] for lang, text in each.items()})) for each in said]
        return section("section_missing", *found) if found else []


def word(key: str) -> Text:
    """A word of the feature's own catalogue."""
    return {each: t(f"state.{key}", each) for each in LANGUAGES}


def date_range(start: str | None, until: str | None) -> str:
    """Two days as one text; empty where one is missing."""
    return f"{start} – {until}" if start and until else ""


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value
