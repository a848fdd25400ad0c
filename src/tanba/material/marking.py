"""The channel standard and the register of marks as the plain material of documents."""

from collections.abc import Iterable, Mapping
from typing import Any

from tanba.marking.markid import text_of
from tanba.marking.register import Mark
from tanba.marking.standard import Standard
from tanba.strings import LANGUAGES, t

CHANNELS = ("picture", "social", "print", "text", "chat", "voice", "video", "api")
SHOWN = 1000
"""Marks that a log prints; the register has all."""


def standard_of(standard: Standard) -> dict[str, Any]:
    """In words: `warnings` {created, altered: text}, `channels` [{name, do, chat}], place, size, languages, layers, everything."""
    size = {each: _size(standard, each) for each in LANGUAGES}
    place = {each: t(f"marking_pages.place_{standard.place}", each) for each in LANGUAGES}
    words = {source: " · ".join(standard.words(source)) for source in ("created", "altered")}
    return {
        "channels": [_channel(name, size, place, words["created"]) for name in CHANNELS],
        "everything": {each: t(f"guidelines.everything_{'yes' if standard.everything else 'no'}", each) for each in LANGUAGES},
        "languages": {each: ", ".join(t(f"documentpages.languages_{code}", each) for code in standard.languages) for each in LANGUAGES},
        "layers": [{each: t(f"marking_pages.layer_{layer}", each) for each in LANGUAGES} for layer in standard.layers],
        "place": place,
        "size": {each: t("guidelines.size_value", each, size=size[each]) for each in LANGUAGES},
        "version": standard.version,
        "warnings": {source: dict.fromkeys(LANGUAGES, text) for source, text in words.items()},
    }


def _channel(name: str, size: Mapping[str, str], place: Mapping[str, str], words: str) -> dict[str, Any]:
    do = {each: t(f"guidelines.do_{name}", each, place=place[each], size=size[each], words=words) for each in LANGUAGES}
    return {"chat": name == "chat", "do": do, "name": {each: t(f"guidelines.channel_{name}", each) for each in LANGUAGES}}


def _size(standard: Standard, language: str) -> str:
    """Percent of the short side."""
    text = f"{standard.size * 100:g}"
    return text if language == "en" else text.replace(".", ",")


def log_of(marks: Iterable[Mark], total: int) -> dict[str, Any]:
    """The newest marks and how many there are: `rows` [{number, time, kind, source, system, name, digest, sealed}]."""
    return {"rows": [_mark(mark) for mark in marks], "total": total}


def _mark(mark: Mark) -> dict[str, Any]:
    return {
        "digest": mark.digest_after or "",
        "kind": {each: t(f"documents.mark_{mark.kind}", each) for each in LANGUAGES},
        "name": mark.name,
        "number": text_of(mark.id),
        "sealed": bool(mark.sealed),
        "source": {each: t(f"documents.mark_{mark.source}", each) for each in LANGUAGES},
        "system": mark.system or "",
        "time": mark.time[:16].replace("T", " "),
    }
