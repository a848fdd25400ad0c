"""Files as bytes: which form it is, what it says; and systems as XLSX, CSV, JSON, with an empty table to begin from."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tanba.errors import InputError
from tanba.exchange.cells import join, join_parts, plain, write_text
from tanba.exchange.columns import NO, NONE, UNKNOWN, YES, Column, columns
from tanba.exchange.read import Table, read_objects, read_rows
from tanba.law.model import Fact, Law
from tanba.sheets import MOST_BYTES, Cell, Sheet, read_csv, read_xlsx, write_csv, write_xlsx
from tanba.strings import LANGUAGES, t

SCHEMA = "tanba.register/1"
FORMS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}
"""Form → media type."""

Values = Mapping[str, Any]
"""Column key → value, as `Entry.values` has them; nothing unknown among them."""


def read(content: bytes, law: Law) -> Table:
    """What a file says. The form shows in its bytes, not in its name. Raises InputError where it cannot be read at all."""
    if content[:2] == b"PK" or content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":  # a ZIP, or a workbook of before 2007
        return read_rows(read_xlsx(content), law)
    if content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        return read_objects(_systems(content), law)
    return read_rows(read_csv(content), law)


def _systems(content: bytes) -> list[Any]:
    if len(content) > MOST_BYTES:
        raise InputError("is larger than {limit:,} bytes", "Split it.", limit=MOST_BYTES)
    try:
        written = json.loads(content)
        json.dumps(written, ensure_ascii=False).encode()  # raises ValueError for half a letter (a lone surrogate), which no file can keep
    except (ValueError, RecursionError) as error:
        raise InputError("broken JSON: {problem}", "Check it with a JSON editor.", problem=error) from None
    if not isinstance(written, dict) or written.get("schema") != SCHEMA or not isinstance(written.get("systems"), list):
        raise InputError("is no register as JSON", "Write `{example}`.", example=f'{{"schema": "{SCHEMA}", "systems": […]}}')
    return list(written["systems"])


def write(systems: Iterable[Values], form: str, law: Law, lang: str) -> bytes:
    """Systems in one of `FORMS`; headings and answers of a table in `lang`."""
    if form == "json":
        return _as_json(systems, law)
    if form == "csv":
        heading = [column.label[lang] for column in columns(law)]
        rows = (_cells(system, law, lang) for system in systems)
        return "".join(write_csv([heading, *rows])).encode()
    return _workbook(systems, law, lang)


def template(law: Law, lang: str) -> bytes:
    """An empty workbook with drop-downs, and a sheet that explains every column."""
    return _workbook([], law, lang)


def _workbook(systems: Iterable[Values], law: Law, lang: str) -> bytes:
    found = columns(law)
    rows = (_cells(system, law, lang) for system in systems)
    choices = {at: _offered(column.fact, lang) for at, column in enumerate(found) if column.fact}
    widths = {at: 30 if column.fact or column.key.startswith(("name", "purpose")) else 18 for at, column in enumerate(found)}
    heading = [column.label[lang] for column in found]
    return write_xlsx(
        [Sheet(t("exchange.sheet_systems", lang), heading, rows, choices, widths), _explained(found, law, lang)],
    )


def _explained(found: Sequence[Column], law: Law, lang: str) -> Sheet:
    """Each column in three languages, its own first."""
    order = (lang, *(each for each in LANGUAGES if each != lang))
    heading = [t("exchange.about_column", lang), *(f"{t('exchange.about_meaning', lang)} ({each})" for each in order)]
    heading += [t("exchange.about_answers", lang), t("exchange.about_provision", lang)]
    return Sheet(
        t("exchange.sheet_about", lang),
        heading,
        [*([t("exchange.about_empty", lang)], []), *(_explanation(column, law, order) for column in found)],
        widths=dict.fromkeys(range(6), 40),
    )


def _explanation(column: Column, law: Law, order: Sequence[str]) -> list[Cell]:
    meanings = [f"{column.label[lang]}\n{column.about.get(lang, '')}".strip() for lang in order]
    answers = "; ".join(_offered(column.fact, order[0])) if column.fact else ""
    return [column.key, *meanings, answers, column.fact.governed_by if column.fact else ""]


def _offered(fact: Fact, lang: str) -> list[str]:
    """Answers as a drop-down has them."""
    if fact.type == "yes_no":
        return [t(YES, lang), t(NO, lang), t(UNKNOWN, lang)]
    none = [t(NONE, lang)] if fact.type == "any_of" else []
    return [*(labels[lang] for labels in fact.choices.values()), *none, t(UNKNOWN, lang)]


def _cells(system: Values, law: Law, lang: str) -> list[Cell]:
    return [_cell(column, system[column.key], lang) if column.key in system else None for column in columns(law)]


def _cell(column: Column, value: Any, lang: str) -> str:
    if column.fact:
        return _said(column.fact, value, lang)
    if column.kind == "lines":
        return write_text(join(value))
    return write_text(join_parts(value) if column.kind == "parts" else plain(value))


def _said(fact: Fact, value: Any, lang: str) -> str:
    if isinstance(value, bool):
        return t(YES if value else NO, lang)
    if isinstance(value, list):
        return join(fact.choices[choice][lang] for choice in value) or t(NONE, lang)
    return str(fact.choices[value][lang])


def _as_json(systems: Iterable[Values], law: Law) -> bytes:
    content = {"schema": SCHEMA, "systems": [dict(_object(system, law)) for system in systems]}
    return json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n"


def _object(system: Values, law: Law) -> Iterator[tuple[str, Any]]:
    """Keys in the order of the columns; texts in languages and facts gathered."""
    texts = {key: {lang: system[f"{key}_{lang}"] for lang in LANGUAGES if f"{key}_{lang}" in system} for key in ("name", "purpose")}
    plain_ones = {column.key: system[column.key] for column in columns(law) if not column.fact and column.key in system}
    yield from ((key, value) for key, value in plain_ones.items() if key == "slug")
    yield from ((key, value) for key, value in texts.items() if value)
    yield from ((key, value) for key, value in plain_ones.items() if key != "slug" and key[-3:] not in ("_kk", "_ru", "_en"))
    yield "facts", {name: system[name] for name in law.facts if name in system}
