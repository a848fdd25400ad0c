"""A process that adds marks until it has added `count`, or is killed: `python -m marking.adder FILE FIRST COUNT`.

It prints `ready`, waits for a line, and prints the number of each mark when it is acknowledged.
"""

import hashlib
import os
import sys
from pathlib import Path

from tanba.marking.register import Mark, Register


def mark(number: int) -> Mark:
    """Always the same for a number."""
    digest = hashlib.sha256(b"%d" % number).digest()
    return Mark(
        number,
        "2026-11-22T12:00:00Z",
        "image",
        "image/jpeg",
        "created",
        "1",
        system="painter",
        digest_after=digest.hex(),
        manifest=digest * (number % 40),
        fingerprints=(("tanba.image-fp/1", digest),),
    )


def main() -> None:
    path, first, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    print("ready", flush=True)
    sys.stdin.readline()
    register = Register(path)
    for number in range(first, first + count):
        register.add(mark(number))
        os.write(1, b"%d\n" % number)


if __name__ == "__main__":
    main()
