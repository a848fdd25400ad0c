"""Where fuzzing begins: small files made here, and the words that mean something to each target."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from fuzz.targets import NAMES, NOW, ORDERS, desk
from marking.conftest import opened, packed, scene
from marking.text.texts import MARKDOWN, PIECES, RU
from tanba.marking import standardfile, xmp
from tanba.marking.mark import mark_file
from tanba.marking.model import Statement
from tanba.marking.text.disclosure import phrase

ROOT = Path(__file__).parents[2]
FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "GIF", "AVIF")
PACKET = xmp.add(None, Statement(7, NOW, organisation="Qarlygash"), aigc=True)
WRITTEN = (
    RU,
    MARKDOWN,
    f"<!doctype html><html><head><title>a</title></head><body><p hidden>б. в.</p><p>{RU}</p></body></html>",
    '{"a": [1.0, {"b": null}], "ai_disclosure": {"warning": {"kk": "x"}, "mark": "00"}, "c": "d. e"}',
)
"""A text of each of the first names."""
EVENT = 'data: {"choices":[{"index":0,"delta":{"content":"Бір. Екі "},"finish_reason":null}]}\n\n'


def seeds(target: str) -> list[bytes]:
    """The first inputs of a target."""
    return {
        "picture": _pictures,
        "text": _texts,
        "packet": lambda: [PACKET, b"", PACKET.replace(b"<x:xmpmeta", b"<rdf:RDF").replace(b"</x:xmpmeta", b"</rdf:RDF")],
        "manifest": _manifests,
        "events": lambda: [(EVENT * 2 + "data: [DONE]\n\n").encode(), EVENT.replace("null", '"stop"').encode()],
        "standard": lambda: [standardfile.written(each.standard).encode() for each in ORDERS],
        "system": lambda: [each.read_bytes() for each in sorted((ROOT / "examples" / "systems").glob("*.yaml"))[:4]],
    }[target]()


def words(target: str) -> Sequence[bytes]:
    """What a change of an input may put in."""
    return {
        "picture": (
            b"IHDR",
            b"IDAT",
            b"acTL",
            b"fcTL",
            b"eXIf",
            b"caBX",
            b"iTXt",
            b"Exif\0\0",
            b"jumb",
            b"jumd",
            b"c2pa",
            b"PK\x03\x04",
            b"\xff\xd8",
        ),
        "manifest": (
            b"jumb",
            b"jumd",
            b"cbor",
            b"json",
            b"bfdb",
            b"bidb",
            b"c2pa",
            b"c2cs",
            b"\x9f",
            b"\xbf",
            b"\x1b" + b"\xff" * 8,
            b"\x5b" + b"\xff" * 8,
        ),
        "packet": (
            b"<rdf:RDF>",
            b"<rdf:Description>",
            b"</rdf:Description>",
            b"<tanba:MarkID>",
            b"</tanba:MarkID>",
            b"<!-- -->",
            b"&#0;",
            b"<?a?>",
        ),
        "standard": (b"wording: {created: {kk: ab}}", b"{", b"[", b"? ", b"\xc2\x85", b"\0", b"&a ", b"*a", b"!!x ", b"1.0e400", b"0.05"),
        "system": (b"facts:", b"{value: ", b", confirmed: false}", b"evidence:", b"- ", b"null", b"[]", b"{}", b"~", b"\xef\xbb\xbf"),
    }.get(target, _text_words())


def _text_words() -> Sequence[bytes]:
    said = [phrase(lang, "created") + "\n\n" for lang in ("kk", "ru")]
    tags = ["<p class='ai-disclosure'>", "</p>", "<script>", "<!--", "-->", "\\ud800", '{"', '":', "data: ", '"choices":[', "&#xd800;"]
    return [each.encode("utf-8", "replace") for each in (*PIECES, *said, *tags)]


def _pictures() -> list[bytes]:
    """Each kind plain, with frames, with transparency, and marked; the smallest picture there is."""
    bare = [packed(scene(120, 100, 3), each) for each in FORMATS]
    marked = [mark_file(each, "x", ORDERS[0], *desk(), NOW)[0].content for each in bare]
    tiny = [packed(np.zeros((1, 1, 3), np.uint8), each) for each in FORMATS]
    moving = [packed(scene(24, 16), each, save_all=True, append_images=[Image.new("RGB", (24, 16))]) for each in FORMATS[1:]]
    paged = packed(scene(24, 16), "TIFF", save_all=True, append_images=[Image.new("RGBA", (20, 30)), Image.new("L", (9, 9))])
    clear = [packed(np.dstack([scene(24, 16), scene(24, 16)[..., 0]]), each) for each in ("PNG", "WEBP", "TIFF")]
    told = [packed(scene(24, 16), each, xmp=PACKET, exif=opened(bare[0]).getexif()) for each in ("JPEG", "WEBP", "PNG")]
    return [*bare, *marked, *tiny, *moving, paged, *clear, *told, bare[1] + b"PK\x03\x04hidden", b"\0\0\0\x18ftypheic" + bytes(64)]


def _texts() -> list[bytes]:
    """Each kind bare and marked. A byte after the end chooses the name: see `targets.text`."""
    marked = [mark_file(each.encode(), NAMES[number], ORDERS[0], *desk(), NOW)[0].content for number, each in enumerate(WRITTEN)]
    return [each + str(number).encode() for all in ([text.encode() for text in WRITTEN], marked) for number, each in enumerate(all)]


def _manifests() -> list[bytes]:
    """Stores of a picture, of one made from it, and of a text."""
    one, row = mark_file(packed(scene(120, 100, 3)), "x", ORDERS[0], *desk(), NOW)
    _, two = mark_file(one.content, "x", ORDERS[1], *desk(), NOW)
    _, three = mark_file(RU.encode(), "x.txt", ORDERS[0], *desk(), NOW)
    return [each for each in (row.manifest, two.manifest, three.manifest) if each]
