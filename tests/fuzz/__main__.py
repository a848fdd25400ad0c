"""`make fuzz`, or `cd tests && python -m fuzz [--minutes N] [--out FOLDER] [TARGET …]`: look for inputs that break the law of `targets.py`.

Findings, and inputs that reached new code, stay in FOLDER. With atheris (`pip install atheris` in any environment that runs tanba) the
search is led by coverage; without it inputs are changed blindly. Exit code 1 where something was found.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

from fuzz.session import DONE, HANGS

WEIGHTS = {"picture": 4, "text": 3, "manifest": 2, "packet": 1, "events": 1, "standard": 1, "system": 1}
"""Shares of the time."""
SLICE = 30.0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m fuzz")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(WEIGHTS)}")
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--out", type=Path, default=None, metavar="FOLDER")
    said = parser.parse_args()
    folder = (said.out or Path(tempfile.mkdtemp(prefix="tanba-fuzz-"))).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    print("led by coverage (atheris)" if find_spec("atheris") else "atheris is not installed: inputs are changed blindly", folder)
    counts, spent = _rounds(said.targets or list(WEIGHTS), time.monotonic() + 60 * said.minutes, folder)
    found = sorted(folder.glob("*.bin"))
    for target, count in counts.items():
        named = [each.stem for each in found if each.name.startswith(f"{target}-")]
        print(f"{target}: {count:,} executions in {spent[target] / 60:.1f} min, {len(named)} findings", *named, sep="\n  ")
    return 1 if found else 0


def _rounds(targets: list[str], until: float, folder: Path) -> tuple[dict[str, int], dict[str, float]]:
    """(executions, seconds) of each target: all get their share, turn by turn."""
    counts, spent = dict.fromkeys(targets, 0), dict.fromkeys(targets, 0.0)
    seed = 0
    while time.monotonic() < until:
        for target in targets:
            seconds = min(SLICE * WEIGHTS[target], until - time.monotonic())
            if seconds <= 0:
                break
            seed, begin = seed + 1, time.monotonic()
            counts[target] += _session(target, seconds, folder, seed)
            spent[target] += time.monotonic() - begin
    return counts, spent


def _session(target: str, seconds: float, folder: Path, seed: int) -> int:
    """One process; what ended it early is a finding. Returns its executions."""
    count = folder / f"{target}.count"
    count.unlink(missing_ok=True)
    command = [sys.executable, "-m", "fuzz.session", target, f"{seconds:.0f}", str(folder), str(seed)]
    with (folder / f"{target}.log").open("w") as log:
        ended = subprocess.run(command, stdout=log, stderr=log, timeout=seconds + 3 * HANGS, check=False).returncode
    if ended not in (0, DONE):
        died = folder / f"{target}-died-{ended}-{seed}.bin"
        (folder / f"{target}.current").replace(died)
        (folder / f"{target}.log").replace(died.with_suffix(".txt"))
    return int(count.read_text()) if count.exists() else 0


if __name__ == "__main__":
    sys.exit(main())
