"""A stop is in force for every process at once, and ends by a restart only."""

import errno
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tanba.errors import InputError, StoreError, SuspendedError
from tanba.suspension import Act, Suspensions

NOW = datetime(2026, 11, 29, 9, 30, tzinfo=UTC)
BIN = "990140001234"


@pytest.fixture
def acts(tmp_path: Path) -> Suspensions:
    return Suspensions(tmp_path / "state.sqlite3")


def test_nothing_is_stopped_and_no_file_is_made_by_asking(acts: Suspensions, tmp_path: Path) -> None:
    assert acts.stopped(BIN, "scorer") is None
    acts.refuse_stopped(BIN, "scorer")
    assert list(tmp_path.iterdir()) == []


def test_a_stop_holds_for_one_system_of_one_organisation_until_it_is_lifted(acts: Suspensions) -> None:
    acts.stop(BIN, "scorer", NOW, "wrong refusals", "A. Officer")
    assert acts.stopped(BIN, "scorer") == Act(True, "2026-11-29T09:30:00Z", "wrong refusals", "A. Officer")
    assert acts.stopped(BIN, "other") is None
    assert acts.stopped("", "scorer") is None
    with pytest.raises(SuspendedError, match="wrong refusals") as caught:
        acts.refuse_stopped(BIN, "scorer")
    assert caught.value.exit_code == 1
    acts.restart(BIN, "scorer", NOW, "threshold mended", "B. Head")
    assert acts.stopped(BIN, "scorer") is None
    assert [act.stopped for act in acts.history(BIN, "scorer")] == [False, True]


def test_stopping_twice_and_restarting_what_runs_are_refused(acts: Suspensions) -> None:
    with pytest.raises(InputError, match="is not stopped"):
        acts.restart(BIN, "scorer", NOW, "", "")
    acts.stop(BIN, "scorer", NOW, "x", "y")
    with pytest.raises(InputError, match="is stopped already"):
        acts.stop(BIN, "scorer", NOW, "x", "y")
    assert len(acts.history(BIN, "scorer")) == 1


def test_another_process_sees_a_stop_within_a_second(acts: Suspensions, tmp_path: Path) -> None:
    acts.stop(BIN, "else", NOW, "x", "y")  # the file is there
    code = """
import sys, time
from pathlib import Path
from tanba.suspension import Suspensions
acts = Suspensions(Path(sys.argv[1]))
print("ready", flush=True)
while not acts.stopped(sys.argv[2], "scorer"):
    time.sleep(0.01)
print(time.time())
"""
    watcher = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "state.sqlite3"), BIN], stdout=subprocess.PIPE, text=True)
    assert watcher.stdout is not None
    watcher.stdout.readline()
    acts.stop(BIN, "scorer", NOW, "x", "y")
    begin = time.time()
    assert float(watcher.stdout.readline()) - begin < 1
    watcher.stdout.close()
    watcher.wait(5)


def test_what_cannot_be_looked_at_is_not_taken_for_running(acts: Suspensions, monkeypatch: pytest.MonkeyPatch) -> None:
    acts.stop("", "scorer", NOW, "wrong refusals", "A. Officer")

    def denied(*_: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(os, "stat", denied)
    for look in (acts.stopped, acts.refuse_stopped, acts.concerning, acts.history):
        with pytest.raises(StoreError, match="cannot be read"):
            look("", "scorer")


def test_the_file_is_its_owners_alone(acts: Suspensions, tmp_path: Path) -> None:
    acts.stop(BIN, "scorer", NOW, "x", "y")
    assert [path.stat().st_mode & 0o077 for path in tmp_path.glob("state.sqlite3*")] == [0] * len(list(tmp_path.glob("state.sqlite3*")))
