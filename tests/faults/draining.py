"""A program that drains a workspace's decisions over and over: `python -m faults.draining ROOT`. Killed by the tests."""

import sys
from pathlib import Path

from tanba import decisions
from tanba.ledger.home import open_ledger
from tanba.storage.home import open_objects
from tanba.trace.home import open_book
from tanba.workspace import Workspace


def main() -> None:
    workspace = Workspace(Path(sys.argv[1]))
    book, log = open_book(workspace), open_ledger(workspace)
    while True:
        done = decisions.drain(workspace, book, log, open_objects(workspace))
        print(done.taken, flush=True)


if __name__ == "__main__":
    main()
