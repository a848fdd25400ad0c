"""Where a value of a document stands in the data of a system, or why none can be taken from an edited one. Pure.

A field of a laid page is named `<field>@<language>`, as `purpose@kk`; a cell of a table `<table>.<row>.<column>@<language>`, as
`models.0.licence@ru`.
"""

from collections.abc import Mapping

TEXTS = ("name", "purpose", "department")
"""Texts in each language; so are principles and limits."""
LIMITS = ("accuracy", "known_errors", "not_fit_for")
LISTS = ("channels", "regions")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "data_libraries": ("name", "producer"),
    "models": ("name", "source", "licence"),
    "risks": ("risk", "measures", "missing"),
}
"""Tables whose cells can be told apart, with the names of their columns."""
ELSEWHERE: Mapping[str, str] = {
    "bin": "organisation",
    "identifier": "fixed",
    "organisation": "organisation",
    "responsible": "person",
    "risk_register": "risks",
    "risks": "risks",
    "refresh": "risks",
    "risk_missing": "risks",
}
"""Fields that no edited document changes, and why."""
PRINCIPLE = "principle_"


def cell(table: str, row: int, column: int) -> str:
    """The name of a cell, empty where its table has none."""
    columns = COLUMNS.get(table, ())
    return f"{table}.{row}.{columns[column]}" if column < len(columns) else ""


def path(field: str, language: str) -> tuple[str | int, ...]:
    """Where the value stands in a SYSTEM.yaml: `("purpose", "kk")`, `("models", 0, "licence")`; empty where it has no place there."""
    table, _, rest = field.partition(".")
    if rest and table in ("models", "data_libraries"):
        row, _, column = rest.partition(".")
        return (table, int(row), column) if row.isascii() and row.isdecimal() and column in COLUMNS[table] else ()
    if field.startswith(PRINCIPLE):
        return ("principles", field.removeprefix(PRINCIPLE), language)
    if field in LIMITS:
        return ("limits", field, language)
    if field in TEXTS:
        return (field, language)
    return (field,) if field in ("vendor", *LISTS) else ()
