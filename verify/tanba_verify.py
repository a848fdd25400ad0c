#!/usr/bin/env python3
"""Checks a tanba bundle or a single receipt, offline, without tanba.

    python tanba_verify.py FILE [--policy POLICY] [--tsa PEM] [--known CHECKPOINT]... [--content FILE]
                                [--accept unwitnessed,untimed] [--lang kk|ru|en] [--json]

FILE is a bundle (.zip) or a receipt (.json). POLICY (c2sp.org/tlog-policy) names the ledger keys and witnesses that YOU believe,
PEM the roots of time-stamping authorities that YOU believe, CHECKPOINT is one that you kept from an earlier visit.
Whatever you do not give is not believed: the answer is then unattributed, unwitnessed or untimed.

Exit code: 0 all verified; 1 something altered or missing; 2 malformed or misuse; 3 nothing worse than unattributed, unwitnessed,
untimed or a check that could not be made. Needs Python 3.9 and `cryptography` 42 or newer, nothing else.

Read from top to bottom: canonical JSON, Merkle tree, signed notes, policy, receipt, time stamp, ZIP, bundle, words, command line.
The formats are described in spec/entry.md, checkpoint.md, receipt.md and bundle.md of the tanba project; verify.html checks the same.
"""

from __future__ import annotations

import argparse
import base64
import functools
import hashlib
import json
import mmap
import os
import re
import struct
import sys
import warnings
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, NamedTuple, NoReturn

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

WORDS = ("altered", "missing", "unattributed", "unwitnessed", "untimed", "verified", "erased")
MAX_NUMBER = 2**53 - 1
KIB, MIB, GIB = 2**10, 2**20, 2**30


class MalformedError(Exception):
    """Not of the form that the specification gives, so nothing in it is judged: exit code 2."""


class FoundError(Exception):
    """A finding after which an artifact is not looked at any further: altered or missing."""

    def __init__(self, word: str, code: str, detail: object = "") -> None:
        """Keep the word, the code of the reason (see TEXTS) and what it is about."""
        super().__init__(word, code, detail)
        self.finding = (word, code, str(detail))


class UntrustedError(Exception):
    """A time stamp that contradicts nothing and proves nothing: the code of the reason."""


@dataclass
class Result:
    """What was found about one artifact, or about the bundle as a whole; about is a verdict word, `unchecked` or `note`."""

    about: dict[str, str] = field(default_factory=dict)
    findings: dict[tuple[str, str, str], None] = field(default_factory=dict)  # in order, each once

    def add(self, word: str, code: str, detail: object = "") -> None:
        """Note a finding once."""
        self.findings[word, code, str(detail)] = None

    @property
    def words(self) -> list[str]:
        """The verdict: altered and missing stop the rest; verified only where nothing at all stands against it."""
        said = {word for word, _, _ in self.findings}
        grave: list[str] = [word for word in ("altered", "missing") if word in said]
        if grave:
            return grave
        weak = [word for word in ("unattributed", "unwitnessed", "untimed") if word in said]
        good = [] if weak or "unchecked" in said else ["verified"]
        return weak + good + (["erased"] if "erased" in said else [])


# ---------------------------------------------------------------- Canonical JSON (RFC 8785) with whole numbers only, base64, times


def canonical(value: Any) -> str:
    """Write a value in the one form that RFC 8785 allows: keys in order of their UTF-16 code units, no white space."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join([json.dumps(key, ensure_ascii=False) + ":" + canonical(value[key]) for key in keys]) + "}"
    if isinstance(value, list):
        return "[" + ",".join([canonical(item) for item in value]) + "]"
    return json.dumps(value, ensure_ascii=False)


def _whole(digits: str) -> int:
    if len(digits) > 16 or not 0 <= int(digits) <= MAX_NUMBER:
        raise ValueError("a number outside 0 to 2^53-1")
    return int(digits)


def _no_float(digits: str) -> NoReturn:
    raise ValueError("a number that is not whole")


def read_json(data: bytes, what: str) -> Any:
    """Parse, write again, compare: catches keys given twice, other orders, white space, escapes and lone surrogates alike."""
    if sum(map(data.count, b"[{,")) > 10**6:
        raise MalformedError(f"{what}: over a million items")
    try:
        value = json.loads(data.decode("utf-8"), parse_int=_whole, parse_float=_no_float, parse_constant=_no_float)
        if canonical(value).encode("utf-8") != data:
            raise MalformedError(f"{what}: not canonical JSON (RFC 8785)")
    except RecursionError:
        raise MalformedError(f"{what}: JSON nested too deeply") from None
    except ValueError as error:
        raise MalformedError(f"{what}: not JSON as the specification wants it ({error.__class__.__name__}: {str(error)[:80]})") from None
    return value


Rule = Callable[[Any], bool]


def shape(value: Any, what: str, rules: dict[str, Rule]) -> None:
    """Demand an object with exactly these keys, each value after its rule."""
    if not isinstance(value, dict) or set(value) != set(rules):
        raise MalformedError(f"{what}: must be an object with exactly the keys {', '.join(rules)}")
    for key, holds in rules.items():
        if not holds(value[key]):
            raise MalformedError(f"{what}: value of {key} is not allowed")


def matches(pattern: str) -> Rule:
    """Demand a string that the pattern covers whole."""
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


def text(low: int, high: int) -> Rule:
    """Demand a string of so many characters."""
    return lambda value: isinstance(value, str) and low <= len(value) <= high


def number(value: Any) -> bool:
    """Demand a whole number (its range was settled when it was read)."""
    return type(value) is int


def null_or(rule: Rule) -> Rule:
    """Allow null too."""
    return lambda value: value is None or rule(value)


def list_of(rule: Rule, most: int = MAX_NUMBER) -> Rule:
    """Demand a list, each item after the rule."""
    return lambda value: isinstance(value, list) and len(value) <= most and all(map(rule, value))


def is_time(value: Any) -> bool:
    """Demand 2026-11-22T09:30:00.123456Z, a day and hour that exist."""
    if not matches(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")(value):
        return False
    try:
        return bool(datetime.fromisoformat(value[:-1]))
    except ValueError:
        return False


def base64_bytes(value: str, length: int | None = None) -> bytes:
    """Decode base64 that is written in the one way RFC 4648 section 4 allows."""
    try:
        data = base64.b64decode(value, validate=True)
    except ValueError:
        raise MalformedError("not base64") from None
    if base64.b64encode(data).decode() != value or (length is not None and len(data) != length):
        raise MalformedError("not canonical base64, or not of the right length")
    return data


def is_base64(value: Any) -> bool:
    """Demand canonical base64 of at least one byte."""
    try:
        return isinstance(value, str) and base64_bytes(value) != b""
    except MalformedError:
        return False


HEX64 = matches("[0-9a-f]{64}")
KIND = matches("[a-z0-9._-]{1,40}")
WHOLE = "(0|[1-9][0-9]{0,15})"

# ---------------------------------------------------------------- Merkle tree (RFC 9162, section 2.1)


def sha256(*parts: bytes) -> bytes:
    """SHA-256 over the parts one after another."""
    return hashlib.sha256(b"".join(parts)).digest()


def verify_inclusion(leaf: bytes, index: int, size: int, proof: list[bytes], root: bytes) -> bool:
    """RFC 9162 section 2.1.3.2; surplus nodes fail because sn reaches 0 before the proof ends."""
    if not 0 <= index < size or len(leaf) != 32:
        return False
    fn, sn, node = index, size - 1, leaf
    for other in proof:
        if sn == 0 or len(other) != 32:
            return False
        if fn & 1 or fn == sn:
            node = sha256(b"\x01", other, node)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            node = sha256(b"\x01", node, other)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and node == root


def verify_consistency(size1: int, size2: int, root1: bytes, root2: bytes, proof: list[bytes]) -> bool:
    """RFC 9162 section 2.1.4.2; an empty tree proves nothing, and equal sizes need equal roots and no proof."""
    if not 0 < size1 <= size2:
        return False
    if size1 == size2:
        return not proof and root1 == root2
    if not proof or any(len(node) != 32 for node in proof):
        return False
    nodes = [root1, *proof] if size1 & (size1 - 1) == 0 else proof
    fn, sn = size1 - 1, size2 - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    old = new = nodes[0]
    for other in nodes[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            old, new = sha256(b"\x01", other, old), sha256(b"\x01", other, new)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            new = sha256(b"\x01", new, other)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and old == root1 and new == root2


def commitment(salt: str, content_digest: str) -> str:
    """What the ledger holds instead of content (spec/entry.md)."""
    return sha256(b"tanba.commitment/1\n", bytes.fromhex(salt), bytes.fromhex(content_digest)).hex()


# ---------------------------------------------------------------- Checkpoints: signed notes, keys, policy (c2sp.org)

LEDGER, WITNESS = 0x01, 0x04
KEY_NAME = "[^ \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000+]+"


class Key(NamedTuple):
    """A verifier key: <name>+<id in hex>+<base64(type, public key)>."""

    name: str
    id: bytes
    type: int
    public: bytes


class Note(NamedTuple):
    """A checkpoint: text is the three signed lines; signatures are (key name, key id, signature)."""

    text: str
    origin: str
    size: int
    root: bytes
    signatures: tuple[tuple[str, bytes, bytes], ...]


def parse_key(written: str, key_type: int) -> Key:
    """Read a verifier key of the wanted type; the id has to be the one that its name and key give."""
    name, id_hex, material = [*written.split("+", 2), "", ""][:3]
    data = base64_bytes(material, 33)
    key_id = sha256(name.encode(), b"\n", data)[:4]
    if not re.fullmatch(KEY_NAME, name) or min(name) < " " or key_id.hex() != id_hex or data[0] != key_type:
        raise MalformedError("a key that is damaged or of another type than Ed25519 for its purpose")
    return Key(name, key_id, key_type, data[1:])


def parse_note(written: str) -> Note:
    """Read a checkpoint: three lines of text, an empty line, 1 to 64 signature lines."""
    if len(written.encode()) > 64 * KIB or re.search(r"[\x00-\x09\x0b-\x1f]", written):
        raise MalformedError("checkpoint: over 64 KiB, or with control characters")
    body, gap, tail = written.rpartition("\n\n")
    lines, signature_lines = body.split("\n"), tail.split("\n")
    if not gap or len(lines) != 3 or not lines[0] or not re.fullmatch(WHOLE, lines[1]) or int(lines[1]) > MAX_NUMBER:
        raise MalformedError("checkpoint: must be origin, size and root hash, an empty line and signatures")
    if signature_lines.pop() != "" or not 1 <= len(signature_lines) <= 64:
        raise MalformedError("checkpoint: 1 to 64 signature lines, each with its newline")
    signatures = []
    for line in signature_lines:
        parts = re.fullmatch(f"— ({KEY_NAME}) ([A-Za-z0-9+/=]+)", line)
        data = base64_bytes(parts[2]) if parts else b""
        if not parts or len(data) < 5:
            raise MalformedError("checkpoint: a signature line that is not one")
        signatures.append((parts[1], data[:4], data[4:]))
    return Note(body + "\n", lines[0], int(lines[1]), base64_bytes(lines[2], 32), tuple(signatures))


@functools.lru_cache(maxsize=4096)
def signature_holds(key: Key, note_text: str, signature: bytes) -> bool:
    """Ed25519 over the text, or for a witness over `cosignature/v1`, its time and the text."""
    message = note_text.encode()
    if key.type == WITNESS:
        seconds, signature = int.from_bytes(signature[:8], "big"), signature[8:]
        message = b"cosignature/v1\ntime %d\n" % seconds + message
        if seconds >= 2**63:
            return False
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass
class Trust:
    """Whom to believe: ledger keys (each with the position after which it counts), witnesses, the quorum, roots of time stamps."""

    given: bool = False  # by the reader; otherwise only claimed by the bundle
    keys: dict[tuple[str, bytes], Key] = field(default_factory=dict)
    ledgers: dict[Key, int] = field(default_factory=dict)
    witnesses: dict[str, Key] = field(default_factory=dict)
    groups: list[tuple[str, int, list[str]]] = field(default_factory=list)
    quorum: str = "none"
    roots: list[x509.Certificate] = field(default_factory=list)
    roots_given: bool = False

    def signers(self, note: Note) -> set[Key]:
        """Keys that signed; unknown keys are passed over, and a wrong signature of a known key refuses the note."""
        found = set()
        for name, key_id, signature in note.signatures:
            key = self.keys.get((name, key_id))
            if key is not None:
                if not signature_holds(key, note.text, signature):
                    raise FoundError("altered", "signature", f"{name}+{key_id.hex()}")
                found.add(key)
        return found

    def ledger_signed(self, note: Note, signers: set[Key]) -> bool:
        """Whether a key of this very ledger signed, and counts at this size."""
        return any(key in self.ledgers and key.name == note.origin and note.size > self.ledgers[key] for key in signers)

    def quorum_reached(self, signers: set[Key]) -> bool:
        """Whether enough witnesses signed; a group only knows members from lines above it."""
        seen = {name for name, key in self.witnesses.items() if key in signers}
        for name, least, members in self.groups:
            if sum(member in seen for member in members) >= least:
                seen.add(name)
        return self.quorum in seen


def parse_policy(data: bytes) -> Trust:
    """Read a c2sp.org/tlog-policy: log, witness, group and quorum lines; names are opaque octets (so Latin-1 here)."""
    if len(data) > MIB or re.search(rb"[^\x09\x0a\x20-\x7e\x80-\xff]", data):
        raise MalformedError("policy: over 1 MiB, or with control characters other than tab and newline")
    trust, quorum, members_used = Trust(), "", {"none"}
    names, public_keys = {"none"}, set[tuple[int, bytes]]()

    def key_of(item: str, key_type: int) -> Key:
        try:
            key = parse_key(item.encode("latin-1").decode("utf-8"), key_type)
        except ValueError:
            raise MalformedError("policy: a key name that is not UTF-8") from None
        if (key.name, key.id) in trust.keys or key[2:] in public_keys:
            raise MalformedError("policy: a key given twice")
        trust.keys[key.name, key.id] = key
        public_keys.add(key[2:])
        return key

    for line in data.decode("latin-1").split("\n"):
        word, *items = re.split("[ \t]+", line.strip(" \t"))
        if word == "" or word.startswith("#"):
            continue
        if word == "log" and 1 <= len(items) <= 2:
            trust.ledgers[key_of(items[0], LEDGER)] = -1
        elif word == "witness" and 2 <= len(items) <= 3 and items[0] not in names:
            trust.witnesses[items[0]] = key_of(items[1], WITNESS)
            names.add(items[0])
        elif word == "group" and len(items) >= 3 and items[0] not in names:
            name, least, *members = items
            count = {"all": len(members), "any": 1}.get(least) or (int(least) if re.fullmatch("[1-9][0-9]{0,5}", least) else 0)
            if not 1 <= count <= len(members) or len(set(members)) != len(members) or set(members) & members_used or set(members) - names:
                raise MalformedError(f"policy: group {name[:80]} has a wrong threshold, or a member that is unknown or already in a group")
            members_used.update(members)
            trust.groups.append((name, count, members))
            names.add(name)
        elif word == "quorum" and len(items) == 1 and not quorum and items[0] in names:
            trust.quorum = quorum = items[0]
        else:
            raise MalformedError(f"policy: cannot use the line: {line[:80]}")
    if not quorum:
        raise MalformedError("policy: exactly one quorum line is needed")
    return trust


# ---------------------------------------------------------------- Entry and receipt

FILE_PATH = r"(?=.{1,200}$)[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*"
ENTRY: dict[str, Rule] = {
    "artifact_schema": matches("[a-z0-9._/-]{1,80}"),
    "author": null_or(HEX64),
    "commitment": HEX64,
    "id": matches("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
    "kind": KIND,
    "organisation": null_or(text(1, 80)),
    "schema": matches(r"tanba\.entry/1"),
    "system": null_or(text(1, 80)),
    "time": is_time,
}
RECEIPT: dict[str, Rule] = {
    "artifact": null_or(lambda value: isinstance(value, dict)),
    "author": null_or(lambda value: isinstance(value, dict)),
    "entry": text(0, MIB),
    "proof": text(0, MIB),
    "schema": matches(r"tanba\.receipt/1"),
    "timestamps": list_of(is_base64, 16),
}
RECEIPT_ARTIFACT: dict[str, Rule] = {
    "digest": HEX64,
    "media_type": text(0, 255),
    "name": matches(r"(?!\.{1,2}$)[^/\\\x00-\x1f]{1,255}"),
    "salt": HEX64,
    "size": number,
}


def receipt_form(value: Any, what: str) -> dict[str, Any]:
    """Demand the outer form of a receipt; what its texts say is judged later."""
    shape(value, what, RECEIPT)
    if value["artifact"] is not None:
        shape(value["artifact"], f"{what}: artifact", RECEIPT_ARTIFACT)
    if value["author"] is not None:
        strings: Rule = lambda given: isinstance(given, dict) and all(map(text(0, MIB), given.values()))  # noqa: E731
        shape(value["author"], f"{what}: author", {"salt": HEX64, "value": strings})
    return dict(value)


def parse_receipt(data: bytes, what: str) -> dict[str, Any]:
    """Read a receipt file."""
    if len(data) > MIB:
        raise MalformedError(f"{what}: a receipt over 1 MiB")
    return receipt_form(read_json(data, what), what)


def parse_entry(written: str) -> dict[str, Any]:
    """Read an entry of the ledger."""
    data = written.encode("utf-8")
    if len(data) > 65535:
        raise MalformedError("entry: over 65,535 bytes")
    entry = read_json(data, "entry")
    shape(entry, "entry", ENTRY)
    return dict(entry)


def parse_proof(written: str) -> tuple[int, list[bytes], Note]:
    """Read a c2sp.org/tlog-proof without `extra`: index, inclusion proof, checkpoint."""
    head, _, note = written.partition("\n\n")
    lines = head.split("\n")
    index = re.fullmatch(f"index {WHOLE}", lines[1]) if len(lines) > 1 else None
    if lines[0] != "c2sp.org/tlog-proof@v1" or index is None or len(lines) > 66:
        raise MalformedError("proof: must begin with c2sp.org/tlog-proof@v1 and index N, then at most 64 hashes")
    return int(index[1]), [base64_bytes(line, 32) for line in lines[2:]], parse_note(note)


class Content(NamedTuple):
    """Size and digest of the content at hand."""

    size: int
    digest: str


def check_fits_together(result: Result, receipt: dict[str, Any], content: Content | None, bare: bool) -> tuple[dict[str, Any], int, Note]:
    """Steps 1 to 3 of spec/receipt.md: the texts are well-formed, the commitments open, the proof leads to the root."""
    try:
        entry = parse_entry(receipt["entry"])
        result.about.update(kind=entry["kind"], time=entry["time"], system=entry["system"] or "", organisation=entry["organisation"] or "")
    except MalformedError as error:
        raise FoundError("altered", "entry", error) from None
    try:
        index, nodes, note = parse_proof(receipt["proof"])
    except MalformedError as error:
        raise FoundError("altered", "proof", error) from None
    if index >= note.size:
        raise FoundError("altered", "proof", f"index {index} of {note.size}")

    artifact, author = receipt["artifact"], receipt["author"]
    if artifact is None:
        if content is not None:
            raise FoundError("altered", "unbound")
        result.add("erased", "erased_content")
    else:
        if commitment(artifact["salt"], artifact["digest"]) != entry["commitment"]:
            raise FoundError("altered", "commitment")
        if content is None:
            result.add("note" if bare else "erased", "content_absent" if bare else "erased_content")
        elif content != (artifact["size"], artifact["digest"]):
            raise FoundError("altered", "content")
    if author is None and entry["author"] is not None:
        result.add("erased", "erased_author")
    if author is not None:
        value = sha256(canonical(author["value"]).encode()).hex()
        if commitment(author["salt"], value) != entry["author"]:
            raise FoundError("altered", "author")

    if not verify_inclusion(sha256(b"\x00", receipt["entry"].encode()), index, note.size, nodes, note.root):
        raise FoundError("altered", "inclusion")
    return entry, index, note


def check_belief(result: Result, receipt: dict[str, Any], note: Note, signers: set[Key], trust: Trust) -> None:
    """Steps 4 to 6 of spec/receipt.md: who signed, who watched, when."""
    times, reasons = [], []
    for token in receipt["timestamps"]:
        try:
            times.append(check_stamp(base64_bytes(token), note.text.encode(), trust.roots))
        except UntrustedError as error:
            reasons.append(str(error))
    signed = trust.ledger_signed(note, signers)
    if not trust.given:
        result.add("unattributed", "claimed" if signed else "no_policy", note.origin)
        result.add("unwitnessed", "no_policy_witness")
    else:
        if not signed:
            result.add("unattributed", "no_key", note.origin)
        if not trust.quorum_reached(signers):
            result.add("unwitnessed", "quorum_none" if trust.quorum == "none" else "quorum")
    if not receipt["timestamps"]:
        result.add("untimed", "no_stamp")
    elif not trust.roots_given:
        result.add("untimed", "no_roots")
    elif not times:
        for reason in reasons:
            result.add("untimed", reason)
    else:
        result.add("note", "stamped", f"{min(times):%Y-%m-%dT%H:%M:%SZ}")


def check_receipt(data: bytes, trust: Trust, content: Content | None = None, known: list[Note] | None = None) -> dict[str, Any]:
    """Check one receipt that came without a bundle."""
    receipt = parse_receipt(data, "receipt")
    result = Result({"file": receipt["artifact"]["name"] if receipt["artifact"] else "", "receipt": ""})
    try:
        _, _, note = check_fits_together(result, receipt, content, bare=True)
        signers = trust.signers(note)
        check_belief(result, receipt, note, signers, trust)
        for kept in known or []:
            if (kept.origin, kept.size) != (note.origin, note.size):
                result.add("unchecked", "known_unproved", kept.size)
            elif kept.root != note.root:
                result.add("altered", "fork", kept.size)
    except FoundError as found:
        result.add(*found.finding)
    return report(None, [result])


# ---------------------------------------------------------------- Time stamp (RFC 3161 in CMS, RFC 5652), strict DER


def oid(dotted: str) -> bytes:
    """Encode an object identifier, so that bytes can be compared with bytes."""
    first, second, *rest = map(int, dotted.split("."))
    out = bytes([first * 40 + second])
    for arc in rest:
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(arc & 0x7F | 0x80)
        out += bytes(reversed(groups))
    return out


INTEGER, OCTETS, OID, SEQUENCE, SET, GENERALIZED_TIME = 0x02, 0x04, 0x06, 0x30, 0x31, 0x18
SIGNED_DATA, TST_INFO = oid("1.2.840.113549.1.7.2"), oid("1.2.840.113549.1.9.16.1.4")
CONTENT_TYPE, MESSAGE_DIGEST = oid("1.2.840.113549.1.9.3"), oid("1.2.840.113549.1.9.4")
SIGNING_CERTIFICATE, SIGNING_CERTIFICATE_V2 = oid("1.2.840.113549.1.9.16.2.12"), oid("1.2.840.113549.1.9.16.2.47")
HASHES = {oid(f"2.16.840.1.101.3.4.2.{n}"): name for n, name in ((1, "sha256"), (2, "sha384"), (3, "sha512"))}
ALGORITHMS: dict[str, hashes.HashAlgorithm] = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}
SIGNATURES = {  # (scheme, hash; "" means the one in digestAlgorithm)
    oid("1.2.840.113549.1.1.1"): ("rsa", ""),
    oid("1.2.840.113549.1.1.11"): ("rsa", "sha256"),
    oid("1.2.840.113549.1.1.12"): ("rsa", "sha384"),
    oid("1.2.840.113549.1.1.13"): ("rsa", "sha512"),
    oid("1.2.840.10045.4.3.2"): ("ecdsa", "sha256"),
    oid("1.2.840.10045.4.3.3"): ("ecdsa", "sha384"),
    oid("1.2.840.10045.4.3.4"): ("ecdsa", "sha512"),
    oid("1.3.101.112"): ("ed25519", ""),
}
CERTIFICATE_SIGNATURES = {f"1.2.840.113549.1.1.{n}" for n in (11, 12, 13)} | {f"1.2.840.10045.4.3.{n}" for n in (2, 3, 4)} | {"1.3.101.112"}


MOST_CERTIFICATES = 10  # of a token; the rest is not looked at


class Der:
    """A cursor over strict DER: one-byte tags, definite lengths in their shortest form."""

    def __init__(self, data: bytes) -> None:
        """Begin at the first byte."""
        self.data, self.at = data, 0

    def take(self, tag: int, whole: bool = False) -> bytes:
        """Take the next element, which must carry this tag: its body, or the whole of it."""
        data, at = self.data, self.at
        if len(data) < at + 2 or data[at] != tag or tag & 0x1F == 0x1F:
            raise MalformedError(f"DER: no element {tag:02x} where one is due")
        size, start = data[at + 1], at + 2
        if size >= 0x80:
            count, start = size & 0x7F, start + (size & 0x7F)
            size = int.from_bytes(data[at + 2 : start], "big")
            if not 1 <= count <= 4 or start > len(data) or size < 0x80 or size >> 8 * (count - 1) == 0:
                raise MalformedError("DER: a length that is not in its shortest form")
        if start + size > len(data):
            raise MalformedError("DER: an element that runs over the end")
        self.at = start + size
        return data[at if whole else start : self.at]

    def next_is(self, tag: int) -> bool:
        """Whether the next element carries this tag."""
        return self.at < len(self.data) and self.data[self.at] == tag

    def into(self, tag: int) -> Der:
        """Take the next element and read inside it."""
        return Der(self.take(tag))

    def skip(self, *tags: int) -> None:
        """Pass over optional elements, in this order."""
        for tag in tags:
            if self.next_is(tag):
                self.take(tag)

    def items(self) -> Iterator[tuple[int, bytes]]:
        """Each remaining element whole, with its tag."""
        while self.at < len(self.data):
            tag = self.data[self.at]
            yield tag, self.take(tag, whole=True)

    def end(self) -> None:
        """Demand that nothing follows."""
        if self.at != len(self.data):
            raise MalformedError("DER: surplus bytes")


class Stamp(NamedTuple):
    """What a response says, before anything of it is believed."""

    covers: bytes
    imprint_hash: bytes
    time: datetime
    content: bytes
    certificates: list[bytes]
    signer: bytes  # issuer and serial number, or empty
    digest_hash: bytes
    attributes: dict[bytes, bytes]
    signed_bytes: bytes
    signature_oid: bytes
    signature: bytes


def parse_stamp(response: bytes) -> Stamp:
    """TimeStampResp → ContentInfo → SignedData → TSTInfo, with exactly one signer."""
    answer = Der(_only(response, SEQUENCE))
    status = answer.into(SEQUENCE)
    granted = status.take(INTEGER) in (b"\x00", b"\x01")
    status.skip(SEQUENCE, 0x03)
    status.end()
    if not granted:
        raise UntrustedError("stamp_refused")
    content_info = answer.into(SEQUENCE)
    answer.end()
    if content_info.take(OID) != SIGNED_DATA:
        raise MalformedError("not CMS signed data")
    signed = Der(_only(content_info.take(0xA0), SEQUENCE))
    content_info.end()
    signed.take(INTEGER)
    signed.take(SET)
    encapsulated = signed.into(SEQUENCE)
    if encapsulated.take(OID) != TST_INFO:
        raise MalformedError("not a time-stamp token")
    content = _only(encapsulated.take(0xA0), OCTETS)
    encapsulated.end()
    certificates = [raw for tag, raw in signed.into(0xA0).items() if tag == SEQUENCE] if signed.next_is(0xA0) else []
    signed.skip(0xA1)
    signer = Der(_only(signed.take(SET), SEQUENCE))
    signed.end()
    signer.take(INTEGER)
    named = b""  # a key identifier does: ESSCertID binds the certificate anyway
    if signer.next_is(SEQUENCE):
        named = signer.take(SEQUENCE)
    else:
        signer.take(0x80)
    digest_hash = signer.into(SEQUENCE).take(OID)
    attribute_element = signer.take(0xA0, whole=True)
    signature_oid = signer.into(SEQUENCE).take(OID)
    signature = signer.take(OCTETS)
    signer.skip(0xA1)
    signer.end()
    attributes: dict[bytes, bytes] = {}
    for tag, raw in Der(_only(attribute_element, 0xA0)).items():
        attribute = Der(raw).into(tag)
        name = attribute.take(OID)
        if tag != SEQUENCE or name in attributes:
            raise MalformedError("a signed attribute twice, or not one")
        attributes[name] = attribute.take(SET)
        attribute.end()
    return Stamp(
        *_parse_tst_info(content),
        content,
        certificates,
        named,
        digest_hash,
        attributes,
        bytes([SET]) + attribute_element[1:],  # signed under the tag of a SET (RFC 5652, section 5.4)
        signature_oid,
        signature,
    )


def _parse_tst_info(content: bytes) -> tuple[bytes, bytes, datetime]:
    info = Der(_only(content, SEQUENCE))
    if info.take(INTEGER) != b"\x01":
        raise MalformedError("TSTInfo of another version")
    info.take(OID)
    imprint = info.into(SEQUENCE)
    imprint_hash = imprint.into(SEQUENCE).take(OID)
    covers = imprint.take(OCTETS)
    imprint.end()
    info.take(INTEGER)
    written = info.take(GENERALIZED_TIME)
    info.skip(SEQUENCE, 0x01, INTEGER, 0xA0, 0xA1)
    info.end()
    if not re.fullmatch(rb"[0-9]{14}(\.[0-9]*[1-9])?Z", written):
        raise MalformedError("a time that is not one")
    try:
        return covers, imprint_hash, datetime.strptime(written[:14].decode(), "%Y%m%d%H%M%S").replace(tzinfo=timezone.utc)  # noqa: UP017
    except ValueError:
        raise MalformedError("a time that is not one") from None


def certificate_hashes(stamp: Stamp) -> list[tuple[str, bytes]]:
    """(hash name, digest) of the signer's certificate as ESSCertID and ESSCertIDv2 bind it; the first of each list is the signer."""
    found = []
    for name, standard in ((SIGNING_CERTIFICATE, "sha1"), (SIGNING_CERTIFICATE_V2, "sha256")):
        if name in stamp.attributes:
            first = Der(stamp.attributes[name]).into(SEQUENCE).into(SEQUENCE).into(SEQUENCE)
            if name == SIGNING_CERTIFICATE_V2 and first.next_is(SEQUENCE):
                standard = HASHES.get(first.into(SEQUENCE).take(OID), "")
            found.append((standard, first.take(OCTETS)))
    return found


def check_stamp(response: bytes, covered: bytes, roots: list[x509.Certificate]) -> datetime:
    """Return the time a time stamp proves. FoundError: it was altered or covers something else. UntrustedError: it proves nothing."""
    try:
        stamp = parse_stamp(response)
        bindings = certificate_hashes(stamp)
        content_type, digest = stamp.attributes.get(CONTENT_TYPE), _only(stamp.attributes.get(MESSAGE_DIGEST, b""), OCTETS)
    except MalformedError as error:
        raise FoundError("altered", "stamp_form", error) from None
    if stamp.imprint_hash not in HASHES or stamp.digest_hash not in HASHES:
        raise UntrustedError("stamp_unsupported")
    if hashlib.new(HASHES[stamp.imprint_hash], covered).digest() != stamp.covers:
        raise FoundError("altered", "stamp_other")
    hash_name = HASHES[stamp.digest_hash]
    if content_type != bytes([OID, len(TST_INFO)]) + TST_INFO or digest != hashlib.new(hash_name, stamp.content).digest():
        raise FoundError("altered", "stamp_signature")
    if not bindings or any(name == "" for name, _ in bindings):
        raise UntrustedError("stamp_unsupported")
    bound = [
        raw for raw in stamp.certificates[:MOST_CERTIFICATES] if all(hashlib.new(name, raw).digest() == digest for name, digest in bindings)
    ]
    if not bound:
        raise UntrustedError("stamp_no_certificate")
    if stamp.signer and stamp.signer != _issuer_and_serial(bound[0]):
        raise FoundError("altered", "stamp_signature")
    signer = load_certificate(bound[0])
    if signer is None:
        raise UntrustedError("stamp_untrusted")
    scheme, own_hash = SIGNATURES.get(stamp.signature_oid, ("", ""))
    if not _signature_verifies(signer, scheme, own_hash or hash_name, stamp.signature, stamp.signed_bytes):
        raise FoundError("altered", "stamp_signature")
    others = [certificate for raw in stamp.certificates[:MOST_CERTIFICATES] if (certificate := load_certificate(raw)) is not None]
    if not may_stamp(signer, stamp.time) or not leads_to_root(signer, others, roots, stamp.time):
        raise UntrustedError("stamp_untrusted")
    return stamp.time


def _only(data: bytes, tag: int) -> bytes:
    """The body of the one element that this is."""
    cursor = Der(data)
    body = cursor.take(tag)
    cursor.end()
    return body


def _issuer_and_serial(certificate: bytes) -> bytes:
    """Issuer and serial number as a CMS signer identifier writes them."""
    try:
        body = Der(certificate).into(SEQUENCE).into(SEQUENCE)
        body.skip(0xA0)
        serial = body.take(INTEGER, whole=True)
        body.take(SEQUENCE)
        return body.take(SEQUENCE, whole=True) + serial
    except MalformedError:
        raise UntrustedError("stamp_untrusted") from None


def _signature_verifies(signer: x509.Certificate, scheme: str, hash_name: str, signature: bytes, data: bytes) -> bool:
    try:
        key = signer.public_key()
        if scheme == "rsa" and isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), ALGORITHMS[hash_name])
        elif scheme == "ecdsa" and isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in ("secp256r1", "secp384r1", "secp521r1"):
            key.verify(signature, data, ec.ECDSA(ALGORITHMS[hash_name]))
        elif scheme == "ed25519" and isinstance(key, Ed25519PublicKey):
            key.verify(signature, data)
        else:
            raise UntrustedError("stamp_unsupported")
    except InvalidSignature:
        return False
    except (ValueError, UnsupportedAlgorithm):
        raise UntrustedError("stamp_unsupported") from None
    return True


READ_EXTENSIONS = ("2.5.29.19", "2.5.29.15", "2.5.29.37", "2.5.29.32")  # constraints, key usage, extended key usage, policies


def load_certificate(raw: bytes) -> x509.Certificate | None:
    """Read a certificate; None where it cannot be read or carries a critical extension that is not understood here."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            certificate = x509.load_der_x509_certificate(raw)
            extensions = list(certificate.extensions)
            _ = certificate.public_key(), certificate.issuer, certificate.subject  # read at once what is read at all
            _ = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        if any(extension.critical and extension.oid.dotted_string not in READ_EXTENSIONS for extension in extensions):
            return None
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.DuplicateExtension, x509.InvalidVersion, x509.UnsupportedGeneralNameType):
        return None
    return certificate


def extensions_of(certificate: x509.Certificate) -> dict[type, Any]:
    """Extensions by the class of their value."""
    return {type(extension.value): extension for extension in certificate.extensions}


def in_force(certificate: x509.Certificate, when: datetime) -> bool:
    """Whether the certificate was valid then."""
    return certificate.not_valid_before_utc <= when <= certificate.not_valid_after_utc


def may_stamp(signer: x509.Certificate, when: datetime) -> bool:
    """Extended key usage timeStamping, critical and nothing else (RFC 3161, section 2.3), valid at the time it states."""
    found = extensions_of(signer)
    usage, purpose = found.get(x509.KeyUsage), found.get(x509.ExtendedKeyUsage)
    signs = usage is None or usage.value.digital_signature or usage.value.content_commitment
    stamps = purpose is not None and purpose.critical and [one.dotted_string for one in purpose.value] == ["1.3.6.1.5.5.7.3.8"]
    return bool(signs and stamps and in_force(signer, when))


def may_issue(parent: x509.Certificate, below: int, when: datetime) -> bool:
    """A certification authority, in force, with so many authorities below it allowed."""
    found = extensions_of(parent)
    usage, basic = found.get(x509.KeyUsage), found.get(x509.BasicConstraints)
    if basic is None or not basic.value.ca or (basic.value.path_length is not None and basic.value.path_length < below):
        return False
    return (usage is None or usage.value.key_cert_sign) and in_force(parent, when)


def leads_to_root(signer: x509.Certificate, others: list[x509.Certificate], roots: list[x509.Certificate], when: datetime) -> bool:
    """Breadth first from the signer through certificates in the token to a root; each issuer a CA, in force, its signature right."""

    def issued(child: x509.Certificate, parent: x509.Certificate, below: int) -> bool:
        if child.issuer != parent.subject or child.signature_algorithm_oid.dotted_string not in CERTIFICATE_SIGNATURES:
            return False
        try:
            child.verify_directly_issued_by(parent)
        except (InvalidSignature, ValueError, TypeError, UnsupportedAlgorithm):
            return False
        return may_issue(parent, below, when)

    level, seen = [signer], {signer}
    for below in range(8):
        if any(issued(child, root, below) for child in level for root in roots):
            return True
        level = [parent for parent in others if parent not in seen and any(issued(child, parent, below) for child in level)]
        seen.update(level)
    return False


def parse_roots(pem: bytes) -> list[x509.Certificate]:
    """Read every certificate of a PEM file."""
    blocks = re.findall(rb"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----", pem) if len(pem) <= MIB else []
    found = []
    for block in blocks:
        certificate = load_certificate(base64_bytes(b"".join(block.split()).decode()))
        if certificate is None:
            raise MalformedError("roots: a certificate that cannot be used")
        found.append(certificate)
    if not found:
        raise MalformedError("roots: no certificate in PEM form")
    return found


# ---------------------------------------------------------------- ZIP: one way to read it, or none


class Member(NamedTuple):
    """Where a file lies in the ZIP."""

    name: str
    start: int
    packed: int
    size: int
    deflated: bool
    crc: int


def open_zip(data: bytes | mmap.mmap) -> dict[str, Member]:
    """Read the directory; demand local headers that say the same, files end to end from byte 0, and nothing between or behind."""
    end = len(data) - 22
    if end < 0:
        raise MalformedError("not a ZIP file")
    mark, disk, first_disk, here, count, length, start, comment = struct.unpack_from("<4sHHHHIIH", data, end)
    if mark != b"PK\x05\x06" or comment or disk or first_disk or here != count or start + length != end:
        raise MalformedError("not a ZIP file of this form: its end record must be the last 22 bytes, without comment, parts or ZIP64")
    if count > 10000:
        raise MalformedError(f"over 10,000 files ({count})")
    members: dict[str, Member] = {}
    files, folders = set[str](), set[str]()  # in lower case
    at, place, total = start, 0, 0
    for _ in range(count):
        if at + 46 > end:
            raise MalformedError("ZIP directory too short")
        mark, _, *same, note, part, internal, mode, offset = struct.unpack_from("<4sHHHHHHIIIHHHHHII", data, at)
        needed, flags, method, _, _, crc, packed, size, name_length, extra = same
        raw = data[at + 46 : at + 46 + name_length]
        name = raw.decode("latin-1")
        if mark != b"PK\x01\x02" or extra or note or part or internal > 1 or needed > 20 or flags & ~0x0806 or method not in (0, 8):
            raise MalformedError(
                f"ZIP entry {name[:80]}: encryption, data descriptor, extra field, comment, ZIP64 or method that is not allowed"
            )
        if mode >> 28 not in (0, 8) or mode & 0x10:
            raise MalformedError(f"ZIP entry {name[:80]}: a link, folder or device")
        if len(raw) != name_length or not re.fullmatch(FILE_PATH, name):
            raise MalformedError(f"file name outside the rule: {name[:80]}")
        if members and name <= next(reversed(members)):
            raise MalformedError(f"files twice or not in sorted order: {name}")
        above = {name.lower()[:cut] for cut in range(len(name)) if name[cut] == "/"}
        if name.lower() in files or name.lower() in folders or above & files:
            raise MalformedError(f"a name twice in another case, or a file and a folder alike: {name}")
        if size > GIB or (total := total + size) > 4 * GIB or (size > MIB and size > 1000 * packed):
            raise MalformedError(f"{name}: over 1 GiB, together over 4 GiB, or unpacked over 1,000 times its packed size")
        local = struct.unpack_from("<4sHHHHHIIIHH", data, offset) if offset + 30 <= start else (b"",)
        if offset != place or local != (b"PK\x03\x04", *same) or data[offset + 30 : offset + 30 + name_length] != raw:
            raise MalformedError(f"{name}: local header and directory disagree, or files overlap or leave a gap")
        place = offset + 30 + name_length + packed
        if place > start or (method == 0 and packed != size):
            raise MalformedError(f"{name}: declared and real sizes differ")
        members[name] = Member(name, place - packed, packed, size, method == 8, crc)
        files.add(name.lower())
        folders |= above
        at += 46 + name_length
    if at != end or place != start:
        raise MalformedError("bytes in the ZIP that belong to no file")
    return members


def unpack(data: bytes | mmap.mmap, member: Member) -> Iterator[bytes]:
    """Give the content in pieces, never more than was declared; demand that size and checksum are the declared ones."""
    engine, size, crc = zlib.decompressobj(-15), 0, 0
    stop = member.start + member.packed
    for at in range(member.start, stop, 64 * KIB):
        waiting, piece = data[at : min(at + 64 * KIB, stop)], b""
        while waiting or len(piece) == MIB:  # a full piece may leave more inside the engine
            try:
                piece = engine.decompress(waiting, MIB) if member.deflated else waiting
            except zlib.error:
                raise MalformedError(f"{member.name}: cannot be unpacked") from None
            waiting = engine.unconsumed_tail if member.deflated else b""
            size, crc = size + len(piece), zlib.crc32(piece, crc)
            if size > member.size or engine.unused_data or (engine.eof and at + 64 * KIB < stop):
                raise MalformedError(f"{member.name}: declared and real sizes differ")
            yield piece
    if size != member.size or (member.deflated and not engine.eof):
        raise MalformedError(f"{member.name}: declared and real sizes differ")
    if crc != member.crc:
        raise MalformedError(f"{member.name}: wrong checksum, the ZIP file is damaged")


def read_member(data: bytes | mmap.mmap, member: Member, most: int) -> bytes:
    """Read a small file whole."""
    if member.size > most:
        raise MalformedError(f"{member.name}: over {most} bytes")
    return b"".join(unpack(data, member))


# ---------------------------------------------------------------- Bundle

BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
TAG_FILES = {"bagit.txt", "bag-info.txt", "manifest-sha256.txt"}
FIXED = {"data/index.json", "data/index.html", "data/trust/policy.txt", "data/trust/tsa.pem"}
INDEX: dict[str, Rule] = {
    "artifacts": list_of(lambda value: True),
    "checkpoint": text(1, 64 * KIB),
    "consistency": list_of(lambda value: True),
    "made": is_time,
    "obligations": list_of(lambda value: True),
    "organisation": lambda value: True,
    "rotations": list_of(lambda value: True),
    "schema": matches(r"tanba\.bundle/1"),
    "system": lambda value: True,
}
ARTIFACT: dict[str, Rule] = {
    "description": text(0, MIB),
    "file": null_or(matches(f"(?=artifacts/){FILE_PATH}")),
    "kind": KIND,
    "receipt": matches(f"(?=receipts/){FILE_PATH}"),
}


class Index(NamedTuple):
    """What data/index.json says, its form checked."""

    value: dict[str, Any]
    newest: Note
    proofs: dict[int, list[bytes]]
    rotations: list[tuple[str, dict[str, Any]]]


def parse_index(data: bytes) -> Index:
    """Read data/index.json; each list item after its form, no file, receipt or size twice."""
    value = read_json(data, "index.json")
    shape(value, "index.json", INDEX)
    for item in value["artifacts"]:
        shape(item, "index.json: artifacts", ARTIFACT)
    paths = [item[key] for item in value["artifacts"] for key in ("file", "receipt") if item[key] is not None]
    if len(paths) != len(set(paths)):
        raise MalformedError("index.json: a file or receipt named twice")
    for item in value["obligations"]:
        shape(
            item,
            "index.json: obligations",
            {"artifacts": list_of(matches(FILE_PATH)), "provision": text(1, 200), "status": matches("open|evidenced|met")},
        )
    if value["organisation"] is not None:
        shape(value["organisation"], "index.json: organisation", {"bin": text(1, 80), "name": text(0, KIB)})
    if value["system"] is not None:
        shape(value["system"], "index.json: system", {"name": text(0, KIB), "slug": text(1, 80)})
    proofs: dict[int, list[bytes]] = {}
    for item in value["consistency"]:
        shape(item, "index.json: consistency", {"hashes": list_of(is_base64, 64), "size": number})
        if item["size"] < 1 or item["size"] in proofs:
            raise MalformedError("index.json: consistency: a size twice, or 0")
        proofs[item["size"]] = [base64_bytes(node, 32) for node in item["hashes"]]
    rotations = []
    for item in value["rotations"]:
        shape(item, "index.json: rotations", {"artifact": text(1, 64 * KIB), "receipt": lambda value: True})
        rotations.append((item["artifact"], receipt_form(item["receipt"], "index.json: rotations: receipt")))
    return Index(value, parse_note(value["checkpoint"]), proofs, rotations)


def parse_manifest(data: bytes, what: str, allowed: Rule) -> dict[str, str]:
    """Lines of a SHA-256 digest in hex, white space, and a file name."""
    found: dict[str, str] = {}
    lines = data.decode("latin-1").split("\n")
    if lines.pop() != "":
        raise MalformedError(f"{what}: the last line has no end")
    for line in lines:
        parts = re.fullmatch(f"([0-9a-f]{{64}})[ \t]+({FILE_PATH})", line)
        if not parts or not allowed(parts[2]) or parts[2] in found:
            raise MalformedError(f"{what}: a line that is not allowed, or twice: {line[:200]}")
        found[parts[2]] = parts[1]
    return found


def check_consistent(note: Note, index: Index) -> None:
    """Demand that a checkpoint is an earlier state of the newest one."""
    newest = index.newest
    if note.origin != newest.origin:
        raise FoundError("altered", "other_ledger", note.origin)
    if note.size > newest.size:
        raise FoundError("altered", "larger", note.size)
    if note.size < newest.size and note.size not in index.proofs:
        raise FoundError("missing", "no_consistency", note.size)
    if note.root != newest.root and note.size == newest.size:
        raise FoundError("altered", "fork", note.size)
    if note.size < newest.size and not verify_consistency(note.size, newest.size, note.root, newest.root, index.proofs[note.size]):
        raise FoundError("altered", "fork", note.size)


def follow_rotations(whole: Result, index: Index, trust: Trust) -> None:
    """Trust a new key where an old, trusted key signed the checkpoint over the entry that names it (spec/checkpoint.md)."""
    for artifact, receipt in index.rotations:
        try:
            content = artifact.encode()
            entry, position, note = check_fits_together(Result(), receipt, Content(len(content), sha256(content).hex()), bare=False)
            value = read_json(content, "change of key")
            shape(value, "change of key", {"new": text(1, KIB), "old": text(1, KIB), "schema": matches(r"tanba\.key/1")})
            old, new = parse_key(value["old"], LEDGER), parse_key(value["new"], LEDGER)
            if entry["kind"] != "ledger.key" or entry["artifact_schema"] != "tanba.key/1" or {old.name, new.name} != {note.origin}:
                raise MalformedError("change of key: of another kind, or for another ledger")
            signers = trust.signers(note)
            check_consistent(note, index)
        except MalformedError as error:
            whole.add("altered", "rotation", error)
        except FoundError as found:
            word, code, detail = found.finding
            whole.add(word, "rotation", f"{code} {detail}".strip())
        else:
            counts = old in signers and old in trust.ledgers and note.size > trust.ledgers[old]
            if counts and trust.keys.setdefault((new.name, new.id), new) == new:
                trust.ledgers[new] = min(position, trust.ledgers.get(new, position))


def check_known(whole: Result, kept: Note, index: Index) -> None:
    """Compare with a checkpoint that the inspector kept from an earlier visit."""
    if kept.origin != index.newest.origin:
        whole.add("unchecked", "known_other", kept.origin)
    elif kept.size < index.newest.size and kept.size not in index.proofs:
        whole.add("unchecked", "known_unproved", kept.size)
    else:
        try:
            check_consistent(kept, index)
        except FoundError as found:
            whole.add(*found.finding)


def check_artifact(
    item: dict[str, Any], data: bytes | mmap.mmap, members: dict[str, Member], contents: dict[str, Content], index: Index, trust: Trust
) -> Result:
    """Check one artifact of the bundle against its receipt."""
    result = Result({"file": item["file"] or "", "receipt": item["receipt"], "kind": item["kind"]})
    try:
        if "data/" + item["receipt"] not in members:
            raise FoundError("missing", "file", item["receipt"])
        receipt = parse_receipt(read_member(data, members["data/" + item["receipt"]], MIB), item["receipt"])
        content = contents.get("data/" + item["file"]) if item["file"] else None
        if item["file"] and content is None:
            raise FoundError("missing", "file", item["file"])
        entry, _, note = check_fits_together(result, receipt, content, bare=False)
        organisation, system = index.value["organisation"], index.value["system"]
        if entry["kind"] != item["kind"]:
            raise FoundError("altered", "kind", item["kind"])
        if organisation is not None and entry["organisation"] != organisation["bin"]:
            raise FoundError("altered", "organisation", organisation["bin"])
        if system is not None and entry["system"] != system["slug"]:
            raise FoundError("altered", "system", system["slug"])
        signers = trust.signers(note)
        check_consistent(note, index)
        check_belief(result, receipt, note, signers, trust)
    except FoundError as found:
        result.add(*found.finding)
    return result


def check_bundle(data: bytes | mmap.mmap, trust: Trust, known: list[Note] | None = None) -> dict[str, Any]:
    """Check a whole bundle: container, manifests, index, keys, checkpoints, and each artifact."""
    members = open_zip(data)
    for name in ("bagit.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt", "data/index.json"):
        if name not in members:
            raise MalformedError(f"not a bundle: {name} is not there")
    contents = {}
    for member in members.values():
        digest = hashlib.sha256()
        for piece in unpack(data, member):
            digest.update(piece)
        contents[member.name] = Content(member.size, digest.hexdigest())
    if read_member(data, members["bagit.txt"], KIB) != BAGIT:
        raise MalformedError("bagit.txt: must be BagIt 1.0 in UTF-8")
    named = {
        **parse_manifest(read_member(data, members["manifest-sha256.txt"], 4 * MIB), "manifest-sha256.txt", matches("data/.*")),
        **parse_manifest(
            read_member(data, members["tagmanifest-sha256.txt"], KIB), "tagmanifest-sha256.txt", lambda name: name in TAG_FILES
        ),
    }
    index = parse_index(read_member(data, members["data/index.json"], 32 * MIB))

    whole = Result({"made": index.value["made"]})
    paths = {item[key] for item in index.value["artifacts"] for key in ("file", "receipt")} - {None}
    expected = FIXED | TAG_FILES | {"tagmanifest-sha256.txt"} | {f"data/{path}" for path in paths}
    for name, digest_hex in named.items():
        if name not in contents:
            whole.add("missing", "file", name)
        elif contents[name].digest != digest_hex:
            whole.add("altered", "digest", name)
    for name in contents:
        if name not in named and name != "tagmanifest-sha256.txt":
            whole.add("altered", "unlisted", name)
        elif name not in expected:
            whole.add("altered", "unproved", name)
    files = {item["file"] for item in index.value["artifacts"]}
    for obligation in index.value["obligations"]:
        for path in obligation["artifacts"]:
            if path not in files:
                whole.add("missing", "file", path)

    if not trust.given and "data/trust/policy.txt" in members:
        claimed = parse_policy(read_member(data, members["data/trust/policy.txt"], MIB))
        claimed.roots, claimed.roots_given, trust = trust.roots, trust.roots_given, claimed
    follow_rotations(whole, index, trust)
    try:
        signed = trust.ledger_signed(index.newest, trust.signers(index.newest))
        if not trust.given:
            whole.add("unattributed", "claimed" if signed else "no_policy", index.newest.origin)
        elif not signed:
            whole.add("unattributed", "no_key", index.newest.origin)
    except FoundError as found:
        whole.add(*found.finding)
    for kept in known or []:
        check_known(whole, kept, index)
    return report(whole, [check_artifact(item, data, members, contents, index, trust) for item in index.value["artifacts"]], index.newest)


def report(whole: Result | None, artifacts: list[Result], newest: Note | None = None) -> dict[str, Any]:
    """Put the results together as one JSON-ready value."""

    def shown(result: Result) -> dict[str, Any]:
        reasons = [{"about": word, "code": code, "detail": detail} for word, code, detail in result.findings]
        return {**result.about, "words": result.words, "reasons": reasons}

    return {
        "schema": "tanba.verdict/1",
        "bundle": shown(whole) if whole is not None else None,
        "checkpoint": {"origin": newest.origin, "size": newest.size, "root": base64.b64encode(newest.root).decode()} if newest else None,
        "artifacts": [shown(result) for result in artifacts],
    }


def exit_code(verdict: dict[str, Any], accepted: set[str]) -> int:
    """0 all verified or accepted, 1 altered or missing, 3 weaker than verified."""
    results = [*verdict["artifacts"], *([verdict["bundle"]] if verdict["bundle"] else [])]
    said = {word for result in results for word in result["words"]} | {
        reason["about"] for result in results for reason in result["reasons"]
    }
    if said & {"altered", "missing"}:
        return 1
    return 3 if said & ({"unattributed", "unwitnessed", "untimed", "unchecked"} - accepted) else 0


# ---------------------------------------------------------------- Words for people: Kazakh, Russian, English

LANGUAGES = ("kk", "ru", "en")
# code | Kazakh | Russian | English; kazakh: pending (written by a machine, a native lawyer has not read it)
TABLE = """
verified | расталды | подтверждено | verified
altered | өзгертілген | изменено | altered
missing | жоқ | отсутствует | missing
unattributed | кімдікі екені расталмаған | принадлежность не подтверждена | unattributed
unwitnessed | куәгерсіз | без свидетелей | unwitnessed
untimed | уақыты сырттан расталмаған | время не подтверждено извне | untimed
erased | жойылған | стёрто | erased
unchecked | тексеру мүмкін болмады | проверить не удалось | could not be checked
note | ескертпе | примечание | note
entry | жазба дұрыс құрылмаған: {} | запись построена неверно: {} | the entry is not well-formed: {}
proof | дәлел дұрыс құрылмаған: {} | цепочка хешей построена неверно: {} | the proof is not well-formed: {}
kind | жазбаның түрі басқа, тізімде: {} | вид записи иной, в описи: {} | the entry is of another kind than the index says: {}
organisation | жазбадағы ұйым басқа, тізімде: {} | в записи другая организация, в описи: {} | the entry names another organisation than {}
system | жазбадағы жүйе басқа, тізімде: {} | в записи другая система, в описи: {} | the entry names another system than {}
commitment | түбіртектегі тұз бен хеш жазбаға сәйкес келмейді | соль и хеш из квитанции не соответствуют записи |
  salt and digest do not open the entry's commitment
unbound | түбіртекте хеш пен тұз жоқ, файлды жазбамен ештеңе байланыстырмайды |
  в квитанции нет хеша и соли, файл ничем не связан с записью | the receipt holds no digest and salt, so nothing ties the file to the entry
author | түбіртектегі автор жазбаға сәйкес келмейді | автор из квитанции не соответствует записи |
  the author does not open the entry's commitment
content | мазмұны тіркелгеннен өзгеше | содержимое отличается от внесённого | the content is not what was entered
inclusion | дәлел ағаш түбіріне жеткізбейді | цепочка хешей не приводит к корню дерева |
  the proof does not lead to the root of the checkpoint
signature | белгілі кілттің қолтаңбасы қате: {} | подпись известного ключа неверна: {} | a signature of a known key is wrong: {}
stamp_form | уақыт белгісі дұрыс құрылмаған: {} | метка времени построена неверно: {} | a time stamp is not well-formed: {}
stamp_other | уақыт белгісі басқа деректі растайды | метка времени относится к другим данным | a time stamp covers something else
stamp_signature | уақыт белгісінің қолтаңбасы қате | подпись метки времени неверна | the signature of a time stamp is wrong
other_ledger | бақылау нүктесі басқа журналдікі: {} | контрольная точка другого журнала: {} | the checkpoint belongs to another ledger: {}
larger | {} жазбалы бақылау нүктесі ең соңғысынан үлкен: журнал қысқартылған |
  контрольная точка на {} записей больше последней: журнал урезан | a checkpoint of {} entries is larger than the newest: the ledger was cut
fork | {} жазбалы бақылау нүктесі ең соңғысымен үйлеспейді: журнал қайта жазылған |
  контрольная точка на {} записей не согласуется с последней: журнал переписан |
  a checkpoint of {} entries does not fit the newest: the ledger was rewritten
digest | файлдың хеші манифесттегіден өзгеше: {} | хеш файла не совпадает с манифестом: {} | not the digest of the manifest: {}
unlisted | файл манифестте жоқ: {} | файла нет в манифесте: {} | no manifest names the file: {}
unproved | файлдың түбіртегі жоқ: {} | для файла нет квитанции: {} | no receipt stands for the file: {}
rotation | кілт ауыстыру расталмады: {} | смена ключа не подтверждена: {} | a change of key does not hold: {}
file | файл жоқ: {} | файла нет: {} | not there: {}
no_consistency | {} жазбалы бақылау нүктесінен ең соңғысына дейінгі дәлел жоқ |
  нет цепочки хешей от контрольной точки на {} записей до последней | no proof leads from the checkpoint of {} entries to the newest
no_policy | сенім саясаты берілмеген, кілт белгісіз: {} | политика доверия не задана, ключ неизвестен: {} |
  no policy was given and the key is unknown: {}
claimed | сенім саясаты берілмеген, кілтті пакеттің өзі ғана атайды: {} |
  политика доверия не задана, ключ назван только самим пакетом: {} | no policy was given, only the bundle itself names the key: {}
no_key | сенімді кілттердің ешқайсысы қол қоймаған: {} | ни один доверенный ключ не подписал: {} | no trusted key of a ledger signed: {}
no_policy_witness | сенім саясаты берілмеген, куәгерлер белгісіз | политика доверия не задана, свидетели неизвестны |
  no policy was given, so no witness is known
quorum_none | саясат куәгерлерді талап етпейді | политика не требует свидетелей | the policy asks for no witnesses
quorum | куәгерлер саны жеткіліксіз | свидетелей недостаточно | not enough witnesses
no_stamp | уақыт белгісі жоқ | метки времени нет | no time stamp
no_roots | уақыт белгілері орталығының түбірлік сертификаттары берілмеген | не заданы корневые сертификаты службы меток времени |
  no roots of time-stamping authorities were given
stamp_refused | орталық уақыт белгісін бермеген | служба отказала в метке времени | the authority refused the time stamp
stamp_unsupported | уақыт белгісінің алгоритміне қолдау көрсетілмейді | алгоритм метки времени не поддерживается |
  the time stamp's algorithm is not supported
stamp_no_certificate | уақыт белгісінде қол қоюшының сертификаты жоқ | в метке времени нет сертификата подписавшего |
  the signer's certificate is not in the time stamp
stamp_untrusted | уақыт белгісі сенімді түбірлік сертификатқа жеткізбейді | метка времени не ведёт к доверенному корневому сертификату |
  the time stamp leads to no trusted root
erased_content | мазмұны жойылған, жазба сақталған | содержимое стёрто, запись сохранилась | the content is erased, the entry stands
erased_author | авторы жойылған, жазба сақталған | автор стёрт, запись сохранилась | the author is erased, the entry stands
content_absent | мазмұны берілмеген, салыстырылмады | содержимое не предоставлено и не сверялось |
  the content was not given and not compared
stamped | кемінде {} уақытынан бері бар | существовало не позднее {} | existed at {} at the latest
known_other | сақталған бақылау нүктесі басқа журналдікі: {} | сохранённая контрольная точка другого журнала: {} |
  the kept checkpoint is of another ledger: {}
known_unproved | сақталған бақылау нүктесінен бергі дәлел жоқ ({}), жаңа пакет сұраңыз |
  нет цепочки хешей от сохранённой контрольной точки ({}), запросите новый пакет |
  no proof from the kept checkpoint ({}); ask for a new bundle
_malformed | қабылданбады, пішімі дұрыс емес: {} | отклонено, неверный формат: {} | refused as malformed: {}
_bundle | пакеттің өзі (манифест, тізім, бақылау нүктесі) | сам пакет (манифест, опись, контрольная точка) |
  the bundle itself (manifests, index, checkpoint)
_ledger | журнал {}, {} жазба, түбірі {} | журнал {}, записей: {}, корень {} | ledger {}, {} entries, root {}
_summary | Барлығы: {} | Итого: {} | Summary: {}
_limit | Пакет өз ішіндегіні көрсетеді, ештеңенің қалып қоймағанын көрсетпейді. |
  Пакет показывает то, что в нём есть; он не показывает, что ничего не упущено. |
  A bundle shows what it holds; it does not show that nothing was left out.
_claims | Сипаттамалар, міндеттердің күйі, файл атаулары және index.html дәлелдеме емес. |
  Описания, статусы обязанностей, имена файлов и index.html ничего не доказывают. |
  Descriptions, statuses of obligations, file names and index.html prove nothing.
"""
TEXTS = {key: texts for key, *texts in (re.split(r"\s*\|\s*", row) for row in re.split(r"\n(?! )", TABLE.strip()))}


def clean(value: object) -> str:
    """An untrusted text for a terminal: cut short, without control or direction characters."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in str(value)[:200])


def say(key: str, lang: str, *values: object) -> str:
    """A text in the language."""
    return TEXTS[key][LANGUAGES.index(lang)].format(*map(clean, values))


def word_in(word: str, lang: str) -> str:
    """A verdict word, with its exact name behind a translation."""
    return word if lang == "en" else f"{say(word, lang)} ({word})"


def lines_for_people(verdict: dict[str, Any], lang: str) -> Iterator[str]:
    """One line for each artifact, one for the bundle, a summary, and what a bundle cannot show."""

    def judged(result: dict[str, Any]) -> str:
        words = result["words"]
        said = [
            say(reason["code"], lang, reason["detail"]) for reason in result["reasons"] if reason["about"] in (*words, "unchecked", "note")
        ]
        heads = [word_in(word, lang) for word in words] or [say("unchecked", lang)]
        return ", ".join(heads) + (": " + "; ".join(said) if said else "")

    for place, result in enumerate(verdict["artifacts"], 1):
        about = [clean(result.get(key) or "–") for key in ("kind", "time", "system", "file")]
        yield f"{place}. {' · '.join(about)} — {judged(result)}"
    if verdict["bundle"]:
        yield f"{say('_bundle', lang)} — {judged(verdict['bundle'])}"
    if verdict["checkpoint"]:
        yield say("_ledger", lang, *verdict["checkpoint"].values())
    counts = {word: sum(word in result["words"] for result in verdict["artifacts"]) for word in WORDS}
    yield say("_summary", lang, len(verdict["artifacts"])) + "".join(
        f"; {word_in(word, lang)}: {count}" for word, count in counts.items() if count
    )
    if verdict["bundle"]:
        yield say("_claims", lang)
        yield say("_limit", lang)


# ---------------------------------------------------------------- Command line


def read_file(path: str, most: int = 4 * MIB) -> bytes:
    """Read a small file that the reader named."""
    with open(path, "rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise MalformedError(f"{path}: over {most} bytes")
    return data


def read_trust(policy: bytes | None, tsa: bytes | None) -> Trust:
    """Whom the reader believes: nobody, unless given."""
    trust = Trust() if policy is None else parse_policy(policy)
    trust.given = policy is not None
    if tsa is not None:
        trust.roots, trust.roots_given = parse_roots(tsa), True
    return trust


def read_known(data: bytes, trust: Trust) -> Note:
    """Read a kept checkpoint; where it bears signatures of keys that the reader trusts, they have to be right."""
    try:
        note = parse_note(data.decode("utf-8"))
        trust.signers(note)
    except (ValueError, FoundError):
        raise MalformedError("kept checkpoint: not UTF-8, or a wrong signature") from None
    return note


def content_of(path: str) -> Content:
    """Size and digest of a file."""
    digest, size = hashlib.sha256(), 0
    with open(path, "rb") as file:
        while piece := file.read(MIB):
            digest.update(piece)
            size += len(piece)
    return Content(size, digest.hexdigest())


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Read what the reader gave and check the file."""
    trust = read_trust(*(None if path is None else read_file(path) for path in (options.policy, options.tsa)))
    known = [read_known(read_file(path), trust) for path in options.known]
    with open(options.file, "rb") as file:
        if file.read(4) == b"PK\x03\x04":
            if options.content:
                raise MalformedError("--content goes with a receipt, not with a bundle")
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                return check_bundle(data, trust, known)
    return check_receipt(read_file(options.file), trust, content_of(options.content) if options.content else None, known)


def main(arguments: list[str] | None = None) -> int:
    """Run as a command."""
    start = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    parser = argparse.ArgumentParser(description="Checks a tanba bundle or receipt, offline.", allow_abbrev=False)
    parser.add_argument("file", metavar="FILE", help="bundle (.zip) or receipt (.json)")
    parser.add_argument("--policy", help="ledger keys and witnesses you believe (c2sp.org/tlog-policy)")
    parser.add_argument("--tsa", metavar="PEM", help="roots of time-stamping authorities you believe")
    parser.add_argument("--known", metavar="CHECKPOINT", action="append", default=[], help="checkpoint kept from an earlier visit")
    parser.add_argument("--content", metavar="FILE", help="the content a bare receipt stands for")
    parser.add_argument("--accept", default="", help="unwitnessed, untimed or both: words that do not spoil exit code 0")
    parser.add_argument("--lang", choices=LANGUAGES, default=start[:2] if start[:2] in LANGUAGES else "kk")
    parser.add_argument("--json", action="store_true", help="the verdict as JSON")
    options = parser.parse_args(arguments)
    accepted = set(filter(None, options.accept.split(",")))
    if accepted - {"unwitnessed", "untimed"}:
        parser.error("--accept takes unwitnessed and untimed only")
    if callable(reconfigure := getattr(sys.stdout, "reconfigure", None)):
        reconfigure(errors="replace")
    try:
        verdict = run(options)
        code = exit_code(verdict, accepted)
        lines = list(lines_for_people(verdict, options.lang))
    except (MalformedError, OSError) as error:
        code, verdict, lines = 2, {"schema": "tanba.verdict/1", "malformed": str(error)}, [say("_malformed", options.lang, error)]
    except (Exception, RecursionError, MemoryError) as error:  # a bug here must never look like a verdict
        code, verdict = 2, {"schema": "tanba.verdict/1", "malformed": f"unexpected {error.__class__.__name__}"}
        lines = [say("_malformed", options.lang, f"unexpected {error.__class__.__name__}")]
    if options.json:
        lines = [json.dumps({**verdict, "exit": code}, ensure_ascii=True, indent=1)]
    print("\n".join(lines))
    return code


if __name__ == "__main__":
    sys.exit(main())
