"""A small maker of ledgers, receipts and bundles, written from the specification alone: the definitions, not the algorithms."""

import base64
import hashlib
import json
import struct
import zlib
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ORIGIN = "tanba.example/4f1c2a9b"
BIN, SYSTEM = "190140999998", "credit-scorer"
MADE = "2026-11-22T09:30:00.123456Z"
BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def canonical(value: Any) -> bytes:
    """RFC 8785 for values without floats and with ASCII keys."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


# Merkle tree by its definitions (RFC 9162, sections 2.1.1, 2.1.3.1 and 2.1.4.1)


def _split(size: int) -> int:
    return 1 << (size - 1).bit_length() - 1


def tree_root(leaves: list[bytes]) -> bytes:
    if not leaves:
        return sha256()
    if len(leaves) == 1:
        return leaves[0]
    k = _split(len(leaves))
    return sha256(b"\x01", tree_root(leaves[:k]), tree_root(leaves[k:]))


def inclusion_path(index: int, leaves: list[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    k = _split(len(leaves))
    if index < k:
        return [*inclusion_path(index, leaves[:k]), tree_root(leaves[k:])]
    return [*inclusion_path(index - k, leaves[k:]), tree_root(leaves[:k])]


def consistency_path(size: int, leaves: list[bytes], complete: bool = True) -> list[bytes]:
    if size == len(leaves):
        return [] if complete else [tree_root(leaves)]
    k = _split(len(leaves))
    if size <= k:
        return [*consistency_path(size, leaves[:k], complete), tree_root(leaves[k:])]
    return [*consistency_path(size - k, leaves[k:], False), tree_root(leaves[:k])]


# Keys and notes


class Signer:
    """An Ed25519 key of a ledger (type 1) or of a witness (type 4), made from a number."""

    def __init__(self, name: str, seed: int, key_type: int = 1) -> None:
        self.name, self.type = name, key_type
        self.private = Ed25519PrivateKey.from_private_bytes(sha256(b"seed %d" % seed))
        material = bytes([key_type]) + self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.id = sha256(name.encode(), b"\n", material)[:4]
        self.vkey = f"{name}+{self.id.hex()}+{b64(material)}"

    def line(self, text: str, seconds: int = 1795339800) -> str:
        """A signature line over the text of a note."""
        if self.type == 1:
            signature = self.private.sign(text.encode())
        else:
            signature = struct.pack(">Q", seconds) + self.private.sign(f"cosignature/v1\ntime {seconds}\n{text}".encode())
        return f"— {self.name} {b64(self.id + signature)}\n"


def commitment(salt: bytes, content: bytes) -> str:
    return sha256(b"tanba.commitment/1\x0a", salt, sha256(content)).hex()


@dataclass
class Entered:
    """One artifact in the ledger, with what its receipt needs."""

    index: int
    entry: bytes
    content: bytes
    salt: bytes
    author_salt: bytes
    author: dict[str, str] | None
    name: str

    @property
    def kind(self) -> str:
        return str(json.loads(self.entry)["kind"])


class Ledger:
    """Entries, their tree, and receipts over any size of it."""

    def __init__(self, origin: str = ORIGIN, seed: int = 1) -> None:
        self.key = Signer(origin, seed)
        self.origin = origin
        self.entries: list[bytes] = []

    @property
    def leaves(self) -> list[bytes]:
        return [sha256(b"\x00", entry) for entry in self.entries]

    def enter(
        self, content: bytes, kind: str = "assessment", name: str = "assessment.json", by: str | None = "Aigerim", **other: Any
    ) -> Entered:
        number = len(self.entries)
        salt, author_salt = sha256(b"salt %d" % number), sha256(b"author %d" % number)
        author = {"id": f"019a{number:04}", "name": by} if by else None
        entry = {
            "artifact_schema": f"tanba.{kind}/1",
            "author": commitment(author_salt, canonical(author)) if author else None,
            "commitment": commitment(salt, content),
            "id": f"019a0b3e-7d10-7c45-8f6a-{number:012x}",
            "kind": kind,
            "organisation": BIN,
            "schema": "tanba.entry/1",
            "system": SYSTEM,
            "time": f"2026-11-22T09:30:{number % 60:02}.123456Z",
            **other,
        }
        self.entries.append(canonical(entry))
        return Entered(number, self.entries[-1], content, salt, author_salt, author, name)

    def text(self, size: int | None = None) -> str:
        size = len(self.entries) if size is None else size
        return f"{self.origin}\n{size}\n{b64(tree_root(self.leaves[:size]))}\n"

    def checkpoint(self, size: int | None = None, signers: Iterable[Signer] | None = None) -> str:
        text = self.text(size)
        return text + "\n" + "".join(signer.line(text) for signer in ([self.key] if signers is None else signers))

    def proof(self, index: int, size: int | None = None, signers: Iterable[Signer] | None = None) -> str:
        size = len(self.entries) if size is None else size
        nodes = "".join(f"{b64(node)}\n" for node in inclusion_path(index, self.leaves[:size]))
        return f"c2sp.org/tlog-proof@v1\nindex {index}\n{nodes}\n{self.checkpoint(size, signers)}"

    def receipt(
        self, entered: Entered, size: int | None = None, signers: Iterable[Signer] | None = None, stamps: Iterable[bytes] = ()
    ) -> dict[str, Any]:
        return {
            "artifact": {
                "digest": sha256(entered.content).hex(),
                "media_type": "application/json",
                "name": entered.name,
                "salt": entered.salt.hex(),
                "size": len(entered.content),
            },
            "author": {"salt": entered.author_salt.hex(), "value": entered.author} if entered.author else None,
            "entry": entered.entry.decode(),
            "proof": self.proof(entered.index, size, signers),
            "schema": "tanba.receipt/1",
            "timestamps": [b64(stamp) for stamp in stamps],
        }

    def consistency(self, size: int, newest: int | None = None) -> dict[str, Any]:
        return {"hashes": [b64(node) for node in consistency_path(size, self.leaves[:newest])], "size": size}


def key_change(old: Signer, new: Signer) -> bytes:
    return canonical({"new": new.vkey, "old": old.vkey, "schema": "tanba.key/1"})


# Bundle


@dataclass
class Parts:
    """What a bundle is made of, before manifests; tests change a copy and pack it."""

    index: dict[str, Any]
    receipts: dict[str, dict[str, Any]]
    artifacts: dict[str, bytes]
    policy: bytes | None
    tsa: bytes | None = None
    more: dict[str, bytes] = field(default_factory=dict)

    def copy(self) -> "Parts":
        return deepcopy(self)

    def files(self) -> dict[str, bytes]:
        found = {"data/index.json": canonical(self.index), "data/index.html": b"<!doctype html><title>tanba</title>\n"}
        found |= {f"data/{path}": canonical(receipt) for path, receipt in self.receipts.items()}
        found |= {f"data/{path}": content for path, content in self.artifacts.items()}
        if self.policy is not None:
            found["data/trust/policy.txt"] = self.policy
        if self.tsa is not None:
            found["data/trust/tsa.pem"] = self.tsa
        return with_manifests(found | self.more)

    def pack(self) -> bytes:
        return zip_file(self.files())


def manifest(files: dict[str, bytes]) -> bytes:
    return "".join(f"{sha256(content).hex()}  {name}\n" for name, content in sorted(files.items())).encode()


def with_manifests(data_files: dict[str, bytes]) -> dict[str, bytes]:
    tags = {"bagit.txt": BAGIT, "bag-info.txt": b"Bagging-Date: 2026-11-22\n", "manifest-sha256.txt": manifest(data_files)}
    return {**data_files, **tags, "tagmanifest-sha256.txt": manifest(tags)}


def make_parts(
    ledger: Ledger,
    entered: list[tuple[Entered, dict[str, Any]]],
    policy: bytes | None,
    sizes: Iterable[int] = (),
    signers: Iterable[Signer] | None = None,
    **index: Any,
) -> Parts:
    """A bundle of artifacts with their receipts; sizes are those that need a consistency proof."""
    artifacts, receipts, listed = {}, {}, []
    for number, (one, receipt) in enumerate(entered, 1):
        path, receipt_path = f"artifacts/{number:04}/{one.name}", f"receipts/{number:04}.json"
        artifacts[path], receipts[receipt_path] = one.content, receipt
        listed.append({"description": f"№ {number}", "file": path, "kind": one.kind, "receipt": receipt_path})
    value = {
        "artifacts": listed,
        "checkpoint": ledger.checkpoint(signers=signers),
        "consistency": [ledger.consistency(size) for size in sizes],
        "made": MADE,
        "obligations": [{"artifacts": list(artifacts)[:1], "provision": "kz/230-VIII/17/4@2026-01-18", "status": "evidenced"}],
        "organisation": {"bin": BIN, "name": "Қарлығаш"},
        "rotations": [],
        "schema": "tanba.bundle/1",
        "system": {"name": "Несиелік скоринг", "slug": SYSTEM},
        **index,
    }
    return Parts(value, receipts, artifacts, policy)


# ZIP, with a door for every bad form


@dataclass
class ZipEntry:
    """One file with each header field open to change; local_* differ from the directory only where a test wants it."""

    name: bytes
    content: bytes
    deflate: bool = True
    packed: bytes | None = None
    needed: int = 20
    flags: int = 0
    method: int | None = None
    size: int | None = None
    crc: int | None = None
    extra: bytes = b""
    comment: bytes = b""
    mode: int = 0o100644 << 16
    local_name: bytes | None = None
    local_size: int | None = None
    offset: int | None = None
    behind: bytes = b""


def deflated(content: bytes) -> bytes:
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    return engine.compress(content) + engine.flush()


def zip_entries(files: dict[str, bytes], deflate: bool = True) -> list[ZipEntry]:
    return [ZipEntry(name.encode(), content, deflate) for name, content in sorted(files.items())]


def zip_file(files: dict[str, bytes], deflate: bool = True) -> bytes:
    return write_zip(zip_entries(files, deflate))


def write_zip(
    entries: list[ZipEntry], comment: bytes = b"", before_directory: bytes = b"", count: int | None = None, prefix: bytes = b""
) -> bytes:
    body, directory = prefix, b""
    for entry in entries:
        packed = entry.packed if entry.packed is not None else deflated(entry.content) if entry.deflate else entry.content
        method = entry.method if entry.method is not None else 8 if entry.deflate else 0
        crc = zlib.crc32(entry.content) if entry.crc is None else entry.crc
        size = len(entry.content) if entry.size is None else entry.size
        offset = len(body) if entry.offset is None else entry.offset
        fields = (entry.needed, entry.flags, method, 0, 0x21, crc, len(packed))
        local_name = entry.name if entry.local_name is None else entry.local_name
        local_size = size if entry.local_size is None else entry.local_size
        body += struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", *fields, local_size, len(local_name), len(entry.extra))
        body += local_name + entry.extra + packed + entry.behind
        directory += struct.pack(
            "<4sHHHHHHIIIHHHHHII",
            b"PK\x01\x02",
            0x0314,
            *fields,
            size,
            len(entry.name),
            len(entry.extra),
            len(entry.comment),
            0,
            0,
            entry.mode,
            offset,
        )
        directory += entry.name + entry.extra + entry.comment
    body += before_directory
    number = len(entries) if count is None else count
    return (
        body + directory + struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, number, number, len(directory), len(body), len(comment)) + comment
    )


def changed(entries: list[ZipEntry], name: str, **fields: Any) -> list[ZipEntry]:
    """A copy of the entries with fields of one of them changed."""
    copy = deepcopy(entries)
    for entry in copy:
        if entry.name == name.encode():
            for key, value in fields.items():
                setattr(entry, key, value)
    return copy


def edit(parts: Parts, change: Callable[[Parts], Any]) -> Parts:
    """A changed copy of the parts."""
    copy = parts.copy()
    change(copy)
    return copy
