"""From a system and the law of a day to the plain material of its documents."""

from collections.abc import Collection, Mapping
from typing import Any

from tanba.law.assess import assess
from tanba.law.facts import SystemFile
from tanba.law.rulebook import Rulebook
from tanba.law.words import answer, name_of
from tanba.material.audit import part as audit_part
from tanba.material.common import Text, Whose, common, plain, texts
from tanba.material.risks import risks_of
from tanba.people.catalogue import principles
from tanba.people.risks import Register
from tanba.people.written import checked_limits
from tanba.state.audit import Audit
from tanba.strings import LANGUAGES


def material(
    book: Rulebook,
    system: SystemFile,
    whose: Whose,
    *,
    adopted: Collection[str] = (),
    evidence: Mapping[str, list[Text]] | None = None,
    checkpoint: Mapping[str, Any] | None = None,
    risks: Register | None = None,
    audit: Audit | None = None,
    **more: Any,
) -> dict[str, Any]:
    """JSON-ready; see `tanba.documents.known`. `checkpoint`: {origin, size, root}; `more` is what single features know, JSON-ready."""
    report = assess(book, system.facts, system=system.slug, adopted=adopted)
    proof = filed(system) if evidence is None else dict(evidence)
    return {
        **common(book, system.name, whose, checkpoint),
        "answers": _answers(book, system, report),
        "assessment": report,
        "changes": _changes(book, report),
        "audit": audit_part(book, report, parts(system.details.get("data_libraries")), proof, audit),
        "evidence": proof,
        "levels": {name: [{"label": each.label, "name": each.name} for each in axis.levels] for name, axis in book.law.axes.items()},
        "principles": {name: each.path for name, each in principles().items()},
        "risks": risks_of(book, risks) if risks else None,
        "system": _system(system),
        **more,
    }


def _system(system: SystemFile) -> dict[str, Any]:
    details = system.details
    written = details.get("principles")
    return {
        "channels": _names(details.get("channels")),
        "data_libraries": parts(details.get("data_libraries")),
        "department": texts(details.get("department")),
        "limits": {name: texts(text) for name, text in checked_limits(details.get("limits")).items()},
        "models": parts(details.get("models")),
        "name": dict(system.name),
        "owner": plain(details.get("owner")),
        "principles": {name: texts(written[name]) for name in principles() if isinstance(written, Mapping) and name in written},
        "purpose": texts(details.get("purpose")),
        "regions": _names(details.get("regions")),
        "slug": system.slug,
        "vendor": ", ".join(part_names(details.get("vendor"))),
    }


def part_names(written: Any) -> list[str]:
    """What models or data libraries are called, as far as they are named."""
    return [part["name"] for part in parts(written) if part["name"].strip()]


def _names(written: Any) -> list[str]:
    return [text for each in (written if isinstance(written, list) else [written]) if (text := plain(each))]


def parts(written: Any) -> list[dict[str, str]]:
    """Names or mappings → mappings of texts, each with a name."""
    entries = written if isinstance(written, list) else [written] if written else []
    found = [dict(each) if isinstance(each, Mapping) else {"name": each} for each in entries]
    return [{"name": ""} | {str(key): plain(value) for key, value in each.items() if str(key).isascii()} for each in found]


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


def filed(system: SystemFile) -> dict[str, list[Text]]:
    """Evidence that the file names, by path of the provision."""
    found: dict[str, list[Text]] = {}
    for path, entry in system.evidence.items():
        text = ", ".join(filter(None, (entry["file"], entry.get("date", ""))))
        found.setdefault(path.partition("@")[0].removeprefix("kz/"), []).append(dict.fromkeys(LANGUAGES, text))
    return found
