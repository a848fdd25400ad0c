"""Receipts into the ledger: one artifact for a batch, salted commitments only."""

from datetime import timedelta

from tanba.people.receipt import BATCH
from tanba.seal import Artifact as Sealable
from tanba.web.accounts.models import Organisation
from tanba.web.evidence.models import Artifact
from tanba.web.evidence.outbox import keep
from tanba.web.evidence.rounds import claim
from tanba.web.notices import desk

KIND = "notice-receipts"
EVERY = timedelta(minutes=1)
"""So that a busy service fills no ledger: receipts are proved one by one all the same."""


def seal_when_due() -> None:
    """One round: what was shown since the last batch becomes one artifact."""
    if claim("notices", EVERY):
        seal_receipts()


def seal_receipts() -> int:
    """Keep what waits. A process that dies in between is finished by the next: a batch is kept once, under its own name."""
    done, shown = 0, desk.shown()
    while batch := shown.begin_batch():
        organisation = Organisation.objects.filter(bin=batch.organisation).first()
        if organisation is None:  # receipts of a guard whose organisation this register does not have
            shown.end_batch(batch.id, "–")
            continue
        name = f"notices-{batch.id}.json"
        row = Artifact.objects.filter(organisation=organisation, kind=KIND, name=name).first()
        row = row or keep(organisation, Sealable(KIND, BATCH, batch.content, name), None)
        shown.end_batch(batch.id, str(row.pk))
        done += 1
    return done
