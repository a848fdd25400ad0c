"""What the register says of systems, in the form in which a table says it (`Entry.values`)."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from tanba.exchange.cells import plain
from tanba.exchange.columns import fold
from tanba.strings import LANGUAGES
from tanba.web.systems.many import answers_of
from tanba.web.systems.models import Part, System

Values = dict[str, Any]
PARTS = {"model": "models", "data_library": "data_libraries"}
AT_A_TIME = 500


def values_of(systems: Iterable[System]) -> Iterator[tuple[System, Values]]:
    """Each system with its values; a few queries for every 500."""
    some: list[System] = []
    for system in systems:
        some.append(system)
        if len(some) == AT_A_TIME:
            yield from _of_some(some)
            some = []
    yield from _of_some(some)


def _of_some(systems: list[System]) -> Iterator[tuple[System, Values]]:
    keys = [system.pk for system in systems]
    answers = answers_of(keys)
    parts: dict[UUID, list[Part]] = {}
    for part in Part.objects.filter(system__in=keys).order_by("id"):
        parts.setdefault(part.system_id, []).append(part)
    for system in systems:
        yield system, _described(system, parts.get(system.pk, [])) | answers.get(system.pk, {})


def _described(system: System, parts: list[Part]) -> Values:
    texts = {f"name_{lang}": system.name.get(lang) for lang in LANGUAGES} | {
        f"purpose_{lang}": system.purpose.get(lang) for lang in LANGUAGES
    }
    texts |= {"department": system.department, "owner": system.owner.email if system.owner else "", "vendor": system.vendor}
    vendor = vendor_part(system.vendor, parts)
    lists: Values = {"channels": system.channels, "regions": system.regions}
    lists |= {key: [part.details for part in parts if part.kind == kind and part.details] for kind, key in PARTS.items()}
    found = {"slug": system.slug} | {key: plain(text or "") for key, text in texts.items()} | lists
    found["vendor_bin"] = vendor.details.get("bin", "") if vendor else ""
    return {key: value for key, value in found.items() if value}


def vendor_part(vendor: str, parts: Iterable[Part]) -> Part | None:
    """The part that describes the vendor of a system."""
    return next((part for part in parts if part.kind == "vendor" and fold(str(part)) == fold(vendor)), None) if vendor else None
