"""The passport of a system: what it is, whose, what for, how it is classified, and what is not known of it. Pure."""

from tanba.documents import sections
from tanba.documents.known import Known
from tanba.documents.model import Block

MUST = (
    *("name", "identifier", "organisation", "bin", "owner", "holder", "user", "responsible", "department"),
    *("purpose", "channels", "regions", "stage", "has_users", "ai_system", "models", "data_libraries"),
    *("risk", "autonomy", "mode", "documentation", "gate"),
    *("human_control", "decides_about_people", "solely_automated", "processes_personal_data"),
    *("accuracy", "known_errors", "not_fit_for"),
)


def blocks(known: Known) -> list[Block]:
    """Seven sections and two signatures."""
    made = (sections.identification, sections.purpose, sections.composition, sections.classification, sections.data, sections.limits)
    return [block for part in made for block in part(known)] + sections.questions(known) + sections.signatures("responsible", "compliance")
