"""Documents into the ledger: the statement that is sealed before a document is drawn, and what the document then prints of it. Pure."""

from typing import Any

from tanba.digest import canonical_json
from tanba.documents.model import Document, Record, gaps
from tanba.ledger.entry import Entry
from tanba.seal import Artifact

KIND, STATEMENT, SCHEMA = "document", "document-record", "tanba.document/1"


def statement(document: Document, languages: str, form: str) -> Artifact:
    """What is to be made (tanba.document/1) and the digest of its data; no names of persons."""
    said: dict[str, Any] = {"day": document.day, "digest": document.digest, "document": document.name, "form": form}
    content = canonical_json({**said, "gaps": len(gaps(document)), "languages": languages.split("+"), "schema": SCHEMA})
    return Artifact(STATEMENT, SCHEMA, content, f"{document.name}.document.json")


def record(origin: str, position: int, entry: bytes, address: str = "") -> Record:
    """What the last page says of a statement's entry in the ledger `origin`."""
    parsed = Entry.parse(entry)
    return Record(origin, position, parsed.id, parsed.time, address)
