"""From a system and the law of a day to the plain material of which documents are made. The joint between the halls law and documents."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from tanba.law.assess import assess
from tanba.law.facts import SystemFile
from tanba.law.rulebook import Rulebook
from tanba.law.words import act_name, answer, cite, deadline, name_of
from tanba.people.catalogue import principles
from tanba.people.risks import Finding, Register, Risk, due, findings
from tanba.strings import LANGUAGES, t

Text = Mapping[str, str]
REFRESH = "230-VIII/18/1/4"
"""The provision whose period the refresh of a register of risks follows."""


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
    risks: Register | None = None,
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
        "risks": _risks(book, risks) if risks else None,
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
        "principles": {name: _texts(written[name]) for name in principles() if isinstance(written, Mapping) and name in written},
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


def _risks(book: Rulebook, register: Register) -> dict[str, Any]:
    """The register in words: when it was last gone through, by when again, each risk with levels, measures and what it lacks."""
    provision = book.provisions.get(REFRESH)
    every = str(provision.deadline["every"]) if provision and provision.deadline else None
    missing = findings(register, book.day, every)
    until = due(register.reviewed, every)
    return {
        "due": until.isoformat() if until else None,
        "missing": [_found(each) for each in missing if not each.risk],
        "reviewed": register.reviewed.isoformat() if register.reviewed else None,
        "rows": [_risk(risk, [_found(each) for each in missing if each.risk == risk.id]) for risk in register.risks],
    }


def _risk(risk: Risk, missing: list[Text]) -> dict[str, Any]:
    scores = {"after": risk.residual, "before": risk.inherent}
    levels = {name: _words(f"risks.level_{score.level}") if score else None for name, score in scores.items()}
    reasons = {name: score.reason if score else "" for name, score in scores.items()}
    measures = [
        {
            each: f"{_texts(measure.what).get(each, '')} – {t(f'risks.state_{measure.state}', each)}{_when(measure.owner, measure.due)}"
            for each in LANGUAGES
        }
        for measure in risk.measures
    ]
    texts = {"cause": _texts(risk.cause), "harm": _texts(risk.harm), "title": _texts(risk.title)}
    return {**texts, "levels": levels, "measures": measures, "missing": missing, "reasons": reasons}


def _when(owner: str, day: Any) -> str:
    """Whose a measure is, and by when."""
    said = ", ".join(filter(None, (owner, day.isoformat() if day else "")))
    return f" ({said})" if said else ""


def _words(key: str) -> dict[str, str]:
    return {each: t(key, each) for each in LANGUAGES}


def _found(finding: Finding) -> dict[str, str]:
    return {each: finding_words(finding, each) for each in LANGUAGES}


def finding_words(finding: Finding, lang: str) -> str:
    """What a register of risks lacks, in words."""
    values = dict(finding.values)
    if "every" in values:
        values["every"] = deadline({"every": values["every"]}, lang)
    if "level" in values:
        values["level"] = t(f"risks.level_{values['level']}", lang)
    if "state" in values:
        values["state"] = t(f"risks.dpia_{values['state']}", lang)
    return t(f"risks.finding_{finding.code}", lang, **values)
