"""Assessments as canonical JSON, many of them: what one has in common with those before it is not written anew.

Nine tenths of an assessment are texts of the law. An entry of it differs from the same entry of another assessment in a few short values;
what was written for these values before is taken again.
"""

from collections.abc import Callable, Hashable, Mapping
from typing import Any

from tanba.digest import canonical_json

MOST = 20_000
"""Entries that are remembered, of about two kilobytes; then it begins anew."""

VARIABLE = ("layer", "answer", "roles", "sanction", "because", "ask", "counsel")
"""What of a provision's entry depends on facts; the rest is the edition's, and the day's."""


class Writer:
    """Writes assessments of one day by one law. `writer(report) == canonical_json(report)`."""

    def __init__(self) -> None:
        """Nothing remembered yet."""
        self._written: dict[Hashable, bytes] = {}

    def __call__(self, report: Mapping[str, Any]) -> bytes:
        """Canonical JSON of a value of `assess`."""
        if len(self._written) > MOST:
            self._written.clear()
        parts = {name: canonical_json(value) for name, value in report.items() if name not in ("provisions", "facts")}
        parts["provisions"] = b"[" + b",".join(map(self._provision, report["provisions"])) + b"]"
        facts = report["facts"]
        parts["facts"] = b"{" + b",".join(self._fact(name, facts[name]) for name in sorted(facts)) + b"}"
        return b"{" + b",".join(b'"%s":%s' % (name.encode(), parts[name]) for name in sorted(parts)) + b"}"

    def _provision(self, entry: Mapping[str, Any]) -> bytes:
        values = (tuple(value) if isinstance(value := entry[name], list) else value for name in VARIABLE)
        return self._once((entry["provision"], *values), lambda: canonical_json(entry))

    def _fact(self, name: str, entry: Mapping[str, Any]) -> bytes:
        value = entry["value"]
        key = tuple(value) if isinstance(value, list) else (type(value), value)
        return self._once((name, key), lambda: canonical_json({name: entry})[1:-1])

    def _once(self, key: Hashable, write: Callable[[], bytes]) -> bytes:
        found = self._written.get(key)
        if found is None:
            found = self._written[key] = write()
        return found
