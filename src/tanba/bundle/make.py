"""Collect what an inspector needs about one system into a bundle."""

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
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
from tanba.errors import TanbaError
from tanba.ledger.checkpoint import Checkpoint
from tanba.ledger.entry import Entry, stamp
from tanba.ledger.log import Log
from tanba.ledger.policy import Policy
from tanba.seal import Receipt


@dataclass(frozen=True, slots=True)
class Item:
    """One artifact: its receipt, how to read its content (None once erased) and a description for people."""

    receipt: Receipt
    read: Callable[[], bytes | None]
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


@dataclass(frozen=True, slots=True)
class Made:
    """The index of a bundle, and which of its files could not be read: checkers will call them missing."""

    index: Mapping[str, Any]
    missing: Mapping[str, TanbaError]


def make(path: Path, contents: Contents, log: Log, now: datetime) -> Made:
    """Write the bundle, one artifact in memory at a time.

    Raises InputError where it cannot be written, EvidenceError where the ledger does not bear it out.
    """
    receipts = [item.receipt for item in contents.items]
    info = {"Bagging-Date": stamp(now)[:10], "External-Identifier": (contents.system or {}).get("slug", "-")}
    with container.writing(path, info) as bag:
        rows, missing = _add_artifacts(bag, contents.items)
        index = _index(contents, rows, log, now)
        bag.add("index.html", page(index, receipts, missing).encode())
        bag.add("index.json", canonical_json(index))
        for row, receipt in zip(rows, receipts, strict=True):
            bag.add(row["receipt"], bytes(receipt))
        bag.add("trust/policy.txt", str(contents.policy).encode())
        if contents.roots:
            bag.add("trust/tsa.pem", b"".join(root.public_bytes(Encoding.PEM) for root in contents.roots))
    return Made(index, missing)


def _add_artifacts(bag: container.Bag, items: Sequence[Item]) -> tuple[list[dict[str, Any]], dict[str, TanbaError]]:
    """(rows of the index, what could not be read). One damaged file does not keep the others from the inspector."""
    rows, missing = [], {}
    for number, item in enumerate(items, 1):
        row = _row(number, item)
        rows.append(row)
        try:
            content = item.read()
        except TanbaError as error:
            missing[row["file"]] = error
            continue
        if content is None:
            row["file"] = None
        else:
            bag.add(row["file"], content)
    return rows, missing


def _index(contents: Contents, rows: list[dict[str, Any]], log: Log, now: datetime) -> dict[str, Any]:
    newest = log.head()
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
    receipt = item.receipt
    name = container.safe_name(receipt.artifact.name, "artifact") if receipt.artifact else "artifact"
    return {
        "description": item.description,
        "file": f"artifacts/{number:04}/{name}",
        "kind": Entry.parse(receipt.entry).kind,
        "receipt": f"receipts/{number:04}.json",
    }
