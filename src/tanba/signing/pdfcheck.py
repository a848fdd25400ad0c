"""Signatures inside a PDF: each covers which bytes, what was changed after it, and whose it is. Reads with pyHanko, judges with `cms`."""

import logging
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto import parser

from tanba.errors import InputError
from tanba.signing import cms
from tanba.signing.certificates import DAMAGED
from tanba.signing.model import Roots, Signed

LARGEST = 60_000_000


def check(content: bytes, roots: Roots, now: datetime) -> list[Signed]:
    """Every signature, the oldest first; none where the file bears none. Raises InputError where it is no PDF that can be read."""
    reader = opened(content)
    try:
        fields = reader.embedded_regular_signatures
    except Exception:  # pyHanko reads what others wrote, and says with many kinds of errors that it could not
        raise damaged() from None
    return [_one(each, content, roots, now) for each in fields]


def opened(content: bytes) -> Any:
    """The reader of a PDF (pyHanko). Raises InputError."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # what is wrong is told in our own words
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
    if len(content) > LARGEST:
        raise InputError("is too large for a signature", "Sign a file of at most {limit} MB.", limit=LARGEST // 1_000_000)
    try:
        reader = PdfFileReader(BytesIO(content), strict=False)
        encrypted = bool(reader.encrypted)
        if not encrypted:
            reader.root["/Pages"]
    except Exception:
        raise damaged() from None
    if encrypted:
        raise InputError("the PDF is encrypted", "Take the password off, then sign or check it.")
    return reader


def damaged() -> InputError:
    """What is said of a file that cannot be read."""
    return InputError("is not a PDF that can be read", "Is the file whole?")


def _one(field: Any, content: bytes, roots: Roots, now: datetime) -> Signed:
    """What covers the bytes is asked of pyHanko, and the signature over them of our own check."""
    try:
        covered, holds = _covered(field, content)
        found = cms.check(_bare(field.pkcs7_content), covered, roots, now)
        signed = found[0] if len(found) == 1 else Signed(None).with_findings("unreadable")
        more = ([] if holds else ["part_only"]) + _changed(field)
    except (InputError, *DAMAGED):
        return Signed(None).with_findings("unreadable", "revocation_not_checked")
    said = field.sig_object.get("/Reason", "")
    stated = signed.stated or field.self_reported_timestamp
    return replace(signed, reason=str(said), stated=stated).with_findings(*more)


def _covered(field: Any, content: bytes) -> tuple[bytes, bool]:
    """The bytes under the signature, and whether they are all of its revision but the signature itself."""
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    first, length, second, rest = (int(each) for each in field.byte_range)
    field.coverage = field.evaluate_signature_coverage()
    gap = content[length:second]
    holds = first == 0 and field.coverage >= SignatureCoverageLevel.ENTIRE_REVISION and gap[:1] + gap[-1:] == b"<>"
    return content[:length] + content[second : second + rest], holds and bytes.fromhex(gap[1:-1].decode()) == field.pkcs7_content


def _bare(padded: bytes) -> bytes:
    """The signature without the zeros that fill its place."""
    size = int(parser.peek(padded))
    return padded[:size] if not padded[size:].strip(b"\0") else padded


def _changed(field: Any) -> list[str]:
    """Whether later revisions did more than add signatures or fill in fields, or bytes were put behind them."""
    from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, ModificationLevel
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    found = field.evaluate_modifications(DEFAULT_DIFF_POLICY)
    level = getattr(found, "modification_level", ModificationLevel.OTHER)
    within = level <= ModificationLevel.FORM_FILLING and (field.docmdp_level is None or level.value <= field.docmdp_level.value)
    newest = field.reader.xrefs.total_revisions == field.signed_revision + 1
    behind = newest and field.coverage != SignatureCoverageLevel.ENTIRE_FILE
    return [] if within and not behind else ["changed_after"]
