"""What fuzzing found stays mended: the corpus is replayed, within the same bounds of time and memory."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fuzz import targets
from fuzz.__main__ import WEIGHTS
from fuzz.session import DONE, Session

HERE = Path(__file__).parent


@pytest.mark.parametrize("target", WEIGHTS)
def test_every_input_of_the_corpus_keeps_the_law(target: str, tmp_path: Path) -> None:
    paths = os.pathsep.join([str(HERE.parent), str(HERE.parents[1] / "src")])
    command = [sys.executable, "-m", "fuzz.session", target, "0", str(tmp_path), "1"]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True, check=False)
    assert done.returncode == DONE, done.stderr[-2000:]
    assert [each.read_text() for each in tmp_path.glob("*-*.txt")] == []


def test_the_corpus_is_small_and_of_known_targets() -> None:
    files = [each for each in (HERE / "corpus").rglob("*") if each.is_file()]
    assert sum(each.stat().st_size for each in files) <= 2_000_000
    assert {each.parent.name for each in files} <= set(targets.TARGETS) == set(WEIGHTS)


def test_a_broken_law_is_written_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(data: bytes) -> None:
        targets.standard(data)
        assert b"!" not in data

    monkeypatch.setitem(targets.TARGETS, "standard", broken)
    session = Session("standard", 1, tmp_path, 1)
    assert session.attempt(b"size: 0.05")
    assert not session.attempt(b"size: 0.05!")
    assert [each.read_bytes() for each in tmp_path.glob("broken-AssertionError-*.bin")] == [b"size: 0.05!"]
