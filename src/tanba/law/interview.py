"""Ask only what can still change the answer; stop when nothing can."""

from collections.abc import Collection, Mapping
from typing import Any

from tanba.law.reasons import questions
from tanba.law.rulebook import Rulebook, decide


def open_questions(book: Rulebook, facts: Mapping[str, Any], skipped: Collection[str] = ()) -> list[tuple[str, list[str]]]:
    """[(fact, conclusions it bears on)], the most decisive first; `skipped` ones are left for another day."""
    return [(fact, bears_on) for fact, bears_on in questions(book, decide(book, facts)) if fact not in skipped]
