"""The spool keeps what it said it keeps, in bounds, and a reader takes exactly that."""

import os
import struct
import threading
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanba.errors import InputError, StoreError
from tanba.trace import spool as spools
from tanba.trace.spool import HEAD, LONGEST, Spool, held, read, segments


def everything(folder: Path) -> list[bytes]:
    """A second reader, from the page of the specification."""
    found = []
    for path in sorted(folder.glob("*.spool")):
        data = path.read_bytes()
        assert data[:14] == b"tanba.spool/1\n"
        at = 14
        while at + 8 <= len(data):
            length, check = struct.unpack(">II", data[at : at + 8])
            body = data[at + 8 : at + 8 + length]
            if len(body) < length:
                break
            assert zlib.crc32(body) == check
            found.append(body)
            at += 8 + length
    return found


def test_what_was_appended_is_read_in_order(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    for number in range(5):
        spool.append(b"%d" % number)
    (path,) = segments(tmp_path)
    piece = read(path, 0, 1 << 20)
    assert piece.bodies == [b"0", b"1", b"2", b"3", b"4"] == everything(tmp_path)
    assert (piece.finished, piece.damaged) == (False, False)
    spool.append(b"5")
    spool.close()
    piece = read(path, piece.end, 1 << 20)
    assert (piece.bodies, piece.finished) == ([b"5"], True)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_piece_is_about_as_large_as_was_asked(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    for _ in range(10):
        spool.append(bytes(100))
    spool.close()
    (path,) = segments(tmp_path)
    at, taken, rounds = 0, 0, 0
    finished = False
    while not finished:
        piece = read(path, at, 250)
        at, taken, rounds, finished = piece.end, taken + len(piece.bodies), rounds + 1, piece.finished
    assert (taken, rounds) == (10, 4)


@given(cut=st.integers(0, 60))
def test_a_cut_in_the_last_frame_loses_that_frame_only(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    folder = tmp_path_factory.mktemp("spool")
    spool = Spool(folder)
    spool.append(b"a" * 20)
    spool.append(b"b" * 52)
    spool.close()
    (path,) = segments(folder)
    os.truncate(path, path.stat().st_size - cut)
    piece = read(path, 0, 1 << 20)
    assert piece.bodies == [b"a" * 20] + ([b"b" * 52] if not cut else [])
    assert (piece.finished, piece.damaged) == (True, False)


@given(place=st.integers(0, 91), bit=st.integers(0, 7))
def test_a_flipped_bit_is_never_taken_for_a_decision(tmp_path_factory: pytest.TempPathFactory, place: int, bit: int) -> None:
    folder = tmp_path_factory.mktemp("spool")
    spool = Spool(folder)
    bodies = [b"a" * 20, b"b" * 42]
    for body in bodies:
        spool.append(body)
    spool.close()
    (path,) = segments(folder)
    data = bytearray(path.read_bytes())
    data[place] ^= 1 << bit
    path.write_bytes(data)
    piece = read(path, 0, 1 << 20)
    assert piece.finished
    assert piece.bodies == bodies[: len(piece.bodies)]
    assert len(piece.bodies) < 2


def fill(spool: Spool) -> int:
    """Until it refuses: how many were kept."""
    for count in range(100_000):
        try:
            spool.append(bytes(500))
        except StoreError as error:
            if "is full" in error.message:
                return count
            raise
    raise AssertionError


def test_a_full_spool_refuses_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    spool = Spool(tmp_path, most=40_000)
    count = fill(spool)
    assert held(tmp_path) <= 41_000
    assert count == len(everything(tmp_path)) > 60
    for path in segments(tmp_path):
        assert read(path, 0, 1 << 20).finished  # nothing is held, so that all of it can be removed
        path.unlink()
    spool.append(b"again")
    assert everything(tmp_path) == [b"again"]


def test_callers_may_wait_for_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = Spool(tmp_path, most=8_000, wait=True)
    monkeypatch.setattr(spools, "PATIENCE", 0.1)
    fill(spool)
    monkeypatch.setattr(spools, "PATIENCE", 20)
    timer = threading.Timer(0.2, lambda: [path.unlink() for path in segments(tmp_path)])
    timer.start()
    spool.append(b"at last" * 100)
    timer.join()
    assert everything(tmp_path) == [b"at last" * 100]


def test_segments_are_bounded_too(tmp_path: Path) -> None:
    spool = Spool(tmp_path, most=80_000)
    for _ in range(50):
        spool.append(bytes(1000))
    assert len(segments(tmp_path)) > 4
    assert max(path.stat().st_size for path in segments(tmp_path)) <= 10_000 + len(HEAD)
    assert len(everything(tmp_path)) == 50


def test_a_body_of_more_than_a_mebibyte_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="larger"):
        Spool(tmp_path).append(bytes(LONGEST + 1))
    assert segments(tmp_path) == []


def test_threads_share_a_spool(tmp_path: Path) -> None:
    spool = Spool(tmp_path, most=1 << 20)
    threads = [threading.Thread(target=lambda n=n: [spool.append(b"%d %d" % (n, k) * 9) for k in range(300)]) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(everything(tmp_path)) == sorted(b"%d %d" % (n, k) * 9 for n in range(4) for k in range(300))


def test_after_a_fork_the_child_writes_its_own_segment(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.append(b"parent")
    child = os.fork()
    if not child:
        try:
            spool.append(b"child")
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    spool.append(b"parent again")
    assert len(segments(tmp_path)) == 2
    assert sorted(everything(tmp_path)) == [b"child", b"parent", b"parent again"]
    assert not read(segments(tmp_path)[0], 0, 1 << 20).finished  # the parent still holds it


def test_a_folder_that_cannot_be_made_ends_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="cannot be written"):
        Spool(tmp_path / "file" / "spool").append(b"x")


def test_a_segment_that_cannot_be_read_ends_in_words(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be read"):
        read(tmp_path / "none.spool", 0, 100)
