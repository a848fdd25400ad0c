"""The evidence ledger on this disk: appends, many callers, several processes, proofs, audit, growth. Ratios come from the same run.

500-byte entries. Every append is durable (SQLite write-ahead log, `synchronous=FULL`) and bears a newly signed checkpoint.
"""

from collections.abc import Iterator

from benchmarks.ledger.ground import folder


def run(full: bool = False, large: bool = False) -> Iterator[str]:
    from benchmarks.ledger import appends, growth, processes, together

    rounds = 7 if full else 3
    parts = (appends.singles, appends.thousands, together.callers, together.open_loop, processes.run)
    for part in parts:
        with folder() as place:
            yield from part(place, rounds)
    with folder() as place:
        yield from growth.run(place, rounds, 10_000_000 if large else 1_000_000)
