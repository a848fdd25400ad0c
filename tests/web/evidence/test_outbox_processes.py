"""The outbox between real processes over a real file: killed at any moment, or several at once."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.file
DYING = Path(__file__).parent / "dying.py"


def run(*words: str) -> dict[str, Any]:
    done = subprocess.run([sys.executable, DYING, *words], env=os.environ, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def sound(answer: dict[str, Any], rows: int) -> None:
    assert answer["once"]
    assert answer["placed"]
    assert (answer["rows"], answer["status"], answer["findings"], answer["trouble"]) == (rows, "evidenced", [], "")


@pytest.mark.parametrize("rounds", [12, pytest.param(100, marks=pytest.mark.slow)])
def test_killed_at_any_moment_nothing_is_sealed_twice_and_nothing_lost(rounds: int) -> None:
    answer = run("kill", str(rounds), str(rounds))
    sound(answer, rounds * 26)
    assert answer["deaths"] >= rounds // 2
    assert answer["early"] >= 2


def test_several_processes_drain_the_same_rows() -> None:
    answer = run("race", "3")
    assert answer["codes"] == [0, 0, 0]
    sound(answer, 201 + 21)


def test_the_key_of_an_erased_upload_leaves_the_files_of_the_register() -> None:
    answer = run("key")
    assert answer["before"] == [True, True]
    assert answer["after"] == [False, False]


def test_of_many_processes_one_is_given_the_task() -> None:
    assert run("lease", "4") == {"given": [1] * 10}
