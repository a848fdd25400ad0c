"""Decisions outlive the program that made them, the one that drains them, and a full disk: none is lost, none counted twice."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from decision_house import House
from faults.test_disk import mount, resize
from faults.writer import ENVIRONMENT
from tanba.ledger.audit import audit
from tanba.trace.rows import Query
from tanba.workspace import Workspace


def deciding(root: Path, **order: Any) -> subprocess.Popen[str]:
    full = {"root": str(root), "count": 10_000_000, "threads": 2, "size": 300, "durable": False} | order
    command = [sys.executable, "-m", "faults.deciding", json.dumps(full)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)


def killed(process: subprocess.Popen[str], after: int) -> set[str]:
    """What it acknowledged; killed when it has said `after` lines."""
    assert process.stdout
    told = [process.stdout.readline() for _ in range(after)]
    os.kill(process.pid, signal.SIGKILL)
    told += process.stdout.readlines()
    process.communicate()
    return {line.strip() for line in told if line.endswith("\n")}


def check_after(root: Path, told: set[str]) -> None:
    """All of it is in the log and in the ledger, once, and provable."""
    house = House(Workspace(root))
    house.drain()
    ids = [row.id for row in house.book.find(Query(), most=10_000_000)]
    assert len(ids) == len(set(ids))
    assert told <= set(ids)
    findings = [each for each in audit(house.log.store, house.log.keyring.keys) if not each.harmless]
    assert findings == []
    batches = {row.batch: house.book.batch(row.batch) for row in house.book.find(Query(), most=10_000_000)}
    assert sum(batch.count for batch in batches.values()) == len(ids)
    assert len({batch.position for batch in batches.values()}) == len(batches) == house.log.head().checkpoint.size
    for id_ in Random(1).sample(sorted(told), min(10, len(told))):
        assert house.check(id_).record is not None
    house.close()


@pytest.mark.parametrize("durable", [False, True])
def test_a_program_that_is_killed_loses_nothing_it_was_told(tmp_path: Path, durable: bool) -> None:
    told = killed(deciding(tmp_path / "w", durable=durable), 700)
    assert len(told) >= 700
    check_after(tmp_path / "w", told)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_kills_of_both_at_random_moments(tmp_path: Path, seed: int) -> None:
    random, told = Random(seed), set[str]()
    root = tmp_path / "w"
    for _ in range(4):
        writer = deciding(root, threads=random.randrange(1, 4))
        drainer = subprocess.Popen([sys.executable, "-m", "faults.draining", str(root)], stdout=subprocess.DEVNULL, env=ENVIRONMENT)
        time.sleep(random.uniform(0.3, 1.5))
        os.kill(drainer.pid, signal.SIGKILL)
        drainer.wait()
        told |= killed(writer, random.randrange(1, 2000))
    check_after(root, told)


def test_a_drainer_that_is_killed_loses_and_doubles_nothing(tmp_path: Path) -> None:
    root, told, random = tmp_path / "w", set[str](), Random(7)
    for _ in range(3):
        writer = deciding(root)
        drainer = subprocess.Popen([sys.executable, "-m", "faults.draining", str(root)], stdout=subprocess.PIPE, text=True, env=ENVIRONMENT)
        assert drainer.stdout
        drainer.stdout.readline()
        time.sleep(random.uniform(0, 0.2))
        os.kill(drainer.pid, signal.SIGKILL)
        drainer.communicate()
        told |= killed(writer, 300)
    check_after(root, told)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount("-t", "tmpfs", "-o", "size=2m", "tmpfs", folder)
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def test_a_full_disk_is_said_to_the_caller_and_loses_nothing(small: Path) -> None:
    process = deciding(small / "w", size=3000)
    out, err = process.communicate()
    told = set(out.split())
    assert process.returncode == 3
    assert "StoreError: " in err
    assert "cannot be written" in err
    assert len(told) > 300
    resize(small, "60m")
    check_after(small / "w", told)


def test_a_drainer_on_a_full_disk_leaves_the_spool(small: Path) -> None:
    process = deciding(small / "w", size=1500, count=400, threads=1)
    told = set(process.communicate()[0].split())
    assert len(told) == 400
    (small / "filler").write_bytes(b"")
    with (small / "filler").open("ab", buffering=0) as filler:
        while shutil.disk_usage(small).free > 20_000:
            filler.write(bytes(8192))
    failed = subprocess.run([sys.executable, "-m", "faults.draining", str(small / "w")], capture_output=True, text=True, env=ENVIRONMENT)
    assert "StoreError" in failed.stderr
    (small / "filler").unlink()
    resize(small, "60m")
    check_after(small / "w", told)
