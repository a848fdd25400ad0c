"""What somebody changed in a DOCX of ours, field by field: what was there, what the data say now, what stands in the document. Pure.

The file's note says what stood in each field when it was written. Only what differs from it is an edit; where the data changed meanwhile
too, it is a conflict and nothing is taken. Texts outside of fields are counted, not read.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tanba.documents import places
from tanba.documents.catalogue import make, template
from tanba.documents.controls import NOTE, PROPERTIES, brief
from tanba.documents.docxfile import MAIN, DocxFile, parsed
from tanba.documents.layout import laid, plain
from tanba.documents.wordtext import controls, outside
from tanba.errors import InputError
from tanba.strings import LANGUAGES, t

WRITTEN = ("purpose", "principles", "limits")
"""Texts that may have several lines."""
SHORT, LONG = 120, 2000
"""Letters of a name, and of a text; a name of a system may have 200."""
ITEMS = re.compile(r"[,;\n]")
Tags = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Note:
    """`fields`: (tag, text) in the order of the document; `rest`: short digests of its other paragraphs."""

    about: Tags
    fields: tuple[tuple[str, str], ...]
    rest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """One field that was changed. Empty `reason`: it can be taken, to `path` as `value`; `now` is None where the data have it no more."""

    field: str
    language: str
    label: str
    was: str
    now: str | None
    text: str
    reason: str = ""
    path: tuple[str | int, ...] = ()
    value: Any = ""


@dataclass(frozen=True, slots=True)
class Edited:
    """`stale`: some field would read otherwise in a document made now; `rest`: how many texts outside of fields were changed."""

    about: Tags
    edits: tuple[Edit, ...]
    rest: int
    stale: bool


def note_of(file: DocxFile) -> Note:
    """The note of a DOCX that we wrote. Raises InputError where there is none."""
    for name, part in file.parts.items():
        if name.startswith("customXml/") and NOTE.encode() in part:
            root = parsed(name, part)
            if root.tag == f"{{{NOTE}}}tanba":
                fields = tuple((each.get("tag", ""), each.text or "") for each in root.iter(f"{{{NOTE}}}field"))
                rest = tuple((root.findtext(f"{{{NOTE}}}outside") or "").split())
                return Note({each: root.get(each, "") for each in PROPERTIES}, fields, rest)
    raise InputError(
        "the file does not say which document it is", "Edit a DOCX that tanba wrote, and do not copy its text into another file."
    )


def read(file: DocxFile, material: Mapping[str, Any]) -> Edited:
    """The edits of a document of the system of the material. Raises InputError."""
    note = note_of(file)
    languages = _fits(note, material["system"]["slug"])
    document = make(note.about["document"], material)
    now = _cells(laid(document, languages))
    body = parsed(MAIN, file.parts[MAIN])
    found: dict[str, list[str]] = {}
    for each in controls(body, [tag for tag, _ in note.fields]):
        written = [text for tag, text in note.fields if tag == each.tag]
        found.setdefault(each.tag, []).append("" if each.waiting and each.text not in written else each.text)
    edits = _edits(note, found, now, material)
    left, there = Counter(note.rest), Counter(brief(text) for text in outside(body))
    rest = max((left - there).total(), (there - left).total())
    return Edited(note.about, _together(edits), rest, _stale(note, now))


def _stale(note: Note, now: Mapping[str, Mapping[str, str]]) -> bool:
    """Whether a field would read otherwise in a document made now; names that stand twice are left out."""
    often = Counter(tag for tag, _ in note.fields)
    return any(now[tag]["text"] != text for tag, text in note.fields if tag in now and often[tag] == 1)


def _fits(note: Note, slug: str) -> Sequence[str]:
    """The languages of the document, if it is one of this system."""
    languages = note.about["languages"].split("+")
    if template(note.about["document"]).of != "system" or not set(languages) <= set(LANGUAGES):
        raise InputError("nothing of this document is read back", "Change the data where they are kept, and make the document anew.")
    if note.about["system"] != plain(slug):
        raise InputError(
            "the document is about {other!r}, not about {system!r}",
            "Read it with the system that it is about.",
            other=note.about["system"][:80],
            system=slug,
        )
    return languages


def _cells(page: Mapping[str, Any]) -> dict[str, Mapping[str, str]]:
    """Fields of a laid page by tag, as they stand in a control."""
    cells = [cell for block in page["blocks"] for cell in block.get("cells", []) if isinstance(cell, dict)]
    cells += [cell for block in page["blocks"] for row in block.get("rows", []) for texts in row for cell in texts]
    named = [cell for cell in cells if cell.get("field")]
    return {f"{page['document']}/{cell['field']}": cell | {"text": _shown(cell)} for cell in named}


def _shown(cell: Mapping[str, str]) -> str:
    return plain(f"{cell['gap']}: {cell['text']}" if cell["gap"] else cell["text"])


def _edits(note: Note, found: Mapping[str, list[str]], now: Mapping[str, Mapping[str, str]], material: Mapping[str, Any]) -> list[Edit]:
    edits = []
    written: dict[str, list[str]] = {}
    for tag, text in note.fields:
        written.setdefault(tag, []).append(text)
    for tag, texts in written.items():
        field, _, language = tag.partition("/")[2].partition("@")
        edited = list(dict.fromkeys(each for each in found.get(tag, []) if each not in texts))
        cell = now.get(tag)
        said = cell["text"] if cell else None
        edit = Edit(field, language, (cell or {}).get("label", "") or field, texts[0], said, edited[0] if edited else "")
        if tag not in found:
            edits.append(replace(edit, reason="removed"))
        elif len(edited) > 1:
            edits.append(replace(edit, text=" / ".join(edited), reason="twice"))
        elif edited and edited[0] != said:
            edits.append(_judged(edit, written, now, material))
    return edits


def _judged(edit: Edit, written: Mapping[str, list[str]], now: Mapping[str, Mapping[str, str]], material: Mapping[str, Any]) -> Edit:
    """Where the value goes, or why it is not taken."""
    field, text, language = edit.field, edit.text, edit.language
    mark = next((f" [{each}]" for each in LANGUAGES if edit.was.endswith(f" [{each}]")), "")
    if mark and text.endswith(mark):
        text, language = text.removesuffix(mark).rstrip(), mark[2:-1]
    path = places.path(field, language)
    if not path:
        reason = "fact" if field in material["answers"] else places.ELSEWHERE.get(field.partition(".")[0], "computed")
        return replace(edit, reason=reason)
    value: Any = text if path[0] in WRITTEN else " ".join(text.split())
    if path[0] in places.LISTS:
        value = [item for each in ITEMS.split(text) if (item := each.strip())]
    reason = _unfit(edit, path, value, material)
    beside = [tag for tag in (written if path[0] in places.COLUMNS else ()) if tag.endswith(f"/{path[0]}.{path[1]}.name@{edit.language}")]
    moved = any(tag not in now or now[tag]["text"] != written[tag][0] for tag in beside)
    if edit.now != edit.was or moved:
        reason = reason or "conflict"
    return replace(edit, path=path, value=value, reason=reason)


def _unfit(edit: Edit, path: Sequence[str | int], value: Any, material: Mapping[str, Any]) -> str:
    """Why a value cannot be taken whatever the data say, or nothing."""
    gap = t("documents.gap", edit.language) if edit.language in LANGUAGES else ""
    longest = LONG if path[0] in WRITTEN else 200 if path[0] in ("name", *places.COLUMNS) else SHORT
    listed = material["system"].get(path[0]) if path[0] in (*places.LISTS, "vendor") else None
    if not value:
        return "emptied"
    if edit.text.startswith(f"{gap}:"):
        return "gap"
    if max(map(len, value) if isinstance(value, list) else [len(value)]) > longest:
        return "long"
    return "list" if any(ITEMS.search(each) for each in (listed if isinstance(listed, list) else [listed or ""])) else ""


def _together(edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """One value may stand in several fields, as in two languages: two edits that say the same are one, two that differ are none."""
    values: dict[tuple[str | int, ...], list[Any]] = {}
    for each in edits:
        if each.path and not each.reason:
            values.setdefault(each.path, []).append(each.value)
    kept, seen = [], set()
    for each in edits:
        ways = values.get(each.path, [])
        if any(value != ways[0] for value in ways):
            each = replace(each, reason=each.reason or "twice")
        if each.reason or each.path not in seen:
            kept.append(each)
        seen.add(each.path if not each.reason else None)
    return tuple(kept)
