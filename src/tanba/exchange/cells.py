"""What stands in one cell: lists, parts with details, and the sign that takes a value away. `split(join(x)) == x`."""

import json
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, Final

CLEAR: Final = "\x00clear"
"""Stands for: take away what the register has. No text of a person's holds a NUL."""

SIGN = "-"
_SIGNS = ("-", "–", "—")
_KEY = re.compile(r"[A-Za-z_]\w{0,39}", re.ASCII)
_LIKE_SIGN = re.compile(r"\\*[-–—]")
_ESCAPED = re.compile(r"\\([\\;|n])")
_TO_ESCAPE = re.compile(r"[\\;|\n]")


def write_text(text: str) -> str:
    """A text that is not the sign; one that looks like it gets a backslash in front."""
    return f"\\{text}" if _LIKE_SIGN.fullmatch(text) else text


def read_text(cell: str) -> str:
    """What `write_text` wrote, or CLEAR."""
    if cell in _SIGNS:
        return CLEAR
    return cell[1:] if len(cell) > 1 and _LIKE_SIGN.fullmatch(cell) else cell


def join(items: Iterable[str]) -> str:
    """One item on each line."""
    return "\n".join(map(_escape, items))


def split(cell: str) -> list[str]:
    """Items of a cell, one on each line or with `;` between them; empty and repeated ones are left out."""
    items = (_unescape(item) for item in _pieces(cell, r"\n;"))
    return list(dict.fromkeys(item for item in items if item))


def join_parts(parts: Iterable[Mapping[str, str]]) -> str:
    """`name | version=1.2 | licence=MIT`, one part on each line; as JSON where that could not be read back."""
    return "\n".join(_simple(part) if _is_simple(part) else _escape(json.dumps(dict(part), ensure_ascii=False)) for part in parts)


def split_parts(cell: str) -> list[dict[str, str]]:
    """Parts of a cell; the piece without a key is the name."""
    found = (_part(line.strip()) for line in _pieces(cell, r"\n;"))
    return [part for part in found if part]


def _is_simple(part: Mapping[str, str]) -> bool:
    named = all(_KEY.fullmatch(key) and text and text == text.strip() for key, text in part.items())
    return named and not part.get("name", "").startswith("{")


def _simple(part: Mapping[str, str]) -> str:
    ordered = sorted(part.items(), key=lambda item: item[0] != "name")
    return " | ".join(_escape(text) if key == "name" and "=" not in text else f"{key}={_escape(text)}" for key, text in ordered)


def _part(line: str) -> dict[str, str]:
    if line.startswith("{"):
        with suppress(ValueError):
            return {str(key): str(text) for key, text in json.loads(_unescape(line)).items()}
    part: dict[str, str] = {}
    for piece in _pieces(line, "|"):
        key, mark, text = piece.strip().partition("=")
        if mark and _KEY.fullmatch(key):
            part[key] = _unescape(text)
        elif piece.strip():
            part["name"] = " | ".join(filter(None, (part.get("name"), _unescape(piece))))
    return {key: text for key, text in part.items() if text}


def _pieces(cell: str, signs: str) -> list[str]:
    """Cut at signs that no backslash stands before."""
    return re.findall(rf"(?:\\.|[^{signs}\\])+|\\$", cell, re.DOTALL)


def _escape(text: str) -> str:
    return _TO_ESCAPE.sub(lambda found: r"\n" if found[0] == "\n" else f"\\{found[0]}", text)


def _unescape(text: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] == "n" else found[1], text.strip())


def plain(text: Any) -> str:
    """A text as it is compared: one kind of line ends, nothing around it."""
    return str(text).replace("\r\n", "\n").replace("\r", "\n").strip()
