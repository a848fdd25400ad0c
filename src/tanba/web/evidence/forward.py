"""What the register itself made, put forward for the obligations that list its kind of evidence. Status follows once it is sealed."""

from datetime import date

from tanba.law.load import load
from tanba.web.evidence.models import Artifact, Evidence
from tanba.web.obligations.models import Obligation
from tanba.web.systems.models import System


def put_forward(
    system: System, artifact: Artifact, kinds: tuple[str, ...], description: str, expires: date | None = None, *, once: bool = False
) -> int:
    """Put an artifact forward for every obligation of the system that lists one of these kinds. Returns for how many.

    `once`: not where another artifact of the same kind counts already, for what is made every day.
    """
    known = {provision.id: {each["kind"] for each in provision.evidence} for provision in load("kz").provisions}
    owed = Obligation.objects.filter(system=system, active=True, answer="applies").exclude(kind="right")
    fitting = [row for row in owed if known.get(row.provision, set()) & set(kinds)]
    if once and fitting:
        counts = Evidence.objects.filter(obligation__in=fitting, artifact__kind=artifact.kind, withdrawn_at=None, artifact__erased_at=None)
        there = set(counts.values_list("obligation_id", flat=True))
        fitting = [row for row in fitting if row.pk not in there]
    rows = [Evidence(obligation=row, artifact=artifact, description=description[:300], expires=expires) for row in fitting]
    return len(Evidence.objects.bulk_create(rows))
