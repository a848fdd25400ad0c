"""What people do with forms of dealings with the state: each act in one transaction, sealed with the version that it made.

A version names persons (who is in charge, an officer), so it is kept as a file that can be erased; the ledger takes a commitment.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from tanba.calendars.changes import calendar_of
from tanba.digest import canonical_json
from tanba.law.load import load
from tanba.law.rulebook import on
from tanba.law.tier import LEVELS
from tanba.material import state
from tanba.state import pilot, security, trustedlist
from tanba.state.form import read, write
from tanba.strings import LANGUAGES
from tanba.web.accounts.models import User
from tanba.web.evidence.forward import put_forward
from tanba.web.evidence.outbox import upload
from tanba.web.language import say
from tanba.web.lawtracker.models import Adoption
from tanba.web.obligations.models import Obligation
from tanba.web.obligations.sync import recount
from tanba.web.state.models import StateForm
from tanba.web.systems.models import System
from tanba.workspace import current

FORMS: Mapping[str, tuple[type[Any], str, str]] = {
    "pilot": (pilot.Pilot, pilot.SCHEMA, "pilot-plan"),
    "trusted-list": (trustedlist.Application, trustedlist.SCHEMA, "trusted-list-step"),
    "security": (security.Dossier, security.SCHEMA, "security-dossier"),
}
"""{form: (its class, its schema, the kind of its sealed versions)}."""

DATED = {"pilot": pilot.PRACTICE, "security": security.TESTS}
"""Practice whose date follows from a form: the end of the pilot, the next penetration test."""


def row_of(system: System, name: str) -> StateForm:
    """The form; a new one, not saved, where nobody wrote it."""
    row = StateForm.objects.select_related("artifact", "by").filter(system=system, name=name).first()
    return row or StateForm(system=system, name=name)


def value(row: StateForm) -> Any:
    """As the rules take it."""
    return read(FORMS[row.name][0], "", {"system": row.system.slug} | row.content)


def look(row: StateForm) -> dict[str, Any]:
    """What it lacks, whose clock runs, what comes next (tanba.state-check/1), in three languages."""
    day, written, system = timezone.localdate(), value(row), row.system
    book = on(load("kz"), day)
    if row.name == "pilot":
        return state.pilot_of(book, written)
    if row.name == "trusted-list":
        never = [] if system.conclusion else list(LEVELS)  # any of them, as long as nobody has assessed the system
        degrees = system.risk_levels.split("-") if system.risk_levels else never
        return state.trusted_list_of(book, written, calendar_of(current().calendar), degrees)
    return state.security_of(book, written, duty_of(system), Adoption.objects.paths(system.organisation_id, day))


def parts(system: System) -> dict[str, Any]:
    """Forms that were written, as parts of the material of documents."""
    rows = StateForm.objects.filter(system=system).select_related("system__organisation")
    return {row.name.replace("-", "_"): state.part(value(row), look(row)) for row in rows}


def duty_of(system: System) -> str:
    """Whether art. 17(1) equates the system to state ones; unknown where it was never assessed."""
    row = Obligation.objects.filter(system=system, path=security.EQUATED, active=True).first()
    return str(row.answer) if row else "not_applicable" if system.conclusion else "unknown"


@transaction.atomic
def save(system: System, name: str, changes: Mapping[str, Any], seen: int, by: User | None) -> StateForm | None:
    """Put changes into the form and seal it as it then is. None where somebody else changed it since `seen`. Raises InputError."""
    StateForm.objects.get_or_create(system=system, name=name)
    row = StateForm.objects.select_for_update().get(system=system, name=name)
    if row.version != seen:
        return None
    content = {**row.content, **{key: _merged(row.content.get(key), new) for key, new in changes.items()}}
    form, schema, kind = FORMS[name]
    written = write(read(form, "", {**content, "system": system.slug}))
    row.content, row.version, row.by, row.at = written, row.version + 1, by, timezone.now()
    row.artifact = upload(system, kind, f"{name}.json", canonical_json({"schema": schema, **written}), by)
    row.artifact.save()
    row.save()
    _set_dates(system, name, value(row))
    return row


def add_event(system: System, event: trustedlist.Event, seen: int, by: User) -> StateForm | None:
    """Something happened with an application. None where somebody else changed it. Raises InputError where it cannot have."""
    events = (*value(row_of(system, "trusted-list")).events, event)
    trustedlist.checked(events, timezone.localdate())
    return save(system, "trusted-list", {"events": write(events)}, seen, by)


def kinds_of(row: StateForm) -> tuple[str, ...]:
    """Kinds of evidence as which its sealed version can be put forward; none while it shows too little."""
    written = value(row)
    if row.name == "security":
        return security.evidenced(written, timezone.localdate())
    return pilot.evidenced(written) if row.name == "pilot" else trustedlist.evidenced(written)


def forward(row: StateForm) -> int:
    """Put the sealed version forward for every duty or practice of the system that lists what it shows. Returns for how many."""
    if row.artifact is None or is_forwarded(row):
        return 0
    said = say("statepages.evidence", form=say(f"statepages.form_{row.name.replace('-', '_')}"), day=timezone.localdate().isoformat())
    return put_forward(row.system, row.artifact, kinds_of(row), said)


def is_forwarded(row: StateForm) -> bool:
    """Whether this very version stands as evidence."""
    return row.artifact is not None and row.artifact.evidence.filter(withdrawn_at=None).exists()


def _merged(before: Any, new: Any) -> Any:
    """A form inside the form keeps what the page did not ask for."""
    return {**before, **new} if isinstance(before, dict) and isinstance(new, dict) and set(new) - set(LANGUAGES) else new


def _set_dates(system: System, name: str, written: Any) -> None:
    """The date of a practice follows the form, and with it the portfolio."""
    if name not in DATED:
        return
    running = name == "pilot" and written.decision.outcome == "open"
    due: date | None = (written.window.until if running else None) if name == "pilot" else written.next_test
    Obligation.objects.filter(system=system, path=DATED[name]).update(due=due, due_proposed=False)
    recount(System.objects.filter(pk=system.pk))
