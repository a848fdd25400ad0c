"""Which systems a member may open and change. Everybody in the organisation reads; managers change all, system owners their own."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from tanba.web.accounts.access import MemberRequest
from tanba.web.accounts.models import Role
from tanba.web.systems.models import System


def system_of(request: MemberRequest, slug: str) -> System:
    """The organisation's system of that slug. Raises Http404."""
    return get_object_or_404(System.objects.select_related("owner", "organisation"), organisation=request.organisation, slug=slug)


def may_edit(request: MemberRequest, system: System) -> bool:
    """Whether the member may change this system."""
    own = request.membership.role == Role.OWNER and system.owner_id == request.user.pk
    return request.membership.manages or own


def system_to_edit(request: MemberRequest, slug: str) -> System:
    """The same system, if the member may change it. Raises Http404 or PermissionDenied."""
    system = system_of(request, slug)
    if not may_edit(request, system):
        raise PermissionDenied
    return system
