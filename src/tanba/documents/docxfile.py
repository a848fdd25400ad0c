"""A DOCX of somebody else, opened within bounds: what could fetch, run or hide something is refused by name, or taken out and told.

Every XML part is parsed without entities, and written anew from what was parsed: what comes later reads exactly what was looked at here.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

from tanba.errors import InputError

MAX_BYTES = 10_000_000
MAX_UNPACKED = 60_000_000
MAX_PARTS = 400
MAX_XML = 12_000_000
"""Bytes of one XML part."""
MAX_PIXELS = 50_000_000
START, MAIN = "_rels/.rels", "word/document.xml"
MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
HIDDEN = re.compile(r"vbaData|activeX|embeddings/|customUI|afchunk", re.I)
"""Names of XML parts that run, or belong to other files."""
XML, PICTURES = (".xml", ".rels", ".psmdcp"), (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf")
KNOWN = (*XML, *PICTURES, ".odttf")
"""All that a DOCX needs: texts, pictures and fonts."""
PRINTER = "printerSettings"
LINKS = re.compile(r"(https?://|mailto:)", re.I)
REMOVED = ("attachedTemplate", PRINTER)
"""Taken out with what points to it: the file is whole without."""
TEXT = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ELEMENTS = {"altChunk", "subDoc", "object", "control", "mailMerge", "frameset", "ddeAuto"}
_HARMLESS = """
    = ADVANCE AUTHOR BIBLIOGRAPHY CITATION COMMENTS CREATEDATE DATE DOCPROPERTY FILENAME FORMCHECKBOX FORMDROPDOWN FORMTEXT HYPERLINK
    KEYWORDS LASTSAVEDBY LISTNUM MERGEFIELD NOTEREF NUMCHARS NUMPAGES NUMWORDS PAGE PAGEREF PRINTDATE REF REVNUM SAVEDATE SECTION
    SECTIONPAGES SEQ STYLEREF SUBJECT SYMBOL TC TIME TITLE TOC XE
"""
FIELDS = frozenset(_HARMLESS.split())
"""Instructions of fields that neither fetch nor run anything."""


@dataclass(frozen=True, slots=True)
class DocxFile:
    """Parts by name, and what was taken out: (kind, what)."""

    parts: Mapping[str, bytes]
    removed: tuple[tuple[str, str], ...]

    @property
    def content(self) -> bytes:
        """The file that was looked at, packed anew."""
        made = BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
            for name, part in self.parts.items():
                file.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
        return made.getvalue()


def opened(content: bytes) -> DocxFile:
    """The file, if nothing in it is refused. Raises InputError, which names the part."""
    parts = _unpacked(content)
    _refuse_kind(parts)
    removed: list[tuple[str, str]] = []
    for name in list(parts):
        if PRINTER in name:
            del parts[name]
    for name, part in parts.items():
        if name.lower().endswith(XML):
            parts[name] = _checked(name, part, removed)
        elif name.lower().endswith(PICTURES):
            _refuse_picture(name, part)
    return DocxFile(parts, tuple(removed))


def _unpacked(content: bytes) -> dict[str, bytes]:
    if len(content) > MAX_BYTES:
        raise InputError("the file is larger than {limit:,} bytes", "Make its pictures smaller.", limit=MAX_BYTES)
    try:
        with zipfile.ZipFile(BytesIO(content)) as file:
            listed = [each for each in file.infolist() if not each.is_dir()]
            _refuse_list(listed)
            return {each.filename: _part(file, each) for each in listed}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        raise InputError("the file is no whole DOCX", "Save it in Word as “Word document (.docx)”, without a password.") from None


def _refuse_list(listed: list[zipfile.ZipInfo]) -> None:
    names = [each.filename for each in listed]
    if any(each.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for each in listed):
        raise zipfile.BadZipFile
    if len(names) > MAX_PARTS or sum(each.file_size for each in listed) > MAX_UNPACKED:
        raise InputError(
            "the file unpacks to more than {parts} parts or {limit:,} bytes",
            "Split the file, or make its pictures smaller.",
            parts=MAX_PARTS,
            limit=MAX_UNPACKED,
        )
    for name in names:
        if name.startswith("/") or "\\" in name or ".." in PurePosixPath(name).parts:
            raise InputError("a part has the name {name!r}", "The file was not written by Word; save it anew.", name=name[:80])
    if len({name.casefold() for name in names}) != len(names):
        raise InputError("two parts of the file have one name", "The file was not written by Word; save it anew.")


def _part(file: zipfile.ZipFile, listed: zipfile.ZipInfo) -> bytes:
    """Never more than the list said: what a header claims is no bound."""
    with file.open(listed) as part:
        content = part.read(listed.file_size + 1)
    if len(content) != listed.file_size:
        raise zipfile.BadZipFile
    return content


def _refuse_kind(parts: Mapping[str, bytes]) -> None:
    """A DOCX without macros and without files within."""
    types = parts.get("[Content_Types].xml")
    if types is None or MAIN not in parts:
        raise InputError("the file is no whole DOCX", "Save it in Word as “Word document (.docx)”, without a password.")
    for name in parts:
        if (HIDDEN.search(name) or not name.lower().endswith(KNOWN)) and PRINTER not in name:
            raise InputError(
                "the file holds {name!r}: a macro, another file or a program", "Remove it in Word and save the file anew.", name=name[:80]
            )
    begin = parsed(START, parts.get(START, b"")).iter("{*}Relationship")
    main = [each.get("Target", "").lstrip("/") for each in begin if each.get("Type", "").endswith("/officeDocument")]
    kinds = {each.get("PartName"): each.get("ContentType", "") for each in parsed("[Content_Types].xml", types).iter("{*}Override")}
    if main != [MAIN] or kinds.get(f"/{MAIN}") != MAIN_TYPE:
        raise InputError("the file is a template of Word or holds macros, and no DOCX", "Save it in Word as “Word document (.docx)”.")


def parsed(name: str, part: bytes) -> Any:
    """An XML part as its root. Raises InputError: entities, declarations of types, broken or too large."""
    from lxml import etree

    if len(part) > MAX_XML:
        raise InputError(
            "the part {name!r} is larger than {limit:,} bytes",
            "Split the file, or make its pictures smaller.",
            name=name[:80],
            limit=MAX_XML,
        )
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(part, parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if b"<!DOCTYPE" in part or (root is not None and root.getroottree().docinfo.internalDTD is not None):
        raise InputError("the part {name!r} declares types or entities", "Word never writes that: do not use the file.", name=name[:80])
    if root is None:
        raise InputError("the part {name!r} is broken XML", "Open the file in Word and save it anew.", name=name[:80])
    return root


def _checked(name: str, part: bytes, removed: list[tuple[str, str]]) -> bytes:
    """The part, written anew from what was looked at."""
    from lxml import etree

    root = parsed(name, part)
    if name.endswith(".rels"):
        _check_relations(name, root, removed)
    else:
        _refuse_elements(name, root)
        for instruction in instructions(root):
            _refuse_field(name, instruction)
    written: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    return written


def _check_relations(name: str, root: Any, removed: list[tuple[str, str]]) -> None:
    """What points out of the file: links that a person clicks stay, a template and a printer are taken out, the rest is refused."""
    for each in list(root.iter("{*}Relationship")):
        kind, target = each.get("Type", "").rpartition("/")[2], each.get("Target", "")
        if kind in REMOVED:
            root.remove(each)
            if kind != PRINTER:
                removed.append((kind, target))
        elif kind in ("aFChunk", "oleObject", "package", "subDocument", "control", "vbaProject"):
            raise InputError(
                "the file brings in another one ({kind}: {target})",
                "Remove it in Word and save the file anew.",
                kind=kind,
                target=target[:120],
            )
        elif each.get("TargetMode", "Internal") == "External" and not (kind == "hyperlink" and LINKS.match(target)):
            raise InputError(
                "{name!r} fetches from outside ({kind}: {target})",
                "Remove it in Word and save the file anew.",
                name=name[:80],
                kind=kind,
                target=target[:120],
            )


def _refuse_elements(name: str, root: Any) -> None:
    for each in list(root.iter(f"{TEXT}*")):
        if (tag := each.tag.removeprefix(TEXT)) in ELEMENTS:
            raise InputError(
                "the part {name!r} holds {tag!r}: another file or a program",
                "Remove it in Word and save the file anew.",
                name=name[:80],
                tag=tag,
            )
        if tag in REMOVED:
            each.getparent().remove(each)


def instructions(root: Any) -> Iterator[str]:
    """What each field of Word is told to do; one may stand within another, and be cut into runs."""
    open_: list[list[str]] = [[]]
    for each in root.iter(f"{TEXT}fldSimple", f"{TEXT}fldChar", f"{TEXT}instrText", f"{TEXT}delInstrText"):
        tag, kind = each.tag.removeprefix(TEXT), each.get(f"{TEXT}fldCharType")
        if tag == "fldSimple":
            yield each.get(f"{TEXT}instr", "")
        elif tag != "fldChar":
            open_[-1].append(each.text or "")
        elif kind == "begin":
            open_.append([])
        elif len(open_) > 1:
            yield "".join(open_[-1])
            if kind == "end":
                open_.pop()
    yield from ("".join(each) for i, each in enumerate(open_) if i or each)


def _refuse_field(name: str, instruction: str) -> None:
    """Only what is known to be harmless: DDE, INCLUDETEXT, LINK and what hides them in codes of letters (QUOTE) are not."""
    word = (instruction.split() or [""])[0].upper()
    target = re.search(r'HYPERLINK\s+"([^"]*)"', instruction, re.I)
    if (word in FIELDS or word.startswith("=")) and (not target or LINKS.match(target[1])):
        return
    shown = " ".join(instruction.split())[:120]
    raise InputError(
        "the part {name!r} has a field {field!r} that fetches or runs something",
        "Remove it in Word and save the file anew.",
        name=name[:80],
        field=shown,
    )


def _refuse_picture(name: str, part: bytes) -> None:
    """Pictures by their head alone: nothing is decoded."""
    import warnings

    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(BytesIO(part)) as picture:
                pixels = picture.width * picture.height
    except Image.DecompressionBombError:
        pixels = MAX_PIXELS + 1
    except (OSError, ValueError, SyntaxError):
        raise InputError("the picture {name!r} cannot be read", "Put it into the file as PNG or JPEG.", name=name[:80]) from None
    if pixels > MAX_PIXELS:
        raise InputError(
            "the picture {name!r} has more than {limit:,} pixels", "Put a smaller one into the file.", name=name[:80], limit=MAX_PIXELS
        )
