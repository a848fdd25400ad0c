"""Disks that fail, fill up or may not be written: a StoreError with a hint, nothing lost, and on it goes when the cause is gone."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from random import Random

import pytest

from faults.ledgers import SIGNER, event, events, open_log, whole
from faults.writer import ENVIRONMENT, stands
from tanba.errors import StoreError
from tanba.ledger.group import GroupCommit
from tanba.ledger.log import Log

COUNT = 40
EVERYWHERE = [
    *(("fdatasync", "EIO", when) for when in (*range(1, 12), "1+", "3+", "8+", "20+", "40+")),
    *(("pwrite64", "EIO", when) for when in (*range(1, 30, 2), "1+", "9+", "50+", "200+")),
    *(("pwrite64", "ENOSPC", when) for when in (2, 5, 9, 17, 33, "5+", "60+")),
    *(("pread64", "EIO", when) for when in (1, 2, 4, 8, "6+", "30+")),
    *(("fsync", "EIO", when) for when in (1, 2, "1+")),
    *(("ftruncate", "EIO", when) for when in (1, 2)),
]
SOME = [("fdatasync", "EIO", 3), ("fdatasync", "EIO", "8+"), ("pwrite64", "EIO", 21), ("pwrite64", "EIO", "50+"), ("pread64", "EIO", "6+")]


@pytest.fixture(scope="session")
def strace() -> str:
    found = shutil.which("strace")
    if not found or subprocess.run([found, "-qq", "-o", os.devnull, "-e", "trace=none", "true"], capture_output=True).returncode:
        pytest.skip("needs strace, and leave to trace")
    return found


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount("-t", "tmpfs", "-o", "size=3m", "tmpfs", folder)
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def mount(*arguments: object) -> None:
    if os.geteuid() or not shutil.which("mount"):
        pytest.skip("mounting takes root")
    done = subprocess.run(["mount", *map(str, arguments)], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"cannot mount: {done.stderr.strip()}")


def traced(strace: str, path: Path, way: str, call: str, error: str = "", when: int | str = 0) -> tuple[dict[int, str], int, str, str]:
    """What a writer acknowledged, its exit code, what it said, and the calls seen.

    With `error` only calls on the ledger's files are, and fail.
    """
    order = json.dumps({"path": str(path), "way": way, "seed": "s", "count": COUNT})
    command = [strace, "-f", "-qq", "-y", "-o", str(path.with_name("calls")), "-e", f"trace={call}", "-e", "signal=none"]
    if error:
        command += ["-e", f"inject={call}:error={error}:when={when}"]
        command += (part for end in ("", "-wal", "-shm", "-journal") for part in ("-P", f"{path}{end}"))
    done = subprocess.run([*command, sys.executable, "-m", "faults.writer", order], capture_output=True, text=True, env=ENVIRONMENT)
    told = {int(position): seed for position, seed in map(str.split, done.stdout.splitlines())}
    return told, done.returncode, done.stderr, path.with_name("calls").read_text()


def check_after(path: Path, told: dict[int, str]) -> None:
    log = open_log(path)
    position = log.append(*event("after"))
    log.store.close()
    seen = whole(path)
    assert position == seen.size - 1 >= len(told)
    assert not stands(seen.entries, told)


def with_failing_call(strace: str, path: Path, call: str, error: str, when: int | str, way: str) -> int:
    """How often it failed."""
    told, code, words, calls = traced(strace, path, way, call, error, when)
    assert "INJECTED" in calls or code == 0
    assert code in (0, StoreError.exit_code), words
    assert (code == 0) == (len(told) == COUNT) == (not words)
    if code:
        assert words.startswith("StoreError: ")
        assert words.count("\n") == 1
        assert len(words.rpartition(" | ")[2]) > 10
    check_after(path, told)
    return calls.count("INJECTED")


@pytest.mark.parametrize(("call", "error", "when"), SOME)
def test_a_failing_call_ends_in_words(strace: str, tmp_path: Path, call: str, error: str, when: int | str) -> None:
    assert with_failing_call(strace, tmp_path / "ledger.db", call, error, when, "singles")


@pytest.mark.slow
@pytest.mark.parametrize("way", ["singles", "threads", "stubborn"])
def test_any_failing_call_ends_in_words(strace: str, tmp_path: Path, way: str) -> None:
    times = [with_failing_call(strace, tmp_path / f"{number}.db", *each, way) for number, each in enumerate(EVERYWHERE)]
    assert sum(map(bool, times)) > len(EVERYWHERE) * 0.8


def test_one_failed_sync_is_survived_by_whoever_asks_again(strace: str, tmp_path: Path) -> None:
    told, code, words, calls = traced(strace, tmp_path / "ledger.db", "stubborn", "fdatasync", "EIO", 9)
    assert (code, words, len(told)) == (0, "", COUNT)
    assert calls.count("INJECTED") == 1
    check_after(tmp_path / "ledger.db", told)


def test_every_answer_comes_after_a_sync_of_the_log_and_its_folder(strace: str, tmp_path: Path) -> None:
    """What powerloss.py takes for granted of SQLite and of this build of it."""
    path = tmp_path / "ledger.db"
    _, code, _, calls = traced(strace, path, "singles", "write,fdatasync,fsync")
    assert code == 0
    synced = folder = False
    for line in calls.splitlines():
        synced |= "sync(" in line and f"<{path}-wal>" in line
        folder |= "sync(" in line and f"<{tmp_path}>" in line and synced
        if " write(1<" in line and " s-" in line:
            assert synced
            assert folder
            synced = False
    assert folder


def fill(log: Log, random: Random) -> tuple[dict[int, bytes], StoreError]:
    """Until there is no room."""
    acknowledged: dict[int, bytes] = {}
    for _ in count():
        batch = events(random, random.choice((1, 5, 50)))
        try:
            positions = log.append_many(batch)
        except StoreError as error:
            return acknowledged, error
        acknowledged |= {position: log.entry(position) for position in positions}
    raise AssertionError


def resize(folder: Path, size: str) -> None:
    mount("-o", f"remount,size={size}", folder)


def test_a_full_disk_refuses_and_goes_on_when_there_is_room(small: Path) -> None:
    path, random = small / "ledger.db", Random(1)
    log = open_log(path)
    acknowledged, error = fill(log, random)
    assert str(error) == f"the disk of {path} is full"
    assert error.hint
    assert len(acknowledged) > 100
    assert log.head().checkpoint.size == len(acknowledged)
    again, _ = fill(log, random)
    acknowledged |= again
    resize(small, "9m")
    position = log.append(*event("room"))
    assert position == len(acknowledged)
    log.store.close()
    whole(path, acknowledged.items())


def test_a_disk_that_fills_up_at_any_moment(small: Path) -> None:
    for free in (*range(0, 40, 4), *range(40, 200, 16), *range(200, 1000, 80)):
        path, random = small / f"{free}.db", Random(free)
        ballast = small / "ballast"
        room = os.statvfs(small).f_bavail * os.statvfs(small).f_frsize
        ballast.write_bytes(bytes(room - free * 1024))
        log = open_log(path)
        acknowledged, error = fill(log, random)
        assert error.hint, free
        ballast.unlink()
        position = log.append(*event("room"))
        assert position == len(acknowledged), free
        log.store.close()
        whole(path, acknowledged.items())
        path.unlink()


def test_all_callers_of_a_group_hear_of_a_full_disk(small: Path) -> None:
    path = small / "ledger.db"
    log, work = open_log(path), events(Random(2), 6000)
    with GroupCommit(log) as group:
        waiting = [group.submit(*each) for each in work]
        told = [(each, future.exception() or future.result()) for each, future in zip(work, waiting, strict=True)]
        assert any(isinstance(result, StoreError) for _, result in told)
        resize(small, "20m")
        again = [group.submit(*each) for each in work]
        positions = [future.result() for future in again]
    log.store.close()
    assert all(result == position for (_, result), position in zip(told, positions, strict=True) if isinstance(result, int))
    assert whole(path).size == len(work)


def test_a_disk_that_may_only_be_read(tmp_path: Path) -> None:
    folder, view = tmp_path / "ledger", tmp_path / "view"
    folder.mkdir()
    view.mkdir()
    log = open_log(folder / "ledger.db")
    log.append_many(events(Random(3), 300))
    mount("--bind", folder, view)
    try:
        mount("-o", "remount,ro,bind", view)
        for path in (view / "ledger.db", view / "new.db"):
            seen = open_log(path)
            with pytest.raises(StoreError, match="cannot be opened or written") as caught:
                seen.append(*event("refused"))
            assert caught.value.hint
            seen.store.close()
    finally:
        log.store.close()
        subprocess.run(["umount", "--lazy", view], check=True)
    assert whole(folder / "ledger.db").size == 300


def test_a_disk_that_became_read_only_and_is_mended(small: Path) -> None:
    path = small / "ledger.db"
    log = open_log(path)
    log.append_many(events(Random(4), 300))
    log.store.close()
    mount("-o", "remount,ro", small)
    for _ in range(2):
        with pytest.raises(StoreError, match="cannot be opened or written"):
            log.append(*event("refused"))
    mount("-o", "remount,rw", small)
    assert log.append(*event("written")) == 300
    log.store.close()
    assert whole(path).size == 301


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    log = Log(open_log(tmp_path / "absent" / "ledger.db").store, SIGNER)
    with pytest.raises(StoreError, match="cannot be opened") as caught:
        log.append(*event("refused"))
    assert caught.value.hint
    log.store.close()
