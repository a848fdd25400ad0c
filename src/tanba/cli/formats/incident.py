"""Clocks and incidents as lines and as JSON."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tanba.people.clocks import Clock
from tanba.people.drafts import Case
from tanba.people.incidents import FACTS
from tanba.strings import t


def clock_line(clock: Clock, now: datetime, lang: str) -> str:
    """`personal-data breach: runs until 2026-11-24 23:59 [other laws, 94-V/25/2/8]`."""
    from tanba.law.words import cite

    state = t(f"incidents.state_{clock.state}", lang)
    if clock.missing:
        state = f"{state} – {t(f'incidents.missing_{clock.missing}', lang)}"
    due = f", {t('incidents.until', lang)} {clock.due.at:%Y-%m-%d %H:%M}" if clock.due else ""
    late = f" ({t('incidents.overdue', lang)})" if clock.overdue(now) and clock.state == "unknown" else ""
    source = cite(clock.provision, lang) if clock.provision else clock.term.source if clock.term else ""
    basis = ", ".join(filter(None, (t(f"incidents.basis_{clock.basis}", lang), source)))
    reported = f" {t('incidents.reported', lang)}" if clock.reported and clock.state != "none" else ""
    return f"{t(f'incidents.clock_{clock.name}', lang)}: {state}{due}{late} [{basis}]{reported}"


def clocks_json(found: Iterable[Clock], now: datetime) -> dict[str, Any]:
    """tanba.clocks/1."""
    return {"clocks": [clock_json(clock, now) for clock in found], "now": now.isoformat(), "schema": "tanba.clocks/1"}


def clock_json(clock: Clock, now: datetime) -> dict[str, Any]:
    """One clock."""
    term, due, sent = clock.term, clock.due, clock.sent
    return {
        "basis": clock.basis,
        "beyond": bool(due and due.beyond),
        "doubts": [day.isoformat() for day in sorted(due.doubts)] if due else [],
        "due": due.at.isoformat() if due else None,
        "missing": clock.missing or None,
        "name": clock.name,
        "overdue": clock.overdue(now),
        "provision": clock.provision or None,
        "reported": clock.reported,
        "sent": {"at": sent.at.isoformat(), "number": sent.number} if sent else None,
        "state": clock.state,
        "term": {"source": term.source, "unit": term.unit, "within": term.within} if term else None,
    }


def incident_json(case: Case, now: datetime) -> dict[str, Any]:
    """tanba.incident-shown/1."""
    incident = case.incident
    return {
        "aware": incident.aware.isoformat(),
        "clocks": [clock_json(clock, now) for clock in case.clocks],
        "facts": {name: incident.facts.get(name) for name in FACTS},
        "lessons": incident.lessons,
        "measures": incident.measures,
        "number": int(case.number),
        "persons": incident.persons,
        "root_cause": incident.root_cause,
        "schema": "tanba.incident-shown/1",
        "severity": incident.severity,
        "systems": list(incident.systems),
        "what": incident.what,
    }
