"""What is fuzzed, and the law that each input is held to. A target takes bytes and raises for nothing but a broken law.

The law: no exception but TanbaError, and none from `verify`; what is marked is found again, and marking it once more harms nothing; what
is reported can be written as UTF-8 JSON. Time and memory are bounded by whoever runs a target (`session.py`).
"""

import json
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from tanba import c2pa_io
from tanba.errors import TanbaError
from tanba.marking import home, standardfile, xmp
from tanba.marking.formats.manifest import manifest_found
from tanba.marking.gate import judge
from tanba.marking.keys import Issuer
from tanba.marking.mark import Order, mark_file
from tanba.marking.model import Statement
from tanba.marking.register import Register
from tanba.marking.standard import Standard, parse
from tanba.marking.text import wrapper
from tanba.marking.text.mark import Mark
from tanba.marking.text.sse import Events
from tanba.marking.verify import Checked, verify
from tanba.workspace import Workspace
from tanba.yamlfile import parse_yaml

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ORDERS = (Order(Standard(), "created"), Order(Standard(aigc=True), "altered"), Order(Standard(layers=("c2pa",)), "altered"))
NAMES = ("x.txt", "x.md", "x.html", "x.json", "x", "http://[x", "\udcff.txt", "\0.md")
TYPES = ("image/jpeg", "image/png", "image/webp", "image/tiff", "image/gif", "image/avif", "image/heic")


@cache
def desk() -> tuple[Issuer, Register]:
    """Keys and a register of this process."""
    folder = Path(tempfile.mkdtemp(prefix="tanba-fuzz-"))
    return home.renew(Workspace(folder), "Qarlygash"), Register(folder / "marks.sqlite3")


def examined(data: bytes, name: str = "x", deep: bool = False) -> Checked:
    """`verify` and the gate, whose answers can be said."""
    checked = verify(data, name, Standard(), *desk(), deep)
    judge(checked)
    said = {**checked.as_json(), "file": ""}
    json.dumps(said, ensure_ascii=False, allow_nan=False).encode()
    return checked


def marked_and_found(data: bytes, name: str, order: Order) -> None:
    """Mark it twice: each number is found, nothing found is false, nothing grows beyond reason."""
    examined(data, name)
    for _ in range(2):
        try:
            marked, row = mark_file(data, name, order, *desk(), NOW)
        except TanbaError:
            return
        assert len(marked.content) <= 64 * len(data) + (1 << 18), f"{len(data)} bytes became {len(marked.content)}"
        checked = examined(marked.content, name)
        put = {layer for layer in ("c2pa", "watermark") if marked.layers[layer] in ("valid", "present")}
        assert not put or row.id in checked.numbers, f"{marked.layers} but {checked.as_json()}"
        data = marked.content


def picture(data: bytes) -> None:
    """A file that its first bytes call a picture, or anything."""
    examined(data, deep=len(data) % 8 == 0)
    marked_and_found(data, "x", ORDERS[len(data) % 3])


def text(data: bytes) -> None:
    """A file named as a text; a byte after its end chooses the name (0 to 7) and the order."""
    chosen = data[-1] if data else 0
    marked_and_found(data[:-1], NAMES[chosen % len(NAMES)], ORDERS[chosen // len(NAMES) % 3])


def packet(data: bytes) -> None:
    """An XMP packet: what is added is read, and stands there once."""
    xmp.read(data)
    once = xmp.add(data, Statement(7, NOW, organisation="Qarlygash"), aigc=True)
    assert list(xmp.read(once).ids) == [7]
    twice = xmp.add(once, Statement(8, NOW, organisation="Qarlygash"))
    assert list(xmp.read(twice).ids) == [8]
    assert len(twice) <= max(len(once), 4 * len(data) + 4096)


def manifest(data: bytes) -> None:
    """A manifest store beside a file of any kind, and in a text."""
    roots = desk()[0].roots
    for media_type in (TYPES[len(data) % len(TYPES)], "text/plain"):
        json.dumps(dict(manifest_found(c2pa_io.read(b"Hello.", media_type, roots, data)).details)).encode()
    examined(wrapper.embed_manifest("Hello there.", data).encode(), "x.txt")


def events(data: bytes) -> None:
    """A stream of events: the same however it is cut."""
    mark = Mark(7, b"secret", ("kk", "ru"))
    whole, parts = Events(mark), Events(mark)
    first = whole.feed(data) + whole.close()
    assert first == b"".join(parts.feed(data[at : at + 7]) for at in range(0, len(data), 7)) + parts.close()


def standard(data: bytes) -> None:
    """A channel standard: what is accepted is written, and read as the same."""
    with suppress(TanbaError):
        said = parse_yaml(data.decode("utf-8", "replace"))
        made = parse(said if isinstance(said, dict) else {})
        assert parse(parse_yaml(standardfile.written(made))) == made
        assert made.version


def system(data: bytes) -> None:
    """A SYSTEM.yaml, and what the verbs make of it."""
    from tanba.law.assess import assess
    from tanba.law.facts import parse_system
    from tanba.law.load import load
    from tanba.law.rulebook import on

    with suppress(TanbaError):
        read = parse_system(data.decode("utf-8", "replace"), load(), Path("SYSTEM.yaml"))
        json.dumps(assess(on(load(), NOW.date()), read.facts, system=read.slug), ensure_ascii=False).encode("utf-8", "strict")


TARGETS: dict[str, Callable[[bytes], None]] = {each.__name__: each for each in (picture, text, packet, manifest, events, standard, system)}
