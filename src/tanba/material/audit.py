"""An audit in words: the checklist of art. 20 with the auditor's verdicts, the engagement, findings and answers. JSON-ready."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tanba.law.rulebook import Rulebook
from tanba.law.words import cite
from tanba.material.common import texts
from tanba.state import audit as rules
from tanba.state.checklist import Item, Point, checklist, gaps
from tanba.strings import LANGUAGES, t

CHECKLIST, FINDINGS = "tanba.audit-checklist/1", "tanba.audit-findings/1"
BASIS = {"optional": "230-VIII/19/2", "checks": "230-VIII/20/1", "order": "order-102/audit", "practice": ""}
"""What is said of the basis, each with its place."""


def checklist_of(
    book: Rulebook,
    report: Mapping[str, Any],
    libraries: Sequence[Mapping[str, Any]],
    evidence: Mapping[str, Sequence[Any]],
    audit: rules.Audit | None = None,
) -> dict[str, Any]:
    """Every item with what the facts say, and the verdict that `audit` holds of it, or null."""
    items = checklist(report, libraries, evidence, audit.further if audit else ())
    verdicts = {check.item: verdict(check) for check in audit.checks if check.system == report["system"]} if audit else {}
    return {
        "basis": basis(),
        "date": book.day.isoformat(),
        "gaps": len(gaps(items)),
        "items": [_item(book, each, verdicts) for each in items],
        "schema": CHECKLIST,
        "system": report["system"],
    }


def _item(book: Rulebook, item: Item, verdicts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "answer": item.answer,
        "check": item.check,
        "cited": _cited(item.provision),
        "key": item.key,
        "points": [_point(book, each, verdicts) for each in item.points],
        "provision": item.provision,
        "said": words(f"answer_{item.answer}"),
        "title": texts(item.title) or words("no_library"),
        "verdict": verdicts.get(item.key),
    }


def _point(book: Rulebook, point: Point, verdicts: Mapping[str, Any]) -> dict[str, Any]:
    known = point.said if isinstance(point.said, list) else [point.said] if point.said else []
    if point.name == "personal":  # the basis is a choice of the law's vocabulary
        known = [dict(book.law.facts["personal_data_basis"].choices[each]) for each in known]
    return {
        "answer": point.answer,
        "asked": [dict(book.law.facts[fact].question) for fact in point.facts if point.answer in ("open", "unknown")],
        "cited": _cited(point.provision),
        "facts": list(point.facts),
        "key": point.key or None,
        "known": [texts(each) for each in known],
        "label": dict(point.text) or words(f"point_{point.name}"),
        "name": point.name,
        "provision": point.provision,
        "said": words(f"answer_{point.answer}"),
        "verdict": verdicts.get(point.key) if point.key else None,
    }


def part(
    book: Rulebook,
    report: Mapping[str, Any],
    libraries: Sequence[Mapping[str, Any]],
    evidence: Mapping[str, Sequence[Any]],
    audit: rules.Audit | None,
) -> dict[str, Any]:
    """What the audit pack of a system is made of; `audit` is null where none was entered."""
    return {
        "audit": audit_of(book, audit) if audit else None,
        "basis": [{"paths": [path] if path else [], "said": words(f"basis_{name}")} for name, path in BASIS.items()],
        "checklist": checklist_of(book, report, libraries, evidence, audit),
    }


def verdict(check: rules.Check) -> dict[str, Any]:
    """One verdict in words."""
    return {
        "by": check.by,
        "evidence": list(check.evidence),
        "method": texts(check.method),
        "on": check.on.isoformat() if check.on else None,
        "said": words(f"verdict_{check.verdict}"),
        "verdict": check.verdict,
    }


def audit_of(book: Rulebook, audit: rules.Audit) -> dict[str, Any]:
    """The engagement, what it lacks, and every finding on the day."""
    rows = [_finding(each, book) for each in sorted(audit.findings, key=lambda each: each.number or 0)]
    return {
        "auditor": {"bin": audit.auditor.bin, "name": audit.auditor.name, "people": list(audit.auditor.people)},
        "basis": basis(),
        "contract": audit.contract,
        "date": book.day.isoformat(),
        "ends": audit.ends.isoformat() if audit.ends else None,
        "findings": rows,
        "independence": texts(audit.independence),
        "life": {"said": words(f"life_{rules.life(audit, book.day)}"), "state": rules.life(audit, book.day)},
        "missing": [
            {"code": code, "place": place, "said": words(f"missing_{code}", **values)} for code, place, values in rules.missing(audit)
        ],
        "schema": FINDINGS,
        "starts": audit.starts.isoformat() if audit.starts else None,
        "systems": list(audit.systems),
        "verdicts": {name: sum(check.verdict == name for check in audit.checks) for name in rules.VERDICTS},
    }


def _finding(finding: rules.Finding, book: Rulebook) -> dict[str, Any]:
    says = finding.says
    known = says.provision in book.provisions
    return {
        "cited": _cited(says.provision) if known else None,
        "due": says.due.isoformat() if says.due else None,
        "evidence": list(says.evidence),
        "late": rules.late(finding, book.day),
        "number": finding.number,
        "provision": says.provision if known else None,
        "recommendation": texts(says.recommendation),
        "said": {"severity": words(f"severity_{says.severity}"), "state": words(f"state_{finding.state}")},
        "seen": texts(says.seen),
        "severity": says.severity,
        "state": finding.state,
        "steps": [_step(each) for each in finding.steps],
        "system": finding.system,
        "version": finding.version,
    }


def _step(step: rules.Step) -> dict[str, Any]:
    said = step.changed.seen if step.changed else step.text
    return {
        "act": step.act,
        "by": step.by,
        "evidence": list(step.changed.evidence if step.changed else step.evidence),
        "on": step.on.isoformat() if step.on else None,
        "said": words(f"did_{step.act}"),
        "text": texts(said),
    }


def basis() -> list[dict[str, Any]]:
    """What asks for an audit and what does not."""
    return [{"cited": _cited(path) if path else None, "said": words(f"basis_{name}")} for name, path in BASIS.items()]


def words(key: str, **values: Any) -> dict[str, str]:
    """A text of `audit.` in each language."""
    return {each: t(f"audit.{key}", each, **values) for each in LANGUAGES}


def _cited(path: str) -> dict[str, str]:
    return {each: cite(path, each) for each in LANGUAGES}


def unknown_provisions(book: Rulebook, audit: rules.Audit) -> Iterable[tuple[str, str]]:
    """(place, path) of every provision that is not in force on the day."""
    for number, finding in enumerate(audit.findings, 1):
        told = [(f"findings[{number}].content.provision", finding.content.provision)]
        told += [(f"findings[{number}].steps[{n}].changed.provision", step.changed.provision) for n, step in enumerate(finding.steps, 1)
                 if step.changed]  # fmt: skip
        yield from ((place, path) for place, path in told if path and path not in book.provisions)
