"""From rows to entries: every fault is listed with its row and column, and none hides another."""

import copy
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tanba.errors import InputError, TanbaError
from tanba.exchange.cells import CLEAR, write_text
from tanba.exchange.columns import Column, fold, known, nearest
from tanba.exchange.values import value_of
from tanba.law.model import Law
from tanba.sheets import Row
from tanba.strings import LANGUAGES, explain


@dataclass(frozen=True, slots=True)
class Entry:
    """One system of a file. `values`: column key → value; what the file says nothing about is not there; CLEAR takes away."""

    row: int
    values: Mapping[str, Any]

    @property
    def slug(self) -> str:
        """Empty where the file gives none."""
        return str(self.values.get("slug", ""))

    @property
    def names(self) -> dict[str, str]:
        """Language → name, as far as the file gives one."""
        found = {lang: self.values.get(f"name_{lang}") for lang in LANGUAGES}
        return {lang: name for lang, name in found.items() if name and name != CLEAR}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where. Values that are {kk, ru, en} are told in the reader's language."""

    row: int
    column: str
    error: TanbaError

    def told(self, lang: str) -> tuple[str, str]:
        """What is wrong, and what to do."""
        spoken = copy.copy(self.error)
        spoken.values = {name: value[lang] if isinstance(value, dict) else value for name, value in self.error.values.items()}
        return explain(spoken, lang)


@dataclass(slots=True)
class Table:
    """What a file says. An entry with a problem of its own is not among `entries`."""

    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    rows: int = 0


Cells = Iterable[tuple[str, Column | None, Any]]
"""Heading as written, its column, and what stands there."""


def read_rows(rows: Iterator[Row], law: Law) -> Table:
    """A table of a spreadsheet: headings first. Raises InputError where nothing names a system."""
    table, heading = Table(), next(rows, (1, []))
    found = _columns(*heading, law, table)
    for number, cells in rows:
        stray = [("", None)] * (len(cells) - len(found))
        _take(table, number, [(title, column, cell) for (title, column), cell in zip([*found, *stray], cells, strict=False)])
    return _held_together(table)


def read_objects(systems: Iterable[Any], law: Law) -> Table:
    """Systems of a JSON file, numbered from 1."""
    table = Table()
    for number, system in enumerate(systems, 1):
        if isinstance(system, dict):
            _take(table, number, [(key, _named(table, number, key, law), _as_cell(value)) for key, value in _flat(system)])
        else:
            table.problems.append(
                Problem(number, "", InputError("expected an object", "Write `{example}`.", example='{"name": …, "facts": …}'))
            )
    return _held_together(table)


def _columns(row: int, headings: list[Any], law: Law, table: Table) -> list[tuple[str, Column | None]]:
    found: list[tuple[str, Column | None]] = []
    for heading in headings:
        column = _named(table, row, str(heading), law) if heading is not None else None
        if column and column in (each for _, each in found):
            error = InputError("the column {column!r} stands twice", "Remove one of them.", column=str(heading))
            table.problems.append(Problem(row, str(heading), error))
            column = None
        found.append((str(heading or ""), column))
    if not any(column and (column.key == "slug" or column.key.startswith("name_")) for _, column in found):
        raise InputError("no column names the systems", "The first row holds headings; `tanba register template` writes them.")
    return found


def _named(table: Table, row: int, heading: str, law: Law) -> Column | None:
    column = known(law).get(fold(heading))
    if column is None:
        near = nearest(law, heading)
        if near:
            error = InputError("unknown column {column!r}", "Did you mean {near!r}?", column=heading, near=near)
        else:
            error = InputError("unknown column {column!r}", "The template lists every column.", column=heading)
        table.problems.append(Problem(row, heading, error))
    return column


def _flat(system: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """A JSON system as cells: texts in languages and facts get columns of their own."""
    for key, value in system.items():
        if key in ("name", "purpose") and isinstance(value, dict | str):
            texts = value.items() if isinstance(value, dict) else [(lang, value) for lang in LANGUAGES]
            yield from ((f"{key}_{lang}", text) for lang, text in texts)
        elif key == "facts" and isinstance(value, dict):
            yield from value.items()
        else:
            yield key, value


def _as_cell(value: Any) -> Any:
    """JSON has a word of its own for what is taken away, and no signs."""
    return CLEAR if value is None else write_text(value) if isinstance(value, str) else value


def _take(table: Table, number: int, cells: Cells) -> None:
    table.rows += 1
    values: dict[str, Any] = {}
    for heading, column, raw in cells:
        try:
            if column is None:
                _refuse_stray(heading, raw)
            elif (value := value_of(column, raw)) is not None:
                values[column.key] = value
        except TanbaError as error:
            table.problems.append(Problem(number, column.key if column else "", error))
    entry = Entry(number, values)
    if not (entry.slug or entry.names or (table.problems and table.problems[-1].row == number)):
        fault = InputError("neither a short name nor a name", "Write at least a name in one language.")
        table.problems.append(Problem(number, "name_kk", fault))
    table.entries.append(entry)


def _refuse_stray(heading: str, raw: Any) -> None:
    """A cell under no heading is a slip; one under an unknown heading was told once, with the heading."""
    if not heading and raw is not None:
        raise InputError("{given!r} stands under no heading", "Give it a heading or remove it.", given=str(raw)[:80])


def _held_together(table: Table) -> Table:
    """Refuse what two rows say against each other: one short name twice, one name without short names twice, one BIN of two vendors."""
    seen: dict[tuple[str, ...], Entry] = {}
    faulty, kept = {problem.row for problem in table.problems}, []
    for entry in table.entries:
        if entry.row in faulty:
            continue
        if fault := _against(seen, entry):
            table.problems.append(fault)
        else:
            kept.append(entry)
    table.entries = kept
    table.problems.sort(key=lambda problem: problem.row)
    return table


def _against(seen: dict[tuple[str, ...], Entry], entry: Entry) -> Problem | None:
    mark = ("slug", entry.slug) if entry.slug else ("names", *sorted(f"{lang} {fold(name)}" for lang, name in entry.names.items()))
    first = seen.setdefault(mark, entry)
    if first is not entry:
        given = entry.slug or next(iter(entry.names.values()))
        fault = InputError("{given!r} stands in row {row} already", "Leave one of the rows.", given=given, row=first.row)
        return Problem(entry.row, "slug" if entry.slug else "name_kk", fault)
    number, vendor = entry.values.get("vendor_bin", CLEAR), entry.values.get("vendor", CLEAR)
    if CLEAR in (number, vendor):
        return None
    other = seen.setdefault(("bin", number), entry)
    if fold(other.values["vendor"]) == fold(vendor):
        return None
    owner, row = other.values["vendor"], other.row
    clash = InputError(
        "BIN {bin} is that of {vendor!r} in row {row}", "Check which of the two is right.", bin=number, vendor=owner, row=row
    )
    return Problem(entry.row, "vendor_bin", clash)
