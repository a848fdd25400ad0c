"""The line that people see: a warning in kk, ru, en or several, alone in a paragraph at the beginning or the end.

The statute asks for a warning "in visual or other form" that is perceived without hindrance (230-VIII, art. 21(2)); it fixes no words.
Ours are in `strings/marking.yaml`.
"""

import re
from functools import cache
from typing import Literal

from tanba.errors import InputError
from tanba.strings import LANGUAGES, t

Source = Literal["created", "altered"]
Place = Literal["start", "end"]

GAP = "\n\n"
BETWEEN = " · "
_LOOKED_AT = 8
"""Lines at either end among which a warning counts: further inside nobody is warned in time."""

_LONGEST, _HEAD = 2000, 48
"""Characters of a warning at most; of its beginning, in which its first word usually ends."""

_TAG = re.compile(r"<[^<>]{0,500}>")
_LETTERS = re.compile(r"[^\W_]+")
_LINES = re.compile(r"[^\n]*\n?")


def line(languages: tuple[str, ...], source: Source = "created", *, short: bool = False) -> str:
    """The warning in each of `languages`, in that order. Raises InputError where there are none, or a foreign one.

    >>> line(("kk", "ru"), short=True)
    'ЖИ жасаған · Создано ИИ'
    """
    if not languages or not set(languages) <= set(LANGUAGES):
        raise InputError("the warning needs languages of {known}, not {given!r}", known=", ".join(LANGUAGES), given="+".join(languages))
    return BETWEEN.join(phrase(lang, source, short=short) for lang in languages)


def phrase(lang: str, source: Source, *, short: bool = False) -> str:
    """The warning in one language."""
    return t(f"marking.label.{source}" if short else f"marking.text.{source}", lang)


def languages_of(text: str) -> tuple[str, ...]:
    """`"kk+ru"` as `("kk", "ru")`. Raises InputError."""
    found = tuple(dict.fromkeys(text.split("+")))
    line(found)
    return found


def told(text: str) -> tuple[str, ...]:
    """Languages of a text that is a warning and nothing else, whatever its case, spacing and markup; () where it is something else.

    >>> told("> **создано  ИИ** / Made by AI")
    ('ru', 'en')
    """
    if len(text) > _LONGEST or not _may_be_told(text):
        return ()
    rest = _plain(text)
    found = []
    while rest:
        begins = next(((words, lang) for words, lang in _phrases() if f"{rest} ".startswith(f"{words} ")), None)
        if begins is None:
            return ()
        found.append(begins[1])
        rest = rest[len(begins[0]) + 1 :]
    return tuple(dict.fromkeys(found))


def present(text: str) -> tuple[str, ...]:
    """Languages in which `text` bears a warning on a line of its own, near its beginning or end."""
    near = _first_lines(text) + _first_lines(text[::-1], backwards=True)
    return tuple(dict.fromkeys(lang for each in near for lang in told(each)))


def put(text: str, languages: tuple[str, ...], source: Source = "created", place: Place = "start", *, before: str = "") -> str:
    """`text` with a warning in those of `languages` that it does not bear yet. `before` begins the line, such as Markdown's `> `."""
    line(languages)
    missing = tuple(lang for lang in languages if lang not in present(text))
    if not missing:
        return text
    warning = before + line(missing, source)
    return warning + GAP + text if place == "start" else text + GAP + warning


def strip(text: str) -> str:
    """`text` without warnings that stand at its very beginning or end; nothing, where it is nothing else."""
    start, stop = 0, len(text)
    while (end := text.find(GAP, start, start + _LONGEST)) >= 0 and told(text[start:end]):
        start = end + len(GAP)
    while (begin := text.rfind(GAP, max(start, stop - _LONGEST), stop)) >= 0 and told(text[begin:stop]):
        stop = begin
    return "" if told(text[start:stop]) else text[start:stop]


@cache
def _phrases() -> tuple[tuple[str, str], ...]:
    """(plain words, language) of every phrase."""
    pairs = [(lang, source, short) for lang in LANGUAGES for source in ("created", "altered") for short in (False, True)]
    return tuple((_plain(t(f"marking.{'label' if short else 'text'}.{source}", lang)), lang) for lang, source, short in pairs)


def _may_be_told(text: str) -> bool:
    """False where the first word begins no phrase: soon told of most texts, and never of a warning."""
    head = _folded(text[:_HEAD])
    word = _LETTERS.search(head)
    if word is None:
        return len(text) > _HEAD
    return word.end() == len(head) or "<" in head[: word.start()] or word[0] in _first_words()


@cache
def _first_words() -> frozenset[str]:
    return frozenset(words.split(" ", 1)[0] for words, _ in _phrases())


def _plain(text: str) -> str:
    """Words alone: without tags, punctuation, selectors and case."""
    return " ".join(_LETTERS.findall(_folded(_TAG.sub(" ", text))))


def _folded(text: str) -> str:
    return text.casefold().replace("ё", "е")


def _first_lines(text: str, *, backwards: bool = False) -> list[str]:
    found: list[str] = []
    at = 0
    while at < len(text) and len(found) < _LOOKED_AT:
        match = _LINES.match(text, at)
        assert match is not None  # it matches the empty text
        at = match.end()
        if written := match[0].strip():
            found.append(written[::-1] if backwards else written)
    return found
