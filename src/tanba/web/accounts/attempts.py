"""Guessing passwords is slowed down: failures are counted over a quarter of an hour."""

from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone

from tanba.web.accounts.models import SignInAttempt

WINDOW = timedelta(minutes=15)
SAME_BOTH, SAME_ADDRESS, SAME_EMAIL = 5, 30, 50


def too_many(request: HttpRequest, email: str) -> bool:
    """Whether this pair, this address or this account has failed too often lately."""
    recent = SignInAttempt.objects.filter(at__gt=timezone.now() - WINDOW)
    at_address, at_email = recent.filter(address=_address(request)), recent.filter(email=_folded(email))
    return (
        at_address.filter(email=_folded(email)).count() >= SAME_BOTH or at_address.count() >= SAME_ADDRESS or at_email.count() >= SAME_EMAIL
    )


def failed(request: HttpRequest, email: str) -> None:
    """Remember a failure, and forget old ones."""
    SignInAttempt.objects.filter(at__lt=timezone.now() - WINDOW).delete()
    SignInAttempt.objects.create(email=_folded(email), address=_address(request))


def succeeded(request: HttpRequest, email: str) -> None:
    """The right password clears this pair's failures."""
    SignInAttempt.objects.filter(email=_folded(email), address=_address(request)).delete()


def _folded(email: str) -> str:
    return email.strip().lower()[:254]


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))[:64]
