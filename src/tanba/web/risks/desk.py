"""What people do with the risks of a system: each act in one transaction with its version and its sealed record.

Acts name no person. The register that a review seals does (who is in charge of a measure), so it is kept as a file that can be erased.
"""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from tanba.digest import canonical_json
from tanba.law.load import load
from tanba.law.rulebook import on
from tanba.people.riskfile import from_catalogue, register_content, risk_content
from tanba.people.risks import SOON, Finding, Register, due, evidenced, findings
from tanba.people.risks import Risk as Value
from tanba.web.accounts.models import User
from tanba.web.evidence import outbox
from tanba.web.evidence.forward import put_forward
from tanba.web.language import say
from tanba.web.obligations.models import Obligation
from tanba.web.obligations.sync import recount
from tanba.web.risks.models import Act, Review, Risk, Version
from tanba.web.systems.models import System

REFRESH = "230-VIII/18/1/4"
NAMES = ("owner", "by")


def period(day: date) -> str | None:
    """The period of the refresh that is in force on a day; None where no provision sets one."""
    provision = on(load("kz"), day).provisions.get(REFRESH)
    return str(provision.deadline["every"]) if provision and provision.deadline else None


def register_of(system: System, rows: list[Risk], reviewed: date | None) -> Register:
    """As the rules take it."""
    return Register(system.slug, tuple(row.value() for row in rows), reviewed, system.purpose)


def state(system: System, day: date) -> tuple[list[Risk], Review | None, Register, list[Finding], date | None]:
    """(risks, last review, register, what is missing, next refresh) in two statements."""
    rows = list(system.risks.filter(removed=False))
    last = system.risk_reviews.select_related("by").first()
    register = register_of(system, rows, last.on if last else None)
    every = period(day)
    return rows, last, register, findings(register, day, every), due(register.reviewed, every)


@transaction.atomic
def add(system: System, value: Value, by: User | None) -> Risk:
    """Enter a risk. The caller looked whether its name is free."""
    row = Risk.objects.create(system=system, name=value.id, content=risk_content(value))
    _note(row, Act.ADDED, by)
    return row


def add_known(system: System, wanted: list[str], by: User | None) -> list[Risk]:
    """Enter risks of the catalogue that are not in the register yet."""
    from tanba.people.catalogue import risks

    there = set(system.risks.filter(removed=False).values_list("name", flat=True))
    found = [known for name, known in risks().items() if name in wanted and name not in there]
    return [row for known in found if (row := _added(system, from_catalogue(known), by))]


def _added(system: System, value: Value, by: User | None) -> Risk | None:
    """None where somebody else was faster."""
    try:
        return add(system, value, by)
    except IntegrityError:
        return None


@transaction.atomic
def change(row: Risk, value: Value, by: User, act: str = Act.CHANGED, reason: str = "") -> bool:
    """Put a newer content in place. False where nothing changed."""
    content = risk_content(value)
    if content == row.content:
        return False
    row.content = content
    row.save(update_fields=["content"])
    _note(row, act, by, reason)
    return True


@transaction.atomic
def remove(row: Risk, by: User, reason: str) -> None:
    """Take a risk out of the register; its versions stay."""
    row.removed = True
    row.save(update_fields=["removed"])
    _note(row, Act.REMOVED, by, reason)


@transaction.atomic
def review(system: System, changed: bool, note: str, by: User, day: date | None = None) -> Review:
    """Seal the register as reviewed today, put it forward as evidence, and set the next date."""
    day = day or timezone.localdate()
    every = period(timezone.localdate())  # reviews of the time before the law count from their day too
    register = register_of(system, list(system.risks.filter(removed=False)), day)
    artifact = outbox.upload(system, "risk-register", "risk-register.json", canonical_json(register_content(register)), by)
    artifact.save()
    made = Review.objects.create(system=system, on=day, changed=changed, note=note, by=by, artifact=artifact)
    outbox.record(system.organisation, "risk-review", {"changed": changed, "note": note, "on": day.isoformat()}, by, system)
    until = due(day, every)
    kinds = evidenced(register, findings(register, day, every))
    put_forward(system, artifact, kinds, say("riskpages.evidence", day=day.isoformat()), until)
    if until:
        dates = {"due": until, "due_proposed": False, "remind_on": until - SOON}
        Obligation.objects.filter(system=system, path=REFRESH).update(**dates)
        recount(System.objects.filter(pk=system.pk))
    return made


def _note(row: Risk, act: str, by: User | None, reason: str = "") -> None:
    Version.objects.create(risk=row, act=act, content=row.content, reason=reason, by=by)
    details = {"act": act, "content": without_names(row.content), "reason": reason, "risk": row.name}
    outbox.record(row.system.organisation, "risk", details, by, row.system)


def without_names(content: Any) -> Any:
    """The content without who is in charge and who accepted."""
    if isinstance(content, dict):
        return {key: without_names(value) for key, value in content.items() if key not in NAMES}
    return [without_names(each) for each in content] if isinstance(content, list) else content
