"""What only a folder has: names, permissions, links, left-overs."""

import os
import stat
import time
from pathlib import Path

import pytest

from tanba.digest import sha256
from tanba.errors import COULD_NOT_CHECK, FINDING, StoreError
from tanba.storage import AlteredError, MissingError
from tanba.storage.files import A_DAY, A_FEW, UNFINISHED, FileStore

SECRET = b"outside"


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "deep" / "objects")


def place(store: FileStore, digest: str) -> Path:
    return store.root / digest[:2] / digest[2:]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_reading_makes_nothing(store: FileStore) -> None:
    assert not store.has("0" * 64)
    assert not list(store.list())
    assert not store.root.parent.exists()


def test_all_is_private_whatever_the_mask(store: FileStore) -> None:
    before = os.umask(0)
    try:
        path = place(store, store.put(b"mine"))
    finally:
        os.umask(before)
    assert mode(path) == 0o600
    assert {mode(folder) for folder in (store.root.parent, store.root, path.parent, store.root / UNFINISHED)} == {0o700}


def test_what_is_there_is_not_written_again(store: FileStore) -> None:
    path = place(store, store.put(b"once"))
    before = path.stat()
    store.put(b"once")
    after = path.stat()
    assert (after.st_ino, after.st_mtime_ns, after.st_nlink) == (before.st_ino, before.st_mtime_ns, 1)
    assert not list((store.root / UNFINISHED).iterdir())


def test_links_inside_lead_nowhere(store: FileStore, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(SECRET)
    digest = sha256(SECRET)
    place(store, digest).parent.mkdir(parents=True)
    place(store, digest).symlink_to(outside)
    assert not store.has(digest)
    assert not list(store.list())
    for attempt in (lambda: store.get(digest), lambda: store.put(SECRET)):
        with pytest.raises(AlteredError, match=digest):
            attempt()


def test_linked_folders_lead_nowhere(store: FileStore, tmp_path: Path) -> None:
    other = FileStore(tmp_path / "other")
    digest = other.put(SECRET)
    store.root.mkdir(parents=True)
    (store.root / digest[:2]).symlink_to(other.root / digest[:2])
    assert not store.has(digest)
    assert not list(store.list())
    with pytest.raises(AlteredError):
        store.get(digest)
    before = sorted(other.root.rglob("*"))
    content = next(content for content in (b"%d" % number for number in range(10_000)) if sha256(content)[:2] == digest[:2])
    with pytest.raises(StoreError):
        store.put(content)
    assert sorted(other.root.rglob("*")) == before


def test_the_folder_itself_may_be_a_link(store: FileStore, tmp_path: Path) -> None:
    digest = store.put(b"here")
    (tmp_path / "link").symlink_to(store.root)
    assert FileStore(tmp_path / "link").get(digest) == b"here"
    assert FileStore(tmp_path / "link").put(b"there") in list(store.list())


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_what_is_no_file_is_no_object(store: FileStore, make: object) -> None:
    digest = sha256(b"x")
    place(store, digest).parent.mkdir(parents=True)
    make(place(store, digest))  # type: ignore[operator]
    assert not store.has(digest)
    assert not list(store.list())
    for attempt in (lambda: store.get(digest), lambda: store.put(b"x")):
        with pytest.raises(AlteredError):
            attempt()


def test_foreign_names_are_passed_over(store: FileStore) -> None:
    digest = store.put(b"x")
    for name in ("README", "zz/" + "0" * 62, f"{digest[:2]}/.DS_Store", f"{digest[:2]}/{'A' * 62}", "lost+found/x"):
        (store.root / name).parent.mkdir(exist_ok=True)
        (store.root / name).touch()
    (store.root / "00").touch()
    assert list(store.list()) == [digest]


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    store = FileStore(tmp_path / "file")
    for attempt in (lambda: store.put(b""), lambda: store.get("0" * 64), lambda: store.has("0" * 64), lambda: list(store.list())):
        with pytest.raises(StoreError, match=r"file: cannot be (read|written)") as caught:
            attempt()
        assert caught.value.exit_code == COULD_NOT_CHECK


def test_a_folder_of_objects_that_went_away(store: FileStore) -> None:
    digest = store.put(b"x")
    place(store, digest).unlink()
    place(store, digest).parent.rmdir()
    with pytest.raises(MissingError) as caught:
        store.get(digest)
    assert caught.value.exit_code == FINDING
    assert store.put(b"x") == digest


def test_old_left_overs_go_a_few_at_a_time_and_new_ones_stay(store: FileStore) -> None:
    store.put(b"x")
    folder = store.root / UNFINISHED
    for number in range(A_FEW + 5):
        (folder / str(number)).touch()
        os.utime(folder / str(number), (0, time.time() - 2 * A_DAY))
    store.put(b"y")
    assert len(list(folder.iterdir())) in (5, 6)  # the file being written may be among the few
    (folder / "new").touch()
    (folder / "folder").mkdir()
    os.utime(folder / "folder", (0, 0))
    store.put(b"z")
    store.put(b"z")
    assert {path.name for path in folder.iterdir()} == {"new", "folder"}


def test_nothing_stays_open(store: FileStore) -> None:
    store.put(b"x")
    before = len(os.listdir("/dev/fd"))
    digest = store.put(b"y")
    store.has(digest)
    store.get(digest)
    list(store.list())
    place(store, digest).write_bytes(b"z")
    with pytest.raises(AlteredError):
        store.get(digest)
    assert len(os.listdir("/dev/fd")) == before
