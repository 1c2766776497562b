"""The changes of an event as statements: built once for each shape, and on PostgreSQL one statement for a whole event.

A shape is which columns of which tables are written. Events of a kind have few, so that a statement is built and compiled
once in the life of a process, and only its values differ. On PostgreSQL the parts of a statement (`WITH a AS (UPDATE …), …`)
cost one round trip together; SQLite is in the process, and takes them one by one.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel

from standards_hub.kernel import frequent
from standards_hub.kernel.errors import Conflict
from standards_hub.kernel.events import Change
from standards_hub.kernel.messages import say

MOST_PARTS = 8
INSERTS: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
Shape = tuple[str, str, tuple[str, ...], tuple[str, ...], bool]
"""Kind, table, key columns, other columns, and whether the version before is a condition."""


async def write(connection: AsyncConnection, changes: Iterable[Change]) -> None:
    """Make the changes. Raises `Conflict` when a row is there already, or when one is gone or is of another version than was read."""
    engine = connection.dialect.name
    for batch in _batches(changes, 1 if engine == "sqlite" else MOST_PARTS):
        shapes = tuple(_shape(change) for change in batch)
        values = {name: value for n, change in enumerate(batch) for name, value in _values(n, change)}
        try:
            counts = await _counted(connection, _statement(engine, shapes), values)
        except IntegrityError as error:
            raise Conflict(say("已有相同的记录"), code="exists") from error
        if any(change.kind == "update" and count != 1 for change, count in zip(batch, counts, strict=True)):
            raise Conflict(say("刚才有人改动了它，请重新读取后再试"), code="changed")


async def _counted(connection: AsyncConnection, statement: sa.Executable, values: dict[str, Any]) -> Sequence[int]:
    """How many rows each part of a statement changed."""
    if isinstance(statement, sa.Select):
        return (await frequent.rows(connection, statement, values))[0]
    return [(await connection.execute(statement, values)).rowcount]


def _batches(changes: Iterable[Change], most: int) -> Iterator[list[Change]]:
    """As many at once as may be: the parts of a statement have no order, so what could offend a unique column waits for its turn."""
    batch: list[Change] = []
    for change in changes:
        if len(batch) == most or (_has_unique(change.table) and any(change.table == other.table for other in batch)):
            yield batch
            batch = []
        batch.append(change)
    if batch:
        yield batch


@cache
def _has_unique(name: str) -> bool:
    table = SQLModel.metadata.tables[name]
    return any(isinstance(c, sa.UniqueConstraint) for c in table.constraints) or any(index.unique for index in table.indexes)


def _shape(change: Change) -> Shape:
    return change.kind, change.table, tuple(change.key), tuple(change.values), change.version is not None


def _values(n: int, change: Change) -> Iterator[tuple[str, Any]]:
    for name, value in change.key.items():
        yield f"key_{n}_{name}", value
    for name, value in change.values.items():
        yield f"new_{n}_{name}", value
    if change.version is not None:
        yield f"version_{n}", change.version


@lru_cache(maxsize=512)
def _statement(engine: str, shapes: tuple[Shape, ...]) -> sa.Executable:
    parts = [_part(engine, n, *shape) for n, shape in enumerate(shapes)]
    if engine == "sqlite":
        return parts[0]  # they come one by one
    written = [part.returning(sa.literal_column("1")).cte(f"part_{n}") for n, part in enumerate(parts)]
    return sa.select(*(sa.select(sa.func.count()).select_from(part).scalar_subquery() for part in written))


def _part(
    engine: str, n: int, kind: str, name: str, keys: tuple[str, ...], columns: tuple[str, ...], versioned: bool
) -> sa.Insert | sa.Update | sa.Delete:
    table = SQLModel.metadata.tables[name]
    key = {column: sa.bindparam(f"key_{n}_{column}", type_=table.c[column].type) for column in keys}
    new = {column: sa.bindparam(f"new_{n}_{column}", type_=table.c[column].type) for column in columns}
    if kind == "insert":
        return sa.insert(table).values({**key, **new})
    if kind == "ask":
        insert: sa.Insert = INSERTS[engine](table).values({**key, **new}).on_conflict_do_nothing()
        return insert
    where = [table.c[column] == value for column, value in key.items()]
    if kind == "delete":
        return sa.delete(table).where(*where)
    if versioned:
        where.append(table.c.version == sa.bindparam(f"version_{n}", type_=sa.Integer))
    return sa.update(table).where(*where).values(new)
