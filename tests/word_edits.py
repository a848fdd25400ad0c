"""Editing a DOCX of ours as a person does in Word: text of a field, text outside, a field that is deleted."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import docx
from docx.oxml import OxmlElement

from tanba.documents.wordtext import W


def edited(content: bytes, texts: Mapping[str, str], removed: tuple[str, ...] = (), outside: str = "") -> bytes:
    """`texts` by tag without its prefix, as `passport/purpose@kk`."""
    file = docx.Document(BytesIO(content))
    for box in list(file.element.body.iter(f"{W}sdt")):
        tag = next((each.get(f"{W}val").removeprefix("tanba:") for each in box.iter(f"{W}tag")), "")
        if tag in texts:
            write(box, texts[tag])
        if tag in removed:
            box.getparent().remove(box)
    if outside:
        file.add_paragraph(outside)
    made = BytesIO()
    file.save(made)
    return made.getvalue()


def write(box: Any, text: str) -> None:
    """Word keeps the first run's form and drops the placeholder's mark."""
    for mark in list(box.iter(f"{W}showingPlcHdr")):
        mark.getparent().remove(mark)
    content = box.find(f"{W}sdtContent")
    for each in list(content):
        content.remove(each)
    run = OxmlElement("w:r")
    run.text = text
    content.append(run)
