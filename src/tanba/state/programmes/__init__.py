"""What the state offers, as far as it is known: DATA beside this file, each with its provision or its source, and what is not known of it.

A programme is a possibility. Where the text that would say who may apply, and how, was not found, that is `unknown`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tanba.datafolder import read_folder

Text = Mapping[str, str]
"""{kk, ru, en}."""


@dataclass(frozen=True, slots=True)
class Programme:
    """`provision`: where the law speaks of it, empty where only `source` does. `unknown`: what no text that was read says."""

    id: str
    kind: str
    title: Text
    about: Text
    unknown: Text
    provision: str = ""
    source: str = ""


@cache
def programmes() -> Mapping[str, Programme]:
    """Every programme by id, in the order of the file."""
    rows = read_folder(Path(__file__).parent)["kz"]["programmes"]
    return {row["id"]: Programme(**row) for row in rows}
