"""Small pieces that every renderer uses."""

import re
from collections.abc import Mapping
from textwrap import fill
from typing import Any

from tanba.strings import catalogue, t

WIDTH = 100


def w(key: str, lang: str) -> str:
    """A word of the common vocabulary; an unknown one is shown as it is."""
    return t(f"words.{key}", lang) if f"words.{key}" in catalogue() else key.partition(".")[2]


def say(key: str, lang: str, **values: object) -> str:
    """A phrase of the text reports."""
    return t(f"report.{key}", lang, **values)


def wrap(text: str, indent: int = 0, first: str = "") -> str:
    """Fill a paragraph to the report's width; `first` stands in the margin of its first line. No-break spaces hold."""
    words = re.sub(r"[ \n]+", " ", text)
    return fill(words, WIDTH, initial_indent=first.ljust(indent), subsequent_indent=" " * indent, break_on_hyphens=False)


def short(provision: str) -> str:
    """`kz/230-VIII/21/2@2026-01-18` as `230-VIII/21/2`."""
    return provision.partition("/")[2].partition("@")[0]


def deadline(entry: Mapping[str, Any] | None, lang: str) -> str:
    """A deadline in words; empty where the text sets none."""
    if not entry:
        return ""
    if "before" in entry:
        return t("words.deadline.before", lang, event=w(f"event.{entry['before']}", lang))
    if "every" in entry:
        return t("words.deadline.every", lang, period=w(f"period.{entry['every']}", lang))
    event = w(f"from.{entry.get('from', '')}", lang)
    if "within" in entry:
        amount = t(f"words.unit.{entry['unit']}", lang, count=entry["within"])
        return t("words.deadline.within", lang, amount=amount, event=event)
    return t("words.deadline.at_once", lang, event=event)


def value(fact: Any, answer: Any, lang: str) -> str:
    """An answer in words: yes / no, or the labels of its choices."""
    if answer is None:
        return w("answer.unknown", lang)
    if isinstance(answer, bool):
        return w("answer.yes" if answer else "answer.no", lang)
    chosen = answer if isinstance(answer, list) else [answer]
    return ", ".join(fact.choices[choice][lang] for choice in chosen) or say("none_of_them", lang)
