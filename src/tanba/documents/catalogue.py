"""Which documents there are, and how one is made. Pure.

A document is one file here with `MUST`, the fields it must have (filled or as gaps), and `blocks`; its title and what it is for are
`documents.title_<name>` and `documents.about_<name>` of the catalogue of strings.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tanba.digest import canonical_json, sha256
from tanba.documents import act, dossier, passport, prohibited, risks
from tanba.documents.known import Known, Material, words
from tanba.documents.model import Block, Checkpoint, Document, Said
from tanba.errors import InputError


@dataclass(frozen=True, slots=True)
class Template:
    """`must`: names of fields that every document of this kind has."""

    blocks: Callable[[Known], list[Block]]
    must: tuple[str, ...]


TEMPLATES: Mapping[str, Template] = {
    "passport": Template(passport.blocks, passport.MUST),
    "classification": Template(act.blocks, act.MUST),
    "prohibited": Template(prohibited.blocks, prohibited.MUST),
    "risks": Template(risks.blocks, risks.MUST),
    "dossier": Template(dossier.blocks, dossier.MUST),
}


def make(name: str, material: Material) -> Document:
    """The document of that name. Raises InputError."""
    if name not in TEMPLATES:
        raise InputError("there is no document {name!r}", "Documents: {known}.", name=name, known=", ".join(TEMPLATES))
    checkpoint = material["checkpoint"]
    return Document(
        name,
        words(f"title_{name}"),
        material["system"]["name"],
        tuple(TEMPLATES[name].blocks(Known(material))),
        material["day"],
        tuple(Said(text) for text in material["edition"]),
        digest(material),
        Checkpoint(checkpoint["origin"], checkpoint["size"], checkpoint["root"]) if checkpoint else None,
        material["organisation"]["name"] or None,
    )


def digest(material: Material) -> str:
    """SHA-256 of what the document was made from: the system and its answers, the assessment, the evidence and the day."""
    parts = ("answers", "assessment", "day", "evidence", "organisation", "risks", "system")
    return sha256(canonical_json({part: material[part] for part in parts}))
