"""A ledger's file changed by somebody who may write it: never does it silently tell something else than what was entered."""

import shutil
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from random import Random

import apsw
import pytest

from faults import naive
from faults.ledgers import SIGNER, event, events, open_log, whole
from faults.naive import LEVEL
from faults.told import SIZE, told
from tanba.errors import EvidenceError, TanbaError
from tanba.ledger.audit import Finding, against, audit
from tanba.ledger.log import Log
from tanba.ledger.merkle import verify_consistency
from tanba.ledger.note import LOG, Signer


@pytest.fixture
def log(path: Path) -> Iterator[Log]:
    log = open_log(path)
    yield log
    log.store.close()


def change(path: Path, sql: str, *values: object) -> None:
    """Without the checks that the tables themselves make."""
    schema = "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, ?, ?); PRAGMA writable_schema = RESET"
    for step, given in ((schema, ("STRICT", "/*STRICT*/")), (sql, values), (schema, ("/*STRICT*/", "STRICT"))):
        connection = apsw.Connection(str(path))
        connection.pragma("ignore_check_constraints", True)
        connection.config(apsw.SQLITE_DBCONFIG_DEFENSIVE, 0)
        connection.execute(step, given)
        assert connection.total_changes()
        connection.close()


def rebuilt(path: Path, signer: Signer | None = None) -> None:
    """Somebody who may write the file makes all of it fit again: tiles, size and root; and signs the state if there is a key."""
    connection = apsw.Connection(str(path))
    connection.execute("UPDATE entry SET position = (SELECT COUNT(*) FROM entry AS before WHERE before.position < entry.position)")
    leaves = [sha256(b"\x00" + data).digest() for (data,) in connection.execute("SELECT data FROM entry ORDER BY position")]
    connection.execute("DELETE FROM tile")
    for number in range(len(leaves) // 256):
        rows = [leaves[number * 256 : number * 256 + 256]]
        while len(rows[-1]) > 2:
            rows.append([sha256(b"\x01" + rows[-1][at] + rows[-1][at + 1]).digest() for at in range(0, len(rows[-1]), 2)])
        connection.execute("INSERT INTO tile VALUES (?, ?)", (number, b"".join(map(b"".join, rows))))
    root = naive.mth(leaves)
    connection.execute("UPDATE head SET size = ?, root = ?", (len(leaves), root))
    if signer:
        text = f"{SIGNER.key.name}\n{len(leaves)}\n{b64encode(root).decode()}\n"
        connection.execute("UPDATE head SET note = ?", (f"{text}\n{signer.line(text)}",))
    connection.close()


def codes(log: Log) -> list[str]:
    return [each.code for each in audit(log.store, [SIGNER.key])]


def test_an_entry_rewritten_is_found_at_its_place(log: Log, path: Path) -> None:
    change(path, "UPDATE entry SET data = ? WHERE position = 100", log.entry(100).replace(b"190140999998", b"190140999999"))
    assert audit(log.store, [SIGNER.key])[0] == Finding("changed", 100)


def test_an_entry_rewritten_with_all_hashes_made_to_fit_lacks_the_signature(log: Log, path: Path) -> None:
    change(path, "UPDATE entry SET data = ? WHERE position = 100", log.entry(100).replace(b"190140999998", b"190140999999"))
    rebuilt(path)
    assert codes(log) == ["head", "rewritten", "rewritten", "rewritten"]
    with pytest.raises(EvidenceError):
        open_log_once(path)


def test_a_ledger_signed_by_a_stranger_is_not_ours(log: Log, path: Path) -> None:
    change(path, "UPDATE entry SET data = ? WHERE position = 599", log.entry(599).replace(b"190140999998", b"190140999999"))
    rebuilt(path, Signer(SIGNER.key.name, LOG, bytes(32)))
    assert codes(log)[0] == "signature"
    with pytest.raises(EvidenceError):
        open_log_once(path)


def open_log_once(path: Path) -> None:
    """As a start does that only asks for the newest checkpoint."""
    log = open_log(path)
    try:
        log.head()
    finally:
        log.store.close()


@pytest.mark.parametrize("size", [599, 512, 450, 300, 1])
def test_a_tail_cut_off_is_found_without_the_key(log: Log, path: Path, size: int) -> None:
    change(path, "DELETE FROM entry WHERE position >= ?", size)
    assert audit(log.store, [SIGNER.key])[0] == Finding("missing", size, min(SIZE, (size // 256 + 1) * 256) - size)
    rebuilt(path)
    assert codes(log)[0] == "head"
    with pytest.raises(EvidenceError):
        open_log_once(path)


def test_a_tail_cut_back_to_a_former_signature_is_shown_by_any_later_checkpoint(log: Log, path: Path) -> None:
    """Who may write the file and kept an older checkpoint needs no key; anchors in the file tell, and without them one outside."""
    later = log.head().checkpoint
    older = next(each for each in log.store.anchors() if each.size == 300)
    change(path, "DELETE FROM entry WHERE position >= 300")
    rebuilt(path)
    change(path, "UPDATE head SET note = ?", older.note)
    log = open_log(path)
    assert codes(log) == ["truncated", "truncated"]
    change(path, "DELETE FROM anchor WHERE size > 300")
    assert codes(log) == []
    assert against(log, later) == [Finding("truncated", 300, 300)]
    log.append_many(events(Random(7), 400))
    assert codes(log) == []
    assert against(log, later) == [Finding("forked", 600)]
    log.store.close()


def test_an_older_copy_in_its_place_is_shown_by_any_later_checkpoint(original: Path, path: Path) -> None:
    log = open_log(original / "older.db")
    later = log.head().checkpoint
    log.store.close()
    log = open_log(path)
    assert codes(log) == []
    assert against(log, later) == [Finding("truncated", 600, 20)]
    log.store.close()


def test_two_copies_that_grew_apart_are_a_fork(path: Path, tmp_path: Path) -> None:
    logs = [open_log(path), open_log(Path(shutil.copy(path, tmp_path / "copy.db")))]
    for number, log in enumerate(logs):
        log.append_many(events(Random(number), 30))
    one, other = (log.head().checkpoint for log in logs)
    with pytest.raises(EvidenceError, match="fork"):
        verify_consistency(630, 630, logs[1].consistency(630, 630), one.root, other.root)
    logs[1].append(*event("more"))
    newer = logs[1].head().checkpoint
    with pytest.raises(EvidenceError, match="forked"):
        verify_consistency(630, 631, logs[1].consistency(630, 631), one.root, newer.root)
    assert against(logs[1], one) == [Finding("forked", 630)]
    for log in logs:
        assert codes(log) == []
        log.store.close()


def test_entries_that_changed_places_are_found(log: Log, path: Path) -> None:
    one, other = log.entry(10), log.entry(200)
    change(path, "UPDATE entry SET data = CASE position WHEN 10 THEN ? ELSE ? END, id = NULL WHERE position IN (10, 200)", other, one)
    assert Finding("reordered", 10, 2) in audit(log.store, [SIGNER.key])


def test_entries_that_changed_places_with_all_hashes_made_to_fit_lack_the_signature(log: Log, path: Path) -> None:
    change(path, "UPDATE entry SET position = CASE position WHEN 10 THEN -1 ELSE 10 END WHERE position IN (10)")
    change(path, "UPDATE entry SET position = 10 WHERE position = 200")
    change(path, "UPDATE entry SET position = 200 WHERE position = -1")
    rebuilt(path)
    assert "head" in codes(log)


@pytest.mark.parametrize("position", [0, 255, 256, 400, 511, 512, 598, 599])
def test_a_row_taken_out_is_found_at_its_place(log: Log, path: Path, position: int) -> None:
    change(path, "DELETE FROM entry WHERE position = ?", position)
    assert Finding("missing", position) in audit(log.store, [SIGNER.key])
    rebuilt(path)
    assert "head" in codes(log)


@pytest.mark.parametrize("position", [600, 601, 700, 1 << 40, -1])
def test_a_row_added_without_a_signature_is_found(log: Log, path: Path, position: int) -> None:
    change(path, "INSERT INTO entry VALUES (?, ?, ?)", position, log.entry(5), "another")
    assert codes(log) == ["surplus"]


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("byte", [0, 8191, 8192, 16319])
def test_a_tile_changed_is_found(log: Log, path: Path, place: int, byte: int) -> None:
    [(hashes,)] = log.store._file.all("SELECT hashes FROM tile WHERE place = ?", place)
    changed = bytearray(hashes)
    changed[byte] ^= 1
    change(path, "UPDATE tile SET hashes = ? WHERE place = ?", bytes(changed), place)
    [finding] = audit(log.store, [SIGNER.key])
    assert finding.position // 256 == place
    assert finding.code in ("tile", "changed")


def test_a_tile_taken_out_or_added_is_found(log: Log, path: Path) -> None:
    change(path, "INSERT INTO tile VALUES (2, ?)", b"x" * 510 * 32)
    assert codes(log) == ["tile"]
    change(path, "DELETE FROM tile WHERE place > 0")
    assert codes(log) == ["tile"]
    change(path, "INSERT INTO tile VALUES (?, ?)", LEVEL, b"x")
    assert codes(log) == ["tile", "tile"]


def test_an_id_that_is_not_its_entrys_is_found(log: Log, path: Path) -> None:
    """Else what was entered could be refused, or entered twice."""
    change(path, "UPDATE entry SET id = 'another' WHERE position = 77")
    assert "id" in " ".join(codes(log))
    change(path, "UPDATE entry SET id = NULL WHERE position = 77")
    assert "id" in " ".join(codes(log))


@pytest.mark.parametrize(
    ("sql", "value"),
    [
        ("UPDATE entry SET data = ? WHERE position = 3", "text"),
        ("UPDATE entry SET data = ? WHERE position = 3", 7),
        ("UPDATE entry SET data = ? WHERE position = 3", b""),
        ("UPDATE entry SET data = CAST(? AS TEXT) WHERE position = 599", b"\xff\xfe"),
        ("UPDATE tile SET hashes = ? WHERE place = 1", "text"),
        ("UPDATE tile SET hashes = ? WHERE place = 1", b"short"),
        ("UPDATE head SET size = ?", "text"),
        ("UPDATE head SET size = ?", -1),
        ("UPDATE head SET size = ?", 1 << 62),
        ("UPDATE head SET size = ?", 0),
        ("UPDATE head SET size = ?", 2.5),
        ("UPDATE head SET root = ?", "text"),
        ("UPDATE head SET note = ?", b"bytes"),
        ("UPDATE head SET note = ?", 7),
        ("UPDATE head SET note = ?", ""),
        ("UPDATE head SET note = CAST(? AS TEXT)", b"\xff\xfe"),
        ("DELETE FROM head WHERE one = ?", 1),
        ("UPDATE anchor SET note = ? WHERE size = 300", 7),
        ("UPDATE anchor SET note = ? WHERE size = 300", b"bytes"),
        ("UPDATE anchor SET timestamps = ? WHERE size = 300", "no json"),
        ("UPDATE anchor SET timestamps = ? WHERE size = 300", '["not base64"]'),
        ("UPDATE anchor SET timestamps = ? WHERE size = 300", "[7]"),
        ("UPDATE anchor SET timestamps = ? WHERE size = 300", "7"),
        ("UPDATE anchor SET size = ? WHERE size = 300", -5),
    ],
)
def test_values_of_another_kind_are_found_and_crash_nothing(path: Path, sql: str, value: object) -> None:
    change(path, sql, value)
    with pytest.raises((TanbaError, AssertionError)):
        told(path)
    log = open_log(path)
    try:
        log.append(*event("goes on or refuses"))
    except TanbaError:
        pass
    finally:
        log.store.close()


def test_the_ledgers_own_check_and_the_second_opinion_agree_on_the_original(original: Path, tmp_path: Path) -> None:
    assert whole(Path(shutil.copy(original / "ledger.db", tmp_path))).size == SIZE
