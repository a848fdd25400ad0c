"""What an evidence bundle of a system holds, as the plain material of its index."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tanba.ledger.checkpoint import Checkpoint
from tanba.ledger.entry import Entry
from tanba.seal import Receipt
from tanba.strings import LANGUAGES, kind_word

COMMAND = "python tanba_verify.py BUNDLE.zip --policy policy.txt --tsa roots.pem"


@dataclass(frozen=True, slots=True)
class Kept:
    """One sealed artifact. `digest` is empty where its content is not given away; `time` is that of the entry (RFC 3339)."""

    kind: str
    name: str
    digest: str
    position: int
    time: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What the register says of a provision; `items` are numbers of artifacts, from 0."""

    provision: str
    status: str
    items: tuple[int, ...] = ()


def bundle_of(items: Iterable[Kept], claims: Iterable[Claim], checkpoint: Checkpoint) -> dict[str, Any]:
    """{checkpoint, items [{kind, name, digest, position, day, evidences}], claims [{place, status, positions}], command}."""
    kept, said = list(items), list(claims)
    return {
        "checkpoint": checkpoint.plain,
        "claims": [
            {"place": each.provision, "positions": sorted(kept[number].position for number in each.items), "status": each.status}
            for each in said
        ],
        "command": COMMAND,
        "items": [_item(each, [claim.provision for claim in said if number in claim.items]) for number, each in enumerate(kept)],
    }


def of_receipt(receipt: Receipt, name: str = "") -> Kept:
    """As a receipt tells it; one whose opening was taken out (erased, or a person's words) tells no digest."""
    entry, opening = Entry.parse(receipt.entry), receipt.artifact
    return Kept(entry.kind, opening.name if opening else name, opening.digest if opening else "", receipt.proof.index, entry.time)


def of_index(index: Mapping[str, Any], receipts: Mapping[str, Any], checkpoint: Checkpoint) -> dict[str, Any]:
    """Of the index (`tanba.bundle/1`) and the receipts of a file, as `tanba.bundle.index` reads them; a broken receipt raises its error."""
    kept = []
    for row in index["artifacts"]:
        receipt = receipts[row["receipt"]]
        if not isinstance(receipt, Receipt):
            raise receipt
        kept.append(of_receipt(receipt, row["description"]))
    numbers = {row["file"]: number for number, row in enumerate(index["artifacts"]) if row["file"]}
    claims = [
        Claim(each["provision"], each["status"], tuple(numbers[file] for file in each["artifacts"] if file in numbers))
        for each in index["obligations"]
    ]
    return bundle_of(kept, claims, checkpoint)


def _item(kept: Kept, places: list[str]) -> dict[str, Any]:
    kind = {each: kind_word(kept.kind, each) for each in LANGUAGES}
    return {"day": kept.time[:10], "digest": kept.digest, "evidences": places, "kind": kind, "name": kept.name, "position": kept.position}
