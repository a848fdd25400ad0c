"""The joint of the house: an artifact goes in, its salted commitment goes into the ledger, a receipt comes out that proves both.

Content is kept by digest in a store; the ledger learns neither digest nor name (spec/entry.md, spec/receipt.md, ADR 0005).
"""

import json
import re
import secrets
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography import x509

from tanba.digest import canonical_json, commit, sha256
from tanba.errors import EvidenceError, InputError
from tanba.ids import uuid7
from tanba.ledger.checkpoint import Proof, Signed
from tanba.ledger.entry import Entry, prepare
from tanba.ledger.log import MOST_STAMPS, Log
from tanba.ledger.merkle import leaf_hash, verify_inclusion
from tanba.ledger.note import Key, decode
from tanba.ledger.policy import Policy
from tanba.ledger.store import Anchor
from tanba.ledger.timestamp import check as check_timestamp
from tanba.storage import Store

SCHEMA = "tanba.receipt/1"
KEY_KIND, KEY_SCHEMA = "ledger.key", "tanba.key/1"
"""Of changes of the ledger's key (spec/checkpoint.md)."""

LONGEST = 1 << 20
_HEX = re.compile(r"[0-9a-f]{64}")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_KIND = re.compile(r"[a-z]+/[a-z0-9.+-]{1,80}")
_NAME = re.compile(r"(?!\.)[^/\\\x00-\x1f\x7f\ud800-\udfff]{1,120}")


@dataclass(frozen=True, slots=True)
class Artifact:
    """Something made, to be sealed. `schema` names its form; `author` is an object of strings, such as id and name."""

    kind: str
    schema: str
    content: bytes
    name: str
    media_type: str = "application/json"
    organisation: str | None = None
    system: str | None = None
    author: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """What opens the commitment to an artifact."""

    digest: str
    media_type: str
    name: str
    salt: str
    size: int


@dataclass(frozen=True, slots=True)
class Author:
    """What opens the commitment to an author."""

    salt: str
    value: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sealing:
    """An artifact ready for the ledger: the entry without its time, and what opens it.

    Keep it until the receipt is there; `id` is entered once.
    """

    id: str
    event: bytes
    artifact: Opening
    author: Author | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What proves one artifact. `parse(bytes(receipt)) == receipt`."""

    artifact: Opening | None
    author: Author | None
    entry: bytes
    proof: Proof
    timestamps: tuple[bytes, ...] = ()

    def __bytes__(self) -> bytes:
        """Canonical JSON."""
        return canonical_json(self.as_json())

    def as_json(self) -> dict[str, Any]:
        """As objects and strings."""
        return {
            "artifact": self.artifact and {name: getattr(self.artifact, name) for name in Opening.__slots__},
            "author": self.author and {"salt": self.author.salt, "value": dict(self.author.value)},
            "entry": self.entry.decode(),
            "proof": str(self.proof),
            "schema": SCHEMA,
            "timestamps": [b64encode(each).decode() for each in self.timestamps],
        }

    @classmethod
    def parse(cls, written: bytes) -> "Receipt":
        """Raises InputError where the bytes are not of the form, EvidenceError where entry or proof inside are not."""
        try:
            value = json.loads(written) if len(written) <= LONGEST else None
            if canonical_json(value) != written:
                raise _no_receipt()
        except (ValueError, TypeError, RecursionError):
            raise _no_receipt() from None
        return cls.from_json(value)

    @classmethod
    def from_json(cls, value: Any) -> "Receipt":
        """The same from parsed JSON."""
        keys = {"artifact", "author", "entry", "proof", "schema", "timestamps"}
        if not isinstance(value, dict) or value.keys() != keys or value["schema"] != SCHEMA:
            raise _no_receipt()
        if not isinstance(value["entry"], str) or not isinstance(value["proof"], str):
            raise _no_receipt()
        stamps = _timestamps(value["timestamps"])
        opening = None if value["artifact"] is None else _opening(value["artifact"])
        author = None if value["author"] is None else _author(value["author"])
        entry = value["entry"].encode("utf-8", "replace")
        Entry.parse(entry)
        return cls(opening, author, entry, Proof.parse(value["proof"]), stamps)


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom a reader believes. `newer` are keys that trusted ones handed over to: key → position of the entry that says so.

    `claimed` keys give no trust; but a wrong signature by one of them shows that something was altered.
    """

    policy: Policy = field(default_factory=Policy)
    roots: Sequence[x509.Certificate] = ()
    newer: Mapping[Key, int] = field(default_factory=dict)
    claimed: Sequence[Key] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """`words`: `verified` alone, or what is lacking; `erased` may stand beside. The rest is what was found."""

    words: tuple[str, ...]
    entry: Entry
    signed: Signed
    witnesses: Mapping[str, int] = field(default_factory=dict)
    time: datetime | None = None


def ready(artifact: Artifact, id: UUID | None = None, salt: str = "") -> Sealing:
    """Draw the salts and prepare the entry. Nothing is written. Raises EvidenceError on values outside their form.

    `salt` is given where it was drawn before and kept, or where it is no secret and has to come out the same each time.
    """
    opening = Opening(sha256(artifact.content), artifact.media_type, artifact.name, salt or secrets.token_hex(32), len(artifact.content))
    _opening({name: getattr(opening, name) for name in Opening.__slots__})
    author = _author({"salt": secrets.token_hex(32), "value": dict(artifact.author)}) if artifact.author else None
    identity = str(id or uuid7())
    event = prepare(
        artifact_schema=artifact.schema,
        author=commitment_of(author) if author else None,
        commitment=commitment_of(opening),
        id=identity,
        kind=artifact.kind,
        organisation=artifact.organisation,
        system=artifact.system,
    )
    return Sealing(identity, event, opening, author)


def seal(artifact: Artifact, log: Log, store: Store) -> Receipt:
    """Keep the content, enter the commitment, return the receipt. Only doors call this; the register goes through its outbox."""
    sealing = ready(artifact)
    store.put(artifact.content)
    position = log.append(sealing.event, sealing.id)
    return receipt(log, position, sealing.artifact, sealing.author)


def receipt(log: Log, position: int, artifact: Opening | None, author: Author | None, anchors: Sequence[Anchor] | None = None) -> Receipt:
    """The receipt of an entry under the earliest checkpoint that says most: timed and witnessed, timed, witnessed, or the newest.

    Who makes many gives the ledger's `anchors`, read once.
    """
    anchors = [anchor for anchor in (log.store.anchors() if anchors is None else anchors) if anchor.size > position]
    best = max(anchors, key=lambda anchor: (bool(anchor.timestamps), anchor.note.count("\n— ") > 1, -anchor.size), default=None)
    signed = Signed.parse(best.note) if best else log.head()
    return Receipt(artifact, author, log.entry(position), log.prove(position, signed), best.timestamps[:MOST_STAMPS] if best else ())


def verify(receipt: Receipt, trust: Trust, content: tuple[int, str] | None = None) -> Verdict:
    """Check a receipt, and the content (`measure`) where it is at hand.

    Raises EvidenceError where something was altered; the verdict says what is lacking.
    """
    entry = Entry.parse(receipt.entry)
    _open(receipt, entry, content)
    signed = receipt.proof.signed
    checkpoint = signed.checkpoint
    verify_inclusion(leaf_hash(receipt.entry), receipt.proof.index, checkpoint.size, receipt.proof.hashes, checkpoint.root)
    lacking = [] if signed_by_trusted(signed, trust) else ["unattributed"]
    names = {key: name for name, (key, _) in trust.policy.witnesses.items()}
    cosigned = {key: moment for key, moment in signed.note.signed_by([*names, *trust.claimed]).items() if key in names}
    lacking += [] if trust.policy.reached(cosigned) else ["unwitnessed"]
    times = [check_timestamp(each, checkpoint.text, trust.roots) for each in receipt.timestamps]
    known = [time for time in times if time is not None]
    lacking += [] if known else ["untimed"]
    erased = ["erased"] if receipt.artifact is None or (receipt.author is None and entry.author is not None) else []
    witnesses = {names[key]: moment or 0 for key, moment in cosigned.items()}
    return Verdict((*(lacking or ["verified"]), *erased), entry, signed, witnesses, min(known, default=None))


def signed_by_trusted(signed: Signed, trust: Trust) -> bool:
    """Whether a trusted key of a log, or one it handed over to before, signed. Raises EvidenceError where such a signature is wrong."""
    newer = [key for key, position in trust.newer.items() if signed.checkpoint.size > position]
    trusted = [*trust.policy.logs, *newer]
    return any(key in trusted for key in signed.by([*trusted, *trust.claimed]))


def commitment_of(opened: Opening | Author) -> str:
    """The commitment that an opening opens, 64 hex digits."""
    digest = opened.digest if isinstance(opened, Opening) else sha256(canonical_json(dict(opened.value)))
    return commit(bytes.fromhex(opened.salt), bytes.fromhex(digest)).hex()


def measure(content: bytes) -> tuple[int, str]:
    """(size, SHA-256) of a content, as `verify` takes it."""
    return len(content), sha256(content)


def _open(receipt: Receipt, entry: Entry, content: tuple[int, str] | None) -> None:
    if receipt.artifact and commitment_of(receipt.artifact) != entry.commitment:
        raise EvidenceError("the receipt does not open the entry's commitment to the artifact")
    if receipt.author and commitment_of(receipt.author) != entry.author:
        raise EvidenceError("the receipt does not open the entry's commitment to the author")
    if content is not None and (receipt.artifact is None or content != (receipt.artifact.size, receipt.artifact.digest)):
        raise EvidenceError("the content is not what was sealed")


def _opening(value: Any) -> Opening:
    if not isinstance(value, dict) or value.keys() != set(Opening.__slots__):
        raise _no_receipt()
    opening = Opening(**value)
    forms = ((_HEX, opening.digest), (_HEX, opening.salt), (_KIND, opening.media_type), (_NAME, opening.name))
    fits = all(isinstance(each, str) and form.fullmatch(each) for form, each in forms)
    if not fits or type(opening.size) is not int or opening.size < 0:
        raise _no_receipt()
    return opening


def _author(value: Any) -> Author:
    if not isinstance(value, dict) or value.keys() != {"salt", "value"} or not isinstance(value["value"], dict) or not value["value"]:
        raise _no_receipt()
    strings = [value["salt"], *value["value"].values()]
    plain = all(isinstance(each, str) and not _SURROGATE.search(each) for each in strings) and all(map(str.isascii, value["value"]))
    if not plain or not _HEX.fullmatch(value["salt"]):
        raise _no_receipt()
    return Author(value["salt"], value["value"])


def _timestamps(value: Any) -> tuple[bytes, ...]:
    if not isinstance(value, list) or len(value) > MOST_STAMPS or not all(isinstance(each, str) for each in value):
        raise _no_receipt()
    found = [decode(each) for each in value]
    if not all(found):
        raise _no_receipt()
    return tuple(each for each in found if each is not None)


def _no_receipt() -> InputError:
    return InputError("is not a receipt", "A receipt is the .json file that was made when the artifact was sealed.")
