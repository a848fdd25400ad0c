"""The dossier of a degree of risk, by the documentation order as far as it is reported; its text was not read, and each part says so. Pure.

Minimal: the system and its risks; medium: data libraries too; high: a policy on the principles too. Where the degree is open, so is the
set: parts that may be asked for are there and say that they may.
"""

from tanba.documents import sections
from tanba.documents.known import Known, facts_table, section, words
from tanba.documents.model import Block, Check, Field, Fields, Paragraph
from tanba.documents.templates import risks

MUST = ("name", "purpose", "risk", "documentation", "set", "risk_register", "duties")
PARTS = {"system": "minimal", "risk_management": "minimal", "libraries": "medium", "policy": "high"}
"""The lowest degree at which a part is reported to be asked for."""
ORDER = ("minimal", "medium", "high")
TRAINING = ("trains_models", "trains_on_works", "owns_data_library", "produces_data_library", "transfers_data_library")


def blocks(known: Known) -> list[Block]:
    """The set, the parts that belong to it, duties with their evidence, signatures."""
    asked = _asked(known)
    depth = Fields((Field("documentation", known.assessment["axes"]["documentation"]["label"], known.axis("documentation")),))
    made = [*section("section_set", depth, Paragraph(known.said(words("about_set"), sections.DOCUMENTATION)), *_set(known, asked))]
    for part in (sections.identification, sections.purpose, sections.composition, sections.classification, sections.data, sections.limits):
        made += part(known)
    made += risks.management(known)
    made += _libraries(known) if "libraries" in asked else []
    made += _policy(known) if "policy" in asked else []
    rest = [entry for entry in sections.law_duties(known) if not _shown(entry["path"], asked)]
    made += section("section_duties", sections.duties(known, rest, "no_duties"))
    return made + sections.signatures("responsible", "compliance")


def _asked(known: Known) -> set[str]:
    """Parts of the set; where the degree is open, all that are still possible."""
    possible = known.assessment["axes"]["documentation"]["levels"]
    highest = max((ORDER.index(level) for level in possible if level in ORDER), default=0)
    return {part for part, lowest in PARTS.items() if ORDER.index(lowest) <= highest}


def _set(known: Known, asked: set[str]) -> list[Block]:
    decided = known.assessment["axes"]["documentation"]["decided"]
    return [
        Check(known.said(words(f"part_{part}"), f"order-95/{lowest}", sections.DOCUMENTATION), decided and part in asked, "set")
        for part, lowest in PARTS.items()
    ]


def _shown(path: str, asked: set[str]) -> bool:
    """Duties that a part of the dossier already shows."""
    return path.startswith(risks.DUTIES) or (path.startswith(("230-VIII/27/", "230-VIII/10/2")) and "libraries" in asked)


def _duties(known: Known, *begin: str) -> Block:
    return sections.duties(known, [each for each in sections.law_duties(known) if each["path"].startswith(begin)], "no_duties")


def _libraries(known: Known) -> list[Block]:
    made = sections.parts(known, "data_libraries", ("data_library", "producer"), ("producer",))
    return section("section_libraries", made, *facts_table(known, TRAINING), _duties(known, "230-VIII/27/", "230-VIII/10/2"))


def _policy(known: Known) -> list[Block]:
    """The seven principles of article 4, and what is done for each."""
    rows = []
    for name, path in known.material["principles"].items():
        law = known.material["law"].get(path)
        if law:
            text = known.system["principles"].get(name, "")
            rows.append(Field(f"principle_{name}", law["title"], known.given(text, "gap_principle", path)))
    return section("section_policy", Fields(tuple(rows)))
