"""Obligation rows with the words of the law beside them. No query here depends on the number of rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils import timezone

from tanba.law.load import load
from tanba.law.model import Law, Provision
from tanba.web.accounts.access import MemberRequest
from tanba.web.obligations.filters import ORDER, SHOWN_LAYERS, STATUSES
from tanba.web.obligations.models import Obligation
from tanba.web.systems.access import may_edit
from tanba.web.systems.models import System

Text = Mapping[str, str]


@dataclass(frozen=True)
class Line:
    """One line of the list."""

    row: Obligation
    title: Text
    must: Text
    deadline: Mapping[str, Any] | None
    provision: Provision | None
    editable: bool

    @property
    def late(self) -> bool:
        """Whether its date has passed."""
        return bool(self.row.due and self.row.due < timezone.localdate() and self.row.status != Obligation.Status.MET)


@lru_cache(maxsize=8)
def provisions_by_id(law: Law) -> dict[str, Provision]:
    """Every edition by its full id."""
    return {p.id: p for p in law.provisions}


def lines(request: MemberRequest, rows: Iterable[Obligation]) -> list[Line]:
    """Rows with titles; an edition that the data no longer has is shown by its path."""
    known = provisions_by_id(load("kz"))
    return [_line(row, known.get(row.provision), may_edit(request, row.system)) for row in rows]


@lru_cache(maxsize=8)
def places(law: Law) -> dict[str, int]:
    """Where a path stands in the law data: article 9 before article 10."""
    return {p.path: place for place, p in reversed([*enumerate(law.provisions)])}


def in_order(rows: Iterable[Obligation]) -> list[Obligation]:
    """Rows of one system: the nearest dates, then what binds most, then the order of the law."""
    place = places(load("kz"))
    return sorted(rows, key=lambda row: (row.due or date.max, ORDER.index(row.layer), place.get(row.path, len(place))))


def _line(row: Obligation, provision: Provision | None, editable: bool) -> Line:
    if provision is None:
        return Line(row, dict.fromkeys(("kk", "ru", "en"), row.path), {}, None, None, editable)
    return Line(row, provision.title, provision.must, provision.deadline, provision, editable)


def summary(systems: QuerySet[System]) -> dict[str, int]:
    """Open under law that was read, and open under house policy: never added up."""
    sums = systems.exclude(state="rejected").aggregate(statute=Sum("open_statute"), house=Sum("open_house"))
    late = Obligation.objects.filter(system__in=systems, active=True, due__lt=timezone.localdate())
    late = late.exclude(status=Obligation.Status.MET).exclude(layer="recommended").exclude(kind="right").exclude(system__state="rejected")
    return {name: value or 0 for name, value in sums.items()} | {"late": late.count()}


def edges() -> dict[str, Any]:
    """What the filter form offers."""
    return {"layers": ("law", *SHOWN_LAYERS[:4], "right", *SHOWN_LAYERS[4:], "recommended"), "statuses": STATUSES}
