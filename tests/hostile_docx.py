"""A DOCX as Word writes it, and hands that put something hostile into it."""

import struct
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO

import docx

Parts = dict[str, bytes]
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS, START, BODY, SETTINGS = "word/_rels/document.xml.rels", "_rels/.rels", "word/document.xml", "word/settings.xml"


def plain_docx(*paragraphs: str, header: str = "") -> bytes:
    file = docx.Document()
    for text in paragraphs or ("hello",):
        file.add_paragraph(text)
    if header:
        file.sections[0].header.paragraphs[0].text = header
    made = BytesIO()
    file.save(made)
    return made.getvalue()


def parts_of(content: bytes) -> Parts:
    with zipfile.ZipFile(BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}


def zipped(parts: Parts, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", method) as file:
        for name, part in parts.items():
            file.writestr(name, part)
    return made.getvalue()


def changed(change: Callable[[Parts], object]) -> bytes:
    parts = parts_of(plain_docx())
    change(parts)
    return zipped(parts)


def in_body(xml: str) -> bytes:
    return changed(lambda parts: parts.update({BODY: parts[BODY].replace(b"<w:sectPr", xml.encode() + b"<w:sectPr", 1)}))


def related(kind: str, target: str, outside: bool = True) -> bytes:
    mode = ' TargetMode="External"' if outside else ""
    entry = f'<Relationship Id="rIdX" Type="{RELATION}/{kind}" Target="{target}"{mode}/></Relationships>'.encode()
    return changed(lambda parts: parts.update({RELS: parts[RELS].replace(b"</Relationships>", entry)}))


def field(*pieces: str) -> bytes:
    cut = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in pieces)
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    return in_body(f"<w:p>{begin}{cut}{end}</w:p>")


def png(width: int, height: int) -> bytes:
    """A picture that claims a size, with a few bytes of content."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 8)) + chunk(b"IEND", b"")


def entity(declared: str, used: str, part: str = BODY) -> bytes:
    def change(parts: Parts) -> None:
        head = f'<?xml version="1.0"?><!DOCTYPE x [{declared}]>'
        parts[part] = f"{head}<w:document {W}><w:body><w:p><w:r><w:t>{used}</w:t></w:r></w:p></w:body></w:document>".encode()

    return changed(change)


LAUGHS = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12))
MACRO = "application/vnd.ms-word.document.macroEnabled.main+xml"
MAIN_TYPE = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"

HOSTILE_FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "no zip": (lambda: b"PK\x03\x04 nothing", "no whole DOCX"),
    "empty": (lambda: b"", "no whole DOCX"),
    "cut": (lambda: plain_docx()[:-900], "no whole DOCX"),
    "another zip": (lambda: zipped({"a.txt": b"x"}), "no whole DOCX"),
    "zip bomb": (lambda: changed(lambda parts: parts.update({"word/big.xml": b" " * 70_000_000})), "unpacks to more"),
    "too many parts": (lambda: changed(lambda parts: parts.update({f"word/x{i}.xml": b"<x/>" for i in range(500)})), "unpacks to more"),
    "large part": (lambda: changed(lambda parts: parts.update({"word/big.xml": b"<x>" + b" " * 13_000_000 + b"</x>"})), "larger than"),
    "climbing name": (lambda: changed(lambda parts: parts.update({"word/../../etc/x.xml": b"<x/>"})), "has the name"),
    "same name": (lambda: changed(lambda parts: parts.update({"word/Document.xml": b"<x/>"})), "one name"),
    "macro": (lambda: changed(lambda parts: parts.update({"word/vbaProject.bin": b"x"})), "'word/vbaProject.bin': a macro"),
    "macro kind": (
        lambda: changed(
            lambda parts: parts.update({"[Content_Types].xml": parts["[Content_Types].xml"].replace(MAIN_TYPE, MACRO.encode())})
        ),
        "holds macros",
    ),
    "beginning elsewhere": (
        lambda: changed(lambda parts: parts.update({START: parts[START].replace(b"word/document.xml", b"word/other.xml")})),
        "holds macros",
    ),
    "packed otherwise": (lambda: zipped(parts_of(plain_docx()), zipfile.ZIP_LZMA), "no whole DOCX"),
    "DDE in a part with another name": (
        lambda: changed(lambda parts: parts.update({"x.xml": f'<w:p {W}><w:fldSimple w:instr="DDE cmd"/></w:p>'.encode()})),
        "DDE cmd",
    ),
    "embedded file": (lambda: changed(lambda parts: parts.update({"word/embeddings/a.xlsx": b"x"})), "another file"),
    "page in it": (lambda: changed(lambda parts: parts.update({"word/afchunk.mht": b"x"})), "another file"),
    "scripted picture": (lambda: changed(lambda parts: parts.update({"word/media/a.svg": b"<svg/>"})), "another file"),
    "billion laughs": (lambda: entity(LAUGHS, "&a11;"), "types or entities"),
    "laughs in styles": (lambda: entity(LAUGHS, "&a11;", "word/styles.xml"), "types or entities"),
    "outside entity": (lambda: entity('<!ENTITY x SYSTEM "file:///etc/passwd">', "&x;"), "types or entities"),
    "outside declaration": (
        lambda: changed(lambda parts: parts.update({BODY: b'<!DOCTYPE x SYSTEM "http://evil.example/x.dtd"><x/>'})),
        "types or entities",
    ),
    "broken XML": (lambda: changed(lambda parts: parts.update({BODY: parts[BODY][:-20]})), "broken XML"),
    "deep XML": (lambda: changed(lambda parts: parts.update({BODY: b"<a>" * 9999 + b"</a>" * 9999})), "broken XML"),
    "remote picture": (lambda: related("image", "http://evil.example/x.png"), "image: http://evil.example/x.png"),
    "picture of a share": (lambda: related("image", "file:///\\\\evil\\x.png"), "image: file:"),
    "outside object": (lambda: related("oleObject", "http://evil.example/x"), "oleObject: http"),
    "object": (lambda: in_body("<w:p><w:r><w:object/></w:r></w:p>"), "'object'"),
    "another document": (lambda: in_body('<w:altChunk xmlns:r="urn:r" r:id="rIdX"/>'), "'altChunk'"),
    "chunk relation": (lambda: related("aFChunk", "/word/a.xml", outside=False), "aFChunk"),
    "frame": (lambda: related("frame", "http://evil.example/"), "frame: http"),
    "script link": (lambda: related("hyperlink", "javascript:alert(1)"), "hyperlink: javascript"),
    "link to a share": (lambda: related("hyperlink", "file:///c:/x.exe"), "hyperlink: file"),
    "DDE": (lambda: field('DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc"'), "DDEAUTO"),
    "DDE in pieces": (lambda: field("D", "DE", "AUTO c:\\\\cmd"), "DDEAUTO"),
    "DDE in codes": (lambda: field("QUOTE 68 68 69"), "QUOTE"),
    "simple DDE": (lambda: in_body('<w:p><w:fldSimple w:instr="DDE cmd"/></w:p>'), "DDE cmd"),
    "picture by field": (lambda: field('INCLUDEPICTURE "http://evil.example/x.png"'), "INCLUDEPICTURE"),
    "text by field": (lambda: field('INCLUDETEXT "c:\\\\secret.docx"'), "INCLUDETEXT"),
    "field without a name": (lambda: field(""), "a field ''"),
    "link by field": (lambda: field('HYPERLINK "file:///c:/x.exe"'), "HYPERLINK"),
    "huge picture": (lambda: changed(lambda parts: parts.update({"word/media/a.png": png(60_000, 60_000)})), "pixels"),
    "large picture": (lambda: changed(lambda parts: parts.update({"word/media/a.png": png(9_000, 9_000)})), "pixels"),
    "no picture": (lambda: changed(lambda parts: parts.update({"word/media/a.png": b"GIF"})), "cannot be read"),
    "mail merge": (
        lambda: changed(lambda parts: parts.update({SETTINGS: parts[SETTINGS].replace(b"</w:settings>", b"<w:mailMerge/></w:settings>")})),
        "mailMerge",
    ),
}
