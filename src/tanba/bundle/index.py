"""The index of a bundle: its form, read strictly. Whatever is not of the form refuses the whole bundle."""

import json
from typing import Any

from tanba.bundle.container import Container
from tanba.bundle.strictzip import NAME
from tanba.digest import canonical_json
from tanba.errors import EvidenceError, InputError
from tanba.ledger.checkpoint import MOST_HASHES, Signed
from tanba.ledger.entry import KIND, is_time
from tanba.ledger.merkle import HASH
from tanba.ledger.note import decode
from tanba.seal import LONGEST, Receipt

SCHEMA = "tanba.bundle/1"
KEYS = {"artifacts", "checkpoint", "consistency", "made", "obligations", "organisation", "rotations", "schema", "system"}
MOST = 10_000
"""Rows of each list."""

ReadReceipt = Receipt | EvidenceError
"""A receipt, or what is wrong inside one of the right form."""


def read_index(bundle: Container) -> tuple[dict[str, Any], Signed, dict[str, ReadReceipt], list[ReadReceipt]]:
    """(index, newest checkpoint, receipts by name, receipts of changes of key). Raises InputError."""
    try:
        written = bundle.read("index.json")
        index = json.loads(written)
        if canonical_json(index) != written:  # also where a key stands twice
            raise ValueError
        _check(index)
        newest = Signed.parse(index["checkpoint"])
    except (EvidenceError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise bundle.refused("index.json") from None
    receipts = {row["receipt"]: _receipt(bundle, row["receipt"]) for row in index["artifacts"]}
    return dict(index), newest, receipts, [_rotation(bundle, each["receipt"]) for each in index["rotations"]]


def _receipt(bundle: Container, name: str) -> ReadReceipt:
    try:
        if bundle.measured(name)[0] > LONGEST:
            raise bundle.refused(name)
        return Receipt.parse(bundle.read(name))
    except EvidenceError as error:
        return error
    except InputError:
        raise bundle.refused(name) from None


def _rotation(bundle: Container, value: Any) -> ReadReceipt:
    try:
        return Receipt.from_json(value)
    except EvidenceError as error:
        return error
    except InputError:
        raise bundle.refused("rotations") from None


def _check(index: Any) -> None:
    """Raises ValueError, TypeError, KeyError or AttributeError on another form than spec/bundle.md gives."""
    fits = index.keys() == KEYS and index["schema"] == SCHEMA and is_time(index["made"])
    fits &= all(
        isinstance(index[key], list) and len(index[key]) <= MOST for key in ("artifacts", "consistency", "obligations", "rotations")
    )
    fits &= all(map(_is_row, index["artifacts"])) and all(map(_is_proof, index["consistency"]))
    fits &= all(map(_is_claim, index["obligations"])) and all(map(_is_change, index["rotations"]))
    fits &= _is_named(index["organisation"], {"bin", "name"}) and _is_named(index["system"], {"name", "slug"})
    named = [name for row in index["artifacts"] for name in (row["file"], row["receipt"]) if name]
    sizes = [each["size"] for each in index["consistency"]]
    if not fits or len(set(named)) != len(named) or len(set(sizes)) != len(sizes):
        raise ValueError


def _is_row(row: Any) -> bool:
    strings = all(isinstance(row[key], str) for key in ("description", "kind", "receipt"))
    receipt = strings and _is_path(row["receipt"], "receipts/") and bool(KIND.fullmatch(row["kind"]))
    file = row["file"] is None or _is_path(row["file"], "artifacts/")
    return row.keys() == {"description", "file", "kind", "receipt"} and receipt and file


def _is_path(value: Any, below: str) -> bool:
    return isinstance(value, str) and value.startswith(below) and bool(NAME.fullmatch(value))


def _is_proof(each: Any) -> bool:
    hashes = isinstance(each["hashes"], list) and len(each["hashes"]) <= MOST_HASHES and all(map(_is_hash, each["hashes"]))
    return each.keys() == {"hashes", "size"} and type(each["size"]) is int and each["size"] > 0 and hashes


def _is_hash(text: Any) -> bool:
    return len(decode(text) or b"") == HASH


def _is_claim(each: Any) -> bool:
    strings = (
        isinstance(each["provision"], str)
        and isinstance(each["artifacts"], list)
        and all(isinstance(name, str) for name in each["artifacts"])
    )
    return each.keys() == {"artifacts", "provision", "status"} and strings and each["status"] in ("open", "evidenced", "met")


def _is_change(each: Any) -> bool:
    return each.keys() == {"artifact", "receipt"} and isinstance(each["artifact"], str)


def _is_named(value: Any, keys: set[str]) -> bool:
    return value is None or (value.keys() == keys and all(isinstance(each, str) for each in value.values()))
