"""What the list of obligations may be narrowed by. Unknown words in the address are ignored."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone

from tanba.law.assess import LAYERS
from tanba.web.accounts.access import MemberRequest
from tanba.web.lawtracker.views import searchable_paths
from tanba.web.narrowing import Narrowing, page_number
from tanba.web.obligations.models import Obligation
from tanba.web.obligations.sync import READ_LAW

SHOWN_LAYERS = LAYERS[:-1]
"""Recommendations are no obligations until they are adopted, and rights of others are no duties: both are listed only when asked for."""

ORDER = ("statute", "by-law", "other-law", "house", "reported", "companion", "recommended")
"""What binds comes first."""

RANK = Case(*(When(layer=layer, then=Value(rank)) for rank, layer in enumerate(ORDER)), default=Value(len(ORDER)))

STATUSES = tuple(Obligation.Status.values)


@dataclass(frozen=True)
class Filters(Narrowing):
    """The filters in force. `show`: what may apply as well; `who`: mine or nobody's; `late`: overdue only."""

    q: str = ""
    layer: str = ""
    status: str = ""
    who: str = ""
    late: str = ""
    show: str = ""
    system: str = ""
    page: int = 1

    @classmethod
    def read(cls, query: Any) -> "Filters":
        """From the address."""
        known = {"layer": (*LAYERS, "right", "law"), "status": STATUSES, "who": ("mine", "nobody"), "late": ("1",), "show": ("all",)}
        return cls(
            q=query.get("q", "").strip()[:100],
            system=query.get("system", "")[:80],
            page=page_number(query, 5),
            **{name: query.get(name) if query.get(name) in words else "" for name, words in known.items()},
        )

    @property
    def given(self) -> bool:
        """Whether anything narrows the list."""
        return any((self.q, self.layer, self.status, self.who, self.late))

    def apply(self, rows: QuerySet[Obligation], request: MemberRequest) -> QuerySet[Obligation]:
        """Narrow and order: dated first, then by system and provision."""
        rows = rows.filter(active=True).exclude(system__state="rejected")
        rows = rows.filter(self._layers())
        if not self.show:
            rows = rows.filter(Q(answer="applies") | Q(layer="companion"))
        if self.status:
            rows = rows.filter(status=self.status)
        if self.who:
            rows = rows.filter(assignee=request.user if self.who == "mine" else None)
        if self.late:
            rows = rows.filter(due__lt=timezone.localdate()).exclude(status=Obligation.Status.MET)
        for word in self.q.casefold().split():
            rows = rows.filter(Q(system__search__contains=word) | Q(path__in=searchable_paths(word)))
        return rows.order_by(F("due").asc(nulls_last=True), RANK, "system__slug", "path")

    def _layers(self) -> Q:
        if self.layer == "right":
            return Q(kind="right")
        if self.layer:
            return Q(layer__in=READ_LAW if self.layer == "law" else [self.layer]) & ~Q(kind="right")
        return Q(layer__in=SHOWN_LAYERS) & ~Q(kind="right")
