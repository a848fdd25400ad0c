"""A document as a file: `kk`, `ru`, `en` or `kk+ru`, as DOCX, PDF or HTML."""

from tanba.documents.layout import laid
from tanba.documents.model import Document

MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html",
    "pdf": "application/pdf",
}
EDITIONS = ("kk", "ru", "en", "kk+ru")


def render(document: Document, languages: str, form: str) -> bytes:
    """`languages` is one of EDITIONS, `form` one of MEDIA_TYPES. The same document gives the same PDF and HTML, byte for byte."""
    from tanba.documents.html import html
    from tanba.documents.pdf import pdf
    from tanba.documents.word import docx

    return {"docx": docx, "html": html, "pdf": pdf}[form](laid(document, languages.split("+")))
