"""What single features of the register know of a system, for its documents: agreement, notices, evidence bundle."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from tanba.errors import TanbaError
from tanba.material.agreement import agreement_of
from tanba.material.notices import notices_of
from tanba.web.agreements.drafting import draft
from tanba.web.agreements.models import in_force
from tanba.web.evidence.collect import indexed
from tanba.web.faces.models import face_of
from tanba.web.notices import desk as notices
from tanba.web.systems.models import System


def parts_of(system: System, base: str = "") -> dict[str, Any]:
    """As `tanba.documents.known` has parts; `base` stands before the address of the public page, where that is open. Raises StoreError."""
    return {"agreement": _agreement(system), "bundle": indexed(system), "notices": _notices(system, base)}


def _agreement(system: System) -> dict[str, Any]:
    """The version in force, else the draft of today."""
    found = in_force(system, timezone.localdate())
    content = found.content if found else draft(system)
    return agreement_of(content, content["date"], found.effective.isoformat() if found else "")


def _notices(system: System, base: str) -> dict[str, Any] | None:
    """None where the policy's file cannot be read: the page of notices says why, and other documents do not need it."""
    page = f"{base}{reverse('faces:page', args=[system.pk])}" if base and face_of(system).published else ""
    try:
        policy = notices.policy()
    except TanbaError:
        return None
    versions = [(version, since) for version, since, _ in notices.shown().versions()]
    return notices_of(policy, lambda lang: notices.about(system, lang, page), versions)
