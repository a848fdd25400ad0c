"""Wall time of a fresh process, beside an empty Python and the peer eu-ai-act-compliance-kit (whole processes, in turn)."""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.peer import peer_python
from benchmarks.systems import ROOT

ROUNDS = 9
SYSTEM = ROOT / "examples" / "systems" / "credit-scorer.yaml"
PEER_SYSTEM = """name: credit scorer
version: "1"
description: Scores applicants for consumer credit
use_cases: [{domain: credit_scoring, description: Scores applicants for consumer credit, autonomous_decision: false}]
data_practices: [{type: personal}]
human_oversight: {oversight_mechanism: approval_required, fallback_procedure: manual, review_frequency: per_decision}
training_data_source: loan applications of the past years
"""


def run() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        peer_file = Path(folder) / "peer.yaml"
        peer_file.write_text(PEER_SYSTEM)
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "tanba --help": [sys.executable, "-m", "tanba", "--help"],
            "tanba assess": [sys.executable, "-m", "tanba", "assess", str(SYSTEM), "--on", "2026-11-22"],
        }
        if peer := peer_python():
            commands["peer: ai-act classify"] = [str(peer.parent / "ai-act"), "classify", str(peer_file)]
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(ROUNDS + 1):
            for name, command in commands.items():
                times[name].append(_wall(command))
    for name, found in times.items():
        yield f"{name}: median {statistics.median(found[1:]):.2f} s ({min(found[1:]):.2f}-{max(found[1:]):.2f}), n={ROUNDS}"
    if "peer: ai-act classify" in times:
        ratio = statistics.median(times["tanba assess"][1:]) / statistics.median(times["peer: ai-act classify"][1:])
        yield f"tanba assess / peer: {ratio:.2f}"


def _wall(command: list[str]) -> float:
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr.decode())
    return time.perf_counter() - start
