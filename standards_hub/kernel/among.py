"""`column IN (…)` with one parameter for all values, however many: an array on PostgreSQL, a JSON list on SQLite.

With a parameter a value, SQLAlchemy would write a new statement for each number of values, which for a thousand costs more than the query.
The array goes out as text, since the driver looks through every list anew for what kind of values it holds.
"""

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import TypeDecorator, TypeEngine


class _Many(TypeDecorator[Iterable[Any]]):
    """Values of one type as one parameter."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, one: TypeEngine[Any]) -> None:
        super().__init__()
        self.one = one

    def process_bind_param(self, value: Iterable[Any] | None, dialect: sa.Dialect) -> Any:
        values = list(value or ())
        if dialect.name == "postgresql":
            return "{" + ",".join(str(value) if isinstance(value, UUID) else _quoted(str(value)) for value in values) + "}"
        stored = self.one.dialect_impl(dialect).bind_processor(dialect)
        return json.dumps([stored(each) for each in values] if stored else values)


class _Among(sa.ColumnElement[bool]):
    inherit_cache = True
    type = sa.Boolean()
    _traverse_internals = [("column", InternalTraversal.dp_clauseelement), ("values", InternalTraversal.dp_clauseelement)]

    def __init__(self, column: sa.ColumnElement[Any], values: sa.BindParameter[Any]) -> None:
        self.column = column
        self.values = values


@compiles(_Among)
def _in_list(element: _Among, compiler: Any, **options: Any) -> str:
    return f"{compiler.process(element.column, **options)} IN (SELECT value FROM json_each({compiler.process(element.values, **options)}))"


@compiles(_Among, "postgresql")
def _in_array(element: _Among, compiler: Any, **options: Any) -> str:
    values = compiler.process(sa.cast(element.values, postgresql.ARRAY(element.column.type)), **options)
    return f"{compiler.process(element.column, **options)} = ANY ({values})"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def among(column: sa.ColumnElement[Any], name: str) -> sa.ColumnElement[bool]:
    """Whether a column is one of the values given as the parameter of this name."""
    return _Among(column, sa.bindparam(name, type_=_Many(column.type)))
