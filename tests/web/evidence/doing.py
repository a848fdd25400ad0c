"""What people do with evidence, in short words, and what then lies in the ledger."""

import json
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tanba.law.load import load
from tanba.web.accounts.models import User
from tanba.web.evidence import ledger, outbox
from tanba.web.evidence.models import Artifact, Evidence
from tanba.web.obligations.models import Obligation
from tanba.web.systems.models import System

PATH, OTHER = "230-VIII/21/2", "230-VIII/5"
"""Provisions with two criteria, and with one."""


def owe(system: System, path: str = PATH, layer: str = "statute", **more: Any) -> Obligation:
    """One obligation, without the assessment that usually brings it."""
    values = {"kind": "obligation", "answer": "applies", "provision": load("kz").editions(path)[-1].id, **more}
    return Obligation.objects.create(system=system, path=path, layer=layer, **values)


def address(name: str, row: Any) -> str:
    organisation = row.organisation_id if isinstance(row, Artifact) else getattr(row, "system", None) and row.system.organisation_id
    return reverse(f"evidence:{name}", args=[organisation or row.obligation.system.organisation_id, row.pk])


def put(browser: Client, row: Obligation, content: bytes = b"what it shows", name: str = "proof.pdf", **values: str) -> Any:
    """Put a file forward through the page."""
    return browser.post(address("obligation", row), {"file": SimpleUploadedFile(name, content), **values})


def given(row: Obligation, by: User, content: bytes = b"what it shows", name: str = "proof.pdf", **values: Any) -> Evidence:
    """The same without the page."""
    artifact = outbox.upload(row.system, "upload", name, content, by)
    artifact.save()
    return Evidence.objects.create(obligation=row, artifact=artifact, **values)


def accept(browser: Client, row: Obligation, shown: list[Evidence] | None = None, ticks: int = 9, **values: str) -> Any:
    """Accept what is valid, or what was `shown`, with so many boxes ticked."""
    pks = [str(each.pk) for each in (row.evidence.valid() if shown is None else shown)]
    boxes = {f"criterion_{number}": "on" for number in range(ticks)}
    return browser.post(address("accept", row), {"evidence": pks, **boxes, **values})


def withdraw(browser: Client, evidence: Evidence) -> Any:
    return browser.post(address("withdraw", evidence))


def erase(browser: Client, artifact: Artifact, reason: str = "A person asked to be forgotten.") -> Any:
    return browser.post(address("erase", artifact), {"reason": reason})


def seal() -> int:
    """All that waits, resting or not."""
    return outbox.drain(everything=True)


def status(row: Obligation) -> str:
    row.refresh_from_db()
    return row.status


def raw() -> list[bytes]:
    """The entries as they lie in the ledger."""
    log = ledger.log()
    return [entry for _, entry in log.store.entries(0, log.head().checkpoint.size)]


def kinds() -> list[str]:
    return [json.loads(entry)["kind"] for entry in raw()]


def well_sealed() -> None:
    """Every artifact stands in the ledger once, under its own id, where its row says; and nothing else stands there."""
    found = {json.loads(entry)["id"]: position for position, entry in enumerate(raw())}
    rows = list(Artifact.objects.all())
    assert len(found) == len(raw()) == len(rows)
    assert {str(row.pk): row.position for row in rows} == found
    assert all(row.is_sealed and bytes(row.entry or b"") == raw()[row.position or 0] for row in rows)
