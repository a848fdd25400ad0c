"""What makes a DOCX of ours readable when it comes back: content controls around values, and a note of what stood in them.

A control has the tag `tanba:<document>/<field>@<language>` and the field's label as its title. The note is a custom XML part with the text
of each field and a short digest of each paragraph outside of fields; the document, its system, languages, day and the digest of its data
are custom properties too, which everybody sees in Word (File, Properties, Custom).
"""

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from tanba.digest import sha256
from tanba.documents.wordtext import BOOKMARK, PREFIX, W, controls, outside

NOTE = "https://tanba.example/document/1"
"""The namespace of the note; a name, not an address."""
PROPERTIES = ("document", "system", "languages", "digest", "day")
ALIAS = 64
"""Letters that Word takes for the title of a control."""


def control(cell: Mapping[str, str]) -> Any:
    """An empty control for a cell that is a field; what is missing waits there to be written over. `stamp` adds the document to its tag."""
    made, properties, content = (_element(f"sdt{part}") for part in ("", "Pr", "Content"))
    if cell["label"]:
        properties.append(_element("alias", val=cell["label"][:ALIAS]))
    properties.append(_element("tag", val=PREFIX + cell["field"]))
    if cell["gap"]:
        properties.append(_element("showingPlcHdr"))
    properties.append(_element("richText"))  # LibreOffice before 7.5 moves the line breaks of a plain one
    made.extend((properties, content))
    return made


def _element(name: str, /, **values: str) -> Any:
    from docx.oxml import OxmlElement

    made = OxmlElement(f"w:{name}")
    for key, value in values.items():
        made.set(W + key, value)
    return made


def brief(text: str) -> str:
    """A short digest, by which a paragraph is known again."""
    return sha256(text.encode())[:12]


def stamp(file: Any, page: Mapping[str, Any]) -> None:
    """Write the properties and the note into a finished file of python-docx."""
    body = file.element.body
    for number, tag in enumerate(list(body.iter(f"{W}tag"))):
        tag.set(f"{W}val", tag.get(f"{W}val").replace(PREFIX, f"{PREFIX}{page['document']}/", 1))
        box = tag.getparent().getparent()
        box.addprevious(_element("bookmarkStart", id=str(number), name=f"{BOOKMARK}{number}"))
        box.addnext(_element("bookmarkEnd", id=str(number)))
    about = {"day": page["date"], "languages": "+".join(page["languages"])} | {
        each: page[each] for each in ("digest", "document", "system")
    }
    lines = [f"<field tag={quoteattr(each.tag)}>{escape(each.text)}</field>" for each in controls(body)]
    rest = " ".join(brief(text) for text in outside(body))
    head = " ".join(f"{name}={quoteattr(about[name])}" for name in PROPERTIES)
    note = f'<?xml version="1.0" encoding="UTF-8"?>\n<tanba xmlns="{NOTE}" {head}>{"".join(lines)}<outside>{rest}</outside></tanba>'
    package = file.part.package
    _part(file.part, package.next_partname("/customXml/item%d.xml"), "application/xml", f"{OFFICE}/customXml", note)
    _part(package, "/docProps/custom.xml", CUSTOM, f"{OFFICE}/custom-properties", _properties(about))


OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CUSTOM = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
SPACE = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
"""The set of properties that people name themselves (ECMA-376, part 1, 22.3)."""


def _properties(about: Mapping[str, str]) -> str:
    rows = [
        f'<property fmtid="{FORMAT_ID}" pid="{number}" name="tanba {name}"><vt:lpwstr>{escape(about[name])}</vt:lpwstr></property>'
        for number, name in enumerate(PROPERTIES, 2)
    ]
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<Properties xmlns="{SPACE}" xmlns:vt="{TYPES}">{"".join(rows)}</Properties>'


def _part(owner: Any, name: str, kind: str, relation: str, content: str) -> None:
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    package = getattr(owner, "package", owner)
    owner.relate_to(Part(PackURI(name), kind, content.encode(), package), relation)
