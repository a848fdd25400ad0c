"""One cell as a value: texts, lists, parts, and answers in the words of three languages. None: the cell says nothing."""

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from tanba.errors import InputError
from tanba.exchange.cells import CLEAR, plain, read_text, split, split_parts
from tanba.exchange.columns import Column, fold
from tanba.identifiers import bin_is_valid
from tanba.law.model import Fact
from tanba.sheets import Formula
from tanba.strings import LANGUAGES

MOST_ITEMS = 50
_SLUG = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def value_of(column: Column, raw: Any) -> Any:
    """What a cell says of a column. Raises InputError."""
    if isinstance(raw, Formula):
        raise InputError("is a formula, or the fault of one", "Put its value in its place.")
    if raw is None or (isinstance(raw, str) and not plain(raw)):
        return None
    if isinstance(raw, str) and raw != CLEAR:
        raw = read_text(plain(raw))
    if raw == CLEAR:
        return CLEAR
    return _answer(column, column.fact, raw) if column.fact else _READERS[column.kind](column, raw)


def _text(column: Column, raw: Any) -> str:
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    if isinstance(raw, date):
        raw = raw.isoformat()
    if not isinstance(raw, str | int) or isinstance(raw, bool):
        raise InputError("{given!r} is no text", "Write a text.", given=_shown(raw))
    text = str(raw)
    if len(text) > column.most:
        raise InputError("is longer than {most:,} letters", "Shorten it.", most=column.most)
    if "\x00" in text:
        raise InputError("{given!r} is no text", "Write a text.", given=_shown(text))
    return text


def _slug(column: Column, raw: Any) -> str:
    text = _text(column, raw)
    if not _SLUG.fullmatch(text):
        raise InputError("{given!r} is no short name", "Latin letters, digits, - and _ only.", given=_shown(text))
    return text


def _email(column: Column, raw: Any) -> str:
    text = _text(column, raw).lower()
    if not _EMAIL.fullmatch(text):
        raise InputError("{given!r} is no e-mail address", "Write the address with which the person signs in.", given=_shown(text))
    return text


def _bin(column: Column, raw: Any) -> str:
    """A spreadsheet takes a BIN for a number and drops zeros in front."""
    text = f"{int(raw):012}" if isinstance(raw, int | float) and not isinstance(raw, bool) else re.sub(r"\s", "", _text(column, raw))
    if not bin_is_valid(text):
        raise InputError("{given!r} is no BIN", "A BIN has 12 digits; one of them is wrong.", given=_shown(text))
    return text


def _lines(column: Column, raw: Any) -> list[str]:
    items = [_text(column, item).strip() for item in raw] if isinstance(raw, list) else split(str(raw))
    items = list(dict.fromkeys(item for item in items if item))
    if len(items) > MOST_ITEMS:
        raise InputError("has more than {most} items", "Leave the most important ones.", most=MOST_ITEMS)
    for item in items:
        _text(column, item)
    return items


def _parts(column: Column, raw: Any) -> list[dict[str, str]]:
    written = raw if isinstance(raw, list) else split_parts(str(raw))
    parts = [item if isinstance(item, dict) else {"name": item} for item in written]
    if len(parts) > MOST_ITEMS:
        raise InputError("has more than {most} items", "Leave the most important ones.", most=MOST_ITEMS)
    return [{str(key)[:40]: _text(column, text).strip() for key, text in part.items() if text not in (None, "")} for part in parts]


_READERS = {"text": _text, "slug": _slug, "email": _email, "bin": _bin, "lines": _lines, "parts": _parts}


def _answer(column: Column, fact: Fact, raw: Any) -> Any:
    if fact.type == "any_of":
        return _several(fact, raw, column.words)
    if isinstance(raw, float | int) and raw in (0, 1):
        raw = str(int(raw))
    found = column.words.get(fold(raw)) if isinstance(raw, str) else None
    if found is None:
        raise _unknown(fact, raw)
    return found


def _several(fact: Fact, raw: Any, words: Mapping[str, Any]) -> Any:
    whole = words.get(fold(raw)) if isinstance(raw, str) else None
    if whole is not None:
        return whole if isinstance(whole, list) or whole == CLEAR else [whole]
    items = raw if isinstance(raw, list) else split(raw) if isinstance(raw, str) else [raw]
    found = []
    for item in items:
        answer = words.get(fold(item)) if isinstance(item, str) else None
        if not isinstance(answer, str) or answer == CLEAR:
            raise _unknown(fact, item)
        found.append(answer)
    return [choice for choice in fact.choices if choice in found]


def _unknown(fact: Fact, raw: Any) -> InputError:
    if fact.type == "yes_no":
        return InputError("{given!r} is no answer", "Write yes or no.", given=_shown(raw))
    offered = {lang: "; ".join(labels[lang] for labels in fact.choices.values()) for lang in LANGUAGES}
    return InputError("{given!r} is no answer", "One of: {choices}", given=_shown(raw), choices=offered)


def _shown(raw: Any) -> str:
    """A value as a message may repeat it."""
    return raw[:80] if isinstance(raw, str) else json.dumps(raw, ensure_ascii=False, default=str)[:80]
