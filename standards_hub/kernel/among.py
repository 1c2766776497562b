"""`column IN (…)` with one parameter for all values, however many: an array on PostgreSQL, a JSON list on SQLite.

With a parameter a value, SQLAlchemy would write a new statement for each number of values, which for a thousand costs more than the query.
"""

import json
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class _Many(TypeDecorator[Iterable[Any]]):
    """Values of one type as one parameter."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, one: TypeEngine[Any]) -> None:
        super().__init__()
        self.one = one

    def load_dialect_impl(self, dialect: sa.Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(postgresql.ARRAY(self.one) if dialect.name == "postgresql" else sa.Text())

    def process_bind_param(self, value: Iterable[Any] | None, dialect: sa.Dialect) -> Any:
        values = list(value or ())
        if dialect.name == "postgresql":
            return values
        stored = self.one.dialect_impl(dialect).bind_processor(dialect)
        return json.dumps([stored(each) for each in values] if stored else values)


class _Among(FunctionElement[bool]):
    inherit_cache = True
    name = "among"
    type = sa.Boolean()


@compiles(_Among)
def _in_list(element: _Among, compiler: Any, **options: Any) -> str:
    column, values = element.clauses
    return f"{compiler.process(column, **options)} IN (SELECT value FROM json_each({compiler.process(values, **options)}))"


@compiles(_Among, "postgresql")
def _in_array(element: _Among, compiler: Any, **options: Any) -> str:
    column, values = element.clauses
    return f"{compiler.process(column, **options)} = ANY ({compiler.process(values, **options)})"


def among(column: sa.ColumnElement[Any], name: str) -> sa.ColumnElement[bool]:
    """Whether a column is one of the values given as the parameter of this name."""
    return _Among(column, sa.bindparam(name, type_=_Many(column.type)))
