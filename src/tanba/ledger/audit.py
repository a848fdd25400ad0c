"""Reading the whole ledger again: every entry is hashed, every tile, root and signature compared. Lists all it finds.

What an audit of the ledger alone cannot see is an older copy put in its place: its signatures are genuine. That takes something kept
outside: a checkpoint, a witness (`against`), a time stamp.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256

from tanba.errors import EvidenceError
from tanba.ledger import merkle
from tanba.ledger.checkpoint import Checkpoint, Signed
from tanba.ledger.entry import has_id, time_of
from tanba.ledger.log import Log
from tanba.ledger.merkle import HEIGHT, WIDTH, Tile, Tree
from tanba.ledger.note import Key
from tanba.ledger.store import Head, Store

STRIDE = 2 * WIDTH
"""Entries read at a time: few enough to stay in the processor's cache."""

Record = tuple[int, bytes, str | None]
"""(position, entry, id)"""

HARMLESS = ("clock_back",)
"""Findings that say something about the machine, and nothing against the ledger."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`code` is a word of the catalogue (`ledger.finding_<code>`), `position` the first entry concerned."""

    code: str
    position: int
    count: int = 1

    @property
    def harmless(self) -> bool:
        """Whether the ledger stands nevertheless."""
        return self.code in HARMLESS


def audit(store: Store, keys: Iterable[Key]) -> list[Finding]:
    """Everything wrong with a ledger whose checkpoints `keys` sign (the newest and former ones). Memory is flat; others may write."""
    with ThreadPoolExecutor(1) as beside:
        faults = beside.submit(store.faults)
        anchors = {anchor.size: anchor.note for anchor in store.anchors()}  # before the head: a newer one would look like a cut
        head = store.head()
        reader = _Reader(store, head, anchors)
        found = list(reader.read())
        found += _head_findings(head, reader.tree, list(keys))
        found += [each for size, note in reader.anchors.items() for each in _anchor_findings(size, note, reader.roots, list(keys))]
        found += reader.surplus()
        return found + [Finding("database", 0, len(said)) for said in [faults.result()] if said]


class _Reader:
    """One pass over all entries, some tiles at a time."""

    def __init__(self, store: Store, head: Head, anchors: dict[int, str]) -> None:
        self.store, self.head, self.anchors = store, head, anchors
        self.tree, self.roots = Tree(), {0: merkle.EMPTY_ROOT}
        self._last_time, self._tiles = b"", 0

    def read(self) -> Iterator[Finding]:
        """Findings in order of position."""
        for start in range(0, self.head.size, STRIDE):
            stop = min(start + STRIDE, self.head.size)
            rows = list(self.store.records(start, stop))
            whole = len(rows) == stop - start
            usable = rows if whole else rows[: (_gap(rows, start) - start) // WIDTH * WIDTH]
            yield from self._take(usable, start)
            if not whole:
                tile = start + len(usable)
                kept = sum(tile <= position < tile + WIDTH for position, _, _ in rows)
                yield Finding("missing", _gap(rows, start), min(tile + WIDTH, self.head.size) - tile - kept)
                return  # what follows cannot be placed any more

    def _take(self, rows: list[Record], start: int) -> Iterator[Finding]:
        yield from self._times(rows)
        yield from [Finding("id", position) for position, entry, id_ in rows if not has_id(entry, id_)]
        self._grow([sha256(b"\x00" + entry).digest() for _, entry, _ in rows], start)
        for tile in self.tree.finished:
            yield from self._compare(tile)
        self.tree.finished.clear()

    def _grow(self, leaves: list[bytes], start: int) -> None:
        """Add leaves, stopping where an anchor wants the root."""
        stop = start + len(leaves)
        for size in sorted({each for each in self.anchors if start < each <= stop} | {stop}):
            self.tree.extend(leaves[self.tree.size - start : size - start])
            if size in self.anchors:
                self.roots[size] = self.tree.root()

    def _times(self, rows: list[Record]) -> Iterator[Finding]:
        times = [self._last_time, *[time_of(entry) for _, entry, _ in rows]]
        self._last_time = times[-1]
        if times != sorted(times):
            yield from (Finding("clock_back", rows[place][0]) for place in range(len(rows)) if times[place + 1] < times[place])

    def _compare(self, made: Tile) -> Iterator[Finding]:
        kept = next(iter(self.store.tiles(made.level, made.number, made.number + 1)), None)
        self._tiles += kept is not None
        if kept == made:
            return
        first = made.number << HEIGHT * (made.level + 1)
        if kept is None or made.level or made.bottom == kept.bottom:
            yield Finding("tile", first, WIDTH << HEIGHT * made.level)
            return
        ours, theirs = ([tile.node(0, place) for place in range(WIDTH)] for tile in (made, kept))
        changed = [place for place in range(WIDTH) if ours[place] != theirs[place]]
        code = "reordered" if sorted(ours) == sorted(theirs) else "changed"
        yield Finding(code, first + changed[0], len(changed))

    def surplus(self) -> Iterator[Finding]:
        """Rows that no checkpoint covers. Counted before the head is read again: what others add in between is not in the count."""
        entries, tiles = self.store.count()
        size = self.store.head().size
        if entries > size:
            yield Finding("surplus", size, entries - size)
        if self.tree.size == self.head.size and tiles - self._tiles > _full_tiles(size) - _full_tiles(self.head.size):
            yield Finding("tile", size)


def _full_tiles(size: int) -> int:
    return sum(size >> HEIGHT * level for level in range(1, 8))


def _gap(rows: list[Record], start: int) -> int:
    """The first position that is not there."""
    return next((place for place, (position, _, _) in enumerate(rows, start) if position != place), start + len(rows))


def _head_findings(head: Head, tree: Tree, keys: list[Key]) -> Iterator[Finding]:
    if head.size == 0:
        return
    if tree.size == head.size and tree.root() != head.root:
        yield Finding("root", head.size - 1)
    try:
        signed = Signed.parse(head.note)
        if not signed.by(keys):
            raise EvidenceError("the newest checkpoint is not what this ledger signed", "Run `tanba ledger check`.")
        if (signed.checkpoint.size, signed.checkpoint.root) != (head.size, head.root):
            yield Finding("head", head.size - 1)
    except EvidenceError:
        yield Finding("signature", head.size - 1)


def _anchor_findings(size: int, note: str, roots: dict[int, bytes], keys: list[Key]) -> Iterator[Finding]:
    try:
        signed = Signed.parse(note)
        signed_by_us = bool(signed.by(keys))
    except EvidenceError:
        signed_by_us, signed = False, None
    if not signed or not signed_by_us or signed.checkpoint.size != size:
        yield Finding("anchor_signature", size - 1)
    elif roots.get(size) is None:
        yield Finding("truncated", size - 1)
    elif roots[size] != signed.checkpoint.root:
        yield Finding("rewritten", size - 1)


def against(log: Log, known: Checkpoint) -> list[Finding]:
    """What a checkpoint kept outside says: `truncated` where it is larger than the ledger, `forked` where it does not continue it."""
    size = log.head().checkpoint.size
    if known.origin != log.origin:
        return [Finding("other_ledger", known.size)]
    if known.size > size:
        return [Finding("truncated", size, known.size - size)]
    return [] if log.root_at(known.size) == known.root else [Finding("forked", known.size)]
