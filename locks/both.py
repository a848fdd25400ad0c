"""Beside each line of a lock that pins a package with extras, one that pins the package itself: pip, asked for hashes, wants both.

python3 locks/both.py FILE …
"""

import re
import sys
from pathlib import Path


def both(text: str) -> str:
    """A lock with both lines; one that has them already stays as it is."""
    blocks = re.split(r"(?m)^(?=[A-Za-z0-9])", text)
    there = set(blocks)
    made = []
    for block in blocks:
        bare = re.sub(r"^([A-Za-z0-9._-]+)\[[^\]]*\]", r"\1", block)
        made += [block] if bare in there else [bare, block]
    return "".join(made)


if __name__ == "__main__":
    for path in map(Path, sys.argv[1:]):
        path.write_text(both(path.read_text(encoding="utf-8")), encoding="utf-8")
