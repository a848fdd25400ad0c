"""JSON for `tanba law`: the open form of the law data. Every text is {kk, ru, en}; every output names its schema."""

from datetime import date
from typing import Any

from tanba.cli.formats.machine import as_json
from tanba.law.model import Change, Claim, Law, Provision
from tanba.law.rulebook import Rulebook


def provisions(book: Rulebook, chosen: list[Provision], _lang: str) -> str:
    """`tanba.provisions/1`."""
    return as_json({"schema": "tanba.provisions/1", "date": book.day.isoformat(), "provisions": [_provision(book, p) for p in chosen]})


def provision(book: Rulebook, p: Provision, confirmed: list[Any], _lang: str) -> str:
    """`tanba.provision/1`, with counsel's confirmations."""
    confirmations = [{"by": c.by, "at": c.at, "remark": c.remark} for c in confirmed]
    return as_json({"schema": "tanba.provision/1", "date": book.day.isoformat(), **_provision(book, p), "confirmations": confirmations})


def _provision(book: Rulebook, p: Provision) -> dict[str, Any]:
    return {
        "provision": p.id,
        "act": p.act,
        "article": p.article,
        "kind": p.kind,
        "basis": p.basis,
        "text_read": p.text_read,
        "confidence": p.confidence,
        "in_force": {"from": p.start.isoformat(), "to": p.end.isoformat() if p.end else None},
        "source": p.source,
        "verified": dict(p.verified),
        "official_sha256": dict(p.official_sha256),
        "title": p.title,
        "must": p.must,
        "note": p.note,
        "binds": list(p.binds),
        "grants": list(p.grants),
        "tiers": list(p.tiers),
        "deadline": p.deadline,
        "sanction": p.sanction,
        "evidence": list(p.evidence),
        "practice": dict(p.practice),
        "penalty": dict(p.penalty),
        "verify_again": [_change(c) for c in book.law.changes(p.path, book.day)],
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "act": change.act,
        "by": change.by,
        "from": change.start.isoformat(),
        "touches": list(change.touches) if change.touches else "all",
        "confidence": change.confidence,
        "summary": change.summary,
    }


def claims(law: Law, chosen: list[Claim], _lang: str) -> str:
    """`tanba.claims/1`."""
    entries = [
        {
            "id": c.id,
            "summary": c.summary,
            "claim": c.claim,
            "text": c.text,
            "verdict": c.verdict,
            "provisions": list(c.provisions),
            "practice": c.practice,
        }
        for c in chosen
    ]
    return as_json({"schema": "tanba.claims/1", "jurisdiction": law.jurisdiction, "verdicts": law.verdicts, "claims": entries})


def changes(law: Law, day: date, _lang: str) -> str:
    """`tanba.changes/1`."""
    entries = [{**_change(c), "begun": c.start <= day} for act in law.acts.values() for c in act.changes]
    return as_json({"schema": "tanba.changes/1", "date": day.isoformat(), "changes": entries})


def comparison(book: Rulebook, act: str, found: Any, to_verify: list[Provision], touched: dict[str, list[str]], _lang: str) -> str:
    """`tanba.comparison/1`."""
    articles = {key: list(getattr(found, key)) for key in ("same", "changed", "missing", "new")}
    verify = [p.id for p in to_verify]
    return as_json(
        {"schema": "tanba.comparison/1", "date": book.day.isoformat(), "act": act, **articles, "verify": verify, "systems": touched}
    )
