"""Which columns a table of systems has: the description, then every fact of the law. Headings are known in kk, ru, en and by key."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from tanba.exchange.cells import CLEAR
from tanba.law.model import Fact, Law
from tanba.strings import LANGUAGES, t

Texts = Mapping[str, str]

DESCRIPTION = {
    "slug": ("slug", 80),
    **{f"name_{lang}": ("text", 200) for lang in LANGUAGES},
    **{f"purpose_{lang}": ("text", 2000) for lang in LANGUAGES},
    "department": ("text", 120),
    "owner": ("email", 254),
    "vendor": ("text", 120),
    "vendor_bin": ("bin", 12),
    "channels": ("lines", 120),
    "regions": ("lines", 120),
    "models": ("parts", 500),
    "data_libraries": ("parts", 500),
}
"""Key → kind and the longest text."""

YES, NO = "web.yes", "web.no"
NONE, UNKNOWN = "systems.none_of_these", "systems.not_known"
FIRST = "stage"
"""The fact that stands with the description."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `kind`: slug, text, email, bin, lines (short texts), parts (names with details), or the type of its fact."""

    key: str
    kind: str
    label: Texts
    about: Texts
    most: int = 0
    fact: Fact | None = None
    words: Mapping[str, Any] = field(default_factory=dict)
    """Of a fact: folded word → answer."""


@lru_cache(maxsize=4)
def columns(law: Law) -> tuple[Column, ...]:
    """All of them, in the order of the template."""
    described = [Column(key, kind, _texts(f"exchange.column_{key}"), _about(key), most) for key, (kind, most) in DESCRIPTION.items()]
    facts = [Column(fact.name, fact.type, fact.question, fact.help or {}, fact=fact, words=_words(fact)) for fact in law.facts.values()]
    return (*described, *sorted(facts, key=lambda column: column.key != FIRST))


def _texts(key: str) -> Texts:
    return {lang: t(key, lang) for lang in LANGUAGES}


def _about(key: str) -> Texts:
    """The three languages of a text share one explanation."""
    return _texts(f"exchange.about_{key.rpartition('_')[0] if key[-3:] in ('_kk', '_ru', '_en') else key}")


def _words(fact: Fact) -> dict[str, Any]:
    """Keys and labels in three languages, and what says that nothing is known."""
    words: dict[str, Any] = {fold(t(UNKNOWN, lang)): CLEAR for lang in LANGUAGES}
    if fact.type == "yes_no":
        words |= dict.fromkeys(("true", "1", *(fold(t(YES, lang)) for lang in LANGUAGES)), True)
        return words | dict.fromkeys(("false", "0", *(fold(t(NO, lang)) for lang in LANGUAGES)), False)
    if fact.type == "any_of":
        words |= {fold(t(NONE, lang)): [] for lang in LANGUAGES}
    return words | {fold(word): choice for choice, labels in fact.choices.items() for word in (*labels.values(), choice)}


@lru_cache(maxsize=4)
def known(law: Law) -> Mapping[str, Column]:
    """Folded heading → column."""
    return {fold(heading): column for column in columns(law) for heading in (column.key, *column.label.values())}


def nearest(law: Law, heading: str) -> str:
    """A known heading that looks like this one; empty where none does."""
    near = get_close_matches(fold(heading), known(law), n=1, cutoff=0.75)
    return known(law)[near[0]].key if near else ""


def fold(text: str) -> str:
    """As headings and answers are compared: case, white space and final signs do not matter."""
    return " ".join(text.casefold().replace("ё", "е").split()).strip(" .:?*")
