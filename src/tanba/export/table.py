"""The table of obligations: a row for each system and provision, as JSON (`tanba.obligations/1`), CSV and XLSX."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import Any

from tanba.digest import canonical_json
from tanba.errors import InputError
from tanba.export.model import Owed, Proof, Subject, Text, Whole, ruled_out
from tanba.export.parts import pick
from tanba.law.assess import layer
from tanba.law.model import ASSESSED, Law, Provision
from tanba.law.rulebook import Rulebook
from tanba.law.words import cite, deadline, word
from tanba.sheets import Cell, Sheet, write_csv, write_xlsx
from tanba.strings import LANGUAGES, t

SCHEMA = "tanba.obligations/1"
MOST_ROWS = 1_048_575
"""Of a sheet, beside its heading."""

COLUMNS = (
    *("system", "name", "id", "cited", "title", "layer", "basis", "kind", "text_read", "verify_again", "answer", "status"),
    *("due", "due_kind", "deadline", "assignee", "evidence", "remind_on", "remark"),
)
WIDTHS = {1: 30, 2: 28, 3: 28, 4: 44, 14: 24, 16: 40, 18: 40}


@dataclass(frozen=True, slots=True)
class Row:
    """One line: the system, the day of its assessment, what it owes."""

    slug: str
    name: Text
    assessed: str
    owed: Owed


def rows_of(book: Rulebook, subjects: Iterable[Subject], everything: bool = False) -> Iterator[Row]:
    """Every provision of every assessment in the law's order; with `everything` also what does not apply."""
    for subject in subjects:
        found = {**subject.owed, **dict(_beside(book, subject) if everything else ())}
        order = places(book.law)
        for path in sorted(found, key=lambda each: (order.get(each, len(order)), each)):
            yield Row(subject.slug, subject.name, subject.report["date"], found[path])


def _beside(book: Rulebook, subject: Subject) -> Iterator[tuple[str, Owed]]:
    """What an assessment left out: ruled out by its answers, or not known where the law data have changed since."""
    out = ruled_out(book, subject.report)
    for path, provision in book.provisions.items():
        if provision.kind in ASSESSED and path not in subject.owed:
            yield path, Owed(provision.id, provision.kind, layer(provision, ()), "no" if path in out else "unknown")


@lru_cache(maxsize=4)
def places(law: Law) -> dict[str, int]:
    """Where a path stands in the law data: article 9 before article 10."""
    return {each.path: place for place, each in reversed([*enumerate(law.provisions)])}


@lru_cache(maxsize=4)
def provisions_by_id(law: Law) -> dict[str, Provision]:
    """Every edition by its full id."""
    return {each.id: each for each in law.provisions}


@lru_cache(maxsize=2000)
def _cited(path: str) -> Text:
    return {each: cite(path, each) for each in LANGUAGES}


def as_json(whole: Whole, book: Rulebook, rows: Iterable[Row], following: str | None = None) -> Iterator[bytes]:
    """`following` is the system after which another page begins, None on the last one."""
    state = dict(whole.checkpoint) if whole.checkpoint else None
    disclaimer = {each: t("words.disclaimer", each) for each in LANGUAGES}
    head = {"checkpoint": state, "day": whole.day.isoformat(), "disclaimer": disclaimer, "next": following}
    yield canonical_json(head)[:-1] + b',"obligations":['
    mark = b"\n"
    for row in rows:
        yield mark + canonical_json(record(book, row))
        mark = b",\n"
    tail = {"organisation": {"bin": whole.bin, "name": dict(whole.name)}, "schema": SCHEMA}
    yield b"\n]," + canonical_json(tail)[1:] + b"\n"


def record(book: Rulebook, row: Row) -> dict[str, Any]:
    """One row as JSON. Of an edition that the law data no longer have only the id is known."""
    owed, provision = row.owed, provisions_by_id(book.law).get(row.owed.provision)
    law = {
        "basis": provision.basis if provision else None,
        "confidence": provision.confidence if provision else None,
        "deadline": dict(provision.deadline) if provision and provision.deadline else None,
        "text_read": bool(provision and provision.text_read),
        "title": dict(provision.title) if provision else dict.fromkeys(LANGUAGES, owed.path),
    }
    return law | {
        "applies": owed.applies,
        "assessed": row.assessed,
        "assignee": owed.assignee or None,
        "cited": _cited(owed.path),
        "due": _day(owed.due),
        "due_proposed": owed.due_proposed,
        "evidence": [_evidence(each) for each in owed.proofs],
        "kind": owed.kind,
        "layer": owed.layer,
        "name": dict(row.name),
        "provision": owed.provision,
        "remark": owed.remark,
        "remind_on": _day(owed.remind_on),
        "status": owed.shown_status,
        "system": row.slug,
        "verify_again": owed.path in book.changed,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _evidence(proof: Proof) -> dict[str, Any]:
    given: dict[str, Any] = {"artifact": proof.artifact or None, "kind": proof.kind or None, "sha256": proof.sha256 or None}
    return given | {"expires": _day(proof.expires), "name": proof.name, "position": proof.position}


def as_csv(book: Rulebook, rows: Iterable[Row], lang: str) -> Iterator[bytes]:
    """In one language; the last line is the disclaimer."""

    def lines() -> Iterator[list[Cell]]:
        yield list(heading(lang))
        yield from (cells(book, row, lang) for row in rows)
        yield [t("words.disclaimer", lang)]

    return (line.encode() for line in write_csv(lines()))


def as_xlsx(whole: Whole, book: Rulebook, rows: Iterable[Row], lang: str) -> bytes:
    """The table, and beside it a sheet that says whose and of which day it is. Raises InputError where it does not fit."""
    about: list[list[Cell]] = [
        [t("export.about_organisation", lang), pick(whole.name, lang) or "–"],
        [t("export.about_day", lang), whole.day],
        [t("export.about_checkpoint", lang), f"{whole.checkpoint['origin']} {whole.checkpoint['size']}" if whole.checkpoint else "–"],
        [t("words.disclaimer", lang)],
    ]
    lines = (cells(book, row, lang) for row in rows)
    table = Sheet(t("obligations.title", lang), heading(lang), islice(lines, MOST_ROWS), widths=WIDTHS)
    content = write_xlsx([table, Sheet(t("export.about", lang), [t("export.about", lang), ""], about, widths={0: 40, 1: 60})])
    if next(lines, None) is not None:
        raise InputError("there are more rows than a sheet holds", "Export CSV or JSON, or one system at a time.")
    return content


def heading(lang: str) -> tuple[str, ...]:
    """Names of the columns."""
    return tuple(t(f"obligations.column_{name}", lang) for name in COLUMNS)


def cells(book: Rulebook, row: Row, lang: str) -> list[Cell]:
    """One row in words."""
    owed, provision = row.owed, provisions_by_id(book.law).get(row.owed.provision)
    due_kind = t("obligations.proposed" if owed.due_proposed else "obligations.set_by_person", lang) if owed.due else ""
    law: Mapping[str, str] = {
        "title": provision.title[lang] if provision else owed.path,
        "basis": word("basis", provision.basis, lang) if provision else "",
        "deadline": deadline(provision.deadline, lang) if provision else "",
    }
    return [
        row.slug,
        pick(row.name, lang),
        owed.provision,
        _cited(owed.path)[lang],
        law["title"],
        word("layer", owed.layer, lang),
        law["basis"],
        word("kind", owed.kind, lang),
        _yes_no(bool(provision and provision.text_read), lang),
        _yes_no(owed.path in book.changed, lang),
        word("answer", {"yes": "applies", "no": "not_applicable"}.get(owed.applies, "unknown"), lang),
        t(f"obligations.status_{owed.shown_status}", lang) if owed.shown_status else "",
        owed.due,
        due_kind,
        law["deadline"],
        owed.assignee,
        "; ".join(each.name if each.position is None else f"{each.name} (№ {each.position})" for each in owed.proofs),
        owed.remind_on,
        owed.remark,
    ]


def _yes_no(answer: bool, lang: str) -> str:
    return t("words.answer.yes" if answer else "words.answer.no", lang)
