"""Very many rows at once: what `bulk_create` and `bulk_update` do, without an object or an expression for each row."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.db import connections, models, router

PLAIN = (models.CharField, models.TextField, models.BooleanField, models.PositiveIntegerField)
"""Fields whose values the database takes as they are."""

Ready = Callable[[Any], Any]


def insert(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows that give the columns `names`, among them the key; the others get their fixed defaults. In the caller's transaction."""
    connection = connections[router.db_for_write(model)]
    given: list[Any] = [model._meta.get_field(name) for name in names]
    rest = [field for field in model._meta.concrete_fields if not field.generated and field not in given]
    fixed = [_ready(field, connection, always=True)(field.get_default()) for field in rest]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in (*given, *rest))
    marks = ", ".join(["%s"] * (len(given) + len(rest)))
    _many(connection, f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})", _values(connection, given, rows, fixed))


def update(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Set the columns `names` of rows that give them, and their key last. In the caller's transaction."""
    connection = connections[router.db_for_write(model)]
    given: list[Any] = [*(model._meta.get_field(name) for name in names), model._meta.pk]
    quote = connection.ops.quote_name
    *sets, key = (f"{quote(str(field.column))} = %s" for field in given)
    _many(connection, f"UPDATE {quote(model._meta.db_table)} SET {', '.join(sets)} WHERE {key}", _values(connection, given, rows, []))


def _many(connection: Any, sql: str, values: list[list[Any]]) -> None:
    if values:
        with connection.cursor() as cursor:
            cursor.executemany(sql, values)


def _values(connection: Any, fields: Sequence[Any], rows: Iterable[Sequence[Any]], fixed: list[Any]) -> list[list[Any]]:
    steps = [(at, ready) for at, field in enumerate(fields) if (ready := _ready(field, connection))]
    values = []
    for row in rows:
        cells = [*row, *fixed]
        for at, ready in steps:
            if cells[at] is not None:
                cells[at] = ready(cells[at])
        values.append(cells)
    return values


def _ready(field: Any, connection: Any, always: bool = False) -> Any:
    """What makes a value of the field ready for the database; None where it is as it stands."""
    target = field.target_field if field.is_relation else field
    if isinstance(target, PLAIN):
        return (lambda value: value) if always else None
    if isinstance(target, models.UUIDField) and not connection.features.has_native_uuid_field:
        return lambda value: None if value is None else value.hex

    def prepared(value: Any) -> Any:
        return target.get_db_prep_save(value, connection)

    once = lru_cache(1024, typed=True)(prepared)  # a column says few things very often
    return lambda value: prepared(value) if isinstance(value, list | dict | bytes) else once(value)
