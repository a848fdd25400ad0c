"""The ledger of this project behind the same shape."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import apsw

from benchmarks.ledger_peers.engine import CALLERS, Engine, Record
from tanba.ledger.audit import against, audit
from tanba.ledger.group import GroupCommit
from tanba.ledger.log import Log
from tanba.ledger.note import LOG, Signer
from tanba.ledger.store.sqlite import SqliteStore

SIGNER, FORGER = (Signer("ledger.example/bench", LOG, bytes([seed] * 32)) for seed in (1, 2))


class Tanba(Engine):
    """Always durable; every commit bears a signed checkpoint."""

    def __init__(self, folder: Path, durable: bool) -> None:
        self._path = folder / "ledger.db"
        self._log = Log(SqliteStore(self._path), SIGNER)

    def append(self, content: bytes) -> None:
        self._log.append(_untimed(content))

    def append_many(self, contents: Sequence[bytes]) -> None:
        self._log.append_many([(_untimed(content), None) for content in contents])

    def crowd(self, contents: Sequence[bytes]) -> None:
        asyncio.run(self._crowd(contents))

    async def _crowd(self, contents: Sequence[bytes]) -> None:
        work = iter(contents)

        async def caller() -> None:
            for content in work:
                await group.append(_untimed(content))

        with GroupCommit(self._log) as group:
            await asyncio.gather(*(caller() for _ in range(CALLERS)))

    def prove(self, position: int) -> None:
        self._log.prove(position)

    def close(self) -> None:
        self._log.store.close()

    def check(self) -> list[str]:
        return [each.code for each in audit(self._log.store, [SIGNER.key]) if not each.harmless]

    def head(self) -> Any:
        return self._log.head().checkpoint

    def against(self, head: Any) -> list[str]:
        return [each.code for each in against(self._log, head)]

    def load(self) -> list[Record]:
        return list(apsw.Connection(str(self._path)).execute("SELECT data, id FROM entry ORDER BY position"))

    def save(self, records: list[Record]) -> None:
        with apsw.Connection(str(self._path)) as connection:
            connection.execute("DELETE FROM entry")
            connection.executemany("INSERT INTO entry VALUES (?, ?, ?)", ((at, *record) for at, record in enumerate(records)))

    def rewrite(self, record: Record) -> Record:
        return record[0].replace(b"bench", b"BENCH"), record[1]

    def forge(self, at: int) -> None:
        """Another ledger in its place, whole in itself, under another key of the same name."""
        records = self.load()
        records[at] = self.rewrite(records[at])
        self.close()
        self._path.unlink()
        forged = Log(SqliteStore(self._path), FORGER)
        forged.append_many([(_untimed(data), id_) for data, id_ in records])
        forged.store.close()


def _untimed(content: bytes) -> bytes:
    """Without the time, which the ledger states itself."""
    return content[:-38] + b"}"
