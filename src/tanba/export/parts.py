"""Small parts of an OSCAL document: identifiers, properties, texts that its data types accept, metadata (spec/oscal.md)."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from tanba.digest import canonical_json
from tanba.documents.layout import plain
from tanba.export.model import Text, Whole
from tanba.strings import LANGUAGES, t

OURS = "https://tanba.kz/ns/oscal/1"
"""The namespace of our properties and parts, and of our identifiers."""

VERSION = "1.2.1"
NAMESPACE = uuid5(NAMESPACE_URL, OURS)
REMEMBERED = 4096
"""Texts that were looked through letter by letter: those of the law come again with every system."""

MARKUP = re.compile(r"([\\`*_\[\]<>^~{}])")


def uid(*names: str) -> str:
    """The UUID (version 5) of a thing by its names: the same thing has the same one in every export."""
    return str(uuid5(NAMESPACE, "\n".join(names)))


def control_id(path: str) -> str:
    """A provision's path or id as an OSCAL token.

    >>> control_id("kz/230-VIII/21/2@2026-01-18")
    'kz.230-VIII.21.2'
    """
    bare = path.partition("@")[0]
    return (bare if bare.startswith("kz/") else f"kz/{bare}").replace("/", ".")


@lru_cache(maxsize=REMEMBERED)
def value(text: str) -> str:
    """A string of one line, as properties want it; empty where nothing is left."""
    return " ".join(plain(text).split())


def line(text: str) -> str:
    """The same where OSCAL reads markup: nothing in it is taken for markup."""
    return MARKUP.sub(r"\\\1", value(text)) or "–"


@lru_cache(maxsize=REMEMBERED)
def prose(text: str) -> str:
    """A text of several lines that is not taken for markup."""
    return MARKUP.sub(r"\\\1", plain(text)) or "–"


def pick(text: Text, lang: str) -> str:
    """A text in one language; in another where that one is missing."""
    return text.get(lang) or next((each for each in text.values() if each), "")


def kept(**fields: Any) -> dict[str, Any]:
    """An object without what is None, an empty text or an empty list. `control_id` becomes `control-id`, `class_` is `class`."""
    return {name.rstrip("_").replace("_", "-"): each for name, each in fields.items() if each is not None and each not in ("", [])}


def props(**values: Any) -> list[dict[str, str]]:
    """Properties of our namespace in the order given: booleans as words, a list as several, nothing for what is empty."""
    return [
        {"name": name.replace("_", "-"), "ns": OURS, "value": said}
        for name, given in values.items()
        for each in (given if isinstance(given, list | tuple) else [given])
        if each is not None and (said := value(("true" if each else "false") if isinstance(each, bool) else str(each)))
    ]


def moment(day: date | str) -> str:
    """The beginning of a day in Kazakhstan (UTC+5 in the whole country since 1 March 2024)."""
    return f"{day}T00:00:00+05:00"


def metadata(whole: Whole, title: str, lang: str, **more: Any) -> dict[str, Any]:
    """Title, the data's day, language, the organisation where it is known, the state of the ledger, the disclaimer."""
    head = whole.checkpoint
    state = f"{head['origin']} {head['size']} {head['root']}" if head else None
    party = kept(uuid=uid("party", whole.bin or pick(whole.name, "en")), type="organization", name=value(pick(whole.name, lang)))
    party |= kept(props=props(bin=whole.bin))
    return kept(
        title=line(title),
        last_modified=moment(whole.day),
        version=whole.day.isoformat(),
        oscal_version=VERSION,
        props=props(language=lang, ledger_checkpoint=state, **more),
        parties=[party] if "name" in party else [],
        remarks=prose(t("words.disclaimer", lang)),
    )


def others(lang: str) -> Iterator[str]:
    """The languages beside the document's own."""
    return (each for each in LANGUAGES if each != lang)


def document(name: str, head: Mapping[str, Any], listed: str = "", pieces: Iterable[tuple[Any, list[Any]]] = ()) -> Iterator[bytes]:
    """An OSCAL file piece by piece: head, the list `listed` of pieces, resources of the back matter, and last the UUID of all that.

    Each piece comes with the resources it refers to; one that came before is written once. No piece is kept.
    """
    digest = hashlib.sha256()

    def out(data: bytes) -> bytes:
        digest.update(data)
        return data

    resources = {each["uuid"]: each for each in head.get("back-matter", {}).get("resources", [])}
    fields = {key: each for key, each in head.items() if key != "back-matter"}
    yield out(b'{"%s":{%s' % (name.encode(), canonical_json(fields)[1:-1]))
    first = True
    for piece, cited in pieces:
        yield out((b',"%s":[\n' % listed.encode() if first else b",\n") + canonical_json(piece))
        resources |= {each["uuid"]: each for each in cited}
        first = False
    yield out(b"" if first else b"]")
    if resources:
        yield out(b',"back-matter":' + canonical_json({"resources": [resources[each] for each in sorted(resources)]}))
    yield b',"uuid":"%s"}}\n' % uid(name, digest.hexdigest()).encode()
