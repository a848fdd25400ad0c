"""Two peers that chain hashes, run in the peers' environment. Neither syncs what it writes: for durable figures syncs are forced."""

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

from benchmarks.ledger_peers.engine import Engine, Record, Threads, force_syncs


class Air(Threads):
    """AIR Blackbox 1.17.0 AuditChain (Apache-2.0): one file for each record, HMAC with the key that it ships with."""

    def __init__(self, folder: Path, durable: bool) -> None:
        from air_blackbox.replay.engine import ReplayEngine
        from air_blackbox.trust.chain import AuditChain

        if durable:
            force_syncs()
        self._folder, self._replay = folder / "runs", ReplayEngine
        self._chain = AuditChain(str(self._folder), resume=True)

    def append(self, content: bytes) -> None:
        if self._chain.write(json.loads(content)) is None:
            raise RuntimeError("the record was not written")

    def check(self) -> list[str]:
        engine = self._replay(str(self._folder))
        engine.load()
        found = engine.verify_chain()
        return [] if found.intact else [f"broken at {found.first_break_at}"]

    def load(self) -> list[Record]:
        return sorted((json.loads(path.read_text()) for path in self._folder.glob("*.air.json")), key=lambda record: record["chain_seq"])

    def save(self, records: list[Record]) -> None:
        for path in self._folder.glob("*.air.json"):
            path.unlink()
        for place, record in enumerate(records, 1):
            (self._folder / f"{record['run_id']}.air.json").write_text(json.dumps(record | {"chain_seq": place}, indent=2))

    def rewrite(self, record: Record) -> Record:
        return record | {"kind": "BENCH"}

    def forged(self, records: list[Record], at: int) -> list[Record]:
        made, before = [], b"genesis"
        for record in [*records[:at], self.rewrite(records[at]), *records[at + 1 :]]:
            clean = {key: value for key, value in record.items() if key != "chain_hash"}
            mac = hmac.new(b"air-blackbox-default", before + json.dumps(clean, sort_keys=True).encode(), hashlib.sha256)
            before = mac.digest()
            made.append(clean | {"chain_hash": mac.hexdigest()})
        return made


class Kepil(Engine):
    """Kepil 0.3.3 Journal (AGPL-3.0): JSON lines chained by SHA-256, no key and no lock."""

    def __init__(self, folder: Path, durable: bool) -> None:
        from kepil.journal import Journal, JournalEntry, chain, verify_against_sent, verify_with_anchors

        if durable:
            force_syncs()
        self._path, self._entry, self._hash = folder / "journal.jsonl", JournalEntry, chain.entry_hash
        self._journal, self._verify, self._against = Journal(self._path), verify_with_anchors, verify_against_sent

    def append(self, content: bytes) -> None:
        self._journal.append(self._entry(agent_id="bench", action=json.loads(content), decision="allow"))

    def check(self) -> list[str]:
        whole, said = self._verify(self._journal)
        return [] if whole else [str(said)]

    def head(self) -> Any:
        return self._journal.head()

    def against(self, head: Any) -> list[str]:
        whole, said = self._against(self._journal, [{"head": head, "at": "", "ref": ""}])
        return [] if whole else [str(said)]

    def load(self) -> list[Record]:
        return self._journal.records()

    def save(self, records: list[Record]) -> None:
        self._path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records))

    def rewrite(self, record: Record) -> Record:
        return record | {"action": record["action"] | {"kind": "BENCH"}}

    def forged(self, records: list[Record], at: int) -> list[Record]:
        made = [*records[:at], self.rewrite(records[at]), *records[at + 1 :]]
        for place in range(at, len(made)):
            before = made[place - 1]["hash"] if place else made[place]["prev_hash"]
            made[place] = made[place] | {"prev_hash": before}
            made[place]["hash"] = self._hash(made[place])
        return made
