"""The example company's audit: as old as two weeks on the day it is loaded, with the auditor's person in their seat."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from tanba.state import audit as rules
from tanba.state.form import read
from tanba.web.accounts.models import Membership, Organisation, Role, User
from tanba.web.audits import desk
from tanba.web.audits.models import Seat
from tanba.web.language import pick
from tanba.web.systems.models import System
from tanba.yamlfile import read_yaml

OLD = timedelta(days=14)
EMAIL = "e.dosov@burkit-audit.example"


def load_audits(organisation: Organisation, people: Mapping[str, User], folder: Path) -> None:
    """Enter every audit whose systems are there; days move with the first one. Nothing where there is no folder."""
    for path in sorted(folder.glob("*.yaml")):
        audit = read(rules.Audit, rules.SCHEMA, read_yaml(path))
        systems = {each.slug: each for each in System.objects.filter(organisation=organisation, slug__in=audit.systems)}
        if audit.starts and audit.ends and len(systems) == len(audit.systems):
            _load(organisation, people, audit, systems, timezone.localdate() - OLD - audit.starts)


def _load(organisation: Organisation, people: Mapping[str, User], audit: rules.Audit, systems: Mapping[str, System], by: timedelta) -> None:
    officer = organisation.memberships.filter(role=Role.COMPLIANCE).select_related("user").get().user
    assert audit.starts and audit.ends  # noqa: PT018  the caller looked
    values = {
        "auditor": audit.auditor.name,
        "bin": audit.auditor.bin,
        "contract": audit.contract,
        "ends": audit.ends + by,
        "further": [{"id": each.id, "text": each.text} for each in audit.further],
        "independence": pick(audit.independence),
        "people": list(audit.auditor.people),
        "starts": audit.starts + by,
    }
    row = desk.begin(organisation, values, systems.values(), officer)
    auditor = User.objects.filter(email=EMAIL).first() or User.objects.create_user(EMAIL, name=audit.auditor.people[0])
    Membership.objects.get_or_create(user=auditor, organisation=organisation, defaults={"role": Role.AUDITOR, "scoped": True})
    Seat.objects.create(engagement=row, email=EMAIL, by=officer)
    for check in audit.checks:
        said: dict[str, Any] = {"item": check.item, "verdict": check.verdict, "method": check.method, "evidence": list(check.evidence)}
        desk.judge(row, systems[check.system], said, auditor, _at(check.on, by))
    for finding in audit.findings:
        made = desk.find(row, systems[finding.system], _moved(finding.content, by), auditor, _at(audit.starts + timedelta(days=5), by))
        for step in finding.steps:
            sent = {"act": step.act, "text": step.text, "evidence": step.evidence}
            desk.act(made, rules.ACTS[step.act].side, sent, people.get(step.by, auditor), _at(step.on, by))


def _moved(content: rules.Content, by: timedelta) -> rules.Content:
    return replace(content, due=content.due + by if content.due else None)


def _at(day: date | None, by: timedelta) -> datetime | None:
    """Noon of the day."""
    return timezone.make_aware(datetime.combine(day + by, datetime.min.time()) + timedelta(hours=12)) if day else None
