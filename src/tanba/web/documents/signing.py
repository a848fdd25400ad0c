"""Signatures brought back to a document: taken in only where they are over this very document, judged anew whenever they are shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from tanba.digest import sha256
from tanba.errors import InputError, TanbaError
from tanba.signing import check, home, pdfadded
from tanba.signing.model import Signed, masked
from tanba.web.accounts.models import User
from tanba.web.documents.models import Made, Signature
from tanba.web.documents.recording import SIGNATURE
from tanba.web.evidence.outbox import content_of, upload
from tanba.web.language import told

LARGEST, MOST = 60_000_000, 20
"""Bytes of a signed file, and signatures of one document."""

BROKEN = ("content_differs", "wrong_signature", "other_certificate", "part_only", "changed_after", "no_certificate", "unreadable")
"""What is not kept: it would not be a signature of this document."""


@dataclass(frozen=True)
class Shown:
    """One file of signatures, as the page shows it. `found` are (signature, masked IIN); `trouble` why there are none."""

    row: Signature
    found: Sequence[tuple[Signed, str]] = ()
    trouble: str = ""


def add(made: Made, content: bytes, name: str, by: User) -> list[Signed]:
    """Keep a signature to be sealed. Raises InputError where it is none, not of this document, or there already; StoreError."""
    document = content_of(made.file)
    if document is None:
        raise InputError("the file of the document was erased", "Make the document anew, then sign it.")
    rows = made.signatures.select_related("artifact")
    if rows.count() >= MOST:
        raise InputError("the document has {most} files of signatures already", "Put further signatures into one file.", most=MOST)
    if rows.filter(artifact__digest=sha256(content)).exists():
        raise InputError("this signature is there already", "Nothing is to be done.")
    found = _signatures(document, content)
    broken = [each for each in found if set(each.findings) & set(BROKEN)]
    if broken or not found:
        raise _not_this()
    system = made.statement.system
    with transaction.atomic():
        row = upload(system or made.statement.organisation, SIGNATURE, name, content, by)
        row.save()
        Signature.objects.create(made=made, artifact=row)
    return found


def _signatures(document: bytes, content: bytes) -> list[Signed]:
    """A PDF has to be the document with signatures added and nothing else: pages may be replaced without a byte of it changing."""
    roots, now = home.roots(), timezone.now()
    if content.startswith(b"%PDF-"):
        if not pdfadded.only_signed(content, document):
            raise _not_this()
        return check(content, None, roots, now)
    return check(document, content, roots, now)


def _not_this() -> InputError:
    return InputError("is no signature of this document", "Sign exactly the file that this page gives, then give the result.")


def shown(made: Made) -> list[Shown]:
    """Every signature of a document, judged now. Trouble is shown in its place."""
    document = None
    try:
        document = content_of(made.file)
    except TanbaError as error:
        return [Shown(row, trouble=told(error)[0]) for row in made.signatures.select_related("artifact__by")]
    return [_judged(row, document) for row in made.signatures.select_related("artifact__by")]


def _judged(row: Signature, document: bytes | None) -> Shown:
    try:
        content = content_of(row.artifact)
        if content is None or document is None:
            return Shown(row)
        return Shown(row, [(each, masked(each.person.iin) if each.person else "") for each in _signatures(document, content)])
    except TanbaError as error:
        return Shown(row, trouble=told(error)[0])


def is_signed_copy(made: Made, digest: str) -> bool:
    """Whether a file of this SHA-256 is one of the document's signed copies."""
    return bool(digest) and made.signatures.filter(artifact__digest=digest).exists()
