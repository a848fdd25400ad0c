"""A second opinion on a ledger's file, that shares no code with the product: every row is read, every hash made anew (RFC 9162)."""

import base64
import hashlib
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import apsw
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

LEVEL = 1 << 48


@dataclass
class Seen:
    """What the file holds, and everything wrong with it in words."""

    entries: dict[int, bytes] = field(default_factory=dict)
    size: int = 0
    anchors: list[tuple[int, str, str]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def look(path: Path, name: str, public: bytes) -> Seen:
    """`name` and `public`: the ledger's key."""
    connection = apsw.Connection(str(path))
    try:
        return _look(connection, name, public)
    except apsw.Error as error:
        return Seen(wrong=[f"sqlite: {error}"])
    finally:
        connection.close()


def mth(leaves: list[bytes]) -> bytes:
    """Merkle tree hash (RFC 9162, 2.1.1) of leaf hashes, row by row: a lone last one moves up as it is."""
    row = leaves or [hashlib.sha256(b"").digest()]
    while len(row) > 1:
        paired = [hashlib.sha256(b"\x01" + row[at] + row[at + 1]).digest() for at in range(0, len(row) - 1, 2)]
        row = paired + row[len(paired) * 2 :]
    return row[0]


def _look(connection: apsw.Connection, name: str, public: bytes) -> Seen:
    seen = Seen()
    problems = [row[0] for row in connection.execute("PRAGMA integrity_check")]
    seen.wrong += [f"sqlite: {each}" for each in problems if each != "ok"]
    if not list(connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'entry'")):
        return seen
    rows = list(connection.execute("SELECT position, data, id FROM entry ORDER BY position"))
    heads = list(connection.execute("SELECT size, root, note FROM head"))
    seen.entries = {position: data for position, data, _ in rows}
    seen.anchors = list(connection.execute("SELECT size, note, timestamps FROM anchor"))
    if [position for position, _, _ in rows] != list(range(len(rows))):
        seen.wrong.append("positions have a gap")
    if not all(isinstance(data, bytes) for _, data, _ in rows):
        seen.wrong.append("an entry is not bytes")
        return seen
    seen.wrong += [f"id of {position}" for position, data, id_ in rows if id_ != json.loads(data)["id"]]
    if len({id_ for _, _, id_ in rows}) != len(rows):
        seen.wrong.append("an id stands twice")
    leaves = [hashlib.sha256(b"\x00" + data).digest() for _, data, _ in rows]
    seen.wrong += _tiles(dict(connection.execute("SELECT place, hashes FROM tile")), leaves)
    if not heads and not rows:
        return seen
    if len(heads) != 1:
        return Seen(seen.entries, 0, seen.anchors, [*seen.wrong, "no head"])
    seen.size, root, note = heads[0]
    if seen.size != len(rows):
        seen.wrong.append(f"head says {seen.size}, {len(rows)} entries are there")
    if root != mth(leaves):
        seen.wrong.append("root")
    if note != _note(name, public, len(rows), mth(leaves), note):
        seen.wrong.append("note")
    return seen


def _tiles(kept: dict[int, bytes], leaves: list[bytes]) -> list[str]:
    level, row, wanted = 0, leaves, {}
    while len(row) >= 256:
        above = []
        for number in range(len(row) // 256):
            rows = [row[number * 256 : number * 256 + 256]]
            while len(rows[-1]) > 2:
                last = rows[-1]
                rows.append([hashlib.sha256(b"\x01" + last[at] + last[at + 1]).digest() for at in range(0, len(last), 2)])
            wanted[level * LEVEL + number] = b"".join(map(b"".join, rows))
            above.append(mth(rows[-1]))
        level, row = level + 1, above
    return [f"tile {place}" for place in sorted({*kept, *wanted}) if kept.get(place) != wanted.get(place)]


def _note(name: str, public: bytes, size: int, root: bytes, found: str) -> str | None:
    """The one note that may stand there, given that its signature is right; else None."""
    text = f"{name}\n{size}\n{base64.b64encode(root).decode()}\n"
    match = re.fullmatch(re.escape(f"{text}\n— {name} ") + r"([A-Za-z0-9+/=]+)\n", found) if isinstance(found, str) else None
    if not match:
        return None
    line = base64.b64decode(match[1])
    if line[:4] != hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4] or base64.b64encode(line).decode() != match[1]:
        return None
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(line[4:], text.encode())
    except InvalidSignature:
        return None
    return found
