"""A ledger's file damaged by chance: never does it silently tell something else than what was entered."""

import shutil
from collections import Counter
from functools import cache
from pathlib import Path
from random import Random

import apsw
import pytest

from faults.ledgers import open_log
from faults.told import SIZE, told
from tanba.errors import TanbaError
from tanba.ledger.audit import against


def flip(random: Random, content: bytearray) -> str:
    """One bit; more often than chance would have it where the file's structure lies."""
    page = random.choice((0, random.randrange(len(content) // 4096) * 4096))
    at = random.choice((random.randrange(len(content)), page + random.randrange(120)))
    bit = random.randrange(8)
    content[at] ^= 1 << bit
    return f"bit {bit} of byte {at}"


@pytest.mark.parametrize("count", [150, pytest.param(1000, marks=pytest.mark.slow)])
def test_no_flipped_bit_of_the_file_goes_unseen(original: Path, tmp_path: Path, count: int) -> None:
    whole_one, random, outcomes = told(original / "ledger.db"), Random(count), Counter[str]()
    content, wrong = (original / "ledger.db").read_bytes(), []
    for number in range(count):
        path, changed = tmp_path / f"{number}.db", bytearray(content)
        place = flip(random, changed)
        path.write_bytes(changed)
        try:
            same = told(path) == whole_one
            outcomes["harmless" if same else "unseen"] += 1
            wrong += [] if same else [f"{place}: unseen"]
        except (TanbaError, AssertionError) as error:
            outcomes[type(error).__name__] += 1
        except Exception as error:
            wrong.append(f"{place}: {error!r}")
        path.unlink()
    print(dict(outcomes))
    assert not wrong
    assert min(outcomes[each] for each in ("harmless", "AssertionError", "StoreError")) > count / 50


@pytest.mark.parametrize("count", [50, pytest.param(500, marks=pytest.mark.slow)])
def test_a_flipped_bit_of_the_log_costs_at_most_the_newest_entries_and_a_kept_checkpoint_shows_it(
    original: Path, tmp_path: Path, count: int
) -> None:
    """SQLite takes a log up to the first frame that does not fit: that is an older state, complete in itself."""
    random, outcomes = Random(count), Counter[str]()
    for name in ("reference.db", "reference.db-wal"):
        shutil.copy(original / name.replace("reference", "open"), tmp_path / name)
    whole_one = told(tmp_path / "reference.db")
    log = open_log(tmp_path / "reference.db")
    known = log.head().checkpoint
    log.store.close()
    content = (original / "open.db-wal").read_bytes()
    for number in range(count):
        path, changed = tmp_path / f"{number}.db", bytearray(content)
        place = flip(random, changed)
        shutil.copy(original / "open.db", path)
        Path(f"{path}-wal").write_bytes(changed)
        state = told(path)
        assert SIZE <= state.size <= whole_one.size, place
        assert state.entries == whole_one.entries[: state.size], place
        log = open_log(path)
        findings = against(log, known)
        log.store.close()
        assert [each.code for each in findings] == (["truncated"] if state.size < known.size else []), place
        outcomes["older" if findings else "harmless"] += 1
        path.unlink()
    print(dict(outcomes))
    assert outcomes["older"] > count / 2


@cache
def _bytes(seed: int, size: int) -> bytes:
    return Random(seed).randbytes(size)


@pytest.mark.parametrize(
    "content", [b"", b"SQLite format 3\x00", _bytes(1, 5000), b"PK\x03\x04" * 3000], ids=["empty", "cut", "rubbish", "archive"]
)
def test_another_file_in_its_place_is_refused_or_empty(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    if content:
        with pytest.raises(TanbaError):
            told(path)
        assert path.read_bytes() == content
    else:
        assert told(path).size == 0


def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    connection = apsw.Connection(str(other))
    connection.execute("PRAGMA application_id = 7; CREATE TABLE entry (x)")
    connection.close()
    before = other.read_bytes()
    with pytest.raises(TanbaError, match="not a file that this version"):
        told(other)
    assert other.read_bytes() == before


def test_the_file_cut_at_any_length_is_seen(original: Path, tmp_path: Path) -> None:
    content, random = (original / "ledger.db").read_bytes(), Random(5)
    for number, size in enumerate(sorted({2, 100, 4095, 4096, len(content) - 1, *(random.randrange(1, len(content)) for _ in range(40))})):
        path = tmp_path / f"{number}.db"
        path.write_bytes(content[:size])
        with pytest.raises((TanbaError, AssertionError)):
            told(path)
