"""The list of requests: two queries of its own, however many there are."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from tanba.people.requests import KINDS, STATES
from tanba.web.accounts.access import MemberRequest
from tanba.web.accounts.models import Organisation
from tanba.web.narrowing import Narrowing, page_number
from tanba.web.requests.models import Request
from tanba.web.systems.models import System

PAGE = 50


def is_late() -> Q:
    """Open, with its term passed."""
    return Q(closed=None, due__lt=timezone.now())


@dataclass(frozen=True)
class Filters(Narrowing):
    """The filters in force. Without a state, what is open."""

    kind: str = ""
    state: str = ""
    late: str = ""
    who: str = ""
    system: str = ""
    number: str = ""
    page: int = 1

    @classmethod
    def read(cls, query: Any) -> "Filters":
        """From the address; unknown words are ignored."""
        known = {"kind": tuple(KINDS), "state": (*STATES, "all"), "late": ("1",), "who": ("mine", "nobody")}
        return cls(
            system=query.get("system", "").replace("\x00", "")[:80],
            number=query.get("number", "").replace("\x00", "").strip().upper()[:9],
            page=page_number(query, 5),
            **{name: query.get(name) if query.get(name) in words else "" for name, words in known.items()},
        )

    @property
    def given(self) -> bool:
        """Whether anything narrows the list."""
        return any((self.kind, self.state, self.late, self.who, self.system, self.number))

    def apply(self, rows: QuerySet[Request], request: MemberRequest) -> QuerySet[Request]:
        """Narrow and order: what is open by its date, else the newest."""
        rows = rows.filter(kind=self.kind) if self.kind else rows
        rows = rows.filter(system__slug=self.system) if self.system else rows
        rows = rows.filter(number=self.number) if self.number else rows
        rows = rows.filter(is_late()) if self.late else rows
        if self.who:
            rows = rows.filter(assignee=request.user if self.who == "mine" else None)
        if self.state in STATES:
            rows = rows.filter(state=self.state)
        elif not self.state and not self.number:
            rows = rows.filter(closed=None)
        newest = self.state or self.number
        return rows.order_by("-received") if newest else rows.order_by(F("due").asc(nulls_last=True), "received")


def counts(organisation: Organisation) -> dict[str, int]:
    """Open, late, waiting for identity, unassigned: one query."""
    open_ = Request.objects.filter(organisation=organisation, closed=None)
    found: dict[str, int] = open_.aggregate(
        open=Count("pk"),
        late=Count("pk", filter=is_late()),
        identity=Count("pk", filter=Q(state="identity")),
        nobody=Count("pk", filter=Q(assignee=None)),
    )
    return found


def late_of(organisation: Organisation) -> int:
    """How many of an organisation are late: for the portfolio."""
    return Request.objects.filter(is_late(), organisation=organisation).count()


def of_system(system: System) -> dict[str, Any]:
    """How many of a system are open and late, and the nearest: for its page."""
    rows = Request.objects.filter(system=system, closed=None)
    return {
        "nearest": list(rows.order_by(F("due").asc(nulls_last=True))[:3]),
        **rows.aggregate(open=Count("pk"), late=Count("pk", filter=is_late())),
    }
