"""kill -9 between record and send: every alarm arrives at least once, and every try is on record."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]


@pytest.mark.parametrize("rounds", [8, pytest.param(60, marks=pytest.mark.slow)])
def test_killed_at_any_moment_every_alarm_arrives(rounds: int, tmp_path: Path) -> None:
    environment = {**os.environ, "TANBA_HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join([str(TESTS), *sys.path])}
    command = [sys.executable, str(TESTS / "web/incidents/dying.py"), str(rounds), str(rounds)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=500)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["arrived"]
    assert found["alarms"] == found["messages"] == rounds * 8
    assert found["deaths"] >= rounds // 3
    assert found["tries"] >= max(found["again"], found["broken_off"] - 1)
