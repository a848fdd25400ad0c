"""The complete set of the example's credit scorer: how many of its fields the register fills, and how long all languages and forms take.

The peer is LibreOffice, which only turns the DOCX of the same set into PDF.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SET = ("passport", "classification", "prohibited", "risks", "risk-plan", "dossier", "agreement", "audit-pack", "bundle-index")
"""Documents that a system of high risk has anyhow; pilots, the trusted list and the security dossier are asked for apart."""
EXAMPLES = Path(__file__).parent.parent / "examples"
EVIDENCE = ("duties", "question", "claims", "artifacts")
"""Rows of evidence and of open questions: what they lack is no field of a form."""
ROUNDS = 3


def run() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TANBA_HOME"] = folder
        material = _register()
        filled, total = _fields(material)
        yield f"fields of the set filled from the register: {filled} of {total}, {100 * filled / total:.1f} %"
        filled, total = _fields(material, names=None)
        yield f"with the documents of pilots, trusted list, security and notices: {filled} of {total}, {100 * filled / total:.1f} %"
        yield from _times(Path(folder))


def _register() -> dict[str, Any]:
    from tanba.web import example, start

    start.prepare()
    example.load_example(EXAMPLES)
    from tanba.web.evidence.outbox import drain
    from tanba.web.evidence.status import settle

    drain()
    settle()
    return start.document_material(system="credit-scorer")


def _fields(material: dict[str, Any], names: tuple[str, ...] | None = SET) -> tuple[int, int]:
    from tanba.documents.catalogue import TEMPLATES, make
    from tanba.documents.model import statements

    wanted = names or [name for name, each in TEMPLATES.items() if each.of == "system"]
    said = [said for name in wanted for field, said in statements(make(name, material)) if field and field not in EVIDENCE]
    return sum(not each.gap for each in said), len(said)


def _times(folder: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "tanba", "documents", "make", "all", "--system", "credit-scorer", "--lang", "all", "--to", "all", "-o"]
    ours, peer, count = [], [], 0
    for number in range(ROUNDS):
        out = folder / f"set{number}"
        began = time.perf_counter()
        subprocess.run([*command, str(out)], check=True, capture_output=True)
        ours.append(time.perf_counter() - began)
        count = len(list(out.iterdir()))
        if shutil.which("soffice"):
            profile = f"-env:UserInstallation=file://{folder}/profile"
            began = time.perf_counter()
            files = sorted(map(str, out.glob("*.docx")))
            office = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder / "peer"), *files]
            subprocess.run(office, check=True, capture_output=True)
            peer.append(time.perf_counter() - began)
    yield f"{count} files, three languages and forms, from the register, in a new process: {min(ours):.1f}-{max(ours):.1f} s"
    if peer:
        yield f"LibreOffice, {count // 3} DOCX to PDF only: {min(peer):.1f}-{max(peer):.1f} s"
