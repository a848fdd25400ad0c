"""Systems as files: SYSTEM.yaml out, SYSTEM.yaml and model descriptions in."""

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from tanba.errors import InputError
from tanba.law.facts import SCHEMA, SystemFile, parse_system
from tanba.law.importers import MAX_BYTES, Imported, import_facts
from tanba.law.load import load
from tanba.people.principles import checked_texts
from tanba.people.written import checked_limits
from tanba.web.accounts.models import Organisation, User
from tanba.web.systems.models import Part, System
from tanba.web.systems.naming import new_slug
from tanba.yamlfile import read_text

PARTS = {"models": "model", "data_libraries": "data_library", "vendor": "vendor"}
Suggested = tuple[str, Any, str]  # fact, value, source


class _Plain(yaml.SafeDumper):
    """Writes every value in full: our reader refuses anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        """Never use them."""
        return True


def system_yaml(system: System) -> str:
    """The system as text that `tanba assess` and the import read."""
    parts = {key: [part.details for part in system.parts.order_by("id") if part.kind == kind] for key, kind in PARTS.items()}
    content = {
        "schema": SCHEMA,
        "system": system.slug,
        "name": system.name,
        "purpose": system.purpose,
        "department": system.department,
        "owner": system.owner.email if system.owner else "",
        "vendor": system.vendor,
        "channels": system.channels,
        "regions": system.regions,
        "limits": system.limits,
        **{key: found for key, found in parts.items() if found},
        "principles": _principles(system),
    }
    facts = {name: {"value": fact.value, "source": fact.source} for name, fact in system.answers().items()}
    waiting = {name: {"value": row.value, "source": row.source, "confirmed": False} for name, row in system.suggested().items()}
    shown = {key: value for key, value in content.items() if value} | {"facts": waiting | facts}
    return yaml.dump(shown, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=120)


def _principles(system: System) -> dict[str, dict[str, str]]:
    """The newest text of each; the last word may be none."""
    newest = {row.principle: row.text for row in system.principle_texts.order_by("id")}
    return {name: text for name, text in newest.items() if text}


def read_upload(upload: "UploadedFile[Any]") -> SystemFile | Imported:
    """What an uploaded file says. Raises InputError, which names the file as the person knows it."""
    name = Path(upload.name or "file").name
    if (upload.size or 0) > MAX_BYTES:
        raise InputError("is larger than {limit:,} bytes", "This does not look like the expected file.", name, limit=MAX_BYTES)
    with tempfile.TemporaryDirectory() as folder:
        # Importers may name a model after its folder; a file system takes 255 bytes, the browser sent up to 255 letters.
        path = Path(folder) / "model" / name.encode()[-200:].decode("utf-8", "ignore")
        path.parent.mkdir()
        path.write_bytes(upload.read())
        try:
            return read_file(path)
        except InputError as error:
            raise error.at(name, error.line) from None


def read_file(path: Path) -> SystemFile | Imported:
    """A SYSTEM.yaml, or the description of a model. Raises InputError."""
    if path.suffix in (".yaml", ".yml") and _describes_system(path):
        found = parse_system(read_text(path, MAX_BYTES), load("kz"), path)
        checked_texts(found.details.get("principles"))
        checked_limits(found.details.get("limits"))
        return found
    return import_facts(path)


def _describes_system(path: Path) -> bool:
    head = path.read_bytes()[:100_000].decode("utf-8", "replace")
    return any(line.startswith((f"schema: {SCHEMA}", "facts:", "system:")) for line in head.splitlines())


def suggestions_of(found: SystemFile | Imported, name: str) -> list[Suggested]:
    """Every answer in a file, as suggestions with their source."""
    if isinstance(found, Imported):
        return [(entry.fact, entry.value, entry.source) for entry in found.suggestions]
    return [(fact, answer.value, answer.source or name) for fact, answer in found.answers.items()]


def parts_of(found: SystemFile | Imported) -> list[tuple[str, dict[str, str]]]:
    """Every part in a file: (kind, details)."""
    if isinstance(found, Imported):
        named = {"model": found.models, "data_library": found.data_libraries}
        return [(kind, details) for kind, entries in named.items() for details in entries]
    return [
        (kind, details)
        for key, kind in PARTS.items()
        for details in _details(found.details.get(key))
        if kind != "vendor" or len(details) > 1
    ]


def _details(written: Any) -> Iterable[dict[str, str]]:
    """Names or mappings → mappings of texts."""
    for entry in written if isinstance(written, list) else [written] if written else []:
        if isinstance(entry, Mapping):
            yield {str(key): str(value) for key, value in entry.items() if value not in (None, "")}
        else:
            yield {"name": str(entry)}


def take_parts(system: System, found: SystemFile | Imported) -> None:
    """Add the parts that a file names and the system does not have yet."""
    known = [(part.kind, part.details) for part in system.parts.all()]
    system.parts.bulk_create(
        Part(system=system, kind=kind, details=details) for kind, details in parts_of(found) if (kind, details) not in known
    )


def take_principles(system: System, found: SystemFile | Imported, by: User | None) -> None:
    """Add what a file says the system does for principles about which nobody has written yet. Raises InputError."""
    written = {} if isinstance(found, Imported) else checked_texts(found.details.get("principles"))
    there = set(system.principle_texts.values_list("principle", flat=True))
    for name, text in written.items():
        if name not in there:
            system.principle_texts.create(principle=name, text=_texts(text), by=by)


@transaction.atomic
def take(system: System, found: SystemFile | Imported, name: str, by: User) -> int:
    """Add what a file says: parts that are new, and answers that differ, as suggestions. Returns how many answers."""
    take_parts(system, found)
    take_principles(system, found, by)
    facts, waiting, taken = system.facts(), system.suggested(), 0
    for fact, value, source in suggestions_of(found, name):
        if facts.get(fact) != value and (fact not in waiting or waiting[fact].value != value):
            system.answer(fact, value, source, by, confirmed=False)
            taken += 1
    return taken


def new_system(organisation: Organisation, found: SystemFile | Imported, **fields: Any) -> System:
    """A system with a file's name and description; its facts and parts are taken separately."""
    if isinstance(found, Imported):
        name = found.name[:200]
        return System.objects.create(organisation=organisation, slug=new_slug(organisation, name), name={"en": name}, **fields)
    details = found.details
    described = {
        "purpose": _texts(details.get("purpose")),
        "department": str(details.get("department") or "")[:120],
        "vendor": _vendor(details.get("vendor"))[:120],
        "channels": _list(details.get("channels")),
        "regions": _list(details.get("regions")),
        "limits": {name: _texts(text) for name, text in checked_limits(details.get("limits")).items()},
    }
    slug = new_slug(organisation, found.slug)
    return System.objects.create(organisation=organisation, slug=slug, name=dict(found.name), **described, **fields)


def _texts(written: Any) -> dict[str, str]:
    if isinstance(written, Mapping):
        return {language: str(text) for language, text in written.items() if language in ("kk", "ru", "en") and text}
    return {"ru": str(written)} if written else {}


def _list(written: Any) -> list[str]:
    return [str(item) for item in (written if isinstance(written, list) else [written]) if item not in (None, "")]


def _vendor(written: Any) -> str:
    first = written[0] if isinstance(written, list) and written else written
    return str(first.get("name", "") if isinstance(first, Mapping) else first or "")
