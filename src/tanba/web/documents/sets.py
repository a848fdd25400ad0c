"""A whole set: every document of a system or of the organisation, in the languages and forms that were asked for, as one ZIP file.

A set is a row; a thread of the serving process makes its documents one after another, each sealed for itself, and says how far it is. A
process that dies leaves the row with what was made: another goes on from there once the lease has ended.
"""

from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZIP_STORED, ZipFile

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from tanba.documents.model import gaps
from tanba.errors import TanbaError
from tanba.strings import LANGUAGES, explain, t
from tanba.web.accounts.models import Organisation, User
from tanba.web.documents.desk import material_of, names, write
from tanba.web.documents.models import DocumentSet
from tanba.web.evidence.outbox import content_of, upload
from tanba.web.systems.models import System

KIND = "document-set"
LEASE = timedelta(minutes=2)
"""One document takes seconds; nobody else touches the set so long."""


def ask(where: System | Organisation, languages: list[str], forms: list[str], by: User, base: str) -> DocumentSet:
    """Put a set in the queue. One that waits already for the same is taken instead of a second one."""
    organisation, system = (where.organisation, where) if isinstance(where, System) else (where, None)
    wanted = {"organisation": organisation, "system": system, "languages": languages, "forms": forms, "by": by}
    waiting = DocumentSet.objects.filter(package=None, stopped=False, **wanted).first()
    total = len(names(where)) * len(languages) * len(forms)
    return waiting or DocumentSet.objects.create(**wanted, base=base, total=total)


def make_when_due() -> None:
    """One round: the oldest set that nobody is making."""
    now = timezone.now()
    for row in DocumentSet.objects.filter(package=None, stopped=False, lease__lte=now).order_by("id"):
        if DocumentSet.objects.filter(pk=row.pk, package=None, stopped=False, lease__lte=now).update(lease=now + LEASE):
            make(row)
            return


def make(row: DocumentSet) -> None:
    """Every document that is not made yet, then the ZIP file. What goes wrong is kept with the row."""
    try:
        where = _whose(row)
        material = material_of(where, row.base)
        for name, languages, form in plan(row)[row.done :]:
            _one(row, where, name, languages, form, material)
        _pack(row, where)
    except TanbaError as error:
        _stop(row, {each: " ".join(explain(error, each)) for each in LANGUAGES})
    except Exception:
        _stop(row, {each: t("documentpages.set_failed", each) for each in LANGUAGES})
        raise  # the thread reports it


def _stop(row: DocumentSet, problem: dict[str, str]) -> None:
    DocumentSet.objects.filter(pk=row.pk).update(problem=problem, stopped=True)


def plan(row: DocumentSet) -> list[tuple[str, str, str]]:
    """(document, languages, form) in the order in which they are made."""
    where = _whose(row)
    return [(name, languages, form) for name in names(where) for languages in row.languages for form in row.forms]


def _whose(row: DocumentSet) -> System | Organisation:
    return row.system or row.organisation


def _one(row: DocumentSet, where: System | Organisation, name: str, languages: str, form: str, material: dict[str, Any]) -> None:
    file, document = write(where, name, languages, form, row.by, row.base, material)
    with transaction.atomic():
        row.files.add(file)
        count = F("gaps") + (len(gaps(document)) if (languages, form) == (row.languages[0], row.forms[0]) else 0)
        DocumentSet.objects.filter(pk=row.pk).update(done=F("done") + 1, gaps=count, lease=timezone.now() + LEASE)


def _pack(row: DocumentSet, where: System | Organisation) -> None:
    """DOCX and PDF are compressed already. An erased file is left out."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_STORED) as archive:
        for file in row.files.order_by("name"):
            if (content := content_of(file)) is not None:
                archive.writestr(file.name, content)
    whose = where.slug if isinstance(where, System) else where.bin
    with transaction.atomic():
        package = upload(where, KIND, f"{whose}-documents.zip", packed.getvalue(), row.by)
        package.save()
        DocumentSet.objects.filter(pk=row.pk).update(package=package)
