"""Kinds of text and what marks each of them."""

import re
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from tanba.errors import InputError
from tanba.marking.text import html, jsontext, markdown, plain
from tanba.marking.text.mark import Found, Mark

Kind = Literal["plain", "markdown", "html", "json"]


class Carrier(NamedTuple):
    """How a kind of text is marked, read and freed of marks."""

    mark: Callable[[str, Mark], str]
    read: Callable[[str, Sequence[bytes]], Found]
    strip: Callable[[str], str]


CARRIERS: dict[Kind, Carrier] = {
    "plain": Carrier(plain.mark, plain.read, plain.strip),
    "markdown": Carrier(markdown.mark, markdown.read, markdown.strip),
    "html": Carrier(html.mark, html.read, html.strip),
    "json": Carrier(jsontext.mark, jsontext.read, jsontext.strip),
}

_KINDS: dict[str, Kind] = {
    **dict.fromkeys(("txt", "text", "text/plain"), "plain"),
    **dict.fromkeys(("md", "markdown", "text/markdown", "text/x-markdown"), "markdown"),
    **dict.fromkeys(("html", "htm", "xhtml", "text/html", "application/xhtml+xml"), "html"),
    **dict.fromkeys(("json", "jsonld", "application/json", "text/json"), "json"),
}
_HTML = re.compile(rb"\s*(?:<!--.{0,200}?-->\s*)?<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE | re.DOTALL)
_NOT_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_LOOKED_AT = 4096


def kind_of(name: str, data: bytes = b"") -> Kind | None:
    r"""The kind by a file's name or a media type, else by the first bytes; None where it is no text of these kinds.

    >>> kind_of("letter.MD"), kind_of("text/html; charset=utf-8"), kind_of("", b'{"a": 1}'), kind_of("", b"\x89PNG")
    ('markdown', 'html', 'json', None)
    """
    word = name.partition(";")[0].strip().lower()
    known = _KINDS.get(word) or _KINDS.get(word.rpartition(".")[2] if "." in word else "")
    if known or not data:
        return known or ("json" if word.endswith("+json") else None)
    begin = data[:_LOOKED_AT].removeprefix(b"\xef\xbb\xbf")
    if _NOT_TEXT.search(begin) or not _is_utf8(begin):
        return None
    if _HTML.match(begin):
        return "html"
    return "json" if re.match(rb'\s*\{\s*["}]', begin) else "plain"


def carrier_of(kind: str) -> Carrier:
    """The carrier of a kind. Raises InputError."""
    found = next((carrier for known, carrier in CARRIERS.items() if known == kind), None)
    if found is None:
        raise InputError("{kind!r} is no kind of text that bears marks", "Known are: {known}.", kind=kind, known=", ".join(CARRIERS))
    return found


def _is_utf8(begin: bytes) -> bool:
    try:
        begin.decode()
    except UnicodeDecodeError as error:
        return len(begin) == _LOOKED_AT and error.start > _LOOKED_AT - 4  # a character that was cut
    return True
