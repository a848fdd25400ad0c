"""Nothing is kept longer than needed: texts of requests that ended long enough ago are erased, by the register itself."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from tanba.web.accounts.models import Organisation
from tanba.web.evidence.rounds import claim
from tanba.web.requests import desk
from tanba.web.requests.models import Request, house_of

AT_ONCE = 200
REASON = "kept as long as the house keeps texts"


def forget_when_due() -> None:
    """One round, once an hour."""
    if claim("requests"):
        forget_old()


def forget_old() -> int:
    """Erase what is due; how many requests lost their texts. What is not sealed yet waits for a later round."""
    done = 0
    for organisation in Organisation.objects.all():
        before = timezone.now() - timedelta(days=house_of(organisation).keep_days)
        readable = Q(text__erased_at=None, text__isnull=False) | Q(answer__erased_at=None, answer__isnull=False)
        old = Request.objects.filter(readable, organisation=organisation, closed__lt=before).order_by("closed")
        done += sum(desk.erase(row, None, REASON) for row in old[:AT_ONCE])
    return done
