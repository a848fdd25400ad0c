"""Verdicts on receipts in the words of the page."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tanba.errors import EvidenceError, TanbaError
from tanba.seal import Receipt, Verdict, measure, verify
from tanba.web.evidence import ledger
from tanba.web.language import told


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows: words, and why where something is wrong."""

    words: Sequence[str] = ()
    verdict: Verdict | None = None
    trouble: str = ""
    whole: bool = False
    receipt: Receipt | None = field(default=None, repr=False)

    @property
    def fits(self) -> str:
        """What was found in order, as a key of the catalogue: content too where it was at hand (`whole`)."""
        if self.verdict is None or "unattributed" in self.words:
            return ""
        return "proof.fits" if self.whole else "proof.fits_apart"


def troubled(error: TanbaError, receipt: Receipt | None = None) -> Shown:
    """What a page shows in place of a verdict."""
    return Shown((error.word,) if isinstance(error, EvidenceError) else (), trouble=told(error)[0], receipt=receipt)


def judge(receipt: Receipt, content: bytes | None = None) -> Shown:
    """Check a receipt in the trust of this workspace."""
    try:
        verdict = verify(receipt, ledger.trust(), None if content is None else measure(content))
    except TanbaError as error:
        return troubled(error, receipt)
    return Shown(verdict.words, verdict, whole=content is not None, receipt=receipt)
