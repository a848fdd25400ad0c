"""The ledger: an append-only Merkle log that outsiders can check.

`merkle`, `note`, `checkpoint`, `entry` and `policy` are pure; `log` appends and proves over a `store`; `group` gathers many writers into
one
commit; `witness` and `timestamp` bring in outsiders; `audit` reads everything again.
"""
