"""RFC 9162 Merkle trees over SHA-256: hashing, the growing edge, proofs and their verification. Pure.

A tree is cut into tiles of height 8 (C2SP tlog-tiles): a full tile of level L stands over 256 hashes of height 8·L. `Tree` holds only
the unfinished tile of each level; finished ones are handed out, with every hash inside them, so that a proof reads and never hashes.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from hashlib import sha256
from itertools import pairwise

from tanba.errors import EvidenceError

HASH = 32
HEIGHT = 8
WIDTH = 1 << HEIGHT
EMPTY_ROOT = sha256(b"").digest()

NodeAt = Callable[[int, int], bytes]
"""(height, number) → hash of the perfect subtree over leaves number·2^height … (number+1)·2^height."""


Bottom = Callable[[int, int, int], Sequence[bytes]]
"""(level, start, stop) → hashes `start` … `stop` of the bottom row of a level's tiles."""


def leaf_hash(entry: bytes) -> bytes:
    """Hash of one entry (RFC 9162, 2.1.1)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of two subtrees."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Tile:
    """A finished tile. `hashes` holds its rows from 256 hashes down to 2, one after another: 510 × 32 bytes."""

    level: int
    number: int
    hashes: bytes

    def node(self, height: int, place: int) -> bytes:
        """The hash at `height` (0 to 7) above the tile's bottom row, `place` counted within the tile."""
        at = (2 * WIDTH - (2 * WIDTH >> height) + place) * HASH
        return self.hashes[at : at + HASH]

    @property
    def bottom(self) -> bytes:
        """The row that is published: 256 hashes."""
        return self.hashes[: WIDTH * HASH]


class Tree:
    """The growing edge of a tree. Memory is bounded by its depth."""

    def __init__(self) -> None:
        """An empty tree."""
        self.size = 0
        self.finished: list[Tile] = []
        self._root: bytes | None = None
        self._levels: list[list[list[bytes]]] = []

    def advance(self, size: int, bottom: Bottom) -> None:
        """Become the tree of `size` leaves, which others have grown; tiles that became full meanwhile are passed over."""
        for level in range((size.bit_length() + HEIGHT - 1) // HEIGHT):
            stop = size >> HEIGHT * level
            if self.size >> HEIGHT * (level + 1) != stop >> HEIGHT:
                self._rows(level)[:] = [[] for _ in range(HEIGHT)]
            rows = self._rows(level)
            self._fill(rows, bottom(level, (stop & -WIDTH) + len(rows[0]), stop))
        self.size, self._root = size, None

    def extend(self, leaves: Sequence[bytes]) -> None:
        """Add leaf hashes. Tiles that became full are added to `finished`; the caller takes them away."""
        done, self._root = 0, None
        while done < len(leaves):
            rows = self._rows(0)
            part = leaves[done : done + WIDTH - len(rows[0])]
            done += len(part)
            self.size += len(part)
            self._add(0, part)

    def root(self) -> bytes:
        """Root hash of all leaves so far."""
        if self._root is None:
            peaks = [row[-1] for rows in self._levels for row in rows if len(row) & 1]
            self._root = reduce(lambda low, high: node_hash(high, low), peaks) if peaks else EMPTY_ROOT
        return self._root

    def row(self, level: int) -> list[bytes]:
        """Bottom hashes of the unfinished tile of a level."""
        return self._rows(level)[0]

    def node(self, height: int, number: int) -> bytes | None:
        """The hash of a perfect subtree where it lies in an unfinished tile, else None."""
        level, inner = divmod(height, HEIGHT)
        if number >> (HEIGHT - inner) != self.size >> HEIGHT * (level + 1):
            return None
        return self._rows(level)[inner][number & (WIDTH >> inner) - 1]

    def _add(self, level: int, hashes: Sequence[bytes]) -> None:
        rows = self._rows(level)
        self._fill(rows, hashes)
        if len(rows[0]) == WIDTH:
            number = self.size - 1 >> HEIGHT * (level + 1)
            self.finished.append(Tile(level, number, b"".join(b"".join(row) for row in rows)))
            self._levels[level] = [[] for _ in range(HEIGHT)]
            self._add(level + 1, [node_hash(*rows[-1])])

    @staticmethod
    def _fill(rows: list[list[bytes]], hashes: Sequence[bytes]) -> None:
        rows[0] += hashes
        for low, high in pairwise(rows):
            start = 2 * len(high)
            high += [sha256(b"\x01" + low[at] + low[at + 1]).digest() for at in range(start, len(low) - 1, 2)]

    def _rows(self, level: int) -> list[list[bytes]]:
        while len(self._levels) <= level:
            self._levels.append([[] for _ in range(HEIGHT)])
        return self._levels[level]


def range_hash(start: int, stop: int, node: NodeAt) -> bytes:
    """Hash of leaves start … stop, where `start` is aligned as in every subtree that a proof names."""
    parts = []
    while start < stop:
        height = (stop - start).bit_length() - 1
        parts.append(node(height, start >> height))
        start += 1 << height
    found = parts.pop()
    while parts:
        found = node_hash(parts.pop(), found)
    return found


def inclusion_proof(index: int, size: int, node: NodeAt) -> list[bytes]:
    """Audit path of leaf `index` in the tree of `size` leaves (RFC 9162, 2.1.3.1), from the leaf's sibling up."""
    path, start, stop = [], 0, size
    while stop - start > 1:
        middle = start + _split(stop - start)
        if index < middle:
            path.append(range_hash(middle, stop, node))
            stop = middle
        else:
            path.append(range_hash(start, middle, node))
            start = middle
    return path[::-1]


def consistency_proof(old: int, size: int, node: NodeAt) -> list[bytes]:
    """Proof that the tree of `old` leaves, 0 < old ≤ size, is the beginning of the tree of `size` (RFC 9162, 2.1.4.1)."""
    path, start, stop, whole = [], 0, size, True
    while old != stop:
        middle = start + _split(stop - start)
        if old <= middle:
            path.append(range_hash(middle, stop, node))
            stop = middle
        else:
            path.append(range_hash(start, middle, node))
            start, whole = middle, False
    if not whole:
        path.append(range_hash(start, stop, node))
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Raises EvidenceError unless `proof` leads from the leaf hash at `index` to the root of `size` leaves (RFC 9162, 2.1.3.2)."""
    _check_hashes((leaf, root, *proof))
    if not 0 <= index < size:
        raise EvidenceError("position {index} is not in a ledger of {size} entries", index=index, size=size)
    if len(proof) != _path_length(index, size):
        raise EvidenceError("the proof has {found} hashes instead of {wanted}", found=len(proof), wanted=_path_length(index, size))
    last, found = size - 1, leaf
    for sibling in proof:
        if index & 1 or index == last:
            found = sha256(b"\x01" + sibling + found).digest()
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            found = sha256(b"\x01" + found + sibling).digest()
        index, last = index >> 1, last >> 1
    if found != root:
        raise EvidenceError("the proof does not lead to the root of the checkpoint")


def verify_consistency(old: int, size: int, proof: Sequence[bytes], old_root: bytes, root: bytes) -> None:
    """Raises EvidenceError unless the tree of `old` leaves is the beginning of the tree of `size` (RFC 9162, 2.1.4.2).

    `old` is at least 1.
    """
    _check_hashes((old_root, root, *proof))
    if not 0 < old <= size:
        raise EvidenceError("a ledger of {size} entries cannot continue one of {old}", old=old, size=size)
    if old == size:
        if proof:
            raise EvidenceError("the proof has {found} hashes instead of {wanted}", found=len(proof), wanted=0)
        if old_root != root:
            raise EvidenceError("two different ledgers of the same size: one of them is a fork")
        return
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        raise EvidenceError("the proof is empty")
    if _walk(old, size, path) != (old_root, root):
        raise EvidenceError("the newer ledger does not continue the older one: it was rewritten or forked")


def _walk(old: int, size: int, path: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """Old and new root as the path gives them, None where its length does not fit."""
    index, last = old - 1, size - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if not last:
            return None
        if index & 1 or index == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        index, last = index >> 1, last >> 1
    return None if last else (first, second)


def _path_length(index: int, size: int) -> int:
    """Hashes below the node where the path of `index` leaves that of the last leaf, and right borders above it."""
    inner = (index ^ (size - 1)).bit_length()
    return inner + (index >> inner).bit_count()


def _split(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1


def _check_hashes(hashes: Iterable[bytes]) -> None:
    if any(len(each) != HASH for each in hashes):
        raise EvidenceError("a hash does not have 32 bytes")
