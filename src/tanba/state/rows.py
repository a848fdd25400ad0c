"""Rows of a table (XLSX, CSV) or of a YAML list as forms: what reads, and for each row that does not, why. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from tanba.errors import InputError
from tanba.sheets import Formula, read_csv, read_xlsx
from tanba.state.form import MOST, read
from tanba.state.security import Requirement
from tanba.state.training import Record
from tanba.yamlfile import parse_yaml

Row = TypeVar("Row")
Headings = Mapping[str, Sequence[str]]
"""{field: what its column may be called, in small letters}."""

CHECKLIST: Headings = {
    "number": ("number", "no", "№", "номер", "пункт", "нөмір", "тармақ"),
    "text": ("text", "requirement", "текст", "требование", "мәтін", "талап"),
    "applies": ("applies", "применимо", "применяется", "қолданылады"),
    "state": ("state", "status", "состояние", "статус", "күйі"),
    "evidence": ("evidence", "proof", "доказательство", "подтверждение", "дәлелдеме"),
}
RECORDS: Headings = {
    "person": ("person", "name", "сотрудник", "человек", "қызметкер", "адам"),
    "role": ("role", "роль", "рөл"),
    "course": ("course", "курс"),
    "provider": ("provider", "организатор", "провайдер", "ұйымдастырушы"),
    "day": ("day", "date", "дата", "день", "күні"),
    "hours": ("hours", "часы", "часов", "сағат"),
    "valid_until": ("valid_until", "valid until", "действует до", "жарамды"),
    "certificate": ("certificate", "сертификат", "удостоверение", "куәлік"),
}
WORDS: Mapping[str, str] = {
    **dict.fromkeys(("иә", "да", "true", "1"), "yes"),
    **dict.fromkeys(("жоқ", "нет", "false", "0"), "no"),
    **dict.fromkeys(("белгісіз", "неизвестно", "?"), "unknown"),
    **dict.fromkeys(("орындалды", "выполнено"), "met"),
    **dict.fromkeys(("ішінара", "частично"), "partly"),
    **dict.fromkeys(("орындалмады", "не выполнено", "not met"), "not_met"),
}
"""Answers as people write them in a table."""


@dataclass(frozen=True, slots=True)
class Read(Generic[Row]):
    """`rows` that read; `refused`: (number of the row as a spreadsheet shows it, why)."""

    rows: tuple[Row, ...]
    refused: tuple[tuple[int, InputError], ...]


def read_checklist(name: str, content: bytes) -> Read[Requirement]:
    """Points of a checklist. Raises InputError where the file itself cannot be read."""
    return _read(Requirement, CHECKLIST, ("applies", "state"), name, content)


def read_records(name: str, content: bytes) -> Read[Record]:
    """Records of training. Raises InputError where the file itself cannot be read."""
    return _read(Record, RECORDS, (), name, content)


def _read(form: type[Row], headings: Headings, answers: Sequence[str], name: str, content: bytes) -> Read[Row]:
    rows: list[Row] = []
    refused: list[tuple[int, InputError]] = []
    for number, cells in _cells(headings, name, content):
        try:
            rows.append(read(form, "", {field: _plain(form, field, cell, field in answers) for field, cell in cells.items()}))
        except InputError as error:
            refused.append((number, error))
    if len(rows) + len(refused) > MOST:
        raise InputError("has more than {most:,} rows", "Split it.", most=MOST)
    return Read(tuple(rows), tuple(refused))


def _cells(headings: Headings, name: str, content: bytes) -> list[tuple[int, dict[str, Any]]]:
    """(number, {field: cell}) of every row; columns that nobody knows are left out."""
    kind = name.rpartition(".")[2].lower()
    if kind in ("yaml", "yml"):
        return _listed(name, content)
    table = list(read_xlsx(content) if kind == "xlsx" else read_csv(content))
    if not table:
        raise InputError("the table is empty", "Its first row names the columns: {known}.", known=", ".join(headings))
    names = [_column(headings, str(cell or "")) for cell in table[0][1]]
    if next(iter(headings)) not in names and "role" not in names:
        raise InputError("the first row names no known column", "Known: {known}.", known=", ".join(headings))
    return [(number, {field: cell for field, cell in zip(names, cells, strict=False) if field}) for number, cells in table[1:]]


def _column(headings: Headings, given: str) -> str:
    word = given.strip().lower()
    return next((field for field, names in headings.items() if word in names), "")


def _listed(name: str, content: bytes) -> list[tuple[int, dict[str, Any]]]:
    try:
        written = parse_yaml(content.decode("utf-8-sig"), name)
    except UnicodeDecodeError:
        raise InputError("is not UTF-8 text", "Save the file as UTF-8.") from None
    if not isinstance(written, list) or not all(isinstance(each, dict) for each in written):
        raise InputError("the table is empty", "Its first row names the columns: {known}.", known=", ".join(CHECKLIST))
    return list(enumerate(written, 1))


def _plain(form: type[Any], field: str, cell: Any, answer: bool) -> Any:
    """A cell as the form takes it: answers in any language, days and numbers as a spreadsheet has them. Raises InputError on a formula."""
    if isinstance(cell, Formula):
        raise InputError("{place}: {given!r} does not fit", "Write {wanted}.", place=field, given=str(cell)[:80], wanted='"…"')
    if answer:
        word = str(cell if cell is not None else "").strip().lower()
        return WORDS.get(word, word) or None
    if isinstance(cell, date):
        return cell.isoformat()[:10]
    if field == "hours":
        return _hours(cell)
    return cell if cell is None or isinstance(cell, str | dict) else f"{cell:g}" if isinstance(cell, float) else str(cell)


def _hours(cell: Any) -> Any:
    try:
        return float(str(cell).replace(",", ".")) if cell is not None else None
    except ValueError:
        return cell
