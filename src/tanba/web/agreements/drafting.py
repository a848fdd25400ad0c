"""From the rows of a system to its agreement, as it would be published today."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from tanba.digest import canonical_json
from tanba.law.load import load
from tanba.law.rulebook import decide, on
from tanba.law.words import cite
from tanba.people.agreement import SCHEMA, Known, make
from tanba.people.agreementtext import markdown
from tanba.people.requests import Law
from tanba.seal import Artifact as Sealable
from tanba.web.accounts.models import User
from tanba.web.agreements.models import Agreement, Wording
from tanba.web.evidence.forward import put_forward
from tanba.web.evidence.outbox import keep
from tanba.web.faces.models import face_of
from tanba.web.language import say
from tanba.web.systems.models import Part, System

KIND = "user-agreement"


def draft(system: System, day: date | None = None) -> dict[str, Any]:
    """`tanba.agreement/1` from today's facts, law and words."""
    day = day or timezone.localdate()
    book, facts = on(load("kz"), day), system.facts()
    models = tuple(filter(None, map(str, system.parts.filter(kind=Part.Kind.MODEL).order_by("id"))))
    organisation = system.organisation
    known = Known(system.name, system.purpose, organisation.name, organisation.bin, face_of(system).contact, models, facts, system.limits)
    wording = Wording.objects.filter(system=system).first()
    made = make(known, Law(book.provisions, decide(book, facts).rules, book.changed), cite, wording.own if wording else {})
    return {**made, "date": day.isoformat(), "effective": None}


def publish(system: System, effective: date, by: User | None) -> Agreement:
    """The draft becomes a version; it and its sealed artifact, both or neither."""
    with transaction.atomic():
        System.objects.select_for_update().get(pk=system.pk)  # two people cannot take one number
        number = (system.agreements.aggregate(Max("number"))["number__max"] or 0) + 1
        content = {**draft(system), "effective": effective.isoformat()}
        made = Agreement.objects.create(
            system=system, number=number, version=content["version"], content=content, effective=effective, by=by
        )
        kept = keep(system.organisation, Sealable(KIND, SCHEMA, canonical_json(content), f"agreement-{number}.json"), by, system)
        put_forward(system, kept, ("user-agreement",), say("forward.agreement", number=number, day=effective.isoformat()))
    return made


def text_of(agreement: Agreement, language: str) -> str:
    """Exactly what is shown of a version to readers of a language; receipts name its digest."""
    return markdown(agreement.content, language, agreement.content["date"], agreement.effective.isoformat())
