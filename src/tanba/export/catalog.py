"""The law of one day as an OSCAL catalog: a group for each act, in it one for each article, in that a control for each provision."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import groupby
from typing import Any

from tanba.export.model import Whole
from tanba.export.parts import OURS, control_id, document, kept, line, metadata, others, pick, props, prose, uid, value
from tanba.law.model import Act, Element, Provision
from tanba.law.rulebook import Rulebook
from tanba.law.words import act_name, cite, deadline
from tanba.law.words import evidence as evidence_word
from tanba.strings import t


@lru_cache(maxsize=6)
def catalog(book: Rulebook, lang: str) -> bytes:
    """The whole file. It names no organisation: the same day and language give the same bytes for everybody."""
    head: dict[str, Any] = {
        "metadata": metadata(Whole(book.day), _title(book, lang), lang, jurisdiction=book.law.jurisdiction),
        "back-matter": {"resources": [_resource(book, each, lang) for each in sorted(_sources(book))]},
    }
    provisions = sorted(book.provisions.values(), key=lambda each: list(book.law.acts).index(each.act))  # stable: the data's order inside
    acts: Iterator[tuple[Any, list[Any]]] = (
        (_act_group(book, book.law.acts[name], list(within), lang), []) for name, within in groupby(provisions, lambda each: each.act)
    )
    return b"".join(document("catalog", head, "groups", acts))


def _title(book: Rulebook, lang: str) -> str:
    return t("export.catalog", lang, name=book.law.name[lang], day=book.day)


def _sources(book: Rulebook) -> set[str]:
    return {each.source for each in book.provisions.values()} | {book.law.acts[each.act].source for each in book.provisions.values()}


def _resource(book: Rulebook, source: str, lang: str) -> dict[str, Any]:
    """Where a text stands: an address, or a citation where there is none. It is called by the act whose text it is."""
    title = next((act.title for act in book.law.acts.values() if act.source == source), {lang: source})
    found = kept(uuid=uid("source", source), title=line(pick(title, lang)))
    return found | ({"rlinks": [{"href": source}]} if source.startswith("https://") else {"citation": {"text": line(source)}})


def _act_group(book: Rulebook, act: Act, provisions: list[Provision], lang: str) -> dict[str, Any]:
    identifier = f"group.{book.law.jurisdiction}.{act.name}"
    return kept(
        id=identifier,
        class_=act.basis,
        title=line(pick(act.title, lang)),
        props=[
            {"name": "label", "value": value(act_name(act, lang))},
            *props(basis=act.basis, text_read=act.text_read, confidence=act.confidence, commencement=act.commencement.isoformat()),
            *props(edition=[f"{each['id']} {each['from']}" for each in act.editions]),
            *_changes(book, act, lang),
        ],
        links=[{"href": f"#{uid('source', act.source)}", "rel": "reference"}],
        parts=[_translated(f"{identifier}_{each}", each, act.title[each]) for each in others(lang)],
        groups=[_article(identifier, list(within), book, lang) for _, within in groupby(provisions, lambda each: each.article)],
    )


def _changes(book: Rulebook, act: Act, lang: str) -> Iterator[dict[str, str]]:
    """Amendments that were reported, have begun, and were not read."""
    for change in act.changes:
        if change.start <= book.day:
            for found in props(reported_change=f"{change.by} {change.start}"):
                yield found | {"remarks": prose(pick(change.summary, lang))}


def _article(act: str, provisions: list[Provision], book: Rulebook, lang: str) -> dict[str, Any]:
    identifier = f"{act}.{provisions[0].article}"
    title = provisions[0].article_title
    return kept(
        id=identifier,
        class_="article",
        title=line(pick(title, lang)),
        parts=[_translated(f"{identifier}_{each}", each, title[each]) for each in others(lang)],
        controls=[_control(book, each, lang) for each in provisions],
    )


def _control(book: Rulebook, provision: Provision, lang: str) -> dict[str, Any]:
    identifier = control_id(provision.path)
    links = [{"href": f"#{uid('source', provision.source)}", "rel": "reference"}]
    if provision.sanction in book.provisions:
        links.append({"href": f"#{control_id(str(provision.sanction))}", "rel": "sanction"})
    return kept(
        id=identifier,
        class_=provision.basis,
        title=line(pick(provision.title, lang)),
        props=[{"name": "label", "value": value(cite(provision.path, lang))}, *_props(book, provision, lang)],
        links=links,
        parts=[*_texts(provision, identifier, lang), *(_translation(provision, identifier, each) for each in others(lang))],
    )


def _props(book: Rulebook, provision: Provision, lang: str) -> list[dict[str, str]]:
    changes = [f"{each.by} {each.start}" for each in book.law.changes(provision.path, book.day)]
    return props(
        provision=provision.id,
        kind=provision.kind,
        basis=provision.basis,
        strength=provision.strength,
        text_read=provision.text_read,
        confidence=provision.confidence,
        valid_from=provision.start.isoformat(),
        valid_to=provision.end.isoformat() if provision.end else None,
        verified_on=provision.verified.get("date"),
        verified_by=provision.verified.get("by"),
        official_sha256=[f"{each} {provision.official_sha256[each]}" for each in sorted(provision.official_sha256)],
        reported_change=changes,
        binds=provision.binds,
        deadline=deadline(provision.deadline, lang),
    )


def _texts(provision: Provision, identifier: str, lang: str) -> list[dict[str, Any]]:
    """What is asked (of a ban also its elements and exceptions), the note on it, and which evidence is accepted by which criterion."""
    named = [("element", each) for each in provision.elements] + [("exception", each) for each in provision.exceptions]
    inside = [_element(f"{identifier}_smt", name, each, lang) for name, each in named]
    statement = kept(id=f"{identifier}_smt", name="statement", prose=prose(pick(provision.must, lang)), parts=inside)
    note = [{"id": f"{identifier}_gdn", "name": "guidance", "prose": prose(pick(provision.note, lang))}] if provision.note else []
    return [statement, *note, *_criteria(provision, identifier, lang)]


def _element(above: str, name: str, element: Element, lang: str) -> dict[str, Any]:
    return {"id": f"{above}.{name}.{element.id}", "name": name, "ns": OURS, "prose": prose(pick(element.text, lang))}


def _criteria(provision: Provision, identifier: str, lang: str) -> Iterator[dict[str, Any]]:
    for each in provision.evidence:
        yield {
            "id": f"{identifier}_obj.{each['kind']}",
            "name": "assessment-objective",
            "props": props(evidence_kind=each["kind"]),
            "prose": prose(pick(each["accept"], lang)),
            "title": line(evidence_word(each["kind"], lang)),
        }


def _translation(provision: Provision, identifier: str, lang: str) -> dict[str, Any]:
    """The title, and inside it the same parts in that language, in our namespace: no reader takes them for a second statement."""
    place = f"{identifier}_{lang}"
    inside = [each | {"ns": OURS} for each in _texts(provision, place, lang)]
    return _translated(place, lang, pick(provision.title, lang)) | {"parts": inside}


def _translated(identifier: str, lang: str, title: str) -> dict[str, Any]:
    """A part in another language than the document's: `class` is the language."""
    return {"class": lang, "id": identifier, "name": "translation", "ns": OURS, "title": line(title)}


def catalog_resource(book: Rulebook, lang: str) -> Mapping[str, Any]:
    """The catalog as other documents refer to it: the file of that name beside them."""
    found = kept(uuid=uid("catalog", book.law.jurisdiction, book.day.isoformat()), title=line(_title(book, lang)))
    return found | {"props": props(valid_on=book.day.isoformat()), "rlinks": [{"href": "catalog.json", "media-type": "application/json"}]}
