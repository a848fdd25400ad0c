"""AI systems as an OSCAL component definition: a component for each, a control implementation for each layer, what applies inside."""

from collections.abc import Iterable, Iterator
from typing import Any

from tanba.export.catalog import catalog_resource
from tanba.export.model import Owed, Proof, Subject, Whole
from tanba.export.parts import control_id, document, kept, line, metadata, pick, props, prose, uid
from tanba.law.assess import LAYERS
from tanba.law.rulebook import Rulebook
from tanba.law.words import word
from tanba.strings import t


def component_definition(whole: Whole, book: Rulebook, subjects: Iterable[Subject], lang: str) -> Iterator[bytes]:
    """The file. Rights of others are no requirements of a system and stand in the results; what may apply stands there too."""
    head = {
        "metadata": metadata(whole, t("export.component", lang, day=whole.day), lang),
        "back-matter": {"resources": [catalog_resource(book, lang)]},
    }
    return document("component-definition", head, "components", (_component(whole, book, each, lang) for each in subjects))


def component_uuid(whole: Whole, subject: Subject) -> str:
    """A system keeps it as long as it keeps its name in the addresses."""
    return uid("component", whole.bin or pick(whole.name, "en"), subject.slug)


def levels(subject: Subject) -> dict[str, Any]:
    """Conclusion and axes: the levels still possible, several where the facts do not settle one."""
    axes = {f"axis_{name}": axis["levels"] for name, axis in subject.report["axes"].items()}
    return {"system": subject.slug, "conclusion": subject.report["conclusion"], "assessed_on": subject.report["date"], **axes}


def _component(whole: Whole, book: Rulebook, subject: Subject, lang: str) -> tuple[dict[str, Any], list[Any]]:
    applying = [each for each in subject.owed.values() if each.applies == "yes" and each.kind != "right"]
    layers = {layer: [each for each in applying if each.layer == layer] for layer in LAYERS}
    made = kept(
        uuid=component_uuid(whole, subject),
        type="software",
        title=line(pick(subject.name, lang) or subject.slug),
        description=prose(pick(subject.purpose, lang) or pick(subject.name, lang) or subject.slug),
        props=props(**levels(subject)),
        control_implementations=[_layer(whole, book, subject, layer, rows, lang) for layer, rows in layers.items() if rows],
    )
    return made, [proof_resource(proof, lang) for each in applying for proof in each.proofs]


def _layer(whole: Whole, book: Rulebook, subject: Subject, layer: str, rows: list[Owed], lang: str) -> dict[str, Any]:
    """Statute, other law, unread law, house policy and recommendations never share one."""
    return {
        "uuid": uid("layer", component_uuid(whole, subject), layer),
        "source": f"#{catalog_resource(book, lang)['uuid']}",
        "description": prose(t("export.layer_of", lang, layer=word("layer", layer, lang))),
        "props": props(layer=layer),
        "implemented-requirements": [_requirement(whole, subject, each, lang) for each in rows],
    }


def _requirement(whole: Whole, subject: Subject, owed: Owed, lang: str) -> dict[str, Any]:
    met = [{"name": "implementation-status", "value": "implemented"}] if owed.shown_status == "met" else []
    return kept(
        uuid=uid("requirement", component_uuid(whole, subject), owed.path),
        control_id=control_id(owed.path),
        description=prose(said(owed, lang)),
        props=[*met, *arranged(owed)],
        links=[{"href": f"#{proof_resource(each, lang)['uuid']}", "rel": "evidence"} for each in owed.proofs],
        remarks=prose(owed.remark) if owed.remark else None,
    )


def said(owed: Owed, lang: str) -> str:
    """Its state as a sentence."""
    if not owed.is_duty:
        return t("export.said_recommended", lang)
    words = t(f"export.said_{owed.shown_status}", lang)
    return f"{words} {t('export.said_unread', lang)}" if owed.layer == "reported" else words


def arranged(owed: Owed) -> list[dict[str, str]]:
    """Provision, layer, status and what people arranged, as properties."""
    due = owed.due.isoformat() if owed.due else None
    proposed = owed.due_proposed if owed.due else None
    values = {"provision": owed.provision, "layer": owed.layer, "kind": owed.kind, "applies": owed.applies, "status": owed.shown_status}
    return props(**values, due=due, due_proposed=proposed, assignee=owed.assignee)


def proof_resource(proof: Proof, lang: str) -> dict[str, Any]:
    """Evidence by its digest and its place in the ledger; the content itself is not here."""
    expires = proof.expires.isoformat() if proof.expires else None
    place = props(kind=proof.kind, artifact=proof.artifact, ledger_position=proof.position, sha256=proof.sha256, expires=expires)
    return kept(
        uuid=uid("proof", proof.artifact, proof.sha256, proof.name), title=line(t("export.evidence", lang, name=proof.name)), props=place
    )
