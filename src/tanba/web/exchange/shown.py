"""A plan in words."""

from typing import Any

from tanba.exchange.columns import NO, NONE, YES, Column, fold, known
from tanba.law.load import load
from tanba.strings import t

LONGEST = 120


def label(key: str, lang: str) -> str:
    """What a column is called; a heading that nobody knows as it was written."""
    column = known(load("kz")).get(fold(key)) if key else None
    return column.label[lang] if column else key


def place(problem: dict[str, Any], lang: str) -> str:
    """Row and column of a problem."""
    row = t("exchange.source", lang, row=problem["row"])
    return f"{row}, {label(problem['column'], lang)}" if problem["column"] else row


def difference(change: list[Any], lang: str) -> str:
    """`Department: Retail → Risk`."""
    key, old, new = change
    return f"{label(key, lang)}: {words(key, old, lang)} → {words(key, new, lang)}"


def words(key: str, value: Any, lang: str) -> str:
    """A value as a person reads it."""
    column = known(load("kz")).get(key)
    text = "–" if value is None else _answer(column, value, lang) if column and column.fact else _text(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _answer(column: Column, value: Any, lang: str) -> str:
    choices = column.fact.choices if column.fact else {}
    if isinstance(value, bool):
        return t(YES if value else NO, lang)
    if isinstance(value, list):
        return "; ".join(choices[name][lang] for name in value if name in choices) or t(NONE, lang)
    return choices[value][lang] if value in choices else str(value)


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(str(item.get("name", "")) or str(item) if isinstance(item, dict) else item for item in value)
    return str(value)
