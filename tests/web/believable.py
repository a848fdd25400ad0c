"""A small company for the tests of the law pages: its people in every role, an outsider, and systems with known facts."""

from typing import Any

from django.test import Client

from tanba.web.accounts.models import Membership, Organisation, User
from tanba.web.assessments.run import reassess
from tanba.web.systems.models import System

ROLES = ("administrator", "compliance", "owner", "auditor")

AI = {"uses_model": True, "model_abilities": ["adapts", "learns", "optimises"]}
OWNED = {**AI, "operated_in_kazakhstan": True, "owns_system": True, "holds_system": False, "uses_system": True, "stage": "production", "has_users": True}
CLEAR = {
    "manipulates": False, "exploits_vulnerability": False, "scores_people": False, "processes_personal_data": False,
    "biometric_classification": False, "determines_emotions": False, "creates_prohibited_results": False,
    "distributes_prohibited_results": False,
}
MEDIUM = {"failure_emergency": False, "failure_significant": [], "failure_lowers_efficiency": True, "failure_causes_harm": True}
SCORER = {**OWNED, **CLEAR, **MEDIUM, "human_control": "can_correct_or_cancel", "use_case": "credit_scoring"}
TRUST_SCORE = {**SCORER, "scores_people": True, "scores_over_period": True, "scores_on_behaviour_or_traits": True, "scoring_provided_by_law": False}


def user(name: str, language: str = "en") -> User:
    """A person who signs in without a password."""
    return User.objects.create_user(f"{name}@qarlygash-group.example", name=name.title(), language=language)


class Company:
    """An organisation with one member in every role. `client(role)` is signed in as that member; "outsider" belongs elsewhere."""

    def __init__(self, bin_: str = "190140999998") -> None:
        self.organisation = Organisation.objects.create(name={"en": "Qarlygash", "kk": "Қарлығаш", "ru": "Карлыгаш"}, bin=bin_)
        self.people = {role: user(f"{role}-{bin_}") for role in ROLES}
        for role, person in self.people.items():
            Membership.objects.create(user=person, organisation=self.organisation, role=role)
        self.people["outsider"] = user(f"outsider-{bin_}")

    def client(self, role: str = "compliance", language: str = "en") -> Client:
        person = self.people[role]
        User.objects.filter(pk=person.pk).update(language=language)
        person.language = language
        client = Client()
        client.force_login(person)
        return client

    def system(self, slug: str, facts: dict[str, Any], owner: str | None = "owner") -> System:
        system = System.objects.create(
            organisation=self.organisation, slug=slug, name={"en": slug, "ru": slug, "kk": slug}, owner=self.people[owner] if owner else None
        )
        for name, value in facts.items():
            system.answer(name, value, "test", self.people["compliance"])
        reassess(system, self.people["compliance"])
        return system

    def url(self, path: str) -> str:
        return f"/o/{self.organisation.pk}/{path}"
