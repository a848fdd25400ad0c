"""A ledger to change behind the product's back, and everything that the product then tells of it."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from random import Random

from faults.ledgers import SIGNER, events, open_log
from tanba.ledger.audit import audit

SIZE = 600
WORK = events(Random(600), SIZE)


def make(folder: Path) -> Path:
    """A ledger of two full tiles and three anchors; `ledger.db` is closed, `open.db` has its newest entries in the log beside it."""
    log = open_log(folder / "ledger.db")
    for start in range(0, SIZE, 150):
        log.append_many(WORK[start : start + 150])
        if start:
            log.keep(log.head(), [b"time stamp"])
    log.store.close()
    shutil.copy(folder / "ledger.db", folder / "older.db")
    log = open_log(folder / "older.db")
    for each in events(Random(20), 20):
        log.append(*each)
    for end in ("", "-wal"):
        shutil.copy(folder / f"older.db{end}", folder / f"open.db{end}")
    log.store.close()
    return folder


@dataclass
class Told:
    """Everything that the product tells of a ledger, time stamps apart: these are checked by who reads them."""

    size: int
    root: bytes
    entries: list[tuple[int, bytes]]
    anchors: list[tuple[int, str]]
    found: list[int | None]


def told(path: Path) -> Told:
    """Raises TanbaError, or AssertionError with findings, where the product sees that something is wrong."""
    log = open_log(path)
    try:
        head = log.head().checkpoint
        findings = audit(log.store, [SIGNER.key])
        assert not findings
        places = [log.store.find(id_) for _, id_ in WORK]
        return Told(
            head.size,
            head.root,
            list(log.store.entries(0, head.size + 10)),
            [(each.size, each.note) for each in log.store.anchors()],
            places,
        )
    finally:
        log.store.close()
