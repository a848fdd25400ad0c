"""The ledger beside four other projects' in the same run: durable events a second, verification, proofs; then tampering with each.

pymerkle is GPL-3.0 and Kepil AGPL-3.0: they are installed for this comparison alone and ship with nothing. Each engine runs in a process of
its own, the peers in their own environment, which has nothing of ours; the same 500 bytes go to each.
"""

from collections.abc import Iterator


def run(full: bool = False, large: bool = False) -> Iterator[str]:
    from benchmarks.ledger_peers import compare

    yield from compare.run(7 if full else 3)
