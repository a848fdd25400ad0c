"""Facts of a few systems, and a way to register one. The people are the cast of conftest.py."""

from typing import Any

from tanba.web.accounts.models import Organisation, User
from tanba.web.assessments.run import reassess
from tanba.web.systems.models import System

AI = {"uses_model": True, "model_abilities": ["adapts", "learns", "optimises"]}
OWNED = {
    **AI,
    "operated_in_kazakhstan": True,
    "owns_system": True,
    "holds_system": False,
    "uses_system": True,
    "stage": "production",
    "has_users": True,
}
CLEAR = {
    "manipulates": False,
    "exploits_vulnerability": False,
    "scores_people": False,
    "processes_personal_data": False,
    "biometric_classification": False,
    "determines_emotions": False,
    "creates_prohibited_results": False,
    "distributes_prohibited_results": False,
}
MEDIUM = {"failure_emergency": False, "failure_significant": [], "failure_lowers_efficiency": True, "failure_causes_harm": True}
SCORER = {
    **OWNED,
    **CLEAR,
    **MEDIUM,
    "human_control": "can_correct_or_cancel",
    "use_case": "credit_scoring",
    "generates_or_alters_media": False,
}
TRUST_SCORE = {
    **SCORER,
    "scores_people": True,
    "scores_over_period": True,
    "scores_on_behaviour_or_traits": True,
    "scoring_provided_by_law": False,
}
STUDIO = {
    **SCORER,
    "use_case": "content_generation",
    "generates_or_alters_media": True,
    "imitates_person_or_event": True,
    "distributes_results": True,
}


def assessed(organisation: Organisation, facts: dict[str, Any], owner: User | None = None, slug: str = "scorer") -> System:
    """A system with confirmed answers, assessed today."""
    name = {language: f"{slug} {language}" for language in ("kk", "ru", "en")}
    system = System.objects.create(organisation=organisation, slug=slug, name=name, owner=owner)
    for fact, value in facts.items():
        system.answer(fact, value, "test", owner)
    reassess(system, owner)
    return system
