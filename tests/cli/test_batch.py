"""Many files by one process or several: what is printed, which code comes out, what happens when a process dies or a reader interrupts."""

import argparse
import os
from pathlib import Path

import pytest

from cli.batch_work import opened
from tanba.cli import batch
from tanba.cli.batch import each_file
from tanba.errors import InputError, StoreError


def run(names: list[str], jobs: int | None, *, closed: bool = False) -> int:
    return each_file([(Path(name),) for name in names], opened, argparse.Namespace(jobs=jobs, lang="en", closed=closed), nothing=3)


@pytest.mark.parametrize("jobs", [1, 2])
def test_output_stands_in_the_order_of_the_files_and_the_worst_code_comes_out(jobs: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["a", "odd", "bad", "b", "c"], jobs) == 2
    said = capsys.readouterr()
    assert said.out.splitlines() == ["done a", "done odd", "done b", "done c"]
    assert said.err.splitlines() == ["seen a", "seen odd", "tanba: bad: is bad", "       Mend it.", "seen b", "seen c"]
    assert run(["a", "odd"], jobs) == 1
    assert run([], jobs) == 3


def test_a_process_that_is_killed_is_one_error_and_what_was_done_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    names = [f"a{number}" for number in range(40)]
    with pytest.raises(StoreError, match=r"\d+ of 81 files may not have been done") as error:
        run([*names, "kill", *names], 2)
    done = capsys.readouterr().out.splitlines()
    assert done[:5] == [f"done {name}" for name in names[:5]]
    assert len(done) + int(str(error.value.values["count"])) == 81


def test_who_interrupts_gets_what_was_done_until_then(capsys: pytest.CaptureFixture[str]) -> None:
    names = [f"a{number}" for number in range(200)]
    with pytest.raises(KeyboardInterrupt):
        run(["interrupt", *names], 2)
    said = capsys.readouterr()
    assert "done interrupt" in said.out.splitlines()
    assert "Traceback" not in said.err


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_cannot_be_opened_is_said_once(jobs: int) -> None:
    with pytest.raises(InputError, match="is closed"):
        run(["a", "b"], jobs, closed=True)


def test_there_are_as_many_processes_as_the_files_are_worth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "_cores", lambda: 8)
    large, small = tmp_path / "large", tmp_path / "small"
    large.touch()
    small.touch()
    os.truncate(large, 40 << 20)
    assert batch._jobs([(large,), (small,), (small,)], None) == 2
    assert batch._jobs([(large,)] * 9, None) == batch.MOST
    assert batch._jobs([(small,), (tmp_path / "gone",), (Path("\0"),)], None) == 1
    assert batch._jobs([(small,), (small,)], 5) == 2
    with pytest.raises(InputError, match="no number of processes"):
        batch._jobs([(small,)], 0)
