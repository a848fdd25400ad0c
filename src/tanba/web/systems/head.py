"""The head of every page of a system: name, tier, tabs. Other features' pages of a system show it too."""

from typing import Any

from tanba.law.tier import tier
from tanba.web.accounts.access import MemberRequest
from tanba.web.faces.suspensions import stop_of
from tanba.web.systems.access import may_edit
from tanba.web.systems.models import System


def head(request: MemberRequest, system: System, tab: str) -> dict[str, Any]:
    """Context for `{% include "systems/head.html" %}`. `tab`: overview, assessment, obligations, facts or parts."""
    return {
        "system": system,
        "tab": tab,
        "may_edit": may_edit(request, system),
        "department": request.organisation.department_names().get(system.department, system.department),
        "tier": tier(system.conclusion, system.risk_levels),
        "stopped": stop_of(system),
        "levels": system.risk_levels.split("-") if system.risk_levels else [],
    }
