"""The status of obligations follows from what is sealed (design decision 15), never from anybody's word.

Valid sealed evidence gives `evidenced`; an acceptance that holds gives `met`, unless the text of the provision was not read; when evidence
expires, is withdrawn or erased, the status falls back by itself.
"""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When

from tanba.web.evidence.models import Acceptance, Evidence
from tanba.web.obligations.models import Obligation
from tanba.web.obligations.sync import recount
from tanba.web.systems.models import System

UNREAD = ("reported", "companion")
"""Layers whose text nobody here has read: their criteria are ours, so meeting them proves nothing about the law."""


def settle(systems: Collection[UUID] | None = None) -> int:
    """Bring the status of the obligations of some systems (all) in line. Returns how many changed."""
    rows = Obligation.objects.all() if systems is None else Obligation.objects.filter(system_id__in=systems)
    accepted = Exists(Acceptance.objects.holding().filter(obligation=OuterRef("pk")))
    evidenced = Exists(Evidence.objects.valid().filter(obligation=OuterRef("pk")))
    right = Case(
        When(Q(accepted) & ~Q(layer__in=UNREAD), then=Value(Obligation.Status.MET)),
        When(evidenced, then=Value(Obligation.Status.EVIDENCED)),
        default=Value(Obligation.Status.OPEN),
    )
    touched = rows.filter(Q(evidence__isnull=False) | ~Q(status=Obligation.Status.OPEN)).distinct()
    found = touched.annotate(right=right).values_list("pk", "system_id", "status", "right")
    changed = [(pk, system, should) for pk, system, is_, should in found if is_ != should]
    for status in Obligation.Status:
        Obligation.objects.filter(pk__in=[pk for pk, _, should in changed if should == status]).update(status=status)
    if changed:
        recount(System.objects.filter(pk__in={system for _, system, _ in changed}))
    return len(changed)


def proved(systems: QuerySet[System]) -> dict[str, int]:
    """How many obligations that apply are evidenced, and how many met.

    Read from the evidence, of which there is less than of obligations.
    """
    of = Evidence.objects.filter(obligation__system__in=systems).values("obligation")
    rows = Obligation.objects.filter(pk__in=of, active=True, answer="applies").exclude(status=Obligation.Status.OPEN)
    return dict(rows.order_by().values_list("status").annotate(n=Count("pk")))
