"""A pasted description suggests answers, with the words that led to them. It never decides: suggestions wait for confirmation.

The words are data (`words:` of each fact): regular expressions per language, matched from a word's start, case-insensitively.
A pattern that begins with `!` suggests the opposite. Negated matches ("does not recognise emotions") turn a yes into a no.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tanba.law.model import Fact, Law
from tanba.strings import LANGUAGES

MAX_CHARS = 20_000
WINDOW = 40
"""Characters before and after a match in which a negation counts, within one clause."""

NEGATION_BEFORE = re.compile(
    r"\b(?:не|нет|без|никогда не|ни|not|no|never|without|doesn't|does not|do not|don't|cannot)\s+(?:[\w-]+\s+){0,2}$", re.IGNORECASE
)
NEGATION_AFTER = re.compile(
    r"^[\w-]*(?:\s+[\w-]+){0,3}?\s*(?:\b(?:емес|жоқ)\b|[\w]*(?:майды|мейді|пайды|пейді|байды|бейді|маймыз|мейміз|пайтын|майтын|мейтін|бейтін|баған|беген|маған|меген|паған|пеген)\b)",
    re.IGNORECASE,
)
CLAUSE = re.compile(r"[.;!?\n:()]|,\s|\s[-–—]\s")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A proposed answer and the words of the description that led to it."""

    fact: str
    value: Any
    words: tuple[str, ...]


def suggest(law: Law, text: str) -> list[Suggestion]:
    """Suggestions for `text` (any mix of kk, ru, en; the first 20,000 characters), in the order of the fact vocabulary.

    Contradictory words for one fact suggest nothing: the question is asked instead.
    """
    text = text[:MAX_CHARS]
    return [suggestion for fact in law.facts.values() if fact.words and (suggestion := _suggest(fact, text))]


def _suggest(fact: Fact, text: str) -> Suggestion | None:
    if fact.type == "yes_no":
        found = [(value, word) for value, word in _matches(_patterns(fact.words), text)]
        values = {value for value, _ in found}
        return Suggestion(fact.name, values.pop(), _words(found)) if len(values) == 1 else None
    by_choice = {choice: list(_matches(_patterns(words), text)) for choice, words in fact.words.items() if choice in fact.choices}
    said = {choice: [word for value, word in found if value] for choice, found in by_choice.items()}
    chosen = [choice for choice, words in said.items() if words]
    if not chosen or (fact.type == "one_of" and len(chosen) > 1):
        return None
    words = tuple(dict.fromkeys(word for choice in chosen for word in said[choice]))
    return Suggestion(fact.name, chosen if fact.type == "any_of" else chosen[0], words)


def _words(found: list[tuple[bool, str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for _, word in found))


def _patterns(words: Mapping[str, Any]) -> tuple[tuple[bool, re.Pattern[str]], ...]:
    return tuple(_compiled(pattern) for language in LANGUAGES for pattern in words.get(language, ()))


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> tuple[bool, re.Pattern[str]]:
    positive = not pattern.startswith("!")
    return positive, re.compile(rf"\b(?:{pattern if positive else pattern[1:]})\w*", re.IGNORECASE)


def _matches(patterns: tuple[tuple[bool, re.Pattern[str]], ...], text: str) -> Iterator[tuple[bool, str]]:
    """(suggested yes or no, matched words); a negated match counts for the opposite."""
    for positive, pattern in patterns:
        for match in pattern.finditer(text):
            yield positive and not _negated(text, match), match.group()


def _negated(text: str, match: re.Match[str]) -> bool:
    before = CLAUSE.split(text[max(0, match.start() - WINDOW) : match.start()])[-1]
    after = CLAUSE.split(text[match.end() : match.end() + WINDOW])[0]
    return bool(NEGATION_BEFORE.search(before) or NEGATION_AFTER.search(after))
