"""The example company's registers of risks, and the controls of its credit scorer."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tanba.people.riskfile import read_register
from tanba.web.accounts.models import Organisation
from tanba.web.risks import desk
from tanba.web.risks.models import ControlState
from tanba.web.systems.models import System
from tanba.yamlfile import read_yaml


def load_risks(organisation: Organisation, folder: Path) -> None:
    """Enter every register whose system is there, reviewed on the day that it names, and the controls beside their folder."""
    systems = {system.slug: system for system in System.objects.filter(organisation=organisation).select_related("organisation", "owner")}
    for path in sorted(folder.glob("*.yaml")):
        register = read_register(read_yaml(path))
        system = systems.get(register.system)
        if system is None or system.owner is None:
            continue
        for risk in register.risks:
            desk.add(system, risk, system.owner)
        if register.reviewed:
            desk.review(system, True, _note(register.reviewed.isoformat()), system.owner, register.reviewed)
    if (path := folder.parent / "controls.yaml").exists():
        _controls(systems, read_yaml(path))


def _note(day: str) -> str:
    return f"Барлық қауіп-қатер қаралды ({day}). Все риски просмотрены."


def _controls(systems: Mapping[str, System], content: Mapping[str, Any]) -> None:
    for slug, written in content["systems"].items():
        if (system := systems.get(slug)) is None:
            continue
        for name, state in written.get("controls", {}).items():
            ControlState.objects.create(system=system, control=name, by=system.owner, **state)
