"""SQLite behind its thread: every statement goes there once, and says all that it would say otherwise."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.kernel.database import Database

METADATA = sa.MetaData()
WORD = sa.Table(
    "sample_word", METADATA, sa.Column("id", sa.Integer, primary_key=True), sa.Column("text", sa.String, unique=True, nullable=False)
)


@pytest.fixture
async def connection(tmp_path: Path) -> AsyncIterator[AsyncConnection]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'hub.sqlite'}")
    async with database.write() as opened:
        await opened.run_sync(METADATA.create_all)
        await opened.execute(sa.insert(WORD), [{"id": 1, "text": "氢能"}, {"id": 2, "text": "量子"}])
        yield opened
    await database.close()


async def visits(connection: AsyncConnection, statement: Any, values: Any = None) -> tuple[sa.CursorResult[Any], int]:
    """The result of a statement, and how often the driver's thread was asked for something."""
    driver: Any = (await connection.get_raw_connection()).driver_connection
    asked, put = [], driver._execute

    async def counted(function: Any, *arguments: Any) -> Any:
        asked.append(function)
        return await put(function, *arguments)

    driver._execute = counted
    try:
        return await connection.execute(statement, values), len(asked)
    finally:
        del driver._execute


@pytest.mark.parametrize(
    ("statement", "values", "rows", "touched"),
    [
        (sa.select(WORD.c.text).order_by(WORD.c.id), None, [("氢能",), ("量子",)], -1),
        (sa.select(WORD.c.text).where(WORD.c.id == 9), None, [], -1),
        (sa.update(WORD).values(text=WORD.c.text + "！"), None, None, 2),
        (sa.insert(WORD).returning(WORD.c.id), {"text": "芯片"}, [(3,)], None),
        (sa.insert(WORD), [{"id": n, "text": str(n)} for n in range(10, 15)], None, 5),
        (sa.delete(WORD).where(WORD.c.id == 9), None, None, 0),
    ],
)
async def test_a_statement_takes_one_visit(
    connection: AsyncConnection, statement: Any, values: Any, rows: Any, touched: int | None
) -> None:
    result, asked = await visits(connection, statement, values)
    assert asked == 1
    assert (result.returns_rows, touched is None or result.rowcount == touched) == (rows is not None, True)
    if rows is not None:
        assert result.all() == rows


async def test_what_the_database_refuses_is_raised_and_the_next_statement_works(connection: AsyncConnection) -> None:
    with pytest.raises(IntegrityError, match="UNIQUE"):
        await connection.execute(sa.insert(WORD), [{"id": 3, "text": "氢能"}])
    with pytest.raises(OperationalError, match="no such table"):
        await connection.execute(sa.text("SELECT * FROM nowhere"))
    result, _ = await visits(connection, sa.insert(WORD), {"text": "芯片"})
    assert (result.inserted_primary_key, (await connection.execute(sa.select(sa.func.count()).select_from(WORD))).scalar()) == ((3,), 3)


async def test_a_stream_is_not_held_as_a_whole(connection: AsyncConnection) -> None:
    await connection.execute(sa.insert(WORD), [{"id": n, "text": str(n)} for n in range(10, 3000)])
    async with connection.stream(sa.select(WORD.c.id).order_by(WORD.c.id)) as result:
        assert [row.id async for row in result][-1] == 2999
    assert (await connection.execute(sa.select(WORD.c.id).order_by(WORD.c.id))).fetchmany(2) == [(1,), (2,)]
