"""Documents of the register: from the rows of a system to their material, and a document that was made into the ledger."""

from typing import Any

from django.utils import timezone

from tanba.documents.catalogue import TEMPLATES, make
from tanba.documents.model import Document, gaps
from tanba.law.facts import Answer, SystemFile
from tanba.law.load import load
from tanba.law.rulebook import on
from tanba.material.common import Text, Whose
from tanba.material.system import material
from tanba.strings import LANGUAGES
from tanba.web.accounts.models import Organisation, User
from tanba.web.assessments.run import known_facts
from tanba.web.audits import desk as audits
from tanba.web.documents.parts import parts_of
from tanba.web.documents.recording import write_sealed
from tanba.web.documents.whole import of_organisation
from tanba.web.evidence import ledger
from tanba.web.evidence.models import Artifact, Evidence
from tanba.web.lawtracker.models import Adoption
from tanba.web.risks import desk as risks
from tanba.web.state import desk as state
from tanba.web.systems.files import PARTS
from tanba.web.systems.models import System


def known(system: System, base: str = "") -> dict[str, Any]:
    """The material of today; `base` stands before addresses of public pages. Raises NotInForceError, StoreError, InputError."""
    day, organisation = timezone.localdate(), system.organisation
    _, _, register, _, _ = risks.state(system, day)
    return material(
        on(load("kz"), day),
        as_file(system),
        Whose(organisation.name, organisation.bin),
        adopted=Adoption.objects.paths(organisation.pk, day),
        evidence=_evidence(system),
        checkpoint=ledger.log().head().checkpoint.plain,
        risks=register if register.risks else None,
        audit=audits.newest_audit(system),
        **state.parts(system),
        **parts_of(system, base),
    )


def as_file(system: System) -> SystemFile:
    """The system as a SYSTEM.yaml would have it; a person is named, and no address given."""
    rows = system.answers()
    answers = {name: Answer(value, rows[name].source if name in rows else "") for name, value in known_facts(system).items()}
    parts = {key: [part.details for part in system.parts.order_by("id") if part.kind == kind] for key, kind in PARTS.items()}
    details = {
        "channels": system.channels,
        "department": _department(system),
        "limits": system.limits,
        "owner": system.owner.name if system.owner else "",
        "purpose": system.purpose,
        "regions": system.regions,
        **parts,
        "vendor": parts["vendor"] or system.vendor,
    }
    name = {each: text for each, text in system.name.items() if text} or {"en": system.slug}
    return SystemFile(system.slug, name, answers, details)


def _department(system: System) -> Text:
    """In every language that the organisation has for it."""
    named = next((texts for texts in system.organisation.departments if system.department in texts.values()), None)
    return dict(named) if named else dict.fromkeys(LANGUAGES, system.department)


def _evidence(system: System) -> dict[str, list[Text]]:
    """Evidence that counts today, by path of the provision."""
    found: dict[str, list[Text]] = {}
    for row in Evidence.objects.valid().filter(obligation__system=system).select_related("artifact", "obligation").order_by("id"):
        said = f"{row.artifact.name}, № {row.artifact.position}, {timezone.localtime(row.artifact.at).date()}"
        path = row.obligation.provision.partition("@")[0].removeprefix("kz/")
        found.setdefault(path, []).append(dict.fromkeys(("kk", "ru", "en"), said))
    return found


def material_of(where: System | Organisation, base: str = "") -> dict[str, Any]:
    """What documents of a system or of an organisation are made from. Raises TanbaError."""
    return known(where, base) if isinstance(where, System) else of_organisation(where)


def names(where: System | Organisation) -> list[str]:
    """Documents that there are of it."""
    of = "system" if isinstance(where, System) else "organisation"
    return [name for name, each in TEMPLATES.items() if each.of == of]


def counted(where: System | Organisation, base: str = "") -> list[tuple[str, int]]:
    """(document, gaps) for every document."""
    found = material_of(where, base)
    return [(name, len(gaps(make(name, found)))) for name in names(where)]


def write(
    where: System | Organisation, name: str, languages: str, form: str, by: User, base: str = "", known: dict[str, Any] | None = None
) -> tuple[Artifact, Document]:
    """Make a document and record it to be sealed; see `recording.write_sealed`. `known` is its material, where it is at hand.

    Raises TanbaError.
    """
    document = make(name, known or material_of(where, base))
    whose = where.slug if isinstance(where, System) else where.bin
    return write_sealed(where, document, f"{whose}-{name}.{languages}.{form}", languages, form, by, base), document
