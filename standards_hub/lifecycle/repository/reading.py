"""What the queries about standards share: the table, and rows as values, by row or as JSON."""

from collections.abc import Collection, Iterable
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlmodel import SQLModel

from standards_hub.kernel.events import table_of
from standards_hub.lifecycle.models import StandardRow

T = TypeVar("T")
STANDARD = table_of(StandardRow)


def build(kind: type[T], rows: Iterable[Any]) -> list[T]:
    """Rows of a table as values of a Struct with the same names."""
    return [kind(**row._mapping) for row in rows]


def decoded(text: str | None, kind: type[T]) -> T:
    """What a query gave as JSON."""
    return msgspec.json.decode(text or "[]", type=kind, strict=False)  # SQLite gives truth as 0 and 1


def _object(engine: str, table: sa.Table, names: Collection[str]) -> sa.Function[Any]:
    """These columns of a row as one JSON object, which costs less to fetch than forty columns do."""
    if engine == "postgresql" and set(names) == set(table.c.keys()):
        return sa.func.row_to_json(sa.literal_column(f"{table.name}.*"))
    pairs: list[Any] = []
    for name in names:
        column = table.c[name]
        plain = engine == "sqlite" and isinstance(column.type, sa.JSON)  # kept there as text
        pairs += [sa.literal_column(f"'{name}'"), sa.func.json(column) if plain else column]
    return sa.func.json_object(*pairs) if engine == "sqlite" else sa.func.json_build_object(*pairs)


def facts(engine: str) -> sa.ColumnElement[str]:
    """A row of the table of standards as one JSON object."""
    return sa.cast(_object(engine, STANDARD, STANDARD.c.keys()), sa.Text)


def gathered(engine: str, model: type[SQLModel], kind: type[Struct], column: str = "standard_id") -> sa.ScalarSelect[Any]:
    """The rows of a table that hang on one standard, as a list in JSON with the fields of a Struct."""
    gather = sa.func.json_group_array if engine == "sqlite" else sa.func.json_agg
    table = table_of(model)
    made = gather(_object(engine, table, kind.__struct_fields__))
    return sa.select(sa.cast(made, sa.Text)).where(table.c[column] == sa.bindparam("id")).scalar_subquery()
