"""Work for processes, which import it anew."""

import argparse
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tanba.cli.batch import Work
from tanba.errors import FINDING, FINE, InputError


@contextmanager
def opened(options: argparse.Namespace) -> Iterator[Work]:
    """Does what the file's name says."""
    if options.closed:
        raise InputError("is closed", "Open it.", "the register")
    yield _work


def _work(path: Path) -> int:
    if path.name.startswith("bad"):
        raise InputError("is bad", "Mend it.", path)
    if path.name.startswith("kill"):
        os.kill(os.getpid(), signal.SIGKILL)
    if path.name.startswith("interrupt"):
        os.kill(os.getppid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)  # as a terminal does, to all
    print(f"done {path}")
    print(f"seen {path}", file=sys.stderr)
    return FINDING if path.name.startswith("odd") else FINE
