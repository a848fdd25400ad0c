"""Several programs on one file: one ledger, without fork, gap, loss or anything twice."""

import threading
from pathlib import Path
from random import Random

import pytest

from faults.ledgers import SIGNER, event, events, open_log, whole
from faults.writer import stands, writers
from tanba.ledger.audit import audit
from tanba.ledger.group import GroupCommit
from tanba.ledger.merkle import verify_consistency


def together(path: Path, orders: list[tuple[str, str, int]]) -> list[dict[int, str]]:
    """What each of several processes was told; all begin at once on a file that is not there yet."""
    with writers(len(orders)) as hands:
        for hand, order in zip(hands, orders, strict=True):
            hand.order(path, *order)
        told = [hand.told() for hand in hands]
    assert [code for _, code in told] == [0] * len(orders)
    return [acknowledged for acknowledged, _ in told]


@pytest.mark.parametrize(
    "orders",
    [
        [("threads", "a", 600), ("threads", "b", 600)],
        [("batches", "a", 1500), ("batches", "b", 1500), ("batches", "c", 1500), ("batches", "d", 1500)],
        [("singles", "a", 300), ("threads", "b", 600), ("batches", "c", 1500)],
    ],
    ids=["two-servers", "four-batchers", "mixed"],
)
def test_several_processes_write_one_ledger(tmp_path: Path, orders: list[tuple[str, str, int]]) -> None:
    path = tmp_path / "ledger.db"
    told = together(path, orders)
    seen = whole(path)
    everything = {position: seed for each in told for position, seed in each.items()}
    assert sorted(everything) == list(range(seen.size)) == list(range(sum(count for _, _, count in orders)))
    assert not stands(seen.entries, everything)
    for _, seed, count in orders:
        assert [each for each in everything.values() if each.startswith(f"{seed}-")].__len__() == count


@pytest.mark.parametrize("way", ["threads", "batches"])
def test_the_same_ids_from_two_processes_end_in_one_entry_each(tmp_path: Path, way: str) -> None:
    path = tmp_path / "ledger.db"
    first, second = together(path, [(way, "same", 800)] * 2)
    assert first == second
    seen = whole(path)
    assert seen.size == 800
    assert not stands(seen.entries, first)


def test_a_fresh_file_is_made_by_four_at_once(tmp_path: Path) -> None:
    with writers(4) as hands:
        for round_ in range(20):
            path = tmp_path / f"{round_}.db"
            for number, hand in enumerate(hands):
                hand.order(path, "singles", f"{number}", 2)
            assert [hand.told()[1] for hand in hands] == [0] * 4, f"round {round_}"
            assert whole(path).size == 8


def test_a_reader_sees_one_ledger_while_others_write(tmp_path: Path) -> None:
    """Every checkpoint it reads continues the one before; proofs hold; an audit finds nothing."""
    path = tmp_path / "ledger.db"
    log = open_log(path)
    log.append(*event("first"))
    before, audits, findings = log.head().checkpoint, 0, []
    with writers(2) as hands:
        for number, hand in enumerate(hands):
            hand.order(path, "threads", f"{number}", 3000)
        waiting = threading.Thread(target=lambda: [hand.told() for hand in hands])
        waiting.start()
        while waiting.is_alive():
            signed = log.head()
            proof, position = log.consistency(before.size, signed.checkpoint.size), signed.checkpoint.size // 2
            verify_consistency(before.size, signed.checkpoint.size, proof, before.root, signed.checkpoint.root)
            assert log.prove(position, signed).index == position
            before, audits = signed.checkpoint, audits + 1
            findings += [each for each in audit(log.store, [SIGNER.key]) if not each.harmless]
        waiting.join()
    log.store.close()
    assert audits > 3
    assert not findings
    assert whole(path).size == 6001


def test_two_group_commits_in_one_process(tmp_path: Path) -> None:
    path, work = tmp_path / "ledger.db", events(Random(1), 400)
    logs = [open_log(path), open_log(path)]
    with GroupCommit(logs[0]) as one, GroupCommit(logs[1]) as other:
        waiting = [group.submit(*each) for each in work for group in (one, other)]
        positions = [future.result() for future in waiting]
    for log in logs:
        log.store.close()
    assert positions[::2] == positions[1::2]
    assert whole(path).size == 400
