"""Unicode normal forms in time proportional to the text.

`unicodedata` sorts the accents of a letter by insertion: 100,000 of them on one letter take it seconds, a million half an hour. Sorted
beforehand they are what it would make of them, and it finds nothing to do.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby
from typing import Literal

_MANY = re.compile(r"[^\w\s]{32,}")
"""No accent is a letter, a digit or white space; fewer of them are quick anyway."""


def normal(form: Literal["NFC", "NFKC"], text: str) -> str:
    """`text` in a normal form, as `unicodedata.normalize` gives it."""
    return unicodedata.normalize(form, text if text.isascii() else _MANY.sub(lambda run: "".join(_sorted(run[0])), text))


def _sorted(run: str) -> Iterator[str]:
    """Accents taken apart, and in the order of their classes between what is none."""
    apart = (part for each in run for part in unicodedata.normalize("NFD", each))
    for accents, group in groupby(apart, key=lambda each: unicodedata.combining(each) > 0):
        among = list(group)
        yield from sorted(among, key=unicodedata.combining) if accents else among
