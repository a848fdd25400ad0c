"""An answer to a request as the plain material of its letter: what the draft says, in all languages, or what somebody wrote instead."""

from collections.abc import Callable, Mapping
from typing import Any

from tanba.law.facts import SystemFile
from tanba.law.model import Law as LawData
from tanba.law.rulebook import Rulebook, decide
from tanba.law.words import answer, cite
from tanba.material.common import Text, Whose, common
from tanba.people.answers import FACTS, Case, Statement, gaps_of, statements
from tanba.people.askedfile import Asked
from tanba.people.requests import Ground, Law, grounds
from tanba.strings import LANGUAGES, t

CaseIn = Callable[[str], Case]
"""What an answer in a language is drafted from."""


def material(book: Rulebook, case_in: CaseIn, subject: Text, asked: Asked, whose: Whose, *, sent: bool = False) -> dict[str, Any]:
    """JSON-ready: `answer` {to, number, received, sent, rows [{text, source, place, gap}]}; `subject` is the system's name.

    Where `asked` has a text, it takes the place of the draft, paragraph by paragraph, in the languages that it has.
    """
    written = {each: text for each, text in asked.text.items() if text.strip()}
    rows = _written(written) if written else _drafted({each: case_in(each) for each in LANGUAGES})
    told = {"number": asked.number, "received": asked.received, "rows": rows, "sent": sent, "to": asked.to}
    return {**common(book, subject, whose, None), "answer": told}


def of_file(book: Rulebook, system: SystemFile | None, asked: Asked, whose: Whose) -> dict[str, Any]:
    """The same of files alone; without a system it stays open which one is meant and what applies."""
    return material(book, lambda lang: case_of(book, system, asked, whose, lang), system.name if system else {}, asked, whose)


def case_of(book: Rulebook, system: SystemFile | None, asked: Asked, whose: Whose, lang: str) -> Case:
    """What an answer in a language is drafted from, by files alone."""
    facts = system.facts if system else {}
    told, unanswered = facts_of(book.law, facts, asked.kind, lang)
    return Case(
        asked.kind,
        asked.outcome,
        ground_of(book, facts, asked.kind),
        _named(system.name, lang) if system else f"[[{t('answers.gap_system', lang)}]]",
        _named(whose.name, lang) or f"[[{t('answers.gap_organisation', lang)}]]",
        asked.number,
        asked.received,
        told,
        unanswered,
        asked.decision,
        asked.identity_shown,
        asked.ground,
    )


def ground_of(book: Rulebook, facts: Mapping[str, Any], kind: str) -> Ground:
    """What stands behind a request of that kind."""
    known = {name: value for name, value in facts.items() if name in book.law.facts}
    return grounds(Law(book.provisions, decide(book, known).rules, book.changed))[kind]


def facts_of(law: LawData, given: Mapping[str, Any], kind: str, lang: str) -> tuple[list[Statement], list[str]]:
    """(statements on the system that an answer of that kind makes, questions that have no answer yet)."""
    asked = [law.facts[name] for name in FACTS.get(kind, ()) if name in law.facts]
    told = [
        Statement(
            f"{fact.question[lang]} – {answer(fact, given[fact.name], lang)}",
            t("answers.source_fact", lang, place=cite(fact.governed_by, lang)),
            fact.governed_by,
        )
        for fact in asked
        if given.get(fact.name) is not None
    ]
    return told, [fact.question[lang] for fact in asked if given.get(fact.name) is None]


def _drafted(cases: Mapping[str, Case]) -> list[dict[str, Any]]:
    sides = zip(*(statements(case, each, cite) for each, case in cases.items()), strict=True)
    return [_row(dict(zip(LANGUAGES, row, strict=True))) for row in sides]


def _written(text: Mapping[str, str]) -> list[dict[str, Any]]:
    """Paragraph by paragraph where every language has as many, else each language as a whole."""
    parts = {each: [part for part in said.replace("\r\n", "\n").split("\n\n") if part.strip()] for each, said in text.items()}
    if len({len(each) for each in parts.values()}) > 1:
        parts = {each: ["\n\n".join(said)] for each, said in parts.items()}
    return [_row({lang: Statement(said) for lang, said in zip(parts, row, strict=True)}) for row in zip(*parts.values(), strict=True)]


def _row(sides: Mapping[str, Statement]) -> dict[str, Any]:
    """A gap is a statement in which something is left open; what is open stands in single brackets."""
    one = next(iter(sides.values()))
    return {
        "gap": any(gaps_of(each.text) for each in sides.values()),
        "place": one.place,
        "source": {lang: each.source for lang, each in sides.items()},
        "text": {lang: _single(each.text) for lang, each in sides.items()},
    }


def _single(text: str) -> str:
    whole = gaps_of(text)
    if whole == [text]:
        return text.removeprefix("[[").removesuffix("]]")
    return text.replace("[[", "[").replace("]]", "]")


def _named(names: Mapping[str, str], lang: str) -> str:
    return names.get(lang) or next((text for text in names.values() if text), "")
