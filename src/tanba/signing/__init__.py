"""Electronic signatures: made in PDF (PAdES), checked in PDF and CMS, with RSA, ECDSA and the GOST-2015 of the national centre (NCA RK)."""

from datetime import datetime

from tanba.signing.model import Roots, Signed


def check(content: bytes, beside: bytes | None, roots: Roots, now: datetime) -> list[Signed]:
    """Signatures of a file: in a CMS beside it, inside a PDF, or those of a CMS that holds its content.

    Empty where it bears none. Raises InputError where what was given cannot be read.
    """
    from tanba.signing import cms, pdfcheck

    if beside is not None:
        return cms.check(beside, content, roots, now)
    if content[:1024].find(b"%PDF-") >= 0:
        return pdfcheck.check(content, roots, now)
    return cms.check(content, None, roots, now) if cms.looks_like_one(content) else []
