"""A program that records decisions and says after each one that it is kept: `python -m faults.deciding JSON`. Killed by the tests."""

import json
import sys
import threading
from pathlib import Path

from tanba.errors import TanbaError
from tanba.trace import Decision, open_tracer
from tanba.workspace import Workspace


def main() -> int:
    order = json.loads(sys.argv[1])
    tracer = open_tracer("scorer", workspace=Workspace(Path(order["root"])), risk="high", durable=order["durable"], keep=True)
    lock = threading.Lock()
    failed = threading.Event()

    def work(name: str) -> None:
        for number in range(order["count"]):
            try:
                id_ = tracer.record(
                    Decision("granted", subject=f"{name}-{number % 7}", inputs="x" * (number % order["size"]), reason=f"{number}")
                )
            except TanbaError as error:
                failed.set()
                with lock:
                    print(f"{type(error).__name__}: {error.message} | {error.hint}", file=sys.stderr, flush=True)
                return
            with lock:
                sys.stdout.write(f"{id_}\n")
                sys.stdout.flush()

    threads = [threading.Thread(target=work, args=(f"t{n}",)) for n in range(order["threads"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return 3 if failed.is_set() else 0


if __name__ == "__main__":
    sys.exit(main())
