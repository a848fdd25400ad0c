"""Which systems a member may open and change: everybody reads, scoped auditors what is in scope; managers change all, owners their own."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from tanba.web.accounts.access import MemberRequest
from tanba.web.accounts.models import Role
from tanba.web.systems.models import System


def systems_of(request: MemberRequest) -> "QuerySet[System]":
    """The organisation's systems that this member may see."""
    found = System.objects.filter(organisation=request.organisation)
    return found if request.reach is None else found.filter(pk__in=request.reach)


def in_reach(request: MemberRequest) -> Q:
    """The condition that a row's `system` is one that this member may see."""
    whole = Q(system__organisation=request.organisation)
    return whole if request.reach is None else whole & Q(system__in=request.reach)


def system_of(request: MemberRequest, slug: str) -> System:
    """The organisation's system of that slug. Raises Http404."""
    return get_object_or_404(systems_of(request).select_related("owner", "organisation"), slug=slug)


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
