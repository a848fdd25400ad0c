"""The text of a DOCX as its fields and the rest: one way of reading for the file that is written and for the file that comes back.

Changes that Word tracks are read as accepted: what was deleted is gone, what was inserted is there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tanba.documents.layout import plain

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PREFIX = "tanba:"
"""A content control of ours has a tag that begins so: `tanba:passport/purpose@kk`."""
BOOKMARK = "_tanba_"
"""Around each control stands a hidden bookmark with its number: LibreOffice before 7.5 keeps it and drops the tag."""
LETTERS = {"br": "\n", "cr": "\n", "tab": "\t", "noBreakHyphen": "-", "ptab": "\t"}
GONE = {f"{W}{name}" for name in ("del", "moveFrom", "instrText", "delText", "sdtPr", "pPr", "rPr", "tblPr", "tcPr", "trPr", "sectPr")}


@dataclass(frozen=True, slots=True)
class Control:
    """What stands in one content control. `tag` is without its prefix; `waiting`: Word shows the words that wait for somebody to write."""

    tag: str
    text: str
    waiting: bool


def controls(root: Any, tags: Sequence[str] = ()) -> list[Control]:
    """Content controls of ours, in order. `tags` are those that were written, by number."""
    found = []
    for box in root.iter(f"{W}sdt"):
        properties, content = box.find(f"{W}sdtPr"), box.find(f"{W}sdtContent")
        if properties is not None and content is not None and (tag := _tag(properties) or _by_number(box, content, tags)):
            found.append(Control(tag, plain(_text(content)), properties.find(f"{W}showingPlcHdr") is not None))
    return found


def _by_number(box: Any, content: Any, tags: Sequence[str]) -> str:
    """The tag of a control whose bookmark begins in it or right before it."""
    before = box.getprevious()
    for mark in [*content.iter(f"{W}bookmarkStart"), *([before] if before is not None and before.tag == f"{W}bookmarkStart" else [])]:
        number = mark.get(f"{W}name", "").removeprefix(BOOKMARK)
        if number.isascii() and number.isdecimal() and len(number) < 7 and int(number) < len(tags):
            return tags[int(number)]
    return ""


def outside(root: Any) -> list[str]:
    """Paragraphs without what stands in content controls; empty ones are left out."""
    return [text for paragraph in root.iter(f"{W}p") if (text := plain(_text(paragraph, skip=True)))]


def _tag(properties: Any) -> str:
    tag = properties.find(f"{W}tag")
    value = tag.get(f"{W}val", "") if tag is not None else ""
    return value.removeprefix(PREFIX) if value.startswith(PREFIX) else ""


def _text(root: Any, skip: bool = False) -> str:
    """The letters under an element; a paragraph ends a line. With `skip`, without our controls and without paragraphs within this one."""
    pieces: list[str] = []
    for element in _walk(root, skip):
        name = element.tag.removeprefix(W) if isinstance(element.tag, str) else ""
        if name == "p" and pieces:
            pieces.append("\n")
        pieces.append((element.text or "") if name == "t" else LETTERS.get(name, ""))
    return "".join(pieces)


def _walk(element: Any, skip: bool) -> Iterator[Any]:
    for child in element:
        if child.tag in GONE or (skip and child.tag in (f"{W}p", f"{W}sdt")):
            continue
        yield child
        yield from _walk(child, skip)
