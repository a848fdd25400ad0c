"""Who may open a page of an organisation: `@member()` for every member, `@member("administrator")` for those roles.

Not signed in: to the sign-in page. Signed in and no member: 404, so that outsiders learn nothing. Another role: 403. An auditor may open
pages and send nothing, whatever the view allows, except to a view with `changes=False`, which only reads what is sent.

An auditor who was let in for engagements only (`Membership.scoped`) opens pages of systems in their scope, those of the organisation that
say `scoped=True` and narrow themselves to `request.reach`, and nothing else (`audits.reach`): a new page is closed until it says so.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django_htmx.middleware import HtmxDetails

from tanba.web.accounts.models import Membership, Organisation, User
from tanba.web.audits.reach import confine, noted

P = ParamSpec("P")
READING = ("GET", "HEAD", "OPTIONS")


class MemberRequest(HttpRequest):
    """A request of a member, as views behind `@member` see it.

    `reach`: the systems that are open to them, None for all; `opened`: what an auditor is shown (a system or an artifact), for the log.
    """

    user: User
    organisation: Organisation
    membership: Membership
    reach: frozenset[UUID] | None
    opened: Any
    htmx: HtmxDetails


View = Callable[Concatenate[MemberRequest, P], HttpResponseBase]


def member(*roles: str, changes: bool = True, scoped: bool = False) -> Callable[[View[P]], Callable[..., HttpResponseBase]]:
    """Let members in; with `roles`, only those. The view's address has `<uuid:org>`, which the view itself does not receive."""

    def decorate(view: View[P]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def checked(request: Any, org: UUID, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            enter(request, org)
            if barred := confine(request, kwargs, scoped):
                return barred
            permit(request, roles, changes)
            return noted(request, view(request, *args, **kwargs))

        return checked

    return decorate


def enter(request: Any, org: UUID) -> None:
    """Set `request.membership` and `request.organisation`. Raises Http404 for outsiders."""
    membership = Membership.objects.select_related("organisation").filter(user=request.user, organisation_id=org).first()
    if membership is None:
        raise Http404
    request.membership, request.organisation = membership, membership.organisation


def permit(request: Any, roles: tuple[str, ...], changes: bool) -> None:
    """Raises PermissionDenied for a role that may not."""
    membership = request.membership
    if (roles and membership.role not in roles) or not (membership.writes or not changes or request.method in READING):
        raise PermissionDenied
