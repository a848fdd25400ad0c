"""The law in readable words, in the language of the page (`tanba.law.words` with that language filled in)."""

from collections.abc import Callable
from typing import Any, TypeVar

from tanba.law import words
from tanba.web.language import current

T = TypeVar("T")


def _here(function: Callable[..., T]) -> Callable[..., T]:
    """Without `functools.wraps`: Django's filters count the arguments of what is wrapped."""

    def in_this_language(*arguments: Any) -> T:
        return function(*arguments, lang=current())

    return in_this_language


bare = words.bare
act_name = _here(words.act_name)
answer = _here(words.answer)
cite = _here(words.cite)
condition = _here(words.condition)
deadline = _here(words.deadline)
evidence = _here(words.evidence)
name_of = _here(words.name_of)
word = _here(words.word)
