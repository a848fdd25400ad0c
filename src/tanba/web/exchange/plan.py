"""What an import would do: which systems it creates, what it changes in which, what is wrong. Writes nothing.

A row of a plan: {row, slug, name, system, action, changes: [[key, old, new], …]}; `system` is an id, or null for a system to be created;
`action` is created, changed or unchanged. A problem: {row, column, message: {kk, ru, en}, hint: {kk, ru, en}}.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from tanba.errors import InputError, TanbaError
from tanba.exchange.cells import CLEAR
from tanba.exchange.columns import fold
from tanba.exchange.read import Entry, Problem, Table
from tanba.law.load import load
from tanba.strings import LANGUAGES
from tanba.web.accounts.models import Organisation
from tanba.web.exchange.state import Values, values_of
from tanba.web.systems.many import suggested_of
from tanba.web.systems.models import State, System
from tanba.web.systems.naming import latin

Plan = dict[str, Any]
ACTIONS = ("created", "changed", "unchanged")


def plan(organisation: Organisation, table: Table, confirmed: bool) -> Plan:
    """The plan of a table; a row with a problem is not among its rows."""
    systems = System.objects.filter(organisation=organisation).select_related("owner").order_by("slug")
    found = _Register(organisation, {system.slug: (system, values) for system, values in values_of(systems)}, confirmed)
    problems, rows = list(table.problems), []
    for entry in table.entries:
        try:
            rows.append(found.row(found.normal(entry)))
        except _RefusedError as refused:
            problems.append(Problem(entry.row, refused.column, refused.error))
    problems.sort(key=lambda problem: problem.row)
    return {"problems": [_as_json(problem) for problem in problems], "rows": rows}


def counts(plan: Plan, rows: int) -> dict[str, int]:
    """How many systems are created, changed, unchanged; how many problems in how many rows of the file."""
    by_action = {action: sum(row["action"] == action for row in plan["rows"]) for action in ACTIONS}
    return by_action | {"problems": len(plan["problems"]), "rows": rows, "left_out": rows - len(plan["rows"])}


def _as_json(problem: Problem) -> dict[str, Any]:
    told = {lang: problem.told(lang) for lang in LANGUAGES}
    return {
        "row": problem.row,
        "column": problem.column,
        "message": {lang: message for lang, (message, _) in told.items()},
        "hint": {lang: hint for lang, (_, hint) in told.items()},
    }


class _RefusedError(Exception):
    """A row that the register does not take."""

    def __init__(self, column: str, error: TanbaError) -> None:
        super().__init__(column)
        self.column, self.error = column, error


class _Register:
    """What is there, and what the rows before this one have taken."""

    def __init__(self, organisation: Organisation, systems: Mapping[str, tuple[System, Values]], confirmed: bool) -> None:
        self.systems, self.confirmed = systems, confirmed
        self.slugs = set(systems)
        self.departments = {name: texts["kk"] for texts in organisation.departments for name in texts.values()}
        self.rows: dict[UUID, int] = {}
        self.writers = set(organisation.writers().values_list("email", flat=True))
        self.waiting = {} if confirmed else suggested_of(system.pk for system, _ in systems.values())
        self.named: dict[str, list[str]] = {}
        for slug, (system, _) in systems.items():
            for name in {fold(name) for name in system.name.values() if name}:
                self.named.setdefault(name, []).append(slug)

    def normal(self, entry: Entry) -> Entry:
        """A department under the name that the register keeps, whatever the language."""
        named = self.departments.get(entry.values.get("department", ""))
        return Entry(entry.row, {**entry.values, "department": named}) if named else entry

    def row(self, entry: Entry) -> dict[str, Any]:
        """One row of the plan. Raises _RefusedError."""
        self._check_owner(entry)
        slug = entry.slug or self._slug_by_name(entry)
        if slug in self.systems:
            return self._changed(entry, *self.systems[slug])
        if not entry.names:
            raise _RefusedError("name_kk", InputError("there is no system {slug!r}, and a new one needs a name", "Write it.", slug=slug))
        slug = slug or self._new_slug(entry)
        self.slugs.add(slug)
        given = [[key, None, value] for key, value in entry.values.items() if key != "slug" and not _is_none(key, value)]
        _check_vendor({key: value for key, _, value in given})
        return _row(entry, slug, entry.names, None, "created", given)

    def _check_owner(self, entry: Entry) -> None:
        owner = entry.values.get("owner", CLEAR)
        if owner not in (CLEAR, *self.writers):
            error = InputError("nobody with the address {given!r} may write here", "Invite the person first, or correct it.", given=owner)
            raise _RefusedError("owner", error)

    def _slug_by_name(self, entry: Entry) -> str:
        """The one system with one of these names; empty where there is none."""
        found = {slug for name in entry.names.values() for slug in self.named.get(fold(name), [])}
        if len(found) > 1:
            error = InputError(
                "{count} systems have this name", "Write the short name: {slugs}.", count=len(found), slugs=", ".join(sorted(found))
            )
            raise _RefusedError("slug", error)
        return found.pop() if found else ""

    def _new_slug(self, entry: Entry) -> str:
        base = latin(next(iter(entry.names.values()))) or "system"
        return next(slug for n in range(1, len(self.slugs) + 2) if (slug := base if n == 1 else f"{base}-{n}") not in self.slugs)

    def _changed(self, entry: Entry, system: System, now: Values) -> dict[str, Any]:
        if system.state == State.REJECTED:
            error = InputError("the proposal {slug!r} was rejected", "Choose another short name.", slug=system.slug)
            raise _RefusedError("slug", error)
        if first := self.rows.get(system.pk):
            error = InputError("{given!r} stands in row {row} already", "Leave one of the rows.", given=system.slug, row=first)
            raise _RefusedError("slug", error)
        self.rows[system.pk] = entry.row
        waiting = self.waiting.get(system.pk, {})
        changes: list[list[Any]] = []
        for key, value in entry.values.items():
            new = None if _is_none(key, value) else value
            if new != now.get(key) and (key not in waiting or waiting[key] != new):
                self._check_change(key, new)
                changes.append([key, now.get(key), new])
        after = now | {key: new for key, _, new in changes}
        _check_names(after)
        _check_vendor(after)
        return _row(entry, system.slug, system.name, system.pk, "changed" if changes else "unchanged", changes)

    def _check_change(self, key: str, new: Any) -> None:
        if new is None and key in load("kz").facts and not self.confirmed:
            error = InputError(
                "an answer is taken back only by confirmed answers", "Leave the cell empty, or say that the answers are confirmed."
            )
            raise _RefusedError(key, error)


def _is_none(key: str, value: Any) -> bool:
    """What takes away; an empty list is an answer of a fact, and nothing of a description."""
    return bool(value == CLEAR or (value == [] and key not in load("kz").facts))


def _check_vendor(after: Values) -> None:
    if after.get("vendor_bin") and not after.get("vendor"):
        raise _RefusedError("vendor", InputError("a BIN needs the vendor that it is of", "Write the vendor."))


def _check_names(after: Values) -> None:
    if not any(after.get(f"name_{lang}") for lang in LANGUAGES):
        raise _RefusedError("name_kk", InputError("a system keeps a name in one language at least", "Write it."))


def _row(entry: Entry, slug: str, name: Mapping[str, str], system: UUID | None, action: str, changes: list[list[Any]]) -> dict[str, Any]:
    texts = {lang: text for lang, text in name.items() if text}
    return {"row": entry.row, "slug": slug, "name": texts, "system": system and str(system), "action": action, "changes": changes}
