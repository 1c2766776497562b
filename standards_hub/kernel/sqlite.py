"""SQLite behind its thread: a statement goes there once and comes back with its rows.

The driver's thread is asked four times for a query, for a cursor, to execute, to fetch and to close, and each of these waits for the
other thread to wake up, which takes longer than most queries do.
"""

import contextlib
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_connection, AsyncAdapt_aiosqlite_cursor

BUSY_MS = 30_000
PRAGMAS = ("journal_mode=WAL", f"busy_timeout={BUSY_MS}", "foreign_keys=ON", "synchronous=NORMAL", "cache_size=-64000")


class Closed(Struct):
    """What the driver's cursor said before it was closed."""

    description: Any = None
    rowcount: int = -1
    lastrowid: int | None = None
    arraysize: int = 1

    def close(self) -> None:
        """It is."""


class Cursor(AsyncAdapt_aiosqlite_cursor):
    """SQLAlchemy's view of a cursor that has executed, been fetched from and closed in one visit of the driver's thread."""

    __slots__ = ()
    _awaitable_cursor_close = False

    def _make_new_cursor(self, connection: Any) -> Any:
        return Closed()

    def _aenter_cursor(self, cursor: Any) -> Any:
        return cursor

    async def _execute_async(self, operation: Any, parameters: Any) -> None:
        await self._there(lambda cursor: cursor.execute(operation, parameters or ()))

    async def _executemany_async(self, operation: Any, seq_of_parameters: Any) -> None:
        await self._there(lambda cursor: cursor.executemany(operation, seq_of_parameters))

    async def _there(self, do: Callable[[sqlite3.Cursor], object]) -> None:
        """Do it in the driver's thread, with all that is asked afterwards."""
        driver: Any = self._connection

        def turn() -> tuple[Closed, Sequence[Any]]:
            with contextlib.closing(driver._conn.cursor()) as cursor:
                do(cursor)
                said = Closed(cursor.description, cursor.rowcount, cursor.lastrowid)
                return said, cursor.fetchall() if said.description else ()

        async with self._adapt_connection._execute_mutex:
            said, rows = await driver._execute(turn)
        self._cursor, self._rows = said, deque(rows)


class Connection(AsyncAdapt_aiosqlite_connection):
    __slots__ = ()
    _cursor_cls = Cursor


def prepare(engine: sa.Engine) -> None:
    """Connections that keep the rules of the tables, wait for each other, and begin as readers or as writers."""

    @sa.event.listens_for(engine, "do_connect")
    def _open(dialect: Any, _record: Any, arguments: Any, options: Any) -> Connection:
        return Connection(dialect.loaded_dbapi, dialect.loaded_dbapi.connect(*arguments, **options)._connection)

    @sa.event.listens_for(engine, "connect")
    def _set(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")
