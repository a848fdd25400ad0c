"""A user agreement as Markdown, and what changed between two versions. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from tanba.people.agreement import gaps, lines
from tanba.strings import t

ALIKE = 0.4
"""Texts that share fewer words are shown one after the other: single words that happen to meet only confuse."""

SPECIAL = re.compile(r"([\\`*_\[\]<>#|])")


@dataclass(frozen=True, slots=True)
class Change:
    """A section that changed: pieces of (`same`, `gone` or `new`, text)."""

    name: str
    heading: str
    pieces: tuple[tuple[str, str], ...]


def markdown(agreement: Mapping[str, Any], language: str, day: str, effective: str = "") -> str:
    """The whole text; `day` is the day of the facts, `effective` the first day in force, empty for a draft."""
    parts = [f"# {_plain(_title(agreement, language))}", _plain(_status(agreement, language, day, effective))]
    for number, section in _numbered(agreement, language):
        parts.append(f"## {number}. {section['heading'][language]}")
        for each in lines(section, language):
            text = _plain(each["text"][language]).replace("\n", "  \n")
            source = f"*({_plain(each['cited'][language])})*" if each["cited"][language] else ""
            mark = f"**{t('agreement.gap', language)}:** " if each["gap"] else ""
            parts.append(" ".join(part for part in (f"{mark}{text}", source) if part))
    return "\n\n".join([*parts, f"*{t('words.disclaimer', language)}*"]) + "\n"


def changes(old: Mapping[str, Any], new: Mapping[str, Any], language: str) -> list[Change]:
    """Sections that read differently, word by word; sections that came or went are all new or all gone."""
    before, after = ({each["name"]: each for each in agreement["sections"]} for agreement in (old, new))
    found = []
    for name in dict.fromkeys((*before, *after)):
        texts = [_text(side[name], language) if name in side else "" for side in (before, after)]
        if texts[0] != texts[1]:
            heading = (after.get(name) or before[name])["heading"][language]
            found.append(Change(name, heading, tuple(_pieces(*texts))))
    return found


def marked(change: Change) -> str:
    """A change as text: [-gone-] and {+new+}."""
    marks = {"same": "{}", "gone": "[-{}-]", "new": "{{+{}+}}"}
    return "".join(marks[kind].format(text) for kind, text in change.pieces)


def _numbered(agreement: Mapping[str, Any], language: str) -> "enumerate[Mapping[str, Any]]":
    """Sections in which something is said."""
    return enumerate((section for section in agreement["sections"] if lines(section, language)), 1)


def _pieces(old: str, new: str) -> list[tuple[str, str]]:
    words = [re.findall(r"\s*\S+|\s+", text) for text in (old, new)]
    matcher = SequenceMatcher(None, words[0], words[1])
    if matcher.ratio() < ALIKE:
        return [(kind, text) for kind, text in (("gone", old), ("new", new)) if text]
    found: list[tuple[str, str]] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            found.append(("same", "".join(words[0][a:b])))
            continue
        found += [(kind, "".join(part)) for kind, part in (("gone", words[0][a:b]), ("new", words[1][c:d])) if part]
    return found


def _text(section: Mapping[str, Any], language: str) -> str:
    said = (
        f"{t('agreement.gap', language)}: {each['text'][language]}" if each["gap"] else each["text"][language]
        for each in lines(section, language)
    )
    return "\n".join(each for each in said if each)


def _title(agreement: Mapping[str, Any], language: str) -> str:
    name = agreement["name"].get(language) or next(iter(agreement["name"].values()), "")
    return t("agreement.title", language, system=name)


def _status(agreement: Mapping[str, Any], language: str, day: str, effective: str) -> str:
    state = t("agreement.effective", language, day=effective) if effective else t("agreement.draft", language)
    said = f"{state} {t('agreement.as_of', language, day=day, version=agreement['version'])}"
    count = len(gaps(agreement, language))
    return f"{said} {t('agreement.gaps', language, count=count)}" if count else said


def _plain(text: str) -> str:
    return SPECIAL.sub(r"\\\1", text)
