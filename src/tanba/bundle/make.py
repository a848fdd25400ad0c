"""Collect what an inspector needs about one system into a bundle."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tanba.bundle import container
from tanba.bundle.index import SCHEMA
from tanba.bundle.page import page
from tanba.digest import canonical_json
from tanba.ledger.checkpoint import Checkpoint
from tanba.ledger.entry import Entry, stamp
from tanba.ledger.log import Log
from tanba.ledger.policy import Policy
from tanba.seal import Receipt


@dataclass(frozen=True, slots=True)
class Item:
    """One artifact: its receipt, its content (None once erased) and a description for people."""

    receipt: Receipt
    content: bytes | None
    description: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """What the register says of an obligation; `items` are numbers of items, from 0."""

    provision: str
    status: str
    items: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything that goes in."""

    items: Sequence[Item]
    claims: Sequence[Claim] = ()
    organisation: Mapping[str, str] | None = None
    system: Mapping[str, str] | None = None
    rotations: Sequence[Mapping[str, Any]] = ()
    policy: Policy = field(default_factory=Policy)
    roots: Sequence[x509.Certificate] = ()
    known: Sequence[Checkpoint] = ()


def make(path: Path, contents: Contents, log: Log, now: datetime) -> dict[str, Any]:
    """Write the bundle and return its index.

    Raises InputError where it cannot be written, EvidenceError where the ledger does not bear it out.
    """
    index = _index(contents, log, now)
    payload = {"index.json": canonical_json(index), "index.html": page(index, [item.receipt for item in contents.items]).encode()}
    for row, item in zip(index["artifacts"], contents.items, strict=True):
        payload[row["receipt"]] = bytes(item.receipt)
        if row["file"] and item.content is not None:
            payload[row["file"]] = item.content
    payload["trust/policy.txt"] = str(contents.policy).encode()
    if contents.roots:
        payload["trust/tsa.pem"] = b"".join(root.public_bytes(Encoding.PEM) for root in contents.roots)
    octets = sum(map(len, payload.values()))
    info = {
        "Bagging-Date": index["made"][:10],
        "External-Identifier": (contents.system or {}).get("slug", "-"),
        "Payload-Oxum": f"{octets}.{len(payload)}",
    }
    container.write(path, payload, info)
    return index


def _index(contents: Contents, log: Log, now: datetime) -> dict[str, Any]:
    newest = log.head()
    rows = [_row(number, item) for number, item in enumerate(contents.items, 1)]
    receipts = [*(item.receipt for item in contents.items), *(Receipt.from_json(change["receipt"]) for change in contents.rotations)]
    sizes = {receipt.proof.signed.checkpoint.size for receipt in receipts} | {known.size for known in contents.known}
    size = newest.checkpoint.size
    return {
        "artifacts": rows,
        "checkpoint": str(newest),
        "consistency": [
            {"hashes": [b64encode(each).decode() for each in log.consistency(old, size)], "size": old}
            for old in sorted(sizes)
            if 0 < old < size
        ],
        "made": stamp(now),
        "obligations": [
            {
                "artifacts": [rows[number]["file"] for number in claim.items if rows[number]["file"]],
                "provision": claim.provision,
                "status": claim.status,
            }
            for claim in contents.claims
        ],
        "organisation": contents.organisation and dict(contents.organisation),
        "rotations": list(contents.rotations),
        "schema": SCHEMA,
        "system": contents.system and dict(contents.system),
    }


def _row(number: int, item: Item) -> dict[str, Any]:
    opening = item.receipt.artifact
    name = container.safe_name(opening.name, "artifact") if opening else "artifact"
    return {
        "description": item.description,
        "file": f"artifacts/{number:04}/{name}" if item.content is not None and opening else None,
        "kind": Entry.parse(item.receipt.entry).kind,
        "receipt": f"receipts/{number:04}.json",
    }
