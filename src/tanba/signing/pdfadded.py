"""Whether a PDF is another one with nothing but signatures added: what was replaced before it was signed, no signature tells.

Every byte of a document may stand in a file that shows something else: a later revision replaces its objects. So each object that the
document had has to be what it was, but for the catalog, which may name fields of signatures, and pages, which may bear small marks of them.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from tanba.errors import InputError
from tanba.signing.pdfcheck import damaged, opened

CATALOG = ("/AcroForm", "/DSS", "/Extensions", "/Metadata", "/Perms", "/Version")
"""What signing puts into a catalog. An XFA form, an action or a script is none of it."""

LARGEST_MARK = 0.25
"""Share of a page that the mark of a signature may cover, so that it does not stand for the page."""


def only_signed(content: bytes, document: bytes) -> bool:
    """Whether `content` shows `document` and marks of signatures. Raises InputError where one of them cannot be read."""
    if not content.startswith(document):
        return False
    reader, count = opened(content), opened(document).xrefs.total_revisions
    try:
        if reader.xrefs.total_revisions <= count:
            return bool(content == document)
        return _same(reader, reader.get_historical_resolver(count - 1), _touched(reader, count))
    except InputError:
        raise
    except Exception:  # pyHanko reads what others wrote, and says with many kinds of errors that it could not
        raise damaged() from None


def _touched(reader: Any, count: int) -> set[Any]:
    """References that revisions after the first `count` write or free."""
    later = range(count, reader.xrefs.total_revisions)
    sets = [found(each) for each in later for found in (reader.xrefs.explicit_refs_in_revision, reader.xrefs.refs_freed_in_revision)]
    return {(ref.idnum, ref.generation) for refs in sets for ref in refs}


def _same(new: Any, old: Any, touched: set[Any]) -> bool:
    root, info = _at(old.trailer_view.raw_get("/Root")), old.trailer_view
    free = {_at(view.raw_get(name)) for view, name in ((info, "/Info"), (old.root, "/Metadata")) if name in view}
    pages = list(_pages(old.root["/Pages"]))
    lists = {_at(page.raw_get("/Annots")) for _, page in pages if "/Annots" in page}
    if _at(new.trailer_view.raw_get("/Root")) != root or "/XFA" in (_value(new.root, "/AcroForm") or ()):
        return False
    if _bare(new.root, CATALOG) != _bare(old.root, CATALOG):
        return False
    if not all(_page_stands(page, new.get_object(_reference(new, at)) if at else None) for at, page in pages):
        return False
    left = touched - free - lists - {root} - {at for at, _ in pages}
    return all(_bare(new.get_object(ref)) == _bare(before) for ref, before in _before(old, new, left))


def _before(old: Any, new: Any, left: set[Any]) -> Iterator[tuple[Any, Any]]:
    """(reference, what stood there) of those that the document had."""
    for at in left:
        ref = _reference(new, at)
        if old.reader.xrefs.get_historical_ref(ref, old.revision) is not None:
            yield ref, old.get_object(_reference(old, at))


def _reference(handler: Any, at: Any) -> Any:
    from pyhanko.pdf_utils.generic import Reference

    return Reference(at[0], at[1], pdf=handler)


def _at(raw: Any) -> Any:
    """Number and generation of what is referred to; None for what stands in its place."""
    return (raw.idnum, raw.generation) if hasattr(raw, "idnum") else None


def _bare(value: Any, without: tuple[str, ...] = ()) -> bytes:
    """An object as it is written, without some of its keys."""
    from pyhanko.pdf_utils.generic import DictionaryObject

    made: Any = DictionaryObject
    kept = made({key: value.raw_get(key) for key in sorted(value) if key not in without}) if without else value
    written = BytesIO()
    kept.write_to_stream(written, None)
    return written.getvalue()


def _pages(node: Any, at: Any = None, depth: int = 0) -> Iterator[tuple[Any, Any]]:
    """(where it stands, page) of every page."""
    if "/Kids" not in node:
        yield at, node
    elif depth < 50:
        kids = node["/Kids"]
        for number in range(len(kids)):
            yield from _pages(kids[number], _at(kids.raw_get(number)), depth + 1)


def _page_stands(old: Any, new: Any) -> bool:
    """Whether a page is what it was, but for small fields of signatures behind what it bore."""
    if new is None or _bare(old, ("/Annots",)) != _bare(new, ("/Annots",)):
        return False
    bare: Any = []
    before, now = _value(old, "/Annots") or bare, _value(new, "/Annots") or bare
    if len(now) < len(before) or any(_bare(before.raw_get(each)) != _bare(now.raw_get(each)) for each in range(len(before))):
        return False
    return all(_is_small_field(now[each], new) for each in range(len(before), len(now)))


def _value(holder: Any, key: str) -> Any:
    """What stands there, references followed; pyHanko's own `get` gives the reference."""
    return holder[key] if key in holder else None  # noqa: SIM401


def _is_small_field(mark: Any, page: Any) -> bool:
    kind = next((each["/FT"] for each in _upwards(mark) if "/FT" in each), None)
    left, low, right, high = (float(each) for each in mark["/Rect"])
    box = next((each["/MediaBox"] for each in _upwards(page) if "/MediaBox" in each), None)
    if _value(mark, "/Subtype") != "/Widget" or kind != "/Sig" or box is None or {"/A", "/AA"} & set(mark):
        return False
    x0, y0, x1, y1 = (float(each) for each in box)
    return abs((right - left) * (high - low)) <= LARGEST_MARK * abs((x1 - x0) * (y1 - y0))


def _upwards(node: Any) -> Iterator[Any]:
    for _ in range(50):
        yield node
        if "/Parent" not in node:
            return
        node = node["/Parent"]
