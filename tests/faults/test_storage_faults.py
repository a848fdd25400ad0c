"""Storage in a folder when things go wrong: flipped bits, full and read-only disks, failing calls, dying writers."""

import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tanba.digest import sha256
from tanba.errors import StoreError
from tanba.storage import AlteredError
from tanba.storage.files import UNFINISHED, FileStore

ROUNDS = 20
WRITER = """
import sys
from pathlib import Path
from tanba.storage.files import FileStore
store, number = FileStore(Path(sys.argv[1])), int(sys.argv[2])
print("ready", flush=True)
while True:
    print(store.put(b"%d" % number * 40_000), flush=True)
    number += 1
"""


def whole(store: FileStore) -> list[str]:
    """The digests of a storage whose every object is checked."""
    digests = list(store.list())
    assert [sha256(store.get(digest)) for digest in digests] == digests
    return digests


def unfinished(store: FileStore) -> list[Path]:
    return list((store.root / UNFINISHED).iterdir())


def test_every_flipped_bit_is_seen(tmp_path: Path) -> None:
    store, chance = FileStore(tmp_path), random.Random(1)
    contents = [chance.randbytes(size) for size in (1, 100, 70_000)]
    for content in contents:
        digest = store.put(content)
        path = tmp_path / digest[:2] / digest[2:]
        for _ in range(50):
            changed = bytearray(content)
            changed[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
            path.write_bytes(changed)
            for read in (store.get, store.open):
                with pytest.raises(AlteredError, match=digest):
                    read(digest)
        path.write_bytes(content)
        assert store.get(digest) == content


def test_a_write_that_stops_half_way(tmp_path: Path) -> None:
    """The limit on the size of files fails a write in its middle as a full disk does, and needs no rights to set."""
    store, before = FileStore(tmp_path), resource.getrlimit(resource.RLIMIT_FSIZE)
    small = store.put(b"small")
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))
    try:
        with pytest.raises(StoreError, match=f"{tmp_path}: cannot be written .File too large"):
            store.put(bytes(3_000_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert whole(store) == [small]
    assert not unfinished(store)
    assert store.put(bytes(3_000_000)) in whole(store)


def mount(*options: str) -> None:
    done = subprocess.run(["mount", *options], capture_output=True, text=True) if os.geteuid() == 0 else None
    if done is None or done.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip() if done else 'needs root'}")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 KiB."""
    mount("-t", "tmpfs", "-o", "size=256k,mode=700", "tanba-test", str(tmp_path))
    yield tmp_path
    subprocess.run(["umount", str(tmp_path)], check=True)


@pytest.fixture
def forbid(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[FileStore], None]]:
    """Takes away the right to write: root keeps it in spite of modes, so for root a whole disk becomes read-only."""
    if os.geteuid() == 0:
        disk = request.getfixturevalue("disk")
        yield lambda store: mount("-o", "remount,ro", str(disk))
    else:
        yield lambda store: [path.chmod(0o500) for path in (store.root / UNFINISHED, store.root, tmp_path)] and None
        for path in (tmp_path, *tmp_path.glob("objects"), *tmp_path.glob("objects/*")):
            path.chmod(0o700)


def test_a_full_disk(disk: Path) -> None:
    store = FileStore(disk / "objects")
    kept = {store.put(bytes([number]) * 20_000) for number in range(3)}
    for content in (bytes(1_000_000), *(bytes([number]) * 40_000 for number in range(9))):
        with suppress(StoreError):
            kept.add(store.put(content))
    with pytest.raises(StoreError, match=r"cannot be written .No space left on device") as caught:
        store.put(bytes(1_000_000))
    assert "free space" in caught.value.hint
    assert set(whole(store)) == kept
    assert not unfinished(store)
    digest = next(iter(kept))
    (store.root / digest[:2] / digest[2:]).unlink()
    assert store.put(b"fits again") in whole(store)


def test_a_read_only_place(forbid: Callable[[FileStore], None], tmp_path: Path) -> None:
    store = FileStore(tmp_path / "objects")
    digest = store.put(b"kept")
    forbid(store)
    for fails in (store, FileStore(tmp_path / "new")):
        with pytest.raises(StoreError, match=r"cannot be written .(Read-only file system|Permission denied)"):
            fails.put(b"new")
    assert whole(store) == [digest]


@pytest.mark.parametrize("call", ["open", "mkdir", "fsync", "link", "scandir"])
@pytest.mark.parametrize("nth", range(6))
def test_any_call_may_fail_and_nothing_half_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, nth: int) -> None:
    store, kept = FileStore(tmp_path / "objects"), b"kept" * 1000
    store.put(b"before")
    real, left = getattr(os, call), iter(range(nth))

    def failing(*values: object, **named: object) -> object:
        if next(left, None) is None:
            raise OSError(5, "Input/output error")
        return real(*values, **named)

    monkeypatch.setattr(os, call, failing)
    with suppress(StoreError):
        store.put(kept)
    monkeypatch.undo()
    assert set(whole(store)) <= {sha256(b"before"), sha256(kept)}
    assert not unfinished(store)
    assert store.put(kept) in whole(store)


def test_killed_writers_leave_no_half_object(tmp_path: Path) -> None:
    """What a writer said it stored is there; what it was about is not, or whole."""
    store, chance = FileStore(tmp_path / "objects"), random.Random()
    said: set[str] = set()
    for number in range(ROUNDS):
        command = [sys.executable, "-c", WRITER, str(store.root), str(number * 10**6)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout
            assert writer.stdout.readline() == "ready\n"
            time.sleep(chance.uniform(0, 0.1))
            writer.kill()
            said |= {line.strip() for line in writer.stdout if line.endswith("\n")}
    assert said <= set(whole(store))
    assert len(unfinished(store)) <= ROUNDS
    assert store.put(b"after") in whole(store)
