"""What a company's own form may name, and what stands there for one system: fields of every document, and lists with columns. Pure.

`passport.purpose` is a field, `risks` a list whose rows have columns, as `title`. Each field and column is there in each language too,
as `purpose_kk`. What is known but missing is a gap, printed as one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tanba.documents import sections
from tanba.documents.catalogue import TEMPLATES, digest, make
from tanba.documents.known import Known, words
from tanba.documents.layout import source_words
from tanba.documents.model import Check, Document, Fields, Heading, Paragraph, Said, Table, Text
from tanba.documents.templates import risks
from tanba.strings import LANGUAGES, t

LISTS: Mapping[str, tuple[str, ...]] = {
    "data_libraries": ("name", "producer"),
    "models": ("name", "source", "licence"),
    "obligations": ("title", "must", "source", "evidence"),
    "risks": ("title", "cause", "harm", "before", "after", "measures", "missing"),
}
SHOWS = {
    **{"models": "models", "data_libraries": "data_libraries", "duties": "obligations", "risk_register": "risks"},
    **{"organisation.name": "organisation", "organisation.bin": "bin"},
}
"""Fields a document must have that a list shows too, and what names outside of documents show. A list may have the name of a document:
`risks` has rows, and there is `risks.refresh`."""
NOTHING = dict.fromkeys(LANGUAGES, "–")


@dataclass(frozen=True, slots=True)
class Offer:
    """Labels of fields by their full name, labels of columns by list, and what each document must have."""

    fields: Mapping[str, Text]
    lists: Mapping[str, Mapping[str, Text]]
    must: Mapping[str, tuple[str, ...]]


def documents() -> dict[str, str]:
    """Documents that speak of one system, by the word that a form has for each: `risk_plan` for `risk-plan`."""
    return {name.replace("-", "_"): name for name, template in TEMPLATES.items() if template.of == "system"}


def offer(material: Mapping[str, Any]) -> Offer:
    """All that can be named, from the material of a system that has everything and answers nothing."""
    fields = {f"{word}.{field}": label for word, name in documents().items() for field, label in _labels(make(name, material)).items()}
    fields |= {f"facts.{name}": answer["question"] for name, answer in material["answers"].items()}
    fields |= {f"organisation.{name}": words(label) for name, label in (("name", "organisation"), ("bin", "bin"))}
    fields |= {name: _label(name) for name in ("day", "digest")}
    lists = {name: {column: _label(f"{name}_{column}") for column in columns} for name, columns in LISTS.items()}
    return Offer(fields, lists, {word: TEMPLATES[name].must for word, name in documents().items()})


def _label(key: str) -> Text:
    return {each: t(f"companyform.{key}", each) for each in LANGUAGES}


def _labels(document: Document) -> dict[str, Text]:
    """Fields and what they are called: by their label, or the section they stand in."""
    found: dict[str, Text] = {}
    section: Text = document.title
    for block in document.blocks:
        match block:
            case Heading():
                section = block.text
            case Fields():
                found |= {row.name: row.label for row in block.rows if row.name and row.name not in found}
            case Paragraph() | Check() | Table() if block.name:
                found.setdefault(block.name, section)
            case _:
                pass
    return found


def fields(material: Mapping[str, Any]) -> dict[str, list[Said]]:
    """What is said for one system under each full name; a box counts where it is ticked and nothing else has its name."""
    known = Known(material)
    found: dict[str, list[Said]] = {}
    for word, name in documents().items():
        found |= {f"{word}.{field}": each for field, each in _said(make(name, material)).items()}
    found |= {f"facts.{name}": [known.fact(name)] for name in material["answers"]}
    organisation = material["organisation"]
    found["organisation.name"] = [known.given(organisation["name"], "gap_organisation")]
    found["organisation.bin"] = [known.given(organisation["bin"], "gap_bin")]
    found["day"] = [Said(dict.fromkeys(LANGUAGES, material["day"]))]
    found["digest"] = [Said(dict.fromkeys(LANGUAGES, digest(material)))]
    return found


def _said(document: Document) -> dict[str, list[Said]]:
    found: dict[str, list[Said]] = {}
    ticked: dict[str, list[Said]] = {}
    for block in document.blocks:
        match block:
            case Fields():
                for row in block.rows:
                    found.setdefault(row.name, []).append(row.said)
            case Table():
                found.setdefault(block.name, []).extend(cell for row in block.rows for cell in row)
            case Paragraph():
                found.setdefault(block.name, []).append(block.said)
            case Check():
                ticked.setdefault(block.name, []).extend([block.said] if block.checked else [])
            case _:
                pass
    return {name: said for name, said in ({name: each for name, each in ticked.items() if each} | found).items() if name}


def rows(material: Mapping[str, Any]) -> dict[str, list[dict[str, Said]]]:
    """Lists of one system; one that is empty has a row that says what is missing."""
    known = Known(material)
    parts = {"data_libraries": ("producer",), "models": ("source", "licence")}
    found: dict[str, list[dict[str, Said]]] = {
        kind: [{key: known.given(part.get(key, ""), f"gap_{key}") for key in ("name", *keys)} for part in known.system[kind]]
        for kind, keys in parts.items()
    }
    found["obligations"] = [_obligation(known, entry) for entry in sections.law_duties(known)]
    found["risks"] = [_risk(known, row) for row in (material["risks"] or {"rows": []})["rows"]]
    missing = {"obligations": Said(words("no_duties"))} | {name: known.gap(words(f"gap_{name}")) for name in (*parts, "risks")}
    return {name: each or [_one(LISTS[name], missing[name])] for name, each in found.items()}


def _one(columns: Iterable[str], said: Said) -> dict[str, Said]:
    return {column: said if number == 0 else Said(NOTHING) for number, column in enumerate(columns)}


def _obligation(known: Known, entry: Mapping[str, Any]) -> dict[str, Said]:
    place = {each: "; ".join(source_words(source, each) for source in known.sources(entry["path"])) for each in LANGUAGES}
    return {"evidence": sections.proof(known, entry), "must": Said(entry["must"]), "source": Said(place), "title": Said(entry["title"])}


def _risk(known: Known, row: Mapping[str, Any]) -> dict[str, Said]:
    texts = {name: known.given(row[name], "gap_answer") for name in ("title", "cause", "harm")}
    levels = {name: Said(level) if (level := row["levels"][name]) else known.gap(words("gap_answer")) for name in ("before", "after")}
    return {**texts, **levels, "measures": risks.measures(known, row), "missing": risks.missing(row)}
