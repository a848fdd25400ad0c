"""Writers are killed with -9 at any moment, alone or two at once: what they acknowledged stands, the next start finds a whole ledger."""

import os
import signal
import time
from pathlib import Path
from random import Random

import pytest

from faults.ledgers import event, open_log, whole
from faults.writer import STEADY, stands, writers


@pytest.mark.parametrize("rounds", [15, pytest.param(200, marks=pytest.mark.slow)])
def test_a_killed_writer_loses_nothing_acknowledged(tmp_path: Path, rounds: int) -> None:
    path, random = tmp_path / "ledger.db", Random(rounds)
    acknowledged: dict[int, str] = {}
    ended = 0
    with writers(2) as hands:
        for round_ in range(rounds):
            working = hands[: random.choice((1, 2))]
            deaths = []
            for hand, each in enumerate(working):
                pid = each.order(path, random.choice(STEADY), f"{round_}.{hand}", 20_000)
                deaths.append((time.monotonic() + random.uniform(0, 0.15), pid))
            for moment, pid in sorted(deaths):
                time.sleep(max(0, moment - time.monotonic()))
                os.kill(pid, signal.SIGKILL)
            fresh: dict[int, str] = {}
            for each in working:
                told, code = each.told()
                assert code == -signal.SIGKILL, f"round {round_}"
                assert not fresh.keys() & told.keys()
                fresh |= told
            assert not acknowledged.keys() & fresh.keys(), f"round {round_}"
            acknowledged |= fresh
            ended += bool(fresh)
            next_start(path, round_, fresh)
            if round_ % 20 == 14 or round_ == rounds - 1:
                assert not stands(whole(path).entries, acknowledged), f"round {round_}"
    print(f"{len(acknowledged)} acknowledged in {ended} rounds")
    assert ended > rounds / 4


def next_start(path: Path, round_: int, fresh: dict[int, str]) -> None:
    log = open_log(path)
    size = log.head().checkpoint.size
    assert size > max(fresh, default=-1), f"round {round_}"
    found = dict(log.store.entries(min(fresh, default=0), size))
    assert not stands(found, fresh), f"round {round_}"
    assert log.append(*event(round_)) == size
    log.store.close()


@pytest.mark.parametrize("rounds", [15, pytest.param(200, marks=pytest.mark.slow)])
def test_writers_killed_while_they_make_the_file(tmp_path: Path, rounds: int) -> None:
    random = Random(rounds)
    with writers(2) as hands:
        for round_ in range(rounds):
            path = tmp_path / f"{round_}.db"
            pids = [each.order(path, "singles", f"{hand}", 20_000) for hand, each in enumerate(hands)]
            time.sleep(random.uniform(0, 0.012))
            for pid in pids:
                os.kill(pid, signal.SIGKILL)
            told = [each.told() for each in hands]
            assert [code for _, code in told] == [-signal.SIGKILL] * 2, f"round {round_}"
            fresh = told[0][0] | told[1][0]
            assert len(fresh) == sum(len(each) for each, _ in told), f"round {round_}"
            next_start(path, round_, fresh)
            assert not stands(whole(path).entries, fresh), f"round {round_}"
