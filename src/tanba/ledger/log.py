"""The ledger itself: appends, proves, states. Everything that lasts lies in a store; in memory stands only the edge of the tree.

Whoever appends holds the store alone, takes in what others appended meanwhile, adds entries, full tiles and a newly signed
checkpoint in one durable commit, and only then answers.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache, partial

from tanba.errors import EvidenceError
from tanba.ledger import merkle
from tanba.ledger.checkpoint import Checkpoint, Proof, Signed
from tanba.ledger.entry import complete, stamp
from tanba.ledger.merkle import HEIGHT, WIDTH, Tile, Tree
from tanba.ledger.note import Key, Note, Signer
from tanba.ledger.store import Anchor, Head, Store, Writer

MOST_STAMPS = 16
"""Time stamps kept of one checkpoint, the earliest: they say most."""

CACHED = 64
"""Tiles kept in memory for proofs, 16 KiB each."""

Event = tuple[bytes, str | None]
"""An entry without its time, and its id: what is in the ledger under an id is not added again."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """The key that signs, and the public keys that did before it."""

    signer: Signer
    former: tuple[Key, ...] = ()

    @property
    def keys(self) -> tuple[Key, ...]:
        """All of them, the newest first."""
        return self.signer.key, *self.former


def clock() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


class Log:
    """One ledger, for any number of threads. Other processes open their own over the same store."""

    def __init__(self, store: Store, keys: Signer | Callable[[], Keyring], now: Callable[[], datetime] = clock) -> None:
        """Reads no entry yet. `keys` is asked anew when another process changed the key; the signer's name is the ledger's origin."""
        self.store, self._now = store, now
        self._load_keys: Callable[[], Keyring] = partial(Keyring, keys) if isinstance(keys, Signer) else keys
        self.keyring = self._load_keys()
        self._trusted_note: str | None = None
        self._seen = 0
        self._lock = threading.RLock()
        self._tree = Tree()
        self._tile = lru_cache(CACHED)(self._read_tile)

    @property
    def origin(self) -> str:
        """The ledger's name."""
        return self.keyring.signer.key.name

    def append(self, event: bytes, id: str | None = None) -> int:
        """Add one entry (`entry.prepare`), durably. Returns its position; the same as before where `id` is known. Raises StoreError."""
        return self.append_many([(event, id)])[0]

    def append_many(self, events: Sequence[Event]) -> list[int]:
        """Add entries in one commit, in order. Returns their positions."""
        with self._lock:
            try:
                with self.store.exclusive() as writer:
                    positions = self._append(writer, events)
                self._seen = self._tree.size
                return positions
            except BaseException:
                self._tree = Tree()  # what was added in memory may not be in the store
                raise

    def _append(self, writer: Writer, events: Sequence[Event]) -> list[int]:
        self._follow(writer.head())
        ids = [id_ for _, id_ in events if id_ is not None]
        known = writer.positions(ids) if ids else {}
        start, positions = self._tree.size, []
        fresh: list[Event] = []
        for event in events:
            position = known.get(event[1]) if event[1] is not None else None
            if position is None:
                position = start + len(fresh)
                fresh.append(event)
                if event[1] is not None:
                    known[event[1]] = position
            positions.append(position)
        if fresh:
            time = stamp(self._now())
            entries = [complete(event, time) for event, _ in fresh]
            self._tree.extend([merkle.leaf_hash(entry) for entry in entries])
            head = self._sign()
            writer.add(start, entries, [id_ for _, id_ in fresh], self._tree.finished, head)
            self._tree.finished.clear()
            self._trusted_note = head.note
        return positions

    def head(self) -> Signed:
        """The newest checkpoint; that of the empty ledger is signed when asked.

        Raises EvidenceError where the store does not bear it out.
        """
        with self._lock:
            head = self._current()
            return Signed.parse(head.note or self._sign().note)

    def sign(self) -> Signed:
        """Sign the newest state with the newest key."""
        with self._lock, self.store.exclusive() as writer:
            self.keyring = self._load_keys()
            self._follow(writer.head())
            writer.add(self._tree.size, [], [], [], self._sign())
        return self.head()

    def entry(self, position: int) -> bytes:
        """One entry. Raises EvidenceError where there is none."""
        for _, entry in self.store.entries(position, position + 1):
            return entry
        raise EvidenceError("the ledger has no entry {position}", position=position)

    def prove(self, position: int, signed: Signed | None = None) -> Proof:
        """That an entry stands in the ledger of a checkpoint (the newest)."""
        signed = signed or self.head()
        with self._lock:
            size = self._reach(signed.checkpoint.size, position + 1)
            if position < 0:
                raise EvidenceError("the ledger has no entry {position}", position=position)
            return Proof(position, tuple(merkle.inclusion_proof(position, size, self._node)), signed)

    def consistency(self, old: int, size: int) -> list[bytes]:
        """That the first `size` entries begin with the first `old`."""
        with self._lock:
            return merkle.consistency_proof(self._reach(old, 1), self._reach(size, old), self._node)

    def root_at(self, size: int) -> bytes:
        """The root over the first `size` entries."""
        with self._lock:
            return merkle.range_hash(0, self._reach(size, 0), self._node) if size else merkle.EMPTY_ROOT

    def nodes(self, height: int, start: int, stop: int) -> list[bytes]:
        """Hashes of perfect subtrees of one height, by number."""
        with self._lock:
            self._reach(stop << height, 0)
            return [self._node(height, number) for number in range(start, stop)]

    def keep(self, signed: Signed, timestamps: Sequence[bytes] = ()) -> Anchor:
        """Keep a checkpoint with what outsiders added; lines and time stamps of the same checkpoint come together."""
        size = signed.checkpoint.size
        with self._lock, self.store.exclusive():  # others may keep the same one now
            before = self.store.anchor(size)
            note, stamps = signed.note, tuple(timestamps)
            if before:
                kept = Note.parse(before.note)
                if kept.text != note.text:
                    raise EvidenceError("two different ledgers of the same size: one of them is a fork")
                note = kept.with_lines(note.lines)
                stamps = tuple(dict.fromkeys((*before.timestamps, *stamps)))[:MOST_STAMPS]
            anchor = Anchor(size, str(note), stamps)
            self.store.keep_anchor(anchor)
        return anchor

    def _reach(self, size: int, least: int) -> int:
        """`size`, once the edge of the tree has come so far."""
        if self._tree.size < size:
            self._current()
        if not least <= size <= self._tree.size:
            raise EvidenceError("the ledger has {found} entries; {size} were asked for", found=self._tree.size, size=size)
        return size

    def _current(self) -> Head:
        head = self.store.head()
        self._follow(head)
        return head

    def _follow(self, head: Head) -> None:
        """Bring the edge of the tree to the store's state, and check it. Raises EvidenceError."""
        if head.size < self._seen:
            raise EvidenceError(
                "the ledger had {seen} entries and now has {size}: it was cut or replaced by an old copy",
                "Nothing more is entered. Put the ledger back, or start anew knowingly.",
                seen=self._seen,
                size=head.size,
            )
        self._check_note(head)
        if head.size > self._tree.size:
            self._tree.advance(head.size, self._bottom)
        if self._tree.size != head.size or self._tree.root() != head.root:
            self._tree = Tree()
            raise EvidenceError("the ledger's entries do not give its root: something was changed", "Run `tanba ledger check`.")
        self._seen = head.size

    def _check_note(self, head: Head) -> None:
        """That the state is one which this ledger signed, unless this object wrote or checked it. Raises EvidenceError."""
        if head.note == self._trusted_note or not head.size:
            return
        signed = Signed.parse(head.note)
        by = signed.by(self.keyring.keys)
        if self.keyring.signer.key not in by:
            self.keyring = self._load_keys()
            by = signed.by(self.keyring.keys)
        if signed.checkpoint != Checkpoint(self.origin, head.size, head.root) or not by:
            raise EvidenceError("the newest checkpoint is not what this ledger signed", "Run `tanba ledger check`.")
        self._trusted_note = head.note

    def _bottom(self, level: int, start: int, stop: int) -> list[bytes]:
        """Hashes of the bottom row of a level's tiles, as the store has them."""
        if not level:
            return [merkle.leaf_hash(entry) for _, entry in self.store.entries(start, stop)]
        tops = self.store.tiles(level - 1, start, stop)
        return [merkle.node_hash(tile.node(HEIGHT - 1, 0), tile.node(HEIGHT - 1, 1)) for tile in tops]

    def _node(self, height: int, number: int) -> bytes:
        found = self._tree.node(height, number)
        if found is not None:
            return found
        level, inner = divmod(height, HEIGHT)
        return self._tile(level, number >> (HEIGHT - inner)).node(inner, number & (WIDTH >> inner) - 1)

    def _read_tile(self, level: int, number: int) -> Tile:
        for tile in self.store.tiles(level, number, number + 1):
            return tile
        raise EvidenceError("the ledger lacks tile {level}/{number}", "Run `tanba ledger check`.", level=level, number=number)

    def _sign(self) -> Head:
        checkpoint = Checkpoint(self.origin, self._tree.size, self._tree.root())
        return Head(checkpoint.size, checkpoint.root, f"{checkpoint.text}\n{self.keyring.signer.line(checkpoint.text)}")
