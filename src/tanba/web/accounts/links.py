"""Links that let people in: signed, dated, good for one use."""

from uuid import UUID

from django.contrib.auth import login
from django.core import signing
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from tanba.web.accounts.models import Invitation, SignInLink, User

SETUP_SECONDS = 24 * 3600
BACKEND = "django.contrib.auth.backends.ModelBackend"


BY_LINK = "by_link"
"""Set in the session of whoever came by a one-time link: they may set a new password without the old one, which they forgot."""


def sign_in_path(user: User) -> str:
    """A new sign-in link for `user`, without host."""
    link = SignInLink.objects.create(user=user)
    return reverse("accounts:link", args=[signing.dumps(str(link.pk), salt="sign-in")])


def open_link(token: str) -> SignInLink | None:
    """The link of a token while it can be used."""
    found = SignInLink.objects.select_related("user").filter(pk=_signed(token, "sign-in"), used_at=None, expires__gt=timezone.now())
    link = found.first()
    return link if link and link.user.is_active else None


@transaction.atomic
def use_link(request: HttpRequest, token: str) -> bool:
    """Sign the link's user in, once. False if it was used or has ended."""
    link = open_link(token)
    if link is None or not SignInLink.objects.filter(pk=link.pk, used_at=None).update(used_at=timezone.now()):
        return False
    login(request, link.user, backend=BACKEND)
    request.session[BY_LINK] = True
    return True


def invitation_path(invitation: Invitation) -> str:
    """The link of an invitation, without host."""
    return reverse("accounts:join", args=[signing.dumps(str(invitation.pk), salt="invitation")])


def open_invitation(token: str) -> Invitation | None:
    """The invitation of a token while it can be accepted."""
    found = Invitation.objects.select_related("organisation", "made_by")
    return found.filter(pk=_signed(token, "invitation"), accepted_at=None, expires__gt=timezone.now()).first()


def setup_path() -> str:
    """The link by which an empty register gets its first administrator."""
    return reverse("accounts:setup", args=[signing.dumps("first", salt="setup")])


def setup_is_open(token: str) -> bool:
    """Whether the set-up link is genuine, fresh, and nobody is registered yet."""
    try:
        signing.loads(token, salt="setup", max_age=SETUP_SECONDS)
    except signing.BadSignature:
        return False
    return not User.objects.exists()


def _signed(token: str, salt: str) -> UUID:
    """The id in a token; for one that we did not sign, an id that nothing has."""
    try:
        return UUID(str(signing.loads(token, salt=salt)))
    except (signing.BadSignature, ValueError):
        return UUID(int=0)
