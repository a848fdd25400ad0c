"""A document into the ledger: the digest of its data first, then the file that prints where that stands."""

from dataclasses import replace
from ipaddress import ip_address
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from tanba.docseal import KIND, record, statement
from tanba.documents.model import Document
from tanba.documents.render import render
from tanba.ledger.entry import Entry
from tanba.seal import Artifact as Sealable
from tanba.web.accounts.models import Organisation, User
from tanba.web.documents.models import Made
from tanba.web.evidence import ledger
from tanba.web.evidence.models import Artifact
from tanba.web.evidence.outbox import keep, sealed_now, upload
from tanba.web.systems.models import System
from tanba.workspace import current

SIGNATURE = "document-signature"


def write_sealed(
    where: System | Organisation, document: Document, name: str, languages: str, form: str, by: User | None, base: str = ""
) -> Artifact:
    """Seal the digest, draw the document with its place in the ledger, keep the file to be sealed; its content can be erased.

    `name` is that of the file, `base` stands before the address of the page that checks; without it no code is drawn. Raises TanbaError.
    """
    id_ = uuid4()
    stated = sealed_now(_stated(where, statement(document, languages, form), by))
    address = f"{base}{reverse('documents:check', args=[id_])}" if base else ""
    place = record(ledger.log().origin, stated.position or 0, bytes(stated.entry or b""), address)
    content = render(replace(document, record=place), languages, form)
    with transaction.atomic():
        row = upload(where, KIND, name, content, by)
        row.save()
        Made.objects.create(id=id_, statement=stated, file=row)
    return row


def _stated(where: System | Organisation, made: Sealable, by: User | None) -> Artifact:
    organisation, system = (where.organisation, where) if isinstance(where, System) else (where, None)
    return keep(organisation, made, by, system)


def base_of(request: HttpRequest) -> str:
    """What stands before printed addresses: the setting, else the host that was asked; empty where only this machine reaches that."""
    if configured := current().config().public_address:
        return configured.rstrip("/")
    host = request.get_host().rpartition(":")[0] or request.get_host()
    return "" if _is_here(host.strip("[]")) else f"{request.scheme}://{request.get_host()}"


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def find(digest: str) -> dict[str, Any] | None:
    """Where a file of this SHA-256 stands in the ledger: {position, time, withdrawn, word}; None where the register did not seal it."""
    row = Artifact.objects.filter(digest=digest, kind__in=(KIND, SIGNATURE)).order_by("pk").first()
    if row is None:
        return None
    made = Made.objects.filter(Q(file=row) | Q(signatures__artifact=row)).first()
    time = Entry.parse(bytes(row.entry)).time if row.entry else None
    said = {"position": row.position, "time": time, "withdrawn": bool(made and made.withdrawn_at)}
    return {**said, "word": "sealed" if row.is_sealed else "waiting"}
