"""What the material of every document holds: whose it is, the law of the day, the state of the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tanba.law.rulebook import Rulebook
from tanba.law.words import act_name, cite
from tanba.strings import LANGUAGES, t

Text = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Whose:
    """The organisation: `name` {kk, ru, en} and `bin`, both empty where they are not known."""

    name: Text = field(default_factory=dict)
    bin: str = ""


def common(book: Rulebook, subject: Text, whose: Whose, checkpoint: Mapping[str, Any] | None) -> dict[str, Any]:
    """`subject` is what the document speaks of; `checkpoint`: {origin, size, root}."""
    return {
        "checkpoint": dict(checkpoint) if checkpoint else None,
        "day": book.day.isoformat(),
        "edition": _editions(book),
        "law": {path: _place(book, path) for path in book.provisions},
        "organisation": {"bin": whose.bin, "name": dict(whose.name)},
        "subject": dict(subject),
    }


def plain(written: Any) -> str:
    """What stands there as text; names of mappings are theirs."""
    if isinstance(written, Mapping):
        written = written.get("name")
    return "" if written is None or isinstance(written, list | Mapping) else str(written)


def texts(written: Any) -> dict[str, str]:
    """What stands there in each language; a plain text is that of all."""
    if isinstance(written, Mapping):
        return {each: str(written[each]) for each in LANGUAGES if written.get(each)}
    return dict.fromkeys(LANGUAGES, str(written)) if written else {}


def _editions(book: Rulebook) -> list[dict[str, str]]:
    """The text of the statute in force on the day, when it was last looked at, and amendments that were reported and not read."""
    act = next(each for each in book.law.acts.values() if each.basis == "statute")
    edition = [each for each in act.editions if str(each["from"]) <= book.day.isoformat()][-1:]
    checked = max((str(p.verified["date"]) for p in book.provisions.values() if p.act == act.name and p.verified), default="")
    lines = [
        {each: t("documents.edition", each, act=act_name(act, each), edition=edition[0]["id"], day=checked) for each in LANGUAGES}
        for _ in edition
    ]
    later = [
        {each: t("words.verify_again", each, by=change.by, act=act_name(act, each), start=change.start.isoformat()) for each in LANGUAGES}
        for change in act.changes
        if change.start <= book.day
    ]
    return lines + later


def _place(book: Rulebook, path: str) -> dict[str, Any]:
    place = book.provisions[path]
    return {
        "again": path in book.changed,
        "basis": place.basis,
        "cited": {each: cite(path, each) for each in LANGUAGES},
        "id": place.id,
        "must": dict(place.must),
        "read": place.text_read,
        "title": dict(place.title),
    }
