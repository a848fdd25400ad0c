"""Which documents there are, and how one is made. Pure.

A document is one file of `templates` with `MUST`, the fields it must have (filled or as gaps), and `blocks`; its title and what it is for
are `documents.title_<name>` and `documents.about_<name>` of the catalogue of strings.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tanba.digest import canonical_json, sha256
from tanba.documents.known import Known, Material, words
from tanba.documents.model import Block, Checkpoint, Document, Said, Text
from tanba.documents.templates import (
    agreement,
    answer,
    appointment,
    audit_pack,
    board,
    bundleindex,
    classification,
    dossier,
    labelling,
    labelling_log,
    notices,
    notifications,
    orders,
    passport,
    pilot_plan,
    pilot_report,
    prohibited,
    risk_plan,
    risks,
    security,
    training,
    trusted_list,
)
from tanba.errors import InputError

OF = ("system", "organisation", "incident", "request", "stop")


@dataclass(frozen=True, slots=True)
class Template:
    """`must`: names of fields that every document of this kind has; `of`: whose document it is, one of `OF`.

    `front`: what it says of itself in place of day, ledger and digest of its data. `evidences`: kinds of evidence, as the law data names
    them, that it is once somebody puts it forward.
    """

    blocks: Callable[[Known], list[Block]]
    must: tuple[str, ...]
    of: str = "system"
    front: Callable[[Known], tuple[Text, ...]] | None = None
    evidences: tuple[str, ...] = ()


TEMPLATES: Mapping[str, Template] = {
    "passport": Template(passport.blocks, passport.MUST, evidences=("system-description",)),
    "classification": Template(classification.blocks, classification.MUST, evidences=("classification-record",)),
    "prohibited": Template(prohibited.blocks, prohibited.MUST),
    "risks": Template(risks.blocks, risks.MUST, evidences=("risk-dossier",)),
    "risk-plan": Template(risk_plan.blocks, risk_plan.MUST, evidences=("risk-plan",)),
    "dossier": Template(dossier.blocks, dossier.MUST, evidences=("documentation-set",)),
    "pilot-plan": Template(pilot_plan.blocks, pilot_plan.MUST),
    "pilot-report": Template(pilot_report.blocks, pilot_report.MUST),
    "audit-pack": Template(audit_pack.blocks, audit_pack.MUST),
    "trusted-list": Template(trusted_list.blocks, trusted_list.MUST),
    "security": Template(security.blocks, security.MUST),
    "training": Template(training.blocks, training.MUST, of="organisation"),
    "board": Template(board.blocks, board.MUST, of="organisation"),
    "appointment": Template(appointment.blocks, appointment.MUST, of="organisation", evidences=("appointment-order",)),
    "labelling-policy": Template(labelling.blocks, labelling.MUST, of="organisation", evidences=("labelling-policy",)),
    "labelling-log": Template(labelling_log.blocks, labelling_log.MUST, of="organisation"),
    "agreement": Template(agreement.blocks, agreement.MUST, front=agreement.front),
    "notices": Template(notices.blocks, notices.MUST),
    "bundle-index": Template(bundleindex.blocks, bundleindex.MUST),
    "breach": Template(notifications.breach, notifications.BREACH, "incident", notifications.front("breach")),
    "users": Template(notifications.users, notifications.USERS, "incident", notifications.front("users")),
    "vendor": Template(notifications.vendor, notifications.VENDOR, "incident", notifications.front("vendor")),
    "suspension-order": Template(orders.suspension, orders.SUSPENSION, "stop", orders.front),
    "restart-order": Template(orders.restart, orders.RESTART, "stop", orders.front),
    "answer": Template(answer.blocks, answer.MUST, "request", answer.front),
}
FOLLOWS = ("changes", "checkpoint", "edition", "law", "levels", "principles")
"""Parts of the material that are not the company's: the law of the day, what follows from it, and the state of the ledger."""


def template(name: str) -> Template:
    """The document of that name. Raises InputError."""
    if name not in TEMPLATES:
        raise InputError("there is no document {name!r}", "Documents: {known}.", name=name, known=", ".join(TEMPLATES))
    return TEMPLATES[name]


def make(name: str, material: Material) -> Document:
    """The document of that name. Raises InputError."""
    chosen, known, checkpoint = template(name), Known(material), material["checkpoint"]
    return Document(
        name,
        words(f"title_{name}"),
        material["subject"],
        tuple(chosen.blocks(known)),
        material["day"],
        tuple(Said(text) for text in material["edition"]),
        digest(material),
        Checkpoint(checkpoint["origin"], checkpoint["size"], checkpoint["root"]) if checkpoint else None,
        material["organisation"]["name"] or None,
        chosen.front(known) if chosen.front else None,
        system=material.get("system", {}).get("slug", ""),
    )


def digest(material: Material) -> str:
    """SHA-256 of what the document was made from: all of the material but `FOLLOWS`."""
    return sha256(canonical_json({part: each for part, each in material.items() if part not in FOLLOWS}))
