"""A system with one risk and one report on fairness."""

from typing import Any

from tanba.digest import canonical_json
from tanba.people.catalogue import risks
from tanba.people.fairness import Case, measure, report
from tanba.people.riskfile import from_catalogue, risk_content
from tanba.seal import Artifact as Sealable
from tanba.web.accounts.models import User
from tanba.web.evidence.models import Artifact
from tanba.web.evidence.outbox import keep
from tanba.web.risks.models import Risk
from tanba.web.systems.models import System


def give(system: System, by: User, pk: Any) -> Artifact:
    """The risk lies under `pk`; returns the report."""
    content = risk_content(from_catalogue(risks()["rubber-stamp"])) | {"title": "Credit scorer"}
    Risk.objects.create(id=pk, system=system, name="own-1", content=content)
    said = report(measure({Case("Credit scorer", True): 3}), "sex", "1")
    return keep(system.organisation, Sealable("fairness", said["schema"], canonical_json(said), "fairness.json"), by, system)
