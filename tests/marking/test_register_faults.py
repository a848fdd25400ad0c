"""The register when processes are killed, files damaged, disks full: one clear error each, and nothing acknowledged is lost."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import apsw
import pytest

from faults.test_disk import mount
from marking.adder import mark
from tanba import sqlitefile
from tanba.errors import StoreError, TanbaError
from tanba.marking.near import Near
from tanba.marking.register import TABLES, Register

ROOT = Path(__file__).parents[2]
ENVIRONMENT = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}", "PYTHONDONTWRITEBYTECODE": "1"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "marks.sqlite3"


def adders(path: Path, count: int, processes: int) -> list[subprocess.Popen[bytes]]:
    """Processes that begin at once, each with numbers of its own."""
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "marking.adder", str(path), str(hand * 1_000_000 + 1), str(count)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=ENVIRONMENT,
        )
        for hand in range(processes)
    ]
    for each in started:
        assert each.stdout
        assert each.stdout.readline() == b"ready\n"
    for each in started:
        assert each.stdin
        each.stdin.write(b"\n")
        each.stdin.flush()
    return started


def told(process: subprocess.Popen[bytes]) -> set[int]:
    """What it acknowledged."""
    output, _ = process.communicate()
    return {int(line) for line in output.splitlines()}


def test_two_processes_add_at_once_and_a_third_sees_all(path: Path) -> None:
    watching = Register(path)
    working = adders(path, 60, 2)
    while any(each.poll() is None for each in working):
        watching.near(bytes(32), "tanba.image-fp/1", 0)
    acknowledged = set().union(*map(told, working))
    assert len(acknowledged) == watching.count() == 120
    for number in acknowledged:
        assert watching.get(number) == mark(number)
        assert Near(number, 0) in watching.near(mark(number).fingerprints[0][1], "tanba.image-fp/1", 0)
    watching.close()


def test_a_killed_process_loses_nothing_acknowledged(path: Path) -> None:
    chance = random.Random(5)
    ended = 0
    for round_ in range(4):
        file = path.with_name(f"{round_ % 2}.sqlite3")
        working = adders(file, 100_000, 2)
        time.sleep(chance.uniform(0.01, 0.2))
        for each in working:
            os.kill(each.pid, signal.SIGKILL)
        acknowledged = set().union(*map(told, working))
        ended += bool(acknowledged)
        register = Register(file)
        assert [number for number in acknowledged if register.get(number) != mark(number)] == []
        register.add(mark(10_000_000))
        register.close()
    assert ended


def refused(path: Path) -> StoreError:
    """Each use is refused in the same words, with a hint."""
    register = Register(path)
    said = set()
    for use in (lambda: register.add(mark(5)), lambda: register.get(5), lambda: register.near(bytes(32), "a", 1), register.count):
        with pytest.raises(StoreError) as caught:
            use()
        said.add((caught.value.template, caught.value.hint))
    register.close()
    assert len(said) == 1
    assert caught.value.hint
    return caught.value


def test_a_file_of_another_kind(path: Path) -> None:
    path.write_text("This is a text.\n" * 400)
    assert "is damaged" in str(refused(path))
    assert path.read_text() == "This is a text.\n" * 400
    path.unlink()
    with apsw.Connection(str(path)) as other:
        other.execute("CREATE TABLE mark (a)")
    before = path.read_bytes()
    assert "is not a file that this version" in str(refused(path))
    assert path.read_bytes() == before
    with apsw.Connection(str(path)) as other:
        other.execute(f"PRAGMA application_id = {TABLES.kind}; PRAGMA user_version = {TABLES.version + 1}")
    assert "is not a file that this version" in str(refused(path))


def test_places_where_no_file_can_be(path: Path, tmp_path: Path) -> None:
    assert "cannot be opened" in str(refused(tmp_path / "absent" / "marks.sqlite3"))
    path.mkdir()
    assert "cannot be opened" in str(refused(path))


def complains(use: Callable[[], object]) -> bool:
    try:
        use()
    except TanbaError as error:
        return bool(error.hint)
    return False


def test_damage_is_told_or_does_no_harm(path: Path) -> None:
    """Bytes are changed anywhere: each use answers, or says what is wrong."""
    register = Register(path)
    register.add_many([mark(number) for number in range(200)])
    register.close()
    whole, chance, told_ = path.read_bytes(), random.Random(3), 0
    for _ in range(60):
        broken = bytearray(whole)
        at = chance.randrange(len(broken))
        broken[at : at + 64] = chance.randbytes(len(broken[at : at + 64]))
        path.write_bytes(broken if chance.random() < 0.8 else broken[:at])
        for use in (
            lambda: register.near(bytes(32), "tanba.image-fp/1", 256),
            lambda: register.newest(300),
            lambda: register.get(7),
            lambda: register.by_digest("a"),
            lambda: register.add(mark(999)),
        ):
            told_ += complains(use)
        register.close()
        for end in ("-wal", "-shm"):
            path.with_name(path.name + end).unlink(missing_ok=True)
    assert told_ > 30


def test_a_fingerprint_of_another_length_is_damage(path: Path) -> None:
    register = Register(path)
    register.add(mark(1))
    register.close()
    with apsw.Connection(str(path)) as other:
        other.execute("PRAGMA ignore_check_constraints = 1; UPDATE fingerprint SET bits = x'00'")
    with pytest.raises(StoreError, match="is damaged"):
        register.near(bytes(32), "tanba.image-fp/1", 256)
    register.close()


def test_a_file_that_somebody_holds(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    register = Register(path)
    register.add(mark(1))
    other = apsw.Connection(str(path))
    other.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr(sqlitefile, "PATIENCE", 3)
    with pytest.raises(StoreError, match="was in use for too long") as caught:
        register.add(mark(2))
    assert caught.value.hint
    assert register.get(1)
    other.execute("ROLLBACK")
    other.close()
    register.add(mark(2))
    register.close()


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount("-t", "tmpfs", "-o", "size=3m", "tmpfs", folder)
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def fill(register: Register) -> list[int]:
    """Until there is no room: what was acknowledged."""
    for number in range(100_000):
        try:
            register.add(mark(number))
        except StoreError as error:
            assert "is full" in error.message  # noqa: PT017
            return list(range(number))
    raise AssertionError


def test_a_full_disk_refuses_and_goes_on_when_there_is_room(small: Path) -> None:
    register = Register(small / "marks.sqlite3")
    kept = fill(register)
    assert len(kept) > 50
    assert [number for number in kept if register.get(number) != mark(number)] == []
    mount("-o", "remount,size=9m", small)
    register.add(mark(100_001))
    assert register.count() == len(kept) + 1
    register.close()


def test_a_disk_that_became_read_only_and_is_mended(small: Path) -> None:
    register = Register(small / "marks.sqlite3")
    register.add(mark(1))
    register.close()
    mount("-o", "remount,ro", small)
    assert "cannot be opened or written" in str(refused(small / "marks.sqlite3"))
    mount("-o", "remount,rw", small)
    register.add(mark(2))
    assert register.count() == 2
    register.close()


def test_adding_again_commits_anew(path: Path) -> None:
    """What is there may stem from a process that died before its sync; the answer waits for a sync of our own."""
    register = Register(path)
    register.add(mark(1))
    watching = apsw.Connection(str(path))
    before = watching.pragma("data_version")
    register.add(mark(1))
    assert watching.pragma("data_version") != before
    watching.close()
    register.close()
