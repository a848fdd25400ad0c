"""A dossier as PDF, DOCX and HTML, in a new process and again, beside python-docx that only puts the same texts into paragraphs.

The PDF has at least 25 pages: the example's high-risk set, Kazakh and Russian side by side, its duties as often as it takes.
"""

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Any

PAGES, ROUNDS = 25, 5
SYSTEM = Path(__file__).parent.parent / "examples" / "systems" / "credit-scorer.yaml"
COLD = "from benchmarks.documents import cold; cold({form!r})"


def page(day: date = date(2026, 11, 22)) -> dict[str, Any]:
    """The laid-out document."""
    from tanba.documents.catalogue import make
    from tanba.documents.layout import laid
    from tanba.law.facts import read_system
    from tanba.law.load import load
    from tanba.law.rulebook import on
    from tanba.material.common import Whose
    from tanba.material.system import material

    book = on(load(), day)
    made = laid(make("dossier", material(book, read_system(SYSTEM, book.law), Whose())), ("kk", "ru"))
    tables = [block for block in made["blocks"] if block["kind"] == "table"]
    largest = max(tables, key=lambda block: len(block["rows"]))
    largest["rows"] *= 3
    return made


def renderers() -> dict[str, Callable[[dict[str, Any]], bytes]]:
    from tanba.documents.html import html
    from tanba.documents.pdf import pdf
    from tanba.documents.word import docx

    return {"docx": docx, "html": html, "pdf": pdf}


def plain(made: dict[str, Any]) -> bytes:
    """The peer: every text a paragraph, no tables, no styles of ours."""
    from docx import Document

    file = Document()
    for text in texts(made["blocks"]):
        file.add_paragraph(text)
    out = BytesIO()
    file.save(out)
    return out.getvalue()


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)


def cold(form: str) -> None:
    """In a new process: libraries imported and one document drawn. Prints seconds."""
    made = page()
    began = time.perf_counter()
    renderers()[form](made)
    print(time.perf_counter() - began)


def run() -> Iterator[str]:
    made = page()
    draw: dict[str, Callable[[dict[str, Any]], bytes]] = {**renderers(), "python-docx, paragraphs only": plain}
    pages = len(re.findall(rb"/Type/Page[^s]", draw["pdf"](made)))
    times: dict[str, list[float]] = {name: [] for name in draw}
    for number in range(ROUNDS):
        changed = {**made, "subject": [f"{text} {number}" for text in made["subject"]]}
        for name, render in draw.items():
            began = time.perf_counter()
            render(changed)
            times[name].append(time.perf_counter() - began)
    fresh: dict[str, list[float]] = {name: [] for name in ("pdf", "docx", "html")}
    for _ in range(ROUNDS):
        for name, found in fresh.items():
            said = subprocess.run([sys.executable, "-c", COLD.format(form=name)], capture_output=True, text=True, check=True)
            found.append(float(said.stdout))
    yield f"{pages} pages, {len(list(texts(made['blocks'])))} texts"
    peer = median(times["python-docx, paragraphs only"])
    for name, found in times.items():
        yield f"{name}: {told(found)}, {median(found) / peer:.2f} x python-docx"
    for name, found in fresh.items():
        yield f"{name}, in a new process: {told(found)}"


def told(seconds: list[float]) -> str:
    return f"{median(seconds) * 1000:.0f} ms ({min(seconds) * 1000:.0f}-{max(seconds) * 1000:.0f})"
