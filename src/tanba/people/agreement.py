"""The user agreement of a system (art. 7, 15(2)(5), 16), made from its facts. Pure.

Each statement carries the provision it rests on. What the facts do not settle is a gap, printed as one and never filled in: only an
officer's own words take its place, section by section and language by language, and they are kept apart from what was made.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from tanba.digest import canonical_json, sha256
from tanba.errors import InputError
from tanba.people.requests import Law, Text
from tanba.people.written import LIMITS
from tanba.strings import LANGUAGES, catalogue, t

SCHEMA = "tanba.agreement/1"
LONGEST = 20_000
"""Characters of an officer's text."""

PURPOSE, AGREEMENT = "230-VIII/7/1", "230-VIII/15/2/5"
PLACES: Mapping[str, tuple[str, ...]] = {
    "parties": (AGREEMENT,),
    "purpose": ("230-VIII/21/1",),
    "characteristics": (PURPOSE,),
    "limits": (PURPOSE,),
    "use": ("230-VIII/15/1/1", "230-VIII/16/2/1", "230-VIII/16/2/2"),
    "rights": ("230-VIII/16/1/1", "230-VIII/16/1/2", "230-VIII/16/1/3", "230-VIII/16/1/6"),
    "explanations": ("230-VIII/16/1/4",),
    "data": ("230-VIII/16/1/5",),
    "automated": ("230-VIII/7/2", "94-V/19-1/2", "94-V/19-1/3", "255-VIII/43/4/3"),
    "personal": ("230-VIII/10/1",),
    "marks": ("230-VIII/21/2",),
    "support": ("230-VIII/15/2/4",),
    "harm": ("230-VIII/24/1",),
}
"""Sections in their order, and the provisions that each one tells."""

TOLD: Mapping[str, str] = {
    AGREEMENT: "before_use",
    PURPOSE: "",
    "230-VIII/21/1": "ai_used",
    "230-VIII/10/1": "protected",
    "230-VIII/15/2/4": "helped",
    "94-V/19-1/2": "objection",
    "94-V/19-1/3": "answer",
    "255-VIII/43/4/3": "review",
}
"""Duties that a user reads as what is given, not as an order to somebody else; an empty word: nothing is said beside the facts."""

FACTS: Mapping[str, tuple[str, ...]] = {
    "characteristics": ("stage", "human_control", "decides_about_people", "generates_or_alters_media"),
    "automated": ("solely_automated",),
    "personal": ("processes_personal_data", "stored_in_kazakhstan", "cross_border_transfer"),
}
"""Facts that a section states. One without an answer is a gap, unless `MOOT` says that it cannot matter."""

RESTS: Mapping[str, str] = {"stored_in_kazakhstan": "94-V/12/2", "cross_border_transfer": "94-V/16/2"}
"""Facts that rest on another provision than the first of their section."""

MOOT: Mapping[str, tuple[str, bool]] = {
    "stored_in_kazakhstan": ("processes_personal_data", False),
    "cross_border_transfer": ("processes_personal_data", False),
}
ASKED: Mapping[str, str] = {
    "limits": PURPOSE,
    "explanations": "230-VIII/16/1/4",
    "data": "230-VIII/16/1/5",
}
"""Sections in which the law leaves something to the agreement, or asks what no fact tells: a gap until an officer writes it."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a door knows of a system. Texts are {kk, ru, en}; empty ones are not known. `facts` are confirmed answers only.

    `limits` by name (`people.written.LIMITS`) is what the company wrote of accuracy, errors and what the system is not meant for.
    """

    system: Text
    purpose: Text = field(default_factory=dict)
    organisation: Text = field(default_factory=dict)
    bin: str = ""
    contact: Text = field(default_factory=dict)
    models: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    limits: Mapping[str, Text] = field(default_factory=dict)


Statement = dict[str, Any]
"""{text: {kk, ru, en}, source: id of a provision or empty, cited: {kk, ru, en}, gap: bool}."""

Cite = Callable[[str, str], str]
"""Names a place of the law in a language."""


def make(known: Known, law: Law, cite: Cite, own: Mapping[str, Mapping[str, str]] | None = None) -> dict[str, Any]:
    """The agreement (`tanba.agreement/1`). `own` {section: {language: text}} are an officer's words. Raises InputError."""
    own = checked_own(own or {})
    sections = [_section(name, known, law, cite, own.get(name, {})) for name in PLACES]
    said = {"bin": known.bin, "name": dict(known.system), "organisation": dict(known.organisation), "sections": sections}
    return {**said, "schema": SCHEMA, "version": sha256(canonical_json(said))[:12]}


def checked_own(own: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """An officer's words without empty ones. Raises InputError."""
    for section, texts in own.items():
        if section not in PLACES or not set(texts) <= set(LANGUAGES):
            raise InputError(
                "the agreement has no section {section!r} in kk, ru, en", "Sections: {known}.", section=section, known=", ".join(PLACES)
            )
        if any(len(text) > LONGEST for text in texts.values()):
            raise InputError("{section}: at most {limit} characters", "Say it shorter.", section=section, limit=LONGEST)
    plain = {section: {each: text.replace("\r\n", "\n").strip() for each, text in texts.items()} for section, texts in own.items()}
    return {section: kept for section, texts in plain.items() if (kept := {each: text for each, text in texts.items() if text})}


def is_agreement(value: Any) -> TypeGuard[dict[str, Any]]:
    """Whether parsed JSON has the form of one, as far as it is shown."""
    try:
        sections: list[Any] = value["sections"] if value["schema"] == SCHEMA else [None]
        shown = [each["heading"]["kk"] + each["name"] for each in sections]
        shown += [line["text"][each] + line["cited"][each] for section in sections for line in section["statements"] for each in LANGUAGES]
        shown += [text for section in sections for text in section["own"].values()]
        return all(isinstance(each, str) for each in (*shown, *value["name"].values()))
    except (KeyError, TypeError, AttributeError):
        return False


def gaps(agreement: Mapping[str, Any], language: str) -> list[str]:
    """Gaps that readers of a language see."""
    sections = [section for section in agreement["sections"] if language not in section["own"]]
    return [each["text"][language] for section in sections for each in section["statements"] if each["gap"]]


def lines(section: Mapping[str, Any], language: str) -> list[Statement]:
    """What readers of a language see of a section: an officer's words where there are some, with the sources of what they replace."""
    if language not in section["own"]:
        return list(section["statements"])
    sources = {_bare(each["source"]): each["cited"] for each in section["statements"] if each["source"]}
    first, *rest = sources.items() or [("", dict.fromkeys(LANGUAGES, ""))]
    said = [_statement(dict.fromkeys(LANGUAGES, section["own"][language]), *first)]
    return said + [_statement(dict.fromkeys(LANGUAGES, ""), *each) for each in rest]


def _section(name: str, known: Known, law: Law, cite: Cite, own: Mapping[str, str]) -> dict[str, Any]:
    statements = [*OPENING.get(name, _nothing)(known, law, cite)]
    statements += [found for path in PLACES[name] for found in _provision(path, law, cite)]
    statements += [found for fact in FACTS.get(name, ()) for found in _fact(fact, known, RESTS.get(fact, PLACES[name][0]), cite)]
    if name in ASKED and law.answers.get(ASKED[name], True) is not False:
        statements += _asked(name, known, cite)
    statements += CLOSING.get(name, _nothing)(known, law, cite)
    heading = {each: t(f"agreement.section_{name}", each) for each in LANGUAGES}
    return {"heading": heading, "name": name, "own": dict(own), "statements": statements}


def _asked(name: str, known: Known, cite: Cite) -> list[Statement]:
    """What the company wrote of the system's limits; else a gap."""
    written = [(each, known.limits.get(each, {})) for each in LIMITS] if name == "limits" else []
    said = [
        _statement({lang: f"{t(f'systems.{each}', lang)}: {_in(text, lang)}" for lang in LANGUAGES}, ASKED[name], _cited(ASKED[name], cite))
        for each, text in written
        if any(text.values())
    ]
    return said or [_gap(f"gap_{name}", ASKED[name], cite)]


def _provision(path: str, law: Law, cite: Cite) -> list[Statement]:
    """What a provision says, where it applies; where that is open, a gap; else nothing."""
    place = law.provisions.get(path)
    answer = law.answers.get(path, True) if place else False
    if place is None or answer is False:
        return []
    if answer is None:
        text = {each: t("agreement.gap_applies", each, title=place.title[each]) for each in LANGUAGES}
        return [_statement(text, path, _cited(path, cite), gap=True)]
    if path not in TOLD:
        return [_statement(place.must, place.id, _cited(path, cite))]
    if not TOLD[path]:
        return []
    text = {each: t(f"agreement.told_{TOLD[path]}", each, term=_term(place.deadline or {}, each)) for each in LANGUAGES}
    return [_statement(text, place.id, _cited(path, cite))]


def _term(written: Mapping[str, Any], language: str) -> str:
    """The provision's own term in words, where it has one."""
    return t(f"words.unit.{written['unit']}", language, count=written["within"]) if "within" in written else ""


def _fact(fact: str, known: Known, path: str, cite: Cite) -> list[Statement]:
    """What an answer means for a user; a gap where there is no answer."""
    value = known.facts.get(fact)
    if value is None:
        other, moot = MOOT.get(fact, ("", None))
        return [] if other and known.facts.get(other) is moot else [_gap(f"gap_{fact}", path, cite)]
    word = ("yes" if value else "no") if isinstance(value, bool) else value
    key = f"agreement.fact_{fact}_{word}"
    return [_statement({each: t(key, each) for each in LANGUAGES}, path, _cited(path, cite))] if key in catalogue() else []


def _parties(known: Known, law: Law, cite: Cite) -> list[Statement]:
    """Who answers for the system, in which role."""
    if not any(known.organisation.values()):
        return [_gap("gap_organisation", AGREEMENT, cite)]
    roles = [role for role, fact in (("owner", "owns_system"), ("holder", "holds_system")) if known.facts.get(fact)]
    names = {
        each: {"bin": known.bin or "–", "organisation": _in(known.organisation, each), "system": _in(known.system, each)}
        for each in LANGUAGES
    }
    if not roles:
        said = _statement({each: t("agreement.offered", each, **names[each]) for each in LANGUAGES}, AGREEMENT, _cited(AGREEMENT, cite))
        return [said, _gap("gap_role", AGREEMENT, cite)]
    return [
        _statement({each: t(f"agreement.{role}", each, **names[each]) for each in LANGUAGES}, AGREEMENT, _cited(AGREEMENT, cite))
        for role in roles
    ]


def _purpose(known: Known, law: Law, cite: Cite) -> list[Statement]:
    if not any(known.purpose.values()):
        return [_gap("gap_purpose", PURPOSE, cite)]
    return [_statement({each: _in(known.purpose, each) for each in LANGUAGES}, PURPOSE, _cited(PURPOSE, cite))]


def _models(known: Known, law: Law, cite: Cite) -> list[Statement]:
    if not known.models:
        return []
    text = {each: t("agreement.models", each, models="; ".join(known.models)) for each in LANGUAGES}
    return [_statement(text, PURPOSE, _cited(PURPOSE, cite))]


def _contact(known: Known, law: Law, cite: Cite) -> list[Statement]:
    path = PLACES["support"][0]
    if not any(known.contact.values()):
        return [_gap("gap_contact", path, cite)]
    text = {each: t("agreement.contact", each, contact=_in(known.contact, each)) for each in LANGUAGES}
    return [_statement(text, path, _cited(path, cite))]


def _nothing(known: Known, law: Law, cite: Cite) -> list[Statement]:
    return []


OPENING = {"parties": _parties, "purpose": _purpose, "characteristics": _models}
CLOSING = {"support": _contact}


def _gap(key: str, path: str, cite: Cite) -> Statement:
    return _statement({each: t(f"agreement.{key}", each) for each in LANGUAGES}, path, _cited(path, cite), gap=True)


def _statement(text: Text, source: str, cited: Text, *, gap: bool = False) -> Statement:
    return {"cited": dict(cited), "gap": gap, "source": source, "text": dict(text)}


def _cited(path: str, cite: Cite) -> dict[str, str]:
    return {each: cite(path, each) for each in LANGUAGES}


def _bare(source: str) -> str:
    """The path in an id: `230-VIII/7/1` of `kz/230-VIII/7/1@2026-01-18`."""
    return source.removeprefix("kz/").partition("@")[0]


def _in(texts: Text, language: str) -> str:
    return texts.get(language) or next((text for text in texts.values() if text), "")
