"""Tables as spreadsheets: XLSX and CSV, written so that no cell is taken for a formula, read with bounds and without evaluating anything.

What `safe_cell` does on the way out, reading undoes: text → cell → text is the identity. A formula is read as a `Formula`, not its value.
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from xml.parsers import expat

from tanba.errors import InputError

Cell = str | int | float | bool | date | None
Row = tuple[int, list[Any]]
"""Number of the row as a spreadsheet shows it (from 1), and its cells without empty ones at the end."""

MOST_BYTES, MOST_UNPACKED, MOST_PARTS = 50_000_000, 400_000_000, 2_000
MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 100_000, 1_000, 32_767
FORMULA_STARTS = "=+-@\t\r\n＝＋－＠"

_NEUTRAL = re.compile(f"'+[{re.escape(FORMULA_STARTS)}]")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TO_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_MIXED = re.compile(r"[A-Za-z][\u0400-\u04ff]|[\u0400-\u04ff][A-Za-z]")
_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")


class Formula(str):
    """What stood in a cell that computes something, or shows the fault of a computation."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `choices` gives columns (from 0) a drop-down list; `widths` are in letters; the heading stays in view."""

    name: str
    heading: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    choices: Mapping[int, Sequence[str]] = field(default_factory=dict)
    widths: Mapping[int, int] = field(default_factory=dict)


def safe_cell(text: str) -> str:
    """The text with an apostrophe in front where a spreadsheet would take it for a formula. Undone by `plain_cell`.

    >>> safe_cell("=1+1"), safe_cell("'=1"), safe_cell("a=b")
    ("'=1+1", "''=1", 'a=b')
    """
    return f"'{text}" if text.startswith(tuple(FORMULA_STARTS)) or _NEUTRAL.match(text) else text


def plain_cell(text: str) -> str:
    """The text of a cell that `safe_cell` wrote.

    >>> plain_cell("'=1+1"), plain_cell("'quoted'")
    ('=1+1', "'quoted'")
    """
    return text[1:] if _NEUTRAL.match(text) else text


def write_csv(rows: Iterable[Sequence[Cell]], delimiter: str = ",") -> Iterator[str]:
    """Lines to be encoded as UTF-8, the first with a byte-order mark so that spreadsheets know it."""
    writer, mark = csv.writer(_Echo(), delimiter=delimiter), "\ufeff"
    for row in rows:
        yield mark + writer.writerow([_text(cell) for cell in row])
        mark = ""


class _Echo:
    """A file whose `write` hands the text back."""

    def write(self, text: str) -> str:
        return text


def _text(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else safe_cell(_SURROGATE.sub("\ufffd", cell)) if isinstance(cell, str) else str(cell)


def write_xlsx(sheets: Sequence[Sheet]) -> bytes:
    """A workbook. Texts are written as texts; a cell holds at most 32,767 letters, longer ones are cut."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for sheet in sheets:
        _write_sheet(book, sheet)
    lists = {(sheet.name, column): choices for sheet in sheets for column, choices in sheet.choices.items()}
    if lists:
        _write_lists(book, lists)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def sheet_name(name: str) -> str:
    """A name that a workbook may carry."""
    return _SHEET_NAME.sub(" ", name)[:31].strip("' ") or "sheet"


def _write_sheet(book: Any, sheet: Sheet) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    page = book.create_sheet(sheet_name(sheet.name))
    page.freeze_panes = "B2"
    for column in range(len(sheet.heading)):
        page.column_dimensions[get_column_letter(column + 1)].width = sheet.widths.get(column, 18)
    heading = [WriteOnlyCell(page, value=_cell(text)) for text in sheet.heading]
    for cell in heading:
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    page.append(heading)
    for row in sheet.rows:
        page.append([_cell(value) for value in row])
    for number, column in enumerate(sheet.choices):
        _offer(page, column, number, len(sheet.choices[column]), sheet_name(sheet.name))


def _cell(value: Cell) -> Any:
    if not isinstance(value, str):
        return value
    whole = safe_cell(_SURROGATE.sub("\ufffd", value))
    return _TO_ESCAPE.sub(lambda found: f"_x{ord(found[0]):04X}_", whole)[:LONGEST_CELL]


def _offer(page: Any, column: int, number: int, count: int, sheet: str) -> None:
    """A drop-down from the hidden sheet of lists: a list inside a cell's rule may be 255 letters long at most."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    letter, source = get_column_letter(column + 1), get_column_letter(number + 1)
    rule = DataValidation(type="list", formula1=f"'_{sheet[:30]}'!${source}$1:${source}${count}", allow_blank=True)
    rule.showErrorMessage = False  # an answer may hold several choices
    rule.add(f"{letter}2:{letter}{MOST_ROWS}")
    page.data_validations.append(rule)


def _write_lists(book: Any, lists: Mapping[tuple[str, int], Sequence[str]]) -> None:
    for name in dict.fromkeys(sheet for sheet, _ in lists):
        columns = [choices for (sheet, _), choices in lists.items() if sheet == name]
        page = book.create_sheet(f"_{sheet_name(name)[:30]}")
        page.sheet_state = "hidden"
        for line in range(max(map(len, columns))):
            page.append([_cell(column[line]) if line < len(column) else None for column in columns])


def read_csv(content: bytes) -> Iterator[Row]:
    """Rows that are not empty; the separator is that of the first line. UTF-8, UTF-16 with a mark, windows-1251, KZ-1048.

    Raises InputError.
    """
    if len(content) > MOST_BYTES:
        raise _too_large()
    text = _decoded(content)
    first, _, rest = text.partition("\n")
    if given := re.fullmatch(r'"?sep=([;,\t|])"?\r?', first):
        text, skipped, delimiter = rest, 1, given[1]
    else:
        skipped, delimiter = 0, _separator(first)
    number, reader = skipped, csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, cells in enumerate(reader, skipped + 1):
            if row := _bounded(number, [Formula(cell) if cell.startswith("=") else plain_cell(cell) or None for cell in cells]):
                yield row
    except csv.Error as error:
        raise InputError("row {row}: broken CSV ({problem})", "Check quotes and separators there.", row=number + 1, problem=error) from None


def _separator(line: str) -> str:
    bare = re.sub(r'"[^"]*"', "", line)
    return max(";,\t", key=bare.count)


def _decoded(content: bytes) -> str:
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ["utf-16"] if wide else ["utf-8-sig", "kz1048"]:  # KZ-1048 is windows-1251 with the Kazakh letters
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text and (encoding != "kz1048" or _cyrillic(text)):
            return text
    raise InputError("is no text that we can read", "Save it as CSV UTF-8.")


def _cyrillic(text: str) -> bool:
    """Whether what is not ASCII is nearly all Cyrillic, and in words of its own: `café` in Latin-1 would be read as `cafй`."""
    foreign = [letter for letter in text if letter > "\x7f"]
    known = sum("\u0400" <= letter <= "\u04ff" or letter in "«»–—…№“”„’ \xa0" for letter in foreign)
    return known >= 0.95 * len(foreign) and len(_MIXED.findall(text)) <= 0.1 * len(foreign)


def _bounded(number: int, cells: list[Any]) -> Row | None:
    while cells and cells[-1] is None:
        cells.pop()
    if number > MOST_ROWS:
        raise InputError("has more than {most:,} rows", "Split it.", most=MOST_ROWS)
    if len(cells) > MOST_COLUMNS:
        raise InputError(
            "row {row} has more than {most:,} cells", "Remove what does not belong to the table.", row=number, most=MOST_COLUMNS
        )
    return (number, cells) if cells else None


def read_xlsx(content: bytes, sheet: str | None = None) -> Iterator[Row]:
    """Rows of a sheet (the first one that is shown) that are not empty. Links to other files are not followed. Raises InputError."""
    if len(content) > MOST_BYTES:
        raise _too_large()
    _check_package(content)
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        pages = [page for page in book.worksheets if page.title == sheet or (sheet is None and page.sheet_state == "visible")]
        if not pages:
            raise InputError("has no sheet to read", "Put the table on the first sheet.")
        yield from _rows(pages[0])
    except (*_BROKEN, expat.ExpatError, SyntaxError) as error:
        raise _broken(error) from None


_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, TypeError, IndexError, AttributeError, OverflowError)
"""What openpyxl and zipfile raise on files that are not what they say."""


def _rows(page: Any) -> Iterator[Row]:
    page.reset_dimensions()
    for number, cells in enumerate(page.iter_rows(max_row=MOST_ROWS + 1), 1):
        if row := _bounded(number, [_value(cell) for cell in cells]):
            yield row


def _value(cell: Any) -> Any:
    value = cell.value
    if isinstance(value, str):
        if cell.data_type in ("f", "e"):
            return Formula(value)
        return plain_cell(_SURROGATE.sub("\ufffd", _ESCAPE.sub(lambda found: chr(int(found[1], 16)), value))) or None
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        return value.date()
    return value if value is None or isinstance(value, int | float | date) else Formula(getattr(value, "text", None) or value)


def _check_package(content: bytes) -> None:
    """Refuse what unpacks to too much or brings a document type, before anybody parses it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise _too_large()
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    _check_part(package, part)
    except (*_BROKEN, NotImplementedError, RuntimeError) as error:
        raise _broken(error) from None


class _BegunError(Exception):
    """The root element is there: no document type comes after it."""


def _check_part(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    def refuse(*_: object) -> None:
        raise InputError("its part {part} declares a document type", "Save it again with a spreadsheet program.", part=part.filename)

    def begun(*_: object) -> None:
        raise _BegunError

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler, parser.StartElementHandler = refuse, begun
    try:
        with package.open(part) as file:
            while piece := file.read(4096):
                parser.Parse(piece)
    except _BegunError:
        pass
    except expat.ExpatError as error:
        raise _broken(error) from None


def _too_large() -> InputError:
    return InputError("is larger than {limit:,} bytes", "Split it.", limit=MOST_BYTES)


def _broken(error: Exception) -> InputError:
    return InputError("is no workbook that can be read ({problem})", "Save it again as XLSX.", problem=error)
