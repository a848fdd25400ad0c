"""Changes of a plan into rows, and out of them again: many systems in a few statements."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone

from tanba.ids import many_uuid7
from tanba.law.load import load
from tanba.strings import LANGUAGES
from tanba.web.accounts.models import Organisation, User
from tanba.web.bulk import insert
from tanba.web.exchange.state import PARTS, vendor_part
from tanba.web.systems.models import Fact, Part, System

KINDS = {key: kind for kind, key in PARTS.items()}
COLUMNS = ("name", "purpose", "department", "owner", "vendor", "channels", "regions", "stage", "search")
AT_A_TIME = 500

Changes = Mapping[str, Any]
"""Column key → new value; None takes away."""


class Writer:
    """Gathers what is to be written for one organisation; `flush` writes it."""

    def __init__(self, organisation: Organisation, by: User | None, confirmed: bool) -> None:
        """Facts that are written count as answers of `by`."""
        self.organisation, self.by, self.confirmed = organisation, by, confirmed
        self.owners = {user.email: user for user in organisation.writers()}
        self.law = load("kz").facts
        self.facts: list[tuple[Any, ...]] = []
        self.now = timezone.now()
        self.parts: list[Part] = []

    def create(self, slug: str, changes: Changes, source: str) -> System:
        """A new system; not written yet."""
        system = System(organisation=self.organisation, slug=slug, name={})
        self._describe(system, changes)
        self._answer(system, changes, source)
        self._parts(system, changes, [])
        return system

    def change(self, system: System, changes: Changes, source: str) -> None:
        """Change a system that is there; `flush` writes it."""
        former = system.vendor
        self._describe(system, changes)
        self._answer(system, changes, source)
        there = list(system.parts.order_by("id")) if {"vendor_bin", *KINDS} & changes.keys() else []
        self._parts(system, changes, there, former)

    def flush(self, created: list[System], changed: list[System]) -> None:
        """Write everything, in the transaction of the caller."""
        for system in (*created, *changed):
            system.fold()
        System.objects.bulk_create(created, batch_size=AT_A_TIME)
        System.objects.bulk_update(changed, COLUMNS, batch_size=50)
        Part.objects.bulk_create(self.parts, batch_size=AT_A_TIME)
        columns = ("id", "system", "name", "value", "source", "by", "confirmed", "at")
        insert(Fact, columns, ((key, *row) for key, row in zip(many_uuid7(len(self.facts)), self.facts, strict=True)))

    def _describe(self, system: System, changes: Changes) -> None:
        for key, value in changes.items():
            if key == "owner":
                system.owner = self.owners.get(value) if value else None
            elif key in ("department", "vendor"):
                setattr(system, key, value or "")
            elif key in ("channels", "regions"):
                setattr(system, key, value or [])
            elif key[:-3] in ("name", "purpose") and key[-2:] in LANGUAGES:
                texts = {**getattr(system, key[:-3]), key[-2:]: value}
                setattr(system, key[:-3], {lang: text for lang, text in texts.items() if text})

    def _answer(self, system: System, changes: Changes, source: str) -> None:
        for name in changes.keys() & self.law.keys():
            self.facts.append((system.pk, name, changes[name], source, self.by and self.by.pk, self.confirmed, self.now))
        if "stage" in changes and self.confirmed:
            system.stage = changes["stage"] or ""

    def _parts(self, system: System, changes: Changes, there: list[Part], former: str = "") -> None:
        for key in KINDS.keys() & changes.keys():
            if gone := [part.pk for part in there if part.kind == KINDS[key]]:
                Part.objects.filter(pk__in=gone).delete()
            self.parts += [Part(system=system, kind=KINDS[key], details=details) for details in changes[key] or []]
        if "vendor_bin" in changes:
            self._number(system, changes["vendor_bin"], there, former)

    def _number(self, system: System, number: str | None, there: list[Part], former: str) -> None:
        """The BIN of a vendor stands among the details of its part; one that says no more than name and BIN passes to the next vendor."""
        part = vendor_part(system.vendor, there)
        if part is None and (other := vendor_part(former, there)) and other.details.keys() <= {"name", "bin"}:
            part = other
        details = {**(part.details if part else {}), "name": system.vendor, "bin": number}
        details = {key: text for key, text in details.items() if text}
        if part is None:
            self.parts.append(Part(system=system, kind="vendor", details=details))
        elif len(details) > 1:
            Part.objects.filter(pk=part.pk).update(details=details)
        else:
            part.delete()


def in_pieces(keys: Iterable[UUID], size: int = AT_A_TIME) -> Iterator[list[UUID]]:
    """Ids, so many at a time."""
    every = list(keys)
    yield from (every[start : start + size] for start in range(0, len(every), size))
