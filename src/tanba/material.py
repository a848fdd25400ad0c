"""From a system and the law of a day to the plain material of which documents are made. The joint between the halls law and documents."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from tanba.law.assess import assess
from tanba.law.facts import SystemFile
from tanba.law.rulebook import Rulebook
from tanba.law.words import act_name, answer, cite, name_of
from tanba.people.catalogue import principles
from tanba.strings import LANGUAGES, t

Text = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Whose:
    """The organisation: `name` {kk, ru, en} and `bin`, both empty where they are not known."""

    name: Text = field(default_factory=dict)
    bin: str = ""


def material(
    book: Rulebook,
    system: SystemFile,
    whose: Whose,
    *,
    adopted: Collection[str] = (),
    evidence: Mapping[str, list[Text]] | None = None,
    checkpoint: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """JSON-ready; see `tanba.documents.known`. `checkpoint`: {origin, size, root}."""
    report = assess(book, system.facts, system=system.slug, adopted=adopted)
    return {
        "answers": _answers(book, system, report),
        "assessment": report,
        "changes": _changes(book, report),
        "checkpoint": dict(checkpoint) if checkpoint else None,
        "day": book.day.isoformat(),
        "edition": _editions(book, report),
        "evidence": _filed(system) if evidence is None else dict(evidence),
        "law": {path: _place(book, path) for path in book.provisions},
        "levels": {name: [{"label": each.label, "name": each.name} for each in axis.levels] for name, axis in book.law.axes.items()},
        "organisation": {"bin": whose.bin, "name": dict(whose.name)},
        "principles": {name: each.path for name, each in principles().items()},
        "system": _system(system),
    }


def _system(system: SystemFile) -> dict[str, Any]:
    details = system.details
    written = details.get("principles")
    return {
        "channels": _names(details.get("channels")),
        "data_libraries": _parts(details.get("data_libraries")),
        "department": _plain(details.get("department")),
        "models": _parts(details.get("models")),
        "name": dict(system.name),
        "owner": _plain(details.get("owner")),
        "principles": {str(name): _texts(text) for name, text in written.items()} if isinstance(written, Mapping) else {},
        "purpose": _texts(details.get("purpose")),
        "regions": _names(details.get("regions")),
        "slug": system.slug,
        "vendor": ", ".join(part["name"] for part in _parts(details.get("vendor"))),
    }


def _plain(written: Any) -> str:
    """What stands there as text; names of mappings are theirs."""
    if isinstance(written, Mapping):
        written = written.get("name")
    return "" if written is None or isinstance(written, list | Mapping) else str(written)


def _names(written: Any) -> list[str]:
    return [text for each in (written if isinstance(written, list) else [written]) if (text := _plain(each))]


def _parts(written: Any) -> list[dict[str, str]]:
    """Names or mappings → mappings of texts, each with a name."""
    entries = written if isinstance(written, list) else [written] if written else []
    found = [dict(each) if isinstance(each, Mapping) else {"name": each} for each in entries]
    return [{"name": ""} | {str(key): _plain(value) for key, value in each.items() if str(key).isascii()} for each in found]


def _texts(written: Any) -> dict[str, str]:
    if isinstance(written, Mapping):
        return {each: str(written[each]) for each in LANGUAGES if written.get(each)}
    return dict.fromkeys(LANGUAGES, str(written)) if written else {}


def _answers(book: Rulebook, system: SystemFile, report: Mapping[str, Any]) -> dict[str, Any]:
    """Every fact: its question, the confirmed answer in words or null, where that comes from, the provision that governs it."""
    facts = system.facts
    return {
        name: {
            "answer": {each: answer(fact, facts[name], each) for each in LANGUAGES} if name in facts else None,
            "governed_by": fact.governed_by,
            "question": dict(fact.question),
            "source": system.answers[name].source if name in facts else "",
        }
        for name, fact in book.law.facts.items()
    }


def _changes(book: Rulebook, report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What answer would change the result, and what it bears on, in words."""
    return [
        {
            "bears_on": [{each: name_of(book.law, change["what"], each) for each in LANGUAGES} for change in entry["changes"]],
            "fact": entry["fact"],
            "said": {each: answer(book.law.facts[entry["fact"]], entry["answer"], each) for each in LANGUAGES},
        }
        for entry in report["what_would_change"]
    ]


def _editions(book: Rulebook, report: Mapping[str, Any]) -> list[dict[str, str]]:
    """The text of the statute in force on the day, when it was last looked at, and amendments that were reported and not read."""
    act = next(each for each in book.law.acts.values() if each.basis == "statute")
    edition = [each for each in act.editions if str(each["from"]) <= book.day.isoformat()][-1:]
    checked = max((str(p.verified["date"]) for p in book.provisions.values() if p.act == act.name and p.verified), default="")
    lines = [
        {each: t("documents.edition", each, act=act_name(act, each), edition=edition[0]["id"], day=checked) for each in LANGUAGES}
        for _ in edition
    ]
    later = [
        {each: t("words.verify_again", each, by=change["by"], act=act_name(act, each), start=change["from"]) for each in LANGUAGES}
        for change in report["verify_again"]
        if change["act"] == act.name
    ]
    return lines + later


def _filed(system: SystemFile) -> dict[str, list[Text]]:
    """Evidence that the file names, by path of the provision."""
    found: dict[str, list[Text]] = {}
    for path, entry in system.evidence.items():
        text = ", ".join(filter(None, (entry["file"], entry.get("date", ""))))
        found.setdefault(path.partition("@")[0].removeprefix("kz/"), []).append(dict.fromkeys(LANGUAGES, text))
    return found


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
