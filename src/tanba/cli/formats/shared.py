"""Small pieces that every renderer uses."""

import re
from textwrap import fill

from tanba.strings import t

WIDTH = 100


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
