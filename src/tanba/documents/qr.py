"""A QR code of an address, drawn: SVG for pages and PDF, PNG for DOCX. Black on white with the quiet zone that readers need. Pure."""

from io import BytesIO
from typing import Any


def _code(address: str) -> Any:
    import segno

    return segno.make(address, error="m", micro=False)


def svg(address: str) -> str:
    """An `<svg>` that scales to the width it is given, to stand in a page or alone."""
    made = BytesIO()
    _code(address).save(made, kind="svg", omitsize=True, border=4, light="#fff", xmldecl=False, nl=False)
    return made.getvalue().decode()


def png(address: str) -> bytes:
    """Eight pixels for a module."""
    made = BytesIO()
    _code(address).save(made, kind="png", scale=8, border=4)
    return made.getvalue()
