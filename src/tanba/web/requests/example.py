"""Requests of the example company: believable, and as old as their file says when it is loaded."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from tanba.web.accounts.models import Organisation, User
from tanba.web.faces.models import Face
from tanba.web.requests import desk
from tanba.web.requests.drafting import drafted
from tanba.web.requests.texts import FIELDS
from tanba.web.systems.models import System
from tanba.yamlfile import read_yaml


def load_requests(organisation: Organisation, people: Mapping[str, User], path: Path) -> None:
    """Publish the systems' faces and receive the requests. Nothing where there is no file."""
    content = read_yaml(path) if path.exists() else {}
    for system in System.objects.filter(organisation=organisation, slug__in=content.get("published", ())):
        Face.objects.update_or_create(system=system, defaults={"published": True, "contact": content["contact"]})
    for entry in content.get("requests", []):
        _load(System.objects.get(organisation=organisation, slug=entry["system"]), people, entry)


def _load(system: System, people: Mapping[str, User], entry: Mapping[str, Any]) -> None:
    by = people.get(entry.get("entered_by", ""))
    written = {name: str(entry.get(name, "")) for name in FIELDS}
    received = timezone.now() - timedelta(days=entry["days_ago"])
    sent = desk.Sent(entry["kind"], entry["language"], received, written, entry["channel"], entry.get("category", ""), by=by)
    row, _ = desk.receive(system, sent)
    officer = people.get(entry.get("with", ""))
    if officer:
        desk.take(row, officer)
    if officer and "outcome" in entry:
        row.refresh_from_db()
        desk.save_draft(row, entry["outcome"], entry.get("ground", ""), drafted(row, entry["outcome"], entry.get("ground", "")), officer)
