"""HEIC gets a manifest, says why it gets no more, and does not pass the gate."""

from pathlib import Path

from marking.conftest import NOW, packed, scene
from tanba.marking.gate import judge
from tanba.marking.keys import Issuer
from tanba.marking.mark import Order, mark_file
from tanba.marking.register import Register
from tanba.marking.standard import Standard
from tanba.marking.verify import verify

HEIC = packed(scene(96, 64), "AVIF").replace(b"ftypavif", b"ftypheic", 1).replace(b"avifmif1", b"heicmif1", 1)
"""The same container; nobody here opens what is inside."""


def test_a_manifest_and_reasons(issuer: Issuer, tmp_path: Path) -> None:
    register = Register(tmp_path / "marks.sqlite3")
    marked, row = mark_file(HEIC, "a.heic", Order(Standard()), issuer, register, NOW)
    assert set(marked.reasons) == {"label", "watermark"}
    checked = verify(marked.content, "a.heic", Standard(), issuer, register)
    states = {found.layer: found.state for found in checked.layers}
    assert (states["c2pa"], states["label"], list(checked.numbers)) == ("valid", "unknown", [row.id])
    assert judge(checked).passes is None
    assert judge(verify(HEIC, "a.heic", Standard(), issuer, register)).passes is not True
    register.close()
