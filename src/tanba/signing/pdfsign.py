"""A signature put into a PDF (PAdES, level B-B; B-T with a time-stamping authority), as an update: not a byte that was there changes."""

import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from tanba.errors import InputError, NetworkError
from tanba.signing.keyfile import Key
from tanba.signing.pdfcheck import opened

MM = 72 / 25.4
LEFT, BOTTOM, WIDTH, HEIGHT, BESIDE = 30, 2.5, 82, 8, 2
"""Millimetres of a visible stamp: under the text of our own pages, two beside one another."""

Ask = Callable[[bytes], bytes]
"""A time-stamping request in DER → the response in DER."""


@dataclass(frozen=True, slots=True)
class How:
    """What the signature says and shows. `lines` are those of a visible stamp, none for an invisible signature."""

    reason: str = ""
    location: str = ""
    lines: Sequence[str] = ()


def sign(content: bytes, key: Key, how: How, now: datetime, ask: Ask | None = None) -> bytes:
    """The PDF with one signature more. Raises InputError, NetworkError."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.general import SigningError
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

    reader = opened(content)
    count = len(list(reader.embedded_signatures))
    said = PdfSignatureMetadata(
        field_name=f"Signature{count + 1}",
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        reason=how.reason or None,
        location=how.location or None,
        name=key.person.name,
    )
    try:
        with tempfile.TemporaryDirectory() as folder:
            style = _style(how, now, Path(folder))
            signer = PdfSigner(said, _signer(key), timestamper=_stamper(ask), stamp_style=style, new_field_spec=_place(how, count, reader))
            made = BytesIO()
            signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(content), strict=False), output=made)
    except NetworkError:
        raise
    except (SigningError, PdfError, *_ODD) as error:
        raise InputError(
            "cannot take a signature: {problem}", "Make the PDF anew, or sign it with another program.", problem=error
        ) from None
    return made.getvalue()


_ODD = (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, NotImplementedError)
"""What pyHanko raises beside its own errors on files that are not what they should be."""


def _signer(key: Key) -> Any:
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    store: Any = SimpleCertificateStore
    return SimpleSigner(key.certificate, key.private, store.from_certs(key.others))


def _place(how: How, count: int, reader: Any) -> Any:
    """A field without a place on the page, or one at its foot: the second beside the first, the third a page before."""
    from pyhanko.sign.fields import SigFieldSpec

    name = f"Signature{count + 1}"
    if not how.lines:
        return SigFieldSpec(name, on_page=-1)
    pages = int(reader.root["/Pages"]["/Count"])
    left = (LEFT + count % 2 * (WIDTH + BESIDE)) * MM
    box = (round(left), round(BOTTOM * MM), round(left + WIDTH * MM), round((BOTTOM + HEIGHT) * MM))
    return SigFieldSpec(name, on_page=max(pages - 1 - count // 2, 0), box=box, readable_field_name=" · ".join(how.lines))


def _style(how: How, now: datetime, folder: Path) -> Any:
    """The stamp is set by Typst, so that its fonts lie in the file and have the letters of Kazakh; pyHanko takes it from a file."""
    from pyhanko.pdf_utils.layout import AxisAlignment, Margins, SimpleBoxLayoutRule
    from pyhanko.stamp import StaticStampStyle

    if not how.lines:
        return None
    (folder / "stamp.pdf").write_bytes(stamp(how.lines, now))
    whole = SimpleBoxLayoutRule(AxisAlignment.ALIGN_MID, AxisAlignment.ALIGN_MID, Margins(0, 0, 0, 0))
    return StaticStampStyle.from_pdf_file(str(folder / "stamp.pdf"), border_width=0, background_layout=whole)


def stamp(lines: Sequence[str], now: datetime) -> bytes:
    """A PDF of one small page with these lines."""
    import typst

    made: bytes = typst.compile(
        (Path(__file__).parent / "stamp.typ").read_bytes(),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"lines": json.dumps(list(lines), ensure_ascii=False), "width": f"{WIDTH}", "height": f"{HEIGHT}"},
        timestamp=now.replace(microsecond=0),
        pdf_tags=False,
    )
    return made


def _stamper(ask: Ask | None) -> Any:
    """The client of an authority that pyHanko asks, over our own network."""
    if ask is None:
        return None
    from asn1crypto import tsp
    from pyhanko.sign.timestamps import TimeStamper

    def answered(asked: Any) -> Any:
        return tsp.TimeStampResp.load(ask(asked.dump()))

    class Stamper(TimeStamper):
        """Asks by the function that it was given."""

        async def async_request_tsa_response(self, req: Any) -> Any:
            """The response to a request."""
            return answered(req)

    made: Any = Stamper
    return made()
