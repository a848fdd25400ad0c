"""One process that fuzzes one target: `python -m fuzz.session TARGET SECONDS FOLDER SEED`; for no seconds it replays the corpus.

Atheris leads it by coverage where it is installed; else inputs are changed blindly. Every input is written down before it is tried, so
that one which kills the process, or does not end, is known too. Findings go to FOLDER, one file for each place in the code.
"""

import contextlib
import faulthandler
import hashlib
import os
import resource
import sys
import time
import traceback
import warnings
from pathlib import Path
from random import Random

MEMORY, SECONDS = 4 << 30, 10.0
"""What one input may take at most."""

HANGS = 60.0
DONE = 99
"""Exit code of a session whose time is up."""


class Session:
    """Tries inputs and writes down what broke the law."""

    def __init__(self, target: str, seconds: float, folder: Path, seed: int) -> None:
        from fuzz.seeds import seeds, words
        from fuzz.targets import TARGETS

        self.target, self.folder, self.until = TARGETS[target], folder, time.monotonic() + seconds
        self.random, self.words, self.count = Random(seed), words(target), 0
        self.current = folder / f"{target}.current"
        self.inputs = [*(seeds(target) if seconds else ()), *(each.read_bytes() for each in kept(target))]

    def attempt(self, data: bytes) -> bool:
        """One input; whether it kept the law."""
        self.current.write_bytes(data)
        faulthandler.dump_traceback_later(HANGS, exit=True)
        begin = time.process_time()
        try:
            self.target(data)
            took = time.process_time() - begin
            assert took < SECONDS, f"took {took:.0f} s"
        except Exception as error:
            self._write(data, error)
            return False
        finally:
            faulthandler.cancel_dump_traceback_later()
            self.count += 1
            if self.count % 50 == 0 or time.monotonic() > self.until:
                self.current.with_suffix(".count").write_text(str(self.count))
        return True

    def _write(self, data: bytes, error: Exception) -> None:
        """One file for each way and place; a smaller input takes the place of a larger one."""
        places = traceback.extract_tb(error.__traceback__)
        place = [places[0], *(each for each in places if "/src/tanba/" in each.filename or each.filename.endswith("targets.py"))][-1]
        name = f"{self.target.__name__}-{type(error).__name__}-{Path(place.filename).stem}-{place.lineno}"
        found = self.folder / f"{name}.bin"
        if not found.exists() or found.stat().st_size > len(data):
            found.write_bytes(data)
            found.with_suffix(".txt").write_text("".join(traceback.format_exception(error))[-4000:], errors="replace")

    def change(self, data: bytes) -> bytes:
        from fuzz.mutate import mutated

        return mutated(data, self.random, self.words, self.inputs)


def kept(target: str) -> list[Path]:
    """The corpus of a target."""
    return sorted(each for each in (Path(__file__).parent / "corpus" / target).glob("*") if each.is_file())


def blindly(session: Session) -> None:
    """Without coverage: each input is a change of one that was kept, or of the one before."""
    for each in session.inputs:
        session.attempt(each)
    last = session.inputs[0]
    while time.monotonic() < session.until:
        last = session.change(last if session.random.random() < 0.5 else session.random.choice(session.inputs))
        session.attempt(last)


def led_by_coverage(session: Session, atheris: object, grown: Path) -> None:
    """Atheris keeps in `grown` what reaches new code, and changes it as we say."""
    grown.mkdir(exist_ok=True)
    for each in session.inputs:
        (grown / hashlib.sha256(each).hexdigest()[:16]).write_bytes(each)

    def attempt(data: bytes) -> None:
        session.attempt(data)
        if time.monotonic() > session.until + 1:  # libFuzzer does not look at the clock while it reads what it kept
            os._exit(DONE)

    def change(data: bytes, largest: int, seed: int) -> bytes:
        session.random.seed(seed)
        return session.change(data)[:largest]

    seconds = max(1, round(session.until - time.monotonic()))
    options = [
        f"-max_total_time={seconds}",
        "-rss_limit_mb=0",
        f"-timeout={2 * HANGS:.0f}",
        "-max_len=65536",
        "-print_final_stats=0",
        "-verbosity=0",
    ]
    atheris.Setup([sys.argv[0], str(grown), *options], attempt, custom_mutator=change)
    atheris.Fuzz()


def main() -> None:
    target, seconds, folder, seed = sys.argv[1], float(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    warnings.simplefilter("ignore")
    atheris = None
    if seconds:
        with contextlib.suppress(ImportError):
            import atheris
    with atheris.instrument_imports(include=["tanba"]) if atheris else contextlib.nullcontext():
        session = Session(target, seconds, folder, seed)
    if atheris:
        led_by_coverage(session, atheris, folder / f"{target}.grown")
    else:
        blindly(session)
    sys.exit(DONE)


if __name__ == "__main__":
    main()
