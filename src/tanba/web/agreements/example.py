"""Agreements of the example company, version by version as their file says."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from tanba.people.agreement import checked_own
from tanba.web.accounts.models import Organisation, User
from tanba.web.agreements.drafting import publish
from tanba.web.agreements.models import Wording
from tanba.web.systems.models import System
from tanba.yamlfile import read_yaml


def load_agreements(organisation: Organisation, people: Mapping[str, User], path: Path) -> None:
    """Nothing where there is no file."""
    content = read_yaml(path) if path.exists() else {}
    for entry in content.get("agreements", []):
        system = System.objects.select_related("organisation").get(organisation=organisation, slug=entry["system"])
        for version in entry["versions"]:
            _publish(system, version, people[entry["by"]])


def _publish(system: System, version: Mapping[str, Any], by: User) -> None:
    Wording.objects.update_or_create(system=system, defaults={"own": checked_own(version.get("own", {}))})
    publish(system, date.fromisoformat(version["effective"]), by)
