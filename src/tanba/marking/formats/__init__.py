"""One file per kind of medium: each marks files of its kind and finds marks again (`Format`)."""

from mimetypes import guess_type
from typing import Protocol

from tanba.marking.keys import Issuer
from tanba.marking.kinds import media_type_of
from tanba.marking.model import Found, Marked, Statement
from tanba.marking.standard import Standard

OTHER = (b"%PDF", b"%!PS", b"{\\rtf", b"<?xml", b"<svg", b"#!", b"\xef\xbb\xbf<?xml")
"""Beginnings of files that are text and are not read as text."""


class Format(Protocol):
    """What a kind of medium has to do."""

    def mark(self, data: bytes, what: Statement, issuer: Issuer, standard: Standard) -> Marked:
        """The file with every layer that the standard asks for and the kind can bear. Raises InputError where that would lose something."""

    def examine(self, data: bytes, issuer: Issuer | None, standard: Standard, deep: bool) -> list[Found]:
        """Every layer, of fingerprints what to look up. Never raises for what stands in the file."""


def format_of(data: bytes, name: str) -> tuple[str, str, Format] | None:
    """(kind, media type, format) of a file, None where it is of a kind that is not known here."""
    from tanba.marking.formats.heic import HeicFormat
    from tanba.marking.formats.image import ImageFormat
    from tanba.marking.formats.picture import MEDIA
    from tanba.marking.formats.text import MEDIA_TYPES, TextFormat
    from tanba.marking.text.carriers import kind_of

    media_type = media_type_of(data)
    if media_type:
        return "image", media_type, ImageFormat(media_type) if media_type in MEDIA.values() else HeicFormat()
    looks, promised = kind_of("", data), guess_type(name)[0]
    if looks is None or data.startswith(OTHER) or (promised and kind_of(name) is None):  # programs and tables would break
        return None
    kind = kind_of(name) or looks
    return "text", MEDIA_TYPES[kind], TextFormat(kind)
