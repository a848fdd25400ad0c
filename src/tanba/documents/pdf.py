"""A document as PDF, set by Typst from one template. The texts go in as JSON, never as markup.

PDF/A-2a and PDF/UA-1 are asked of the engine, which refuses what does not fit; nobody else has validated the files. System fonts are
ignored, so that a document looks the same everywhere; letters that the engine's own fonts lack are written as their code points.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from tanba.documents.qr import svg

LINE, LINE_OF_TWO, LETTER = 170, 125, 2.1
"""Millimetres of a line, of one of two languages beside one another, and of a wide letter in a table."""

RANGES = ((0x20, 0x7E), (0xA0, 0xAC), (0xAE, 0x17F), (0x391, 0x3A1), (0x3A3, 0x3A9), (0x3B1, 0x3C9), (0x400, 0x481), (0x48A, 0x4FF))
SIGNS = "\n\u200bԚԛԜԝ–—‘’‚“”„†‡•…‰‹›€₸№™←↑→↓−≠≤≥☐☑\N{REPLACEMENT CHARACTER}"
DRAWN = frozenset(SIGNS).union(chr(code) for first, last in RANGES for code in range(first, last + 1))
"""Every letter the engine's fonts have; a test sets each."""


@cache
def _template() -> bytes:
    return (Path(__file__).parent / "page.typ").read_bytes()


def pdf(page: Mapping[str, Any]) -> bytes:
    """`page` from `layout.laid`."""
    import typst

    moment = datetime.fromisoformat(page["date"]).replace(tzinfo=UTC)
    made: bytes = typst.compile(
        _template(),
        format="pdf",
        ignore_system_fonts=True,
        pdf_standards=["a-2a", "ua-1"],
        sys_inputs={"data": json.dumps(_drawable(page), ensure_ascii=False)},
        timestamp=moment,
    )
    return made


def _drawable(value: Any, letters: int = 25) -> Any:
    """The same JSON with texts that can be drawn. A word of a table breaks where it is longer than its column is wide."""
    if isinstance(value, str):
        return drawable(value, letters)
    if isinstance(value, Mapping):
        if value.get("kind") == "table":
            return _table(value)
        drawn = {key: _drawable(each, letters) for key, each in value.items()}
        return {**drawn, "code": svg(value["address"])} if value.get("address") else drawn
    return [_drawable(each, letters) for each in value] if isinstance(value, list) else value


def _table(block: Mapping[str, Any]) -> dict[str, Any]:
    whole = LINE if len(block["head"]) == 1 else LINE_OF_TWO
    widths = [int(whole * width / sum(block["widths"]) / LETTER) for width in block["widths"]]

    def columns(texts: list[Any]) -> list[Any]:
        return [_drawable(each, letters) for each, letters in zip(texts, widths, strict=True)]

    rows = [[columns(cells) for cells in row] for row in block["rows"]]
    return {**block, "head": [columns(texts) for texts in block["head"]], "rows": rows}


def drawable(text: str, letters: int = 25) -> str:
    """Code points for letters without a glyph, and places to break in words of more than so many letters.

    >>> drawable("№ 5 ₸ 漢")
    '№ 5 ₸ [U+6F22]'
    """
    shown = "".join(each if each in DRAWN else f"[U+{ord(each):04X}]" for each in text)
    pieces = re.compile(f".{{1,{letters // 2}}}")
    return re.sub(rf"\S{{{letters + 1},}}", lambda word: "\u200b".join(pieces.findall(word[0])), shown)
