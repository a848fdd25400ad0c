"""Two peers with Merkle trees, run in the peers' environment. Where one has a switch for durability it is used, else syncs are forced."""

import copy
import hashlib
import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.ledger_peers.engine import Engine, Record, Threads, force_syncs


class Pymerkle(Threads):
    """pymerkle 7.0.0 SqliteTree (GPL-3.0). As shipped it syncs through a rollback journal; with its connection in WAL it is faster."""

    def __init__(self, folder: Path, durable: bool) -> None:
        from pymerkle import SqliteTree

        self._path = folder / "tree.db"
        self._tree = SqliteTree(str(self._path))
        if durable:
            self._tree.con.execute("PRAGMA journal_mode=WAL")
            self._tree.con.execute("PRAGMA synchronous=FULL")

    def append(self, content: bytes) -> None:
        self._tree.append_entry(content)

    def append_many(self, contents: Sequence[bytes]) -> None:
        self._tree.append_entries(contents)

    def prove(self, position: int) -> None:
        self._tree.prove_inclusion(position + 1)

    def close(self) -> None:
        self._tree.close()

    def check(self) -> list[str]:
        """Every entry proven to stand under the tree's own root."""
        from pymerkle import InvalidProof, verify_inclusion

        tree, found = self._tree, []
        root = tree.get_root()
        for index in range(1, tree.get_size() + 1):
            try:
                verify_inclusion(tree.hash_buff(tree.get_entry(index)), root, tree.prove_inclusion(index))
            except InvalidProof as error:
                found.append(f"entry {index}: {error}")
        return found

    def head(self) -> Any:
        return self._tree.get_size(), self._tree.get_root()

    def against(self, head: Any) -> list[str]:
        from pymerkle import InvalidChallenge, InvalidProof, verify_consistency

        try:
            verify_consistency(head[1], self._tree.get_root(), self._tree.prove_consistency(head[0]))
        except (InvalidChallenge, InvalidProof) as error:
            return [str(error)]
        return []

    def load(self) -> list[Record]:
        with sqlite3.connect(self._path) as connection:
            return connection.execute("SELECT entry, hash FROM leaf ORDER BY id").fetchall()

    def save(self, records: list[Record]) -> None:
        with sqlite3.connect(self._path) as connection:
            connection.execute("DROP TRIGGER leaf_no_delete")
            connection.execute("DELETE FROM leaf")
            connection.executemany("INSERT INTO leaf VALUES (?, ?, ?)", ((at, *record) for at, record in enumerate(records, 1)))

    def rewrite(self, record: Record) -> Record:
        return record[0].replace(b"bench", b"BENCH"), record[1]

    def forged(self, records: list[Record], at: int) -> list[Record]:
        entry, _ = self.rewrite(records[at])
        return [*records[:at], (entry, hashlib.sha256(b"\x00" + entry).digest()), *records[at + 1 :]]


class Agt(Engine):
    """agent-governance-toolkit-core 5.0.0 MerkleAuditChain (MIT): a list in memory, with a Merkle tree that nothing verifies."""

    files = False

    def __init__(self, folder: Path, durable: bool) -> None:
        from agentmesh.governance.audit import AuditEntry, MerkleAuditChain

        self._entry, self._chain = AuditEntry, MerkleAuditChain()

    def _made(self, content: bytes) -> Any:
        return self._entry(event_type="bench", agent_did="did:bench:1", action="append", data=json.loads(content))

    def append(self, content: bytes) -> None:
        self._chain.add_entry(self._made(content))

    def prove(self, position: int) -> None:
        self._chain.get_proof(self._chain._entries[position].entry_id)

    def check(self) -> list[str]:
        whole, said = self._chain.verify_chain()
        return [] if whole else [str(said)]

    def load(self) -> list[Record]:
        return copy.deepcopy(self._chain._entries)

    def save(self, records: list[Record]) -> None:
        self._chain._entries = records

    def rewrite(self, record: Record) -> Record:
        return record.model_copy(update={"data": record.data | {"kind": "BENCH"}})

    def forged(self, records: list[Record], at: int) -> list[Record]:
        made = [*records[:at], self.rewrite(records[at]), *records[at + 1 :]]
        for before, record in zip([None, *made], made, strict=False):
            record.previous_hash = before.entry_hash if before else ""
            record.entry_hash = record.compute_hash()
        return made


class AgtSink(Threads):
    """The same toolkit's FileAuditSink: JSON lines, each signed with a secret that the caller hands in (HMAC)."""

    def __init__(self, folder: Path, durable: bool, secret: bytes = b"a secret of the caller") -> None:
        from agentmesh.governance.audit import AuditEntry
        from agentmesh.governance.audit_backends import FileAuditSink, SignedAuditEntry

        if durable:
            force_syncs()
        self._path, self._secret = folder / "audit.jsonl", secret
        self._entry, self._signed, self._sink = AuditEntry, SignedAuditEntry, FileAuditSink(self._path, secret)

    _made = Agt._made

    def append(self, content: bytes) -> None:
        self._sink.write(self._made(content))

    def check(self) -> list[str]:
        whole, said = self._sink.verify_integrity()
        return [] if whole else [str(said)]

    def load(self) -> list[Record]:
        return [json.loads(line) for line in self._path.read_text().splitlines()]

    def save(self, records: list[Record]) -> None:
        self._path.write_text("".join(json.dumps(record, sort_keys=True) + "\n" for record in records))

    def rewrite(self, record: Record) -> Record:
        return record | {"data": record["data"] | {"kind": "BENCH"}}

    def forged(self, records: list[Record], at: int) -> list[Record]:
        made, before = [], ""
        for record in [*records[:at], self.rewrite(records[at]), *records[at + 1 :]]:
            signed = self._signed(**record | {"previous_hash": before})
            signed.content_hash = before = signed._compute_content_hash()
            signed.signature = signed._compute_signature(b"not that secret")
            made.append(signed.to_dict())
        return made
