"""Who may open a page of an organisation: `@member()` for every member, `@member("administrator")` for those roles.

Not signed in: to the sign-in page. Signed in and no member: 404, so that outsiders learn nothing. Another role: 403. An auditor may open
pages and send nothing, whatever the view allows, except to a view with `changes=False`, which only reads what is sent.
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

P = ParamSpec("P")
READING = ("GET", "HEAD", "OPTIONS")


class MemberRequest(HttpRequest):
    """A request of a member, as views behind `@member` see it."""

    user: User
    organisation: Organisation
    membership: Membership
    htmx: HtmxDetails


View = Callable[Concatenate[MemberRequest, P], HttpResponseBase]


def member(*roles: str, changes: bool = True) -> Callable[[View[P]], Callable[..., HttpResponseBase]]:
    """Let members in; with `roles`, only those. The view's address has `<uuid:org>`, which the view itself does not receive."""

    def decorate(view: View[P]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def checked(request: Any, org: UUID, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            enter(request, org, roles, changes)
            return view(request, *args, **kwargs)

        return checked

    return decorate


def enter(request: Any, org: UUID, roles: tuple[str, ...], changes: bool) -> None:
    """Set `request.membership` and `request.organisation`. Raises Http404 for outsiders, PermissionDenied for a role that may not."""
    membership = Membership.objects.select_related("organisation").filter(user=request.user, organisation_id=org).first()
    if membership is None:
        raise Http404
    request.membership, request.organisation = membership, membership.organisation
    if (roles and membership.role not in roles) or not (membership.writes or not changes or request.method in READING):
        raise PermissionDenied
