"""The ledger as static files (C2SP tlog-tiles): any file server can publish it, anybody can read and check it without asking us.

Full tiles are written once and stay; the checkpoint comes last, with what outsiders confirmed of it.
"""

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from tanba.errors import EvidenceError, InputError
from tanba.files import replace_whole
from tanba.ledger.audit import against
from tanba.ledger.checkpoint import Signed
from tanba.ledger.log import Log
from tanba.ledger.merkle import HEIGHT, WIDTH


def publish(log: Log, folder: Path) -> Signed:
    """Bring `folder` up to the newest checkpoint, which is returned.

    Raises InputError where it cannot be written, EvidenceError where another ledger was published there.
    """
    signed = log.head()
    size = signed.checkpoint.size
    try:
        continues = _continues(log, folder / "checkpoint")
        for level in range(max(1, (size.bit_length() + HEIGHT - 1) // HEIGHT)):
            _publish_level(log, folder, level, size, continues)
        anchor = log.store.anchor(size)
        _write(folder / "checkpoint", (anchor.note if anchor else str(signed)).encode())
    except OSError as error:
        raise InputError("cannot be written ({problem})", "Choose another folder.", folder, problem=error.strerror) from None
    return signed


def _continues(log: Log, path: Path) -> bool:
    """Whether something was published there, whose full tiles can stay. Raises EvidenceError where it was not this ledger."""
    if not path.exists():
        return False
    before = Signed.parse(path.read_text(encoding="utf-8", errors="replace")).checkpoint
    if against(log, before):
        raise EvidenceError(
            "{folder} holds a ledger that this one does not continue",
            "Is it of another ledger, or was ours cut, rewritten or replaced by an old copy? Nothing was written there.",
            folder=path.parent,
        )
    return True


def _publish_level(log: Log, folder: Path, level: int, size: int, continues: bool) -> None:
    """Tiles, and on the lowest level entries, from the first that is not there whole."""
    count = size >> HEIGHT * level
    for number in range(count + WIDTH - 1 >> HEIGHT):
        width = min(WIDTH, count - number * WIDTH)
        tile = folder / "tile" / str(level) / tile_path(number, width)
        if continues and width == WIDTH and tile.exists():
            continue
        first = number * WIDTH
        hashes = log.nodes(HEIGHT * level, first, first + width)
        if level == 0:
            entries = (entry for _, entry in log.store.entries(first, first + width))
            _write(folder / "tile" / "entries" / tile_path(number, width), entry_bundle(islice(entries, width)))
        _write(tile, b"".join(hashes))


def tile_path(number: int, width: int) -> str:
    """`x001/x234/067`, with `.p/<width>` where the tile is not full.

    >>> tile_path(1234067, 256), tile_path(0, 3)
    ('x001/x234/067', '000.p/3')
    """
    digits = f"{number:03}"
    digits = digits.zfill(-len(digits) % 3 + len(digits))
    parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    path = "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
    return path if width == WIDTH else f"{path}.p/{width}"


def entry_bundle(entries: Iterable[bytes]) -> bytes:
    """Entries one after another, each after its length in two bytes."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_whole(path, content)
