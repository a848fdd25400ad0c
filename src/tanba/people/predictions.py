"""A table of predictions: CSV with a header, one row a person. Only counts leave this file; no row is kept."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any

from tanba.errors import InputError
from tanba.people.fairness import Case

LARGEST = 100_000_000
"""Bytes of a table."""

LONGEST_NAME = 80
NOTHING = "–"
"""Stands for a cell without a group."""


def read_table(data: bytes, groups: Sequence[str], prediction: str, label: str = "", positive: str = "1") -> Counter[Case]:
    """How often each case stands there; several `groups` are crossed ("woman · 60+").

    Raises InputError, with the line, where the table does not fit.
    """
    if len(data) > LARGEST:
        raise InputError("is larger than {limit:,} bytes", "This does not look like the expected file; check the path.", limit=LARGEST)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("is not UTF-8 text", "Save the file as UTF-8.", line=data[: error.start].count(b"\n") + 1) from None
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        found = Counter(_cases(rows, groups, prediction, label, positive))
    except csv.Error as error:
        raise InputError("is no table: {problem}", "Save it as CSV with a header.", line=rows.line_num, problem=error) from None
    if found and not any(case.predicted for case in found):
        raise InputError(
            "no row has {positive!r} in column {column!r}",
            "Name the positive prediction with --positive.",
            positive=positive,
            column=prediction,
        )
    return found


def _cases(rows: Any, groups: Sequence[str], prediction: str, label: str, positive: str) -> Iterator[Case]:
    header: list[str] = next(iter(rows), [])
    at = [_place(header, name) for name in groups]
    predicted, true = _place(header, prediction), _place(header, label) if label else None
    for row in rows:
        if not row:
            continue
        if len(row) != len(header):
            raise InputError(
                "a row has {found} cells, the header {wanted}", "Mend the row.", line=rows.line_num, found=len(row), wanted=len(header)
            )
        group = " · ".join(row[place].strip()[:LONGEST_NAME] or NOTHING for place in at)
        yield Case(group, row[predicted].strip() == positive, _truth(row[true], positive) if true is not None else None)


def _truth(cell: str, positive: str) -> bool | None:
    """None where nobody knows yet how it came out."""
    return cell.strip() == positive if cell.strip() else None


def _place(header: Sequence[str], name: str) -> int:
    names = [each.strip() for each in header]
    if names.count(name) == 1:
        return names.index(name)
    near = "".join(get_close_matches(name, names, n=1))
    raise InputError(
        "the table has no column {name!r}" if name not in names else "the table has column {name!r} twice",
        "Did you mean {near!r}?" if near and name not in names else "Columns: {known}.",
        line=1,
        name=name,
        near=near,
        known=", ".join(names)[:400],
    )


def _delimiter(text: str) -> str:
    """What stands most often in the header."""
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)
