"""An outside auditor with a seat in an engagement, in few words."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from tanba.web.accounts.models import Membership, Organisation, User
from tanba.web.audits import desk
from tanba.web.audits.models import Engagement
from tanba.web.systems.models import System
from tests_web import PASSWORD

EMAIL = "erlan@audit.example"


def engage(organisation: Organisation, systems: Iterable[System], by: User, **more: Any) -> Engagement:
    """From today, for ten days."""
    today = timezone.localdate()
    values = {"auditor": "Burkit Audit LLP", "starts": today, "ends": today + timedelta(days=10), **more}
    return desk.begin(organisation, values, systems, by)


def seated(engagement: Engagement, by: User, email: str = EMAIL, name: str = "Erlan") -> User:
    """A person who accepted the invitation."""
    desk.invite(engagement, email, by)
    user = User.objects.create_user(email, PASSWORD, name=name, language="en")
    Membership.objects.create(user=user, organisation=engagement.organisation, role="auditor", scoped=True)
    engagement.organisation.invitations.filter(email=email).update(accepted_at=timezone.now())
    return user


def turn_to(monkeypatch: Any, day: date) -> None:
    """Another day is today in Almaty, for every part that asks `timezone.localdate`."""
    monkeypatch.setattr(timezone, "localdate", lambda value=None, zone=None: day)
