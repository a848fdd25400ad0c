"""A register of risks in words."""

from typing import Any

from tanba.law.rulebook import Rulebook
from tanba.law.words import deadline
from tanba.material.common import Text, texts
from tanba.people.risks import Finding, Register, Risk, due, findings
from tanba.strings import LANGUAGES, t

REFRESH = "230-VIII/18/1/4"
"""The provision whose period the refresh of a register of risks follows."""
TO_DO = ("planned", "under_way")


def risks_of(book: Rulebook, register: Register) -> dict[str, Any]:
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
            each: f"{texts(measure.what).get(each, '')} – {t(f'risks.state_{measure.state}', each)}{_when(measure.owner, measure.due)}"
            for each in LANGUAGES
        }
        for measure in risk.measures
    ]
    said = {"cause": texts(risk.cause), "harm": texts(risk.harm), "title": texts(risk.title)}
    plan = [
        {"due": measure.due.isoformat() if measure.due else "", "owner": measure.owner, "what": texts(measure.what)}
        for measure in risk.measures
        if measure.state in TO_DO
    ]
    return {**said, "levels": levels, "measures": measures, "missing": missing, "plan": plan, "reasons": reasons}


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
