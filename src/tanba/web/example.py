"""The example company in the register: people, systems, and what each feature shows of it. Call `start.prepare` first."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from tanba.law.facts import read_system
from tanba.law.load import load
from tanba.yamlfile import read_yaml

ROLES = {"administrator": "administrator", "compliance_officer": "compliance", "system_owner": "owner", "auditor": "auditor"}
"""Words of company.yaml, the strongest first, and the roles of the register."""


def load_example(folder: Path) -> bool:
    """Load a company with its people, systems and house policy. False, and nothing changed, where its BIN is already registered."""
    from django.db import transaction

    from tanba.web.accounts.models import Organisation
    from tanba.web.decisions.example import load_decisions

    company = read_yaml(folder / "company.yaml")
    if Organisation.objects.filter(bin=str(company["bin"])).exists():
        return False
    with transaction.atomic():
        organisation = Organisation.objects.create(
            name=company["name"],
            bin=str(company["bin"]),
            offender_class=company.get("offender_class", ""),
            departments=company.get("departments", []),
        )
        people = _people(organisation, company.get("people", []))
        _adopt(organisation, people, folder / "house-policy.yaml")
        _systems(organisation, people, sorted((folder / "systems").glob("*.yaml")))
        _requests(organisation, people, folder / "requests.yaml")
        _incidents(organisation, people, folder / "incidents")
        _risks(organisation, folder / "risks")
        _state(organisation, folder / "state")
        _agreements(organisation, people, folder / "agreements.yaml")
        _audits(organisation, people, folder / "audits")
    load_decisions(folder / "decisions", str(company["bin"]))
    return True


def _risks(organisation: Any, folder: Path) -> None:
    from tanba.web.risks.example import load_risks

    load_risks(organisation, folder)


def _state(organisation: Any, folder: Path) -> None:
    from tanba.web.state.example import load_state

    load_state(organisation, folder)


def _audits(organisation: Any, people: Mapping[str, Any], folder: Path) -> None:
    from tanba.web.audits.example import load_audits

    load_audits(organisation, people, folder)


def _incidents(organisation: Any, people: Mapping[str, Any], folder: Path) -> None:
    from tanba.web.incidents.example import load_incidents

    load_incidents(organisation, people, folder)


def _agreements(organisation: Any, people: Mapping[str, Any], path: Path) -> None:
    from tanba.web.agreements.example import load_agreements

    load_agreements(organisation, people, path)


def _requests(organisation: Any, people: Mapping[str, Any], path: Path) -> None:
    from tanba.web.requests.example import load_requests

    load_requests(organisation, people, path)


def _people(organisation: Any, written: list[Mapping[str, Any]]) -> dict[str, Any]:
    """{name: user}. They have no passwords: sign-in links let them in."""
    from tanba.web.accounts.models import Membership, User

    people = {}
    for person in written:
        role = next(role for word, role in ROLES.items() if word in person["roles"])
        user = User.objects.filter(email=person["email"]).first() or User.objects.create_user(person["email"], name=person["name"])
        Membership.objects.create(user=user, organisation=organisation, role=role)
        people[person["name"]] = user
    return people


def _adopt(organisation: Any, people: Mapping[str, Any], path: Path) -> None:
    from tanba.web.evidence.outbox import record
    from tanba.web.lawtracker.models import Adoption

    entries = read_yaml(path).get("adopted", []) if path.exists() else []
    Adoption.objects.bulk_create(
        Adoption(
            organisation=organisation,
            path=entry["provision"].removeprefix("kz/"),
            by=people[entry["by"]],
            on=date.fromisoformat(entry["on"]),
        )
        for entry in entries
    )
    for entry in entries:
        record(organisation, "adoption", {"on": str(entry["on"]), "provision": entry["provision"]}, people[entry["by"]])


def _systems(organisation: Any, people: Mapping[str, Any], paths: list[Path]) -> None:
    """Systems with their facts as the files state them: what a file calls unconfirmed stays a suggestion."""
    from tanba.web.assessments.run import reassess
    from tanba.web.systems.files import new_system, take_parts, take_principles

    made = []
    for path in paths:
        found = read_system(path, load("kz"))
        owner = people.get(str(found.details.get("owner", "")))
        system = new_system(organisation, found, owner=owner)
        take_parts(system, found)
        take_principles(system, found, owner)
        for name, answer in found.answers.items():
            system.answer(name, answer.value, answer.source or path.name, owner, confirmed=answer.confirmed)
        made.append((system, owner))
    for system, owner in made:
        reassess(system, owner)
