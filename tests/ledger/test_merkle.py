"""Trees and proofs beside the definitions of RFC 9162 written out naively, and vectors that nobody here made."""

import base64
import json
import os
from collections.abc import Callable, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import trees
from tanba.errors import EvidenceError
from tanba.ledger import merkle
from tanba.ledger.merkle import EMPTY_ROOT, HASH, WIDTH, Tile, Tree, leaf_hash, node_hash

VECTORS = os.environ.get("TANBA_VECTORS")
LEAVES = [leaf_hash(b"%d" % number) for number in range(600)]
EDGES = [0, 1, 2, 3, 255, 256, 257, 511, 512, 513, 600]


class Whole:
    """A tree of all leaves whose full tiles are kept, as the ledger keeps them."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self.tree, self.tiles = Tree(), dict[tuple[int, int], Tile]()
        self.extend(leaves)

    def extend(self, leaves: Sequence[bytes]) -> None:
        self.tree.extend(leaves)
        for tile in self.tree.finished:
            assert self.tiles.setdefault((tile.level, tile.number), tile) is tile
        self.tree.finished.clear()

    def node(self, height: int, number: int) -> bytes:
        found = self.tree.node(height, number)
        if found is not None:
            return found
        level, inner = divmod(height, merkle.HEIGHT)
        return self.tiles[level, number >> (merkle.HEIGHT - inner)].node(inner, number & (WIDTH >> inner) - 1)


@cache
def whole(size: int) -> Whole:
    return Whole(LEAVES[:size])


def test_hashes_of_the_definition() -> None:
    """RFC 9162, 2.1.1; the values are those of certificate transparency's own test trees."""
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    entries = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    leaves = [leaf_hash(bytes.fromhex(entry)) for entry in entries]
    assert whole_root(leaves).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    assert whole_root(leaves[:7]).hex() == "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"


def whole_root(leaves: Sequence[bytes]) -> bytes:
    tree = Tree()
    tree.extend(leaves)
    return tree.root()


def test_every_root() -> None:
    tree = Tree()
    for size in range(len(LEAVES)):
        assert (tree.size, tree.root()) == (size, trees.root(LEAVES[:size]))
        tree.extend(LEAVES[size : size + 1])


@settings(max_examples=40)
@given(st.lists(st.integers(0, 300) | st.sampled_from([256, 512]), max_size=12))
def test_batches_make_no_difference(batches: list[int]) -> None:
    tree, leaves, tiles = Tree(), list[bytes](), list[Tile]()
    for number in batches:
        more = [sha256(b"%d" % (len(leaves) + at)).digest() for at in range(number)]
        leaves += more
        tree.extend(more)
        tiles += tree.finished
        tree.finished.clear()
        assert (tree.size, tree.root()) == (len(leaves), trees.root(leaves))
    assert [(tile.level, tile.number) for tile in tiles] == [(0, number) for number in range(len(leaves) // WIDTH)]
    for tile in tiles:
        inside = leaves[tile.number * WIDTH : (tile.number + 1) * WIDTH]
        assert tile.bottom == b"".join(inside)
        assert len(tile.hashes) == (2 * WIDTH - 2) * HASH
        for height in range(merkle.HEIGHT):
            width = 1 << height
            assert [tile.node(height, at) for at in (0, WIDTH // width - 1)] == [trees.root(inside[:width]), trees.root(inside[-width:])]


SIZES = [0, 1, 255, 256, 257, 511, 512, 65535, 65536, 65537, 66000, (1 << 17) + 300]


@pytest.mark.parametrize(("old", "size"), [(old, size) for old in SIZES for size in SIZES if old <= size])
def test_a_tree_follows_what_others_appended(old: int, size: int) -> None:
    """What a ledger reads at its start, or after others wrote, is enough to go on as if it had never stopped; three levels of tiles."""
    leaves = [sha256(b"%d" % number).digest() for number in range(size + 300)]
    straight = Whole(leaves[:size])
    again = Tree()
    again.extend(leaves[:old])
    again.finished.clear()
    again.advance(size, lambda level, start, stop: [straight.node(8 * level, number) for number in range(start, stop)])
    assert (again.size, again.root()) == (size, straight.tree.root())
    again.extend(leaves[size:])
    straight.extend(leaves[size:])
    assert again.root() == straight.tree.root() == merkle.range_hash(0, size + 300, straight.node)
    assert again.finished == [straight.tiles[tile.level, tile.number] for tile in again.finished]


def test_the_edge_is_small() -> None:
    tree = Tree()
    for _ in range(20):
        tree.extend([bytes(HASH)] * 70_000)
        tree.finished.clear()
    assert sum(len(row) for rows in tree._levels for row in rows) < 3 * 2 * WIDTH


@pytest.mark.parametrize("size", range(1, 34))
def test_every_proof_of_a_small_tree(size: int) -> None:
    root, tree = trees.root(LEAVES[:size]), whole(size)
    for index in range(size):
        proof = merkle.inclusion_proof(index, size, tree.node)
        assert proof == trees.path(index, LEAVES[:size])
        merkle.verify_inclusion(LEAVES[index], index, size, proof, root)
    for old in range(1, size + 1):
        proof = merkle.consistency_proof(old, size, tree.node)
        assert proof == trees.consistency(old, LEAVES[:size])
        merkle.verify_consistency(old, size, proof, trees.root(LEAVES[:old]), root)


sizes = st.integers(1, len(LEAVES)) | st.sampled_from(EDGES[1:])


@given(st.data())
def test_proofs_of_any_older_size(data: st.DataObject) -> None:
    """A grown tree proves what was stated before it grew."""
    size = data.draw(sizes)
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    root = trees.root(LEAVES[:size])
    proof = merkle.inclusion_proof(index, size, whole(len(LEAVES)).node)
    assert proof == trees.path(index, LEAVES[:size])
    merkle.verify_inclusion(LEAVES[index], index, size, proof, root)
    between = merkle.consistency_proof(old, size, whole(len(LEAVES)).node)
    assert between == trees.consistency(old, LEAVES[:size])
    merkle.verify_consistency(old, size, between, trees.root(LEAVES[:old]), root)


def altered(hashes: Sequence[bytes], bit: int) -> list[list[bytes]]:
    """Each hash changed in one bit; each left out; each twice; one more before or after; neighbours exchanged; all reversed."""
    every = [[*hashes[:at], flip(each, bit), *hashes[at + 1 :]] for at, each in enumerate(hashes)]
    every += [[*hashes[:at], *hashes[at + 1 :]] for at in range(len(hashes))]
    every += [[*hashes[: at + 1], *hashes[at:]] for at in range(len(hashes))]
    every += [[bytes(HASH), *hashes], [*hashes, bytes(HASH)], [*hashes, *hashes[-1:]] if hashes else [EMPTY_ROOT]]
    every += [[*hashes[:at], hashes[at + 1], hashes[at], *hashes[at + 2 :]] for at in range(len(hashes) - 1)]
    every += [[*hashes[:-1], hashes[-1][:-1]], [*hashes[:-1], hashes[-1] + b"\0"]] if hashes else []
    return [each for each in [*every, list(reversed(hashes))] if each != list(hashes)]


def flip(hash_: bytes, bit: int) -> bytes:
    return bytes([*hash_[: bit // 8], hash_[bit // 8] ^ 1 << bit % 8, *hash_[bit // 8 + 1 :]])


def refused(verify: Callable[..., None], *values: object) -> None:
    with pytest.raises(EvidenceError):
        verify(*values)


def other_numbers(number: int) -> set[int]:
    return {number - 1, number + 1, number ^ 1, number ^ 2, number * 2, number // 2, -number, number + (1 << 40), 0} - {number}


@given(st.data())
def test_no_altered_proof_of_inclusion(data: st.DataObject) -> None:
    size = data.draw(sizes)
    index, bit = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, 255))
    leaf, root, proof = LEAVES[index], trees.root(LEAVES[:size]), trees.path(index, LEAVES[:size])
    for each in altered(proof, bit):
        refused(merkle.verify_inclusion, leaf, index, size, each, root)
    for number in other_numbers(index):
        refused(merkle.verify_inclusion, leaf, number, size, proof, root)
    for number in other_numbers(size):
        if number <= index or path_of(index, number) != path_of(index, size):
            refused(merkle.verify_inclusion, leaf, index, number, proof, root)
    for other in (flip(leaf, bit), leaf[1:], leaf + b"\0", b""):
        refused(merkle.verify_inclusion, other, index, size, proof, root)
    for other in (flip(root, bit), root[1:], root + b"\0", b"", EMPTY_ROOT):
        refused(merkle.verify_inclusion, leaf, index, size, proof, other)


def path_of(index: int, size: int) -> list[bool]:
    """On which side the sibling stands, step by step. Sizes with the same steps cannot be told apart by a path (RFC 9162, 2.1.3.2)."""
    if size == 1:
        return []
    middle = trees.split(size)
    return [*path_of(index, middle), True] if index < middle else [*path_of(index - middle, size - middle), False]


@given(st.data())
def test_no_altered_proof_of_consistency(data: st.DataObject) -> None:
    size = data.draw(sizes)
    old, bit = data.draw(st.integers(1, size)), data.draw(st.integers(0, 255))
    before, root, proof = trees.root(LEAVES[:old]), trees.root(LEAVES[:size]), trees.consistency(old, LEAVES[:size])
    for each in altered(proof, bit):
        refused(merkle.verify_consistency, old, size, each, before, root)
    for other in (flip(before, bit), before[1:], before + b"\0", EMPTY_ROOT):
        refused(merkle.verify_consistency, old, size, proof, other, root)
    for other in (flip(root, bit), root[1:], root + b"\0", EMPTY_ROOT):
        refused(merkle.verify_consistency, old, size, proof, before, other)
    for number in (0, -1, -old, size + 1, size + old):
        refused(merkle.verify_consistency, number, size, proof, before, root)
    if old < size:
        refused(merkle.verify_consistency, old, size, proof, root, before)
        refused(merkle.verify_consistency, old, old, proof, before, root)
        refused(merkle.verify_consistency, size, size, proof, before, root)
        refused(merkle.verify_consistency, old, size, [], before, root)


def test_a_rewritten_ledger_has_no_proof() -> None:
    for size in range(2, 20):
        forged = [*LEAVES[: size - 1], leaf_hash(b"forged")]
        for longer in range(size, 30):
            proof = trees.consistency(size, LEAVES[:longer])
            refused(merkle.verify_consistency, size, longer, proof, trees.root(forged), trees.root(LEAVES[:longer]))


def test_what_is_said_when_it_does_not_fit() -> None:
    one, two = LEAVES[0], LEAVES[1]
    root = node_hash(one, two)
    wrong: list[tuple[str, Callable[..., None], tuple[object, ...]]] = [
        ("position 2 is not in a ledger of 2 entries", merkle.verify_inclusion, (one, 2, 2, [two], root)),
        ("the proof has 2 hashes instead of 1", merkle.verify_inclusion, (one, 0, 2, [two, two], root)),
        ("the proof does not lead to the root of the checkpoint", merkle.verify_inclusion, (one, 0, 2, [one], root)),
        ("a hash does not have 32 bytes", merkle.verify_inclusion, (one, 0, 2, [b""], root)),
        ("a ledger of 1 entries cannot continue one of 2", merkle.verify_consistency, (2, 1, [], root, one)),
        ("one of them is a fork", merkle.verify_consistency, (2, 2, [], root, one)),
        ("the proof is empty", merkle.verify_consistency, (3, 4, [], one, root)),
        ("rewritten or forked", merkle.verify_consistency, (1, 2, [one], one, root)),
        ("the proof has 1 hashes instead of 0", merkle.verify_consistency, (2, 2, [one], root, root)),
    ]
    for message, verify, values in wrong:
        with pytest.raises(EvidenceError, match=message):
            verify(*values)


@pytest.mark.skipif(VECTORS is None, reason="set TANBA_VECTORS to a folder with vectors of Merkle proofs")
def test_vectors_from_outside() -> None:
    """All of transparency-dev/merkle. One of them accepts, for a tree beside itself, words that are no hashes: refused here."""
    told: dict[Path, bool] = {}
    stricter = []
    for file in sorted((Path(VECTORS or "") / "merkle" / "testdata").rglob("*.json")):
        case = json.loads(file.read_text())
        proof = [base64.b64decode(each) for each in case["proof"] or []]
        root, *other = [base64.b64decode(case[name] or "") for name in ("root", "leafHash", "root1", "root2") if name in case]
        if "leafIdx" in case:
            told[file] = accepts(merkle.verify_inclusion, other[0], case["leafIdx"], case["treeSize"], proof, root)
        else:
            told[file] = accepts(merkle.verify_consistency, case["size1"], case["size2"], proof, root, other[0])
        if told[file] == case["wantErr"]:
            stricter.append((case["desc"], root, other[0]))
    assert len(told) == 196
    assert stricter == [("sizes are equal (one) and proof is empty", b"don't care 2", b"don't care 2")]


def accepts(verify: Callable[..., None], *values: object) -> bool:
    try:
        verify(*values)
    except EvidenceError:
        return False
    return True
