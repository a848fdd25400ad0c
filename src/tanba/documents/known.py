"""What templates ask of the material that a door hands in. Pure.

The material is plain JSON, made by `tanba.material`. Of every document: `subject`, `organisation` {name, bin}, `law` {path: {id, cited,
basis, read, again, title, must}}, `edition`, `day`, `checkpoint` or null. Of a system's: `system`, `assessment` (tanba.assessment/1),
`answers` {fact: {question, answer or null, source, governed_by}}, `levels` {axis: [{name, label}]}, `risks` {reviewed, due, missing,
rows} or null, `principles` {name: path}, `evidence` {path: [text]}, `changes`. What a single feature knows is a part with a name of its
own, which documents ask for with `part`. Every text is {kk, ru, en}.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from tanba.documents.model import Block, Field, Fields, Heading, Paragraph, Said, Source, Table, Text
from tanba.strings import LANGUAGES, t

Material = Mapping[str, Any]
READ = ("statute", "by-law", "other-law", "reported")
"""Layers of an assessment that are law, read or reported."""


def words(key: str, **values: Any) -> Text:
    """A text of the catalogue; values that are texts themselves are given in each language."""
    return {each: t(f"documents.{key}", each, **{name: _in(value, each) for name, value in values.items()}) for each in LANGUAGES}


def told(key: str) -> Text:
    """A text of the catalogue by its whole key, whichever part of it that is."""
    return {each: t(key, each) for each in LANGUAGES}


def same(text: str) -> Text:
    """What reads alike in every language: a name, a day, a number."""
    return dict.fromkeys(LANGUAGES, text)


def number(count: int) -> Text:
    """A count, its thousands apart."""
    return same(f"{count:,}".replace(",", "\u00a0"))


def joined(texts: Iterable[Text], by: str = "; ") -> Text:
    """Several texts in one."""
    every = list(texts)
    return {each: by.join(filter(None, (_in(text, each) for text in every))) for each in LANGUAGES}


def _in(value: Any, language: str) -> Any:
    if not isinstance(value, Mapping):
        return value
    return value.get(language) or next((text for text in value.values() if text), "")


class Known:
    """The material of one document. `system` and `assessment` are there where it is of a system."""

    def __init__(self, material: Material) -> None:
        """Nothing is read or changed."""
        self.material = material
        self.organisation: Mapping[str, Any] = material["organisation"]
        self.system: Mapping[str, Any] = material.get("system", {})
        self.assessment: Mapping[str, Any] = material.get("assessment", {})

    def part(self, name: str) -> Any:
        """What one feature knows, or None."""
        return self.material.get(name)

    def sources(self, *paths: str) -> tuple[Source, ...]:
        """Places of the law by path or id; one that is not in force on the day is left out."""
        found = (self.material["law"].get(path.partition("@")[0].removeprefix("kz/")) for path in paths)
        return tuple(Source(each["id"], each["cited"], each["basis"], each["read"], each["again"]) for each in found if each)

    def said(self, text: Text, *paths: str) -> Said:
        """A statement with its places."""
        return Said(text, self.sources(*paths))

    def gap(self, text: Text, *paths: str) -> Said:
        """What is missing, with the places that ask for it."""
        return Said(text, self.sources(*paths), gap=True)

    def given(self, value: Any, missing: str, *paths: str) -> Said:
        """What somebody wrote, or the gap `missing`. A list is joined by commas."""
        if isinstance(value, list):
            value = ", ".join(str(each) for each in value if str(each).strip())
        if isinstance(value, Mapping) and any(str(text).strip() for text in value.values()):
            return self.said(value, *paths)
        if isinstance(value, str) and value.strip():
            return self.said(dict.fromkeys(LANGUAGES, value), *paths)
        return self.gap(words(missing), *paths)

    def question(self, fact: str) -> Text:
        """The question of a fact; its bare name where the material has none."""
        text: Text = self.material["answers"].get(fact, {}).get("question") or dict.fromkeys(LANGUAGES, fact)
        return text

    def fact(self, fact: str) -> Said:
        """The answer in words and where it comes from, or a gap."""
        entry = self.material["answers"].get(fact)
        if not entry or not entry["answer"]:
            return self.gap(words("gap_answer"), *([entry["governed_by"]] if entry else []))
        text = joined((entry["answer"], words("said_in", source=entry["source"])), "\n") if entry["source"] else entry["answer"]
        return self.said(text, entry["governed_by"])

    def notion(self, group: str, name: str) -> Said:
        """Whether a notion of the law holds, or a gap with the questions that would settle it."""
        entry = self.assessment[group][name]
        if entry["answer"] == "unknown":
            return self.open(entry["ask"], entry["provision"])
        return self.said({each: t(f"words.answer.{entry['answer']}", each) for each in LANGUAGES}, entry["provision"])

    def axis(self, name: str) -> Said:
        """The level, or a gap with the levels that are still possible and the questions that would settle it."""
        axis = self.assessment["axes"][name]
        if axis["decided"]:
            return self.said(axis["labels"][0], *axis["provisions"], *self.order(name, axis["levels"][0]))
        asked = joined(self.question(fact) for fact in axis["ask"])
        return self.gap(words("gap_level", levels=joined(axis["labels"], ", "), questions=asked), *axis["provisions"])

    def order(self, axis: str, level: str) -> list[str]:
        """The reported order on documentation at a level."""
        return [f"order-95/{level}"] if axis == "documentation" else []

    def open(self, asked: Iterable[str], *paths: str) -> Said:
        """A gap that names the questions which would settle it."""
        return self.gap(words("gap_settle", questions=joined(self.question(fact) for fact in asked)), *paths)

    def gate(self) -> Said:
        """Whether a prohibited capability is present."""
        gate = self.assessment["gate"]
        bans = gate["bans"]
        answered = {"open": sum(ban["answer"] == "unknown" for ban in bans), "total": len(bans)}
        text = {each: t(f"report.gate.{gate['answer']}", each, **answered) for each in LANGUAGES}
        found = joined([text, *(ban["title"] for ban in bans if ban["answer"] == "found")], "\n")
        return Said(found, self.sources("230-VIII/17/3"), gap=gate["answer"] == "unknown")


def asked(known: Known, facts: Iterable[str]) -> tuple[Field, ...]:
    """Questions and answers."""
    return tuple(Field(fact, known.question(fact), known.fact(fact)) for fact in facts)


def facts_table(known: Known, facts: Iterable[str]) -> list[Block]:
    """Questions and answers as a table; nothing where there are no facts."""
    rows = asked(known, facts)
    return [Fields(rows, (55, 45))] if rows else []


def section(key: str, *blocks: Block, level: int = 1) -> list[Block]:
    """A heading and what stands under it; a section without content says so."""
    return [Heading(words(key), level), *(blocks or (Paragraph(Said(words("nothing"))),))]


def table(head: Iterable[str], rows: Iterable[tuple[Said, ...]], widths: tuple[int, ...], missing: Said, name: str) -> Block:
    """A table, or what is missing in its place."""
    found = tuple(rows)
    return Table(tuple(words(each) for each in head), found, widths, name) if found else Paragraph(missing, name)
