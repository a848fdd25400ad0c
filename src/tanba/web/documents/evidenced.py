"""A document that was made, put forward as evidence: for the obligations of its system, or of every system of the organisation.

Making a document proves nothing by itself, and whoever only reads may make one. So somebody who may change the system puts it forward,
and a document that is taken back is taken back as evidence too.
"""

from django.db import transaction
from django.utils import timezone

from tanba.documents.catalogue import TEMPLATES
from tanba.web.accounts.access import MemberRequest
from tanba.web.accounts.models import User
from tanba.web.documents.models import Made
from tanba.web.evidence.forward import put_forward
from tanba.web.evidence.models import Evidence
from tanba.web.evidence.outbox import record
from tanba.web.evidence.status import settle
from tanba.web.systems.access import may_edit
from tanba.web.systems.models import System


def kinds(made: Made) -> tuple[str, ...]:
    """Kinds of evidence that it is; none once it was taken back or put forward."""
    template = TEMPLATES.get(made.stated.get("document", ""))
    if not template or made.withdrawn_at or Evidence.objects.filter(artifact=made.file_id, withdrawn_at=None).exists():
        return ()
    return template.evidences


def may_forward(request: MemberRequest, made: Made) -> bool:
    """Whether the member may change what it is evidence for."""
    system = made.statement.system
    return bool(kinds(made)) and (may_edit(request, system) if system else request.membership.manages)


@transaction.atomic
def forward(made: Made) -> int:
    """For how many obligations it was put forward."""
    system, wanted = made.statement.system, kinds(made)
    live = System.objects.filter(organisation=made.statement.organisation, state="approved").exclude(stage="retired")
    return sum(put_forward(each, made.file, wanted, made.file.name) for each in ([system] if system else live)) if wanted else 0


def take_back(made: Made, by: User) -> None:
    """It counts as evidence no longer. Within the transaction that withdraws the document."""
    standing = Evidence.objects.filter(artifact=made.file_id, withdrawn_at=None)
    rows = list(standing.select_related("obligation__system"))
    standing.update(withdrawn_at=timezone.now(), withdrawn_by=by)
    for row in rows:
        details = {"artifact": str(row.artifact_id), "provision": row.obligation.provision}
        record(row.obligation.system.organisation, "evidence-withdrawal", details, by, row.obligation.system)
    settle({row.obligation.system_id for row in rows})
