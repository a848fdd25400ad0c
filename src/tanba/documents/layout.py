"""From a document to what is printed in one language, or in two side by side: plain JSON that all three renderers draw. Pure.

{document, system, digest, languages, title, subject, date, header, footer, page, letterhead, blocks}; every text is a list with one entry
for each language. A cell is {text, source, gap, lang}; `gap` is the word for a gap or empty; one that is a field is named by `field` (see
`places`) and `label`. Letters that could change how others are read do not get through. Last stands {kind: "proof", cells, address, alt}:
lines for each language, and what a code is drawn of where it is not empty.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from tanba.documents import places
from tanba.documents.model import (
    Block,
    ByLanguage,
    Chart,
    Check,
    Document,
    Field,
    Fields,
    Heading,
    Letterhead,
    Paragraph,
    Said,
    Signature,
    Source,
    Table,
    Text,
    gaps,
    statements,
)
from tanba.strings import LANGUAGES, t

Cell = dict[str, str]
AGAIN = "†"
"""Beside a place that a reported amendment touches; the front says what it means."""

SHADES = ["1F4E79", "D08A1D", "7F8FA6", "B5473C", "5A7D4F", "2B2B2B"]
"""Of the parts of a bar, in their order; told apart in grey too."""

SAME_LOOK = re.compile(r"[ \t\u00a0]+")


def laid(document: Document, languages: Sequence[str]) -> dict[str, Any]:
    """The document for `languages`: one, or two side by side, the first on the left."""
    notes = {"kind": "notes", "cells": [_front(document, each) for each in languages]}
    letterhead = next((block for block in document.blocks if isinstance(block, Letterhead)), None)
    blocks: list[dict[str, Any]] = []
    number = 0
    for block in document.blocks:
        number += isinstance(block, Heading) and block.level == 1
        if block is not letterhead and (not isinstance(block, ByLanguage) or block.said.keys() & set(languages)):
            blocks.append(_block(block, languages, number))
    return {
        "blocks": [*([*blocks, notes] if letterhead else [notes, *blocks]), *_last(document, languages)],
        "date": document.day,
        "digest": document.digest,
        "document": document.name,
        "footer": [t("words.disclaimer", each) for each in languages],
        "header": [f"{_in(document.title, each)[0]} · {_in(document.subject, each)[0]}" for each in languages],
        "languages": list(languages),
        "letterhead": _letterhead(letterhead, languages) if letterhead else None,
        "organisation": [_in(document.organisation or {}, each)[0] for each in languages],
        "page": [t("documents.page", each) for each in languages],
        "subject": [_in(document.subject, each)[0] for each in languages],
        "system": plain(document.system),
        "title": [_in(document.title, each)[0] for each in languages],
    }


def plain(text: str) -> str:
    """Text without control, bidirectional and other invisible letters (each becomes U+FFFD); line feeds stay.

    >>> plain("a" + chr(0x202E) + "b" + chr(0) + " c")
    'a�b� c'
    """
    kept = "".join(each if each == "\n" or unicodedata.category(each)[0] != "C" else "\N{REPLACEMENT CHARACTER}" for each in _lines(text))
    return SAME_LOOK.sub(" ", kept).strip()


def _lines(text: str) -> str:
    """One sign for the end of a line; a soft hyphen and joiners within words are no text."""
    for end in ("\r\n", "\r", "\u2028", "\u2029", "\v", "\f"):
        text = text.replace(end, "\n")
    return text.replace("\t", " ").replace("\N{SOFT HYPHEN}", "").replace("\ufeff", "")


def source_words(source: Source, language: str) -> str:
    """A place, its basis, and what weakens it: "Law 230-VIII, art. 7(1) – statute †"."""
    if not source.basis:
        return _in(source.cited, language)[0]
    basis = ", ".join([t(f"words.basis.{source.basis}", language), *([] if source.read else [t("report.unread", language)])])
    return f"{_in(source.cited, language)[0]} – {basis}" + (f" {AGAIN}" if source.again and source.read else "")


def _front(document: Document, language: str) -> list[str]:
    """What a document says of itself, or whose data, of which day, on which text of the law, and how much is missing."""
    touched = any(each.again and each.read for _, said in statements(document) for each in said.sources)
    legend = [f"{AGAIN} – {t('documents.again', language)}."] if touched else []
    if document.front is not None:
        return [*(_in(text, language)[0] for text in document.front), *legend]
    checkpoint = document.checkpoint
    values = {"origin": plain(checkpoint.origin), "count": checkpoint.size, "root": checkpoint.root} if checkpoint else {}
    return [
        t("documents.prepared", language, day=document.day),
        t("documents.checkpoint" if checkpoint else "documents.no_checkpoint", language, **values),
        *(_in(each.text, language)[0] for each in document.edition),
        t("documents.digest", language, digest=document.digest),
        *legend,
        t("documents.gaps", language, count=len(gaps(document))),
        t("words.disclaimer", language),
    ]


def _last(document: Document, languages: Sequence[str]) -> list[dict[str, Any]]:
    """How anybody checks the document: digest of its data, their place in the ledger, the page that compares files."""
    if not document.digest:
        return []
    address = document.record.address if document.record else ""
    return [
        {"kind": "heading", "level": 1, "texts": [t("lastpage.heading", each) for each in languages]},
        {
            "address": address,
            "alt": [t("lastpage.code", each, address=address) for each in languages],
            "cells": [_proof(document, each) for each in languages],
            "kind": "proof",
        },
    ]


def _proof(document: Document, language: str) -> list[str]:
    lines = [t("lastpage.digest", language, digest=document.digest)]
    if (record := document.record) is None:
        return [*lines, t("lastpage.no_record", language)]
    time = f"{record.time[:10]} {record.time[11:19]} UTC"
    lines.append(t("lastpage.record", language, origin=plain(record.origin), position=record.position, time=time, id=record.id))
    return [*lines, t("lastpage.address" if record.address else "lastpage.no_address", language, address=record.address)]


def _letterhead(block: Letterhead, languages: Sequence[str]) -> dict[str, Any]:
    """`rows`: for each language labels and cells; `to`: for each language a cell."""
    return {"rows": [[_row(row, each) for row in block.rows] for each in languages], "to": [_row(block.to, each)[1] for each in languages]}


def _block(block: Block, languages: Sequence[str], number: int) -> dict[str, Any]:
    match block:
        case Heading():
            begin = f"{number}. " if block.level == 1 else ""
            return {"kind": "heading", "level": block.level, "texts": [begin + _in(block.text, each)[0] for each in languages]}
        case Paragraph():
            return {"kind": "paragraph", "cells": [_named(_cell(block.said, each), block.name, "", each) for each in languages]}
        case ByLanguage():
            return {"kind": "paragraph", "cells": [_apart(block, each) for each in languages]}
        case Check():
            return {"kind": "check", "checked": block.checked, "cells": [_cell(block.said, each) for each in languages]}
        case Signature():
            words = [[t(f"documents.{word}", each) for word in ("signature", "signed_name", "signed_date")] for each in languages]
            return {"kind": "signature", "texts": [_in(block.role, each)[0] for each in languages], "words": words}
        case Fields():
            return _fields(block, languages)
        case Table():
            head = [[_in(text, each)[0] for text in block.head] for each in languages]
            rows = [
                [_cells(block, i, row, texts, each) for texts, each in zip(head, languages, strict=True)]
                for i, row in enumerate(block.rows)
            ]
            return _table(head, rows, block.widths)
        case Chart():
            return _chart(block, languages)
        case Letterhead():
            raise TypeError("a letterhead stands above all blocks")


def _apart(block: ByLanguage, language: str) -> Cell:
    """What is said in a language; an empty cell where nothing is."""
    if language not in block.said:
        return {"gap": "", "lang": language, "source": "", "text": ""}
    return _named(_cell(block.said[language], language), block.name, "", language)


def _chart(block: Chart, languages: Sequence[str]) -> dict[str, Any]:
    """One for all languages: its words stand below one another. `whole` is what a bar over the full width would count."""
    rows = [{"counts": list(counts), "labels": [_in(label, each)[0] for each in languages]} for label, counts in block.rows]
    return {
        "kind": "chart",
        "rows": rows,
        "series": [[_in(text, each)[0] for each in languages] for text in block.series],
        "shades": SHADES[: len(block.series)],
        "titles": [_in(block.title, each)[0] for each in languages],
        "whole": max((sum(counts) for _, counts in block.rows), default=0) or 1,
    }


def _fields(block: Fields, languages: Sequence[str]) -> dict[str, Any]:
    head = [[t("documents.item", each), t("documents.value", each)] for each in languages]
    return _table(head, [[_row(row, each) for each in languages] for row in block.rows], block.widths)


def _row(row: Field, language: str) -> list[Cell]:
    label = _cell(Said(row.label), language)
    label["text"] = label["text"][:1].upper() + label["text"][1:]
    return [label, _named(_cell(row.said, language), row.name, label["text"], language)]


def _cells(block: Table, number: int, row: Sequence[Said], head: Sequence[str], language: str) -> list[Cell]:
    """A row of a table; cells of one whose columns are known are fields."""
    names = [places.cell(block.name, number, column) for column in range(len(row))]
    return [_named(_cell(said, language), name, text, language) for said, name, text in zip(row, names, head, strict=True)]


def _named(cell: Cell, field: str, label: str, language: str) -> Cell:
    return cell | {"field": f"{field}@{language}", "label": label} if field else cell


def _table(head: list[list[str]], rows: list[list[list[Cell]]], widths: Sequence[int]) -> dict[str, Any]:
    """`head` and each row: for each language its columns."""
    return {"kind": "table", "head": head, "rows": rows, "widths": list(widths)}


def _cell(said: Said, language: str) -> Cell:
    text, written = _in(said.text, language)
    text = text.removesuffix(f" [{written}]") if said.quoted and written != language else text
    source = "; ".join(dict.fromkeys(source_words(each, language) for each in said.sources))
    return {"gap": t("documents.gap", language) if said.gap else "", "lang": written, "source": source, "text": text}


def worded(said: Said, language: str) -> str:
    """A statement as one text; a gap begins with the word for it."""
    cell = _cell(said, language)
    return f"{cell['gap']}: {cell['text']}" if cell["gap"] else cell["text"]


def _in(text: Text, language: str) -> tuple[str, str]:
    """The text in a language and that language; where it is not written in it, another one's, which says so."""
    if said := plain(str(text.get(language) or "")):
        return said, language
    for other in LANGUAGES:
        if said := plain(str(text.get(other) or "")):
            return f"{said} [{other}]", other
    return "", language
