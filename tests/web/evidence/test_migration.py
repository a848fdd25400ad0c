import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.file
def test_a_register_of_the_first_schema_keeps_its_assessments_and_seals_them() -> None:
    """In a process and a file of its own, as an upgrade happens."""
    done = subprocess.run([sys.executable, Path(__file__).parent / "migrating.py"], env=os.environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "same": True,
        "read": True,
        "waiting": ["waiting"],
        "when": True,
        "authors": ["-", "Bob", "nameless@tanba.example"],
        "sealed": 40,
        "order": True,
        "words": [["unwitnessed", "untimed"]],
    }
