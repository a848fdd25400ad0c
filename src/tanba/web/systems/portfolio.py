"""The portfolio: what is there, what is missing, what to do next. A handful of queries, however many systems."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from tanba.law.tier import LEVELS, tier
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.evidence.status import proved
from tanba.web.incidents.counting import overdue
from tanba.web.narrowing import Narrowing, page_number
from tanba.web.systems.access import systems_of
from tanba.web.systems.models import System
from tanba.web.systems.summary import action

PAGE = 40
ASSESSED = Q(conclusion__in=["classified", "undecided"])
TIERS = {
    "prohibited": Q(conclusion="prohibited"),
    **{level: ASSESSED & Q(risk_levels=level) for level in reversed(LEVELS)},
    "open": Q(conclusion="") | (ASSESSED & Q(risk_levels__contains="-")),
    "outside": Q(conclusion__in=["not_ai_system", "out_of_reach"]),
}
STATES = {"approved": Q(state="approved"), "proposed": Q(state="proposed"), "rejected": Q(state="rejected")}


def needs(today: date) -> dict[str, Q]:
    """What may be missing, as conditions."""
    return {
        "overdue": Q(next_due__lt=today),
        "statute": Q(open_statute__gt=0),
        "house": Q(open_house__gt=0),
        "questions": Q(questions__gt=0) & Q(conclusion__in=["", "undecided"]),
    }


@dataclass(frozen=True)
class Filters(Narrowing):
    """What was asked for in the address. Unknown words are ignored."""

    q: str = ""
    tier: str = ""
    need: str = ""
    state: str = ""
    department: str = ""
    page: int = 1

    @classmethod
    def read(cls, query: Any) -> "Filters":
        """From the address."""
        return cls(
            q=query.get("q", "").replace("\x00", "").strip()[:100],
            tier=query.get("tier") if query.get("tier") in TIERS else "",
            need=query.get("need") if query.get("need") in needs(date.min) else "",
            state=query.get("state") if query.get("state") in STATES else "",
            department=query.get("department", "")[:120],
            page=page_number(query, 6),
        )

    @property
    def given(self) -> bool:
        """Whether anything narrows the list."""
        return any((self.q, self.tier, self.need, self.state, self.department))

    def apply(self, systems: QuerySet[System], today: date) -> QuerySet[System]:
        """Narrow the list; rejected proposals are shown only when asked for."""
        systems = systems.filter(STATES[self.state]) if self.state else systems.exclude(state="rejected")
        systems = systems.filter(TIERS[self.tier]) if self.tier else systems
        systems = systems.filter(needs(today)[self.need]) if self.need else systems
        systems = systems.filter(department=self.department) if self.department else systems
        for word in self.q.casefold().split():
            systems = systems.filter(search__contains=word)
        return systems


@member(scoped=True)
def portfolio(request: MemberRequest) -> HttpResponseBase:
    """The first page of an organisation."""
    today, filters = timezone.localdate(), Filters.read(request.GET)
    systems, whole = systems_of(request), request.reach is None
    counts, named = count(systems, today), request.organisation.department_names()
    found = filters.apply(systems, today)
    total = found.count() if filters.given else counts["systems"]
    pages = max(1, -(-total // PAGE))
    page = min(filters.page, pages)
    context = {
        "filters": filters,
        "counts": counts,
        "bar": bar(counts["tiers"]),
        "proved": proved(systems.exclude(state="rejected")),
        "actions": next_actions(counts, filters),
        "deadlines": deadlines(systems, today),
        "whole": whole,
        "overdue_incidents": overdue(request.organisation, timezone.now()) if whole else 0,
        "departments": sorted(((name, named.get(name, name)) for name in departments(systems)), key=lambda pair: pair[1].casefold()),
        "tiers": TIERS,
        "needs": needs(today),
        "states": STATES,
        "rows": rows(request, found, page, today, named),
        "total": total,
        "page": page,
        "pages": pages,
        "previous": filters.query(page=page - 1) if page > 1 else "",
        "next": filters.query(page=page + 1) if page < pages else "",
        "may_add": request.membership.writes,
        "may_import": request.membership.manages,
    }
    return render(request, "systems/portfolio.html", context)


def count(systems: QuerySet[System], today: date) -> dict[str, Any]:
    """Everything the head of the page counts, from one grouped query."""
    missing = needs(today)
    grouped = systems.exclude(state="rejected").values("state", "conclusion", "risk_levels").order_by()
    found: Any = grouped.annotate(
        n=Count("*"),
        statute=Sum("open_statute"),
        house=Sum("open_house"),
        **{f"n_{name}": Count("state", filter=condition) for name, condition in missing.items()},
    )
    counts: dict[str, Any] = {"systems": 0, "proposed": 0, "statute": 0, "house": 0, "tiers": dict.fromkeys(TIERS, 0)}
    counts |= {f"n_{name}": 0 for name in missing}
    for group in found:
        counts["systems"] += group["n"]
        counts["tiers"][tier(group["conclusion"], group["risk_levels"])] += group["n"]
        counts["proposed"] += group["n"] if group["state"] == "proposed" else 0
        for name in ("statute", "house", *(f"n_{name}" for name in missing)):
            counts[name] += group[name]
    return counts


def bar(tiers: dict[str, int]) -> list[dict[str, Any]]:
    """The tiers as parts of one bar, in hundredths of its width."""
    total, start, parts = sum(tiers.values()) or 1, 0.0, []
    for name, n in tiers.items():
        width = 100 * n / total
        parts.append({"tier": name, "n": n, "start": f"{start:.2f}", "width": f"{max(width - 0.3, 0):.2f}"})
        start += width
    return parts


def next_actions(counts: dict[str, Any], filters: Filters) -> list[dict[str, Any]]:
    """What to do next over the whole portfolio, most urgent first; each leads to the systems it is about."""
    blank = Filters()
    found = (
        ("prohibited", counts["tiers"]["prohibited"], blank.query(tier="prohibited")),
        ("overdue", counts["n_overdue"], blank.query(need="overdue")),
        ("proposed", counts["proposed"], blank.query(state="proposed")),
        ("questions", counts["n_questions"], blank.query(need="questions")),
        ("statute", counts["n_statute"], blank.query(need="statute")),
        ("house", counts["n_house"], blank.query(need="house")),
    )
    return [{"key": f"systems.todo_{key}", "n": n, "query": query, "current": query == filters.query()} for key, n, query in found if n]


def deadlines(systems: QuerySet[System], today: date) -> list[tuple[System, bool]]:
    """The five nearest dates: (system, late)."""
    live = systems.exclude(state="rejected").exclude(stage="retired").filter(next_due__isnull=False)
    return [
        (system, system.next_due < today) for system in live.only("slug", "name", "next_due").order_by("next_due")[:5] if system.next_due
    ]


def departments(systems: QuerySet[System]) -> list[str]:
    """Departments that have systems."""
    return list(systems.exclude(department="").values_list("department", flat=True).order_by("department").distinct()[:200])


def rows(request: MemberRequest, found: QuerySet[System], page: int, today: date, named: dict[str, str]) -> list[dict[str, Any]]:
    """One page of the list, the most urgent first, with the next best action of each system; `named` translates departments."""
    ordered = found.order_by("attention", F("next_due").asc(nulls_last=True), "slug").defer("purpose", "search", "channels", "regions")
    org = request.organisation.pk
    addresses = {
        name: reverse(name, args=[org, "-"]) for name in ("systems:show", "assessments:interview", "assessments:show", "obligations:list")
    }

    def address(name: str, system: System) -> str:
        return addresses[name].replace("/-/", f"/{system.slug}/")

    shown = []
    for system in ordered[(page - 1) * PAGE : page * PAGE]:
        todo = action(system, today)
        shown.append(
            {
                "system": system,
                "address": address("systems:show", system),
                "department": named.get(system.department, system.department),
                "tier": tier(system.conclusion, system.risk_levels),
                "levels": system.risk_levels.split("-") if system.risk_levels else [],
                "late": bool(system.next_due and system.next_due < today),
                "action": todo,
                "action_address": address(todo.page, system) if todo else "",
            }
        )
    return shown
