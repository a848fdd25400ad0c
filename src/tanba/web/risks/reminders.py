"""Letters that a refresh comes: to the owner of a system, else to compliance officers, once for each date.

Without a mail server nothing is sent, and the portfolio shows the date all the same.
"""

import logging
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from tanba.errors import TanbaError
from tanba.strings import t
from tanba.web.accounts.models import Role, User
from tanba.web.evidence.rounds import claim
from tanba.web.incidents.channels import NEEDED, UndeliveredError, mail_server
from tanba.web.obligations.models import Obligation
from tanba.web.risks.desk import REFRESH
from tanba.web.risks.models import Reminder
from tanba.workspace import Config, current

BATCH, MOST_TRIES, PAUSE = 50, 10, timedelta(hours=1)
_report = logging.getLogger("tanba.risks")


def remind_when_due() -> None:
    """One round, once an hour."""
    if claim("risks"):
        remind()


def remind() -> int:
    """One round: write what is due, send what waits. Returns how many letters left."""
    config = current().config()
    if not all(getattr(config, name) for name in NEEDED["email"]):
        return 0
    _write()
    return sum(_send(row, config) for row in _waiting())


def _write() -> None:
    """A letter for each person and date whose reminder has come."""
    today = timezone.localdate()
    rows = Obligation.objects.filter(path=REFRESH, active=True, due__isnull=False, remind_on__lte=today)
    for row in rows.exclude(system__state="rejected").select_related("system__owner"):
        for person in [row.system.owner] if row.system.owner else _officers(row.system.organisation_id):
            Reminder.objects.get_or_create(system_id=row.system_id, due=str(row.due), to=person)


def _officers(organisation: UUID) -> list[User]:
    return list(User.objects.filter(memberships__organisation=organisation, memberships__role=Role.COMPLIANCE, is_active=True))


def _waiting() -> list[Reminder]:
    found = Reminder.objects.filter(sent_at=None, tries__lt=MOST_TRIES, next_try__lte=timezone.now(), to__is_active=True)
    return list(found.select_related("system", "to").order_by("next_try")[:BATCH])


def _send(row: Reminder, config: Config) -> bool:
    """Whoever moves `next_try` on sends; a letter names a day and a link."""
    from tanba import net

    mine = Reminder.objects.filter(pk=row.pk, next_try=row.next_try, sent_at=None)
    if not mine.update(next_try=timezone.now() + PAUSE, tries=row.tries + 1):
        return False
    base = config.public_address.rstrip("/") or f"http://{config.host}:{config.port}"
    link = f"{base}/o/{row.system.organisation_id}/systems/{row.system.slug}/risks/"
    text = t("riskpages.letter", row.to.language, day=row.due.isoformat(), link=link)
    try:
        net.mail(mail_server(config), config.smtp_from, row.to.email, t("riskpages.letter_subject", row.to.language), text + "\n")
    except (UndeliveredError, TanbaError) as error:
        _report.warning("a reminder of a refresh was not taken: %s", error)
        return False
    return bool(Reminder.objects.filter(pk=row.pk).update(sent_at=timezone.now()))
