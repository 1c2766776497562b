"""The database on SQLite or PostgreSQL: connections, column types and migrations.

Readers and writers are told apart, because SQLite wants its writers announced: a writer begins with BEGIN IMMEDIATE,
or concurrent updates are lost. Queries are SQLAlchemy Core on the tables that SQLModel declares; rows become Structs.
"""

import asyncio
import contextlib
import fcntl
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.types import TypeDecorator

from standards_hub.kernel import sqlite

MIGRATIONS = Path(__file__).parents[2] / "migrations"
UPGRADE_LOCK = 0x5348_0001
WAIT_SECONDS = 30


class Utc(TypeDecorator[datetime]):
    """An instant, aware and in UTC on both engines; SQLite by itself would give back naive ones."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class _Kept:
    """Connections that stay open between their uses: opening and closing one cost SQLAlchemy as much as a query."""

    def __init__(self, engine: AsyncEngine, most: int) -> None:
        self.engine = engine
        self.waiting: asyncio.LifoQueue[AsyncConnection | None] = asyncio.LifoQueue()
        """Those that nobody uses; none stands for one that is yet to be opened."""
        for _ in range(most):
            self.waiting.put_nowait(None)

    @contextlib.asynccontextmanager
    async def one(self) -> AsyncIterator[AsyncConnection]:
        """The one that was used last; whatever goes wrong on it closes it."""
        try:
            kept = self.waiting.get_nowait()
        except asyncio.QueueEmpty:
            kept = await self._next()
        well = False
        try:
            kept = kept or await self.engine.connect()
            yield kept
            well = not kept.invalidated
        finally:
            try:
                if kept and not well:
                    await asyncio.shield(self._give_up(kept))
            finally:
                self.waiting.put_nowait(kept if well else None)

    async def _next(self) -> AsyncConnection | None:
        try:
            return await asyncio.wait_for(self.waiting.get(), WAIT_SECONDS)
        except TimeoutError:
            raise sa.exc.TimeoutError(f"no connection came free within {WAIT_SECONDS} s") from None

    async def _give_up(self, broken: AsyncConnection) -> None:
        lost = broken.invalidated  # so are the others, if the server went away
        await broken.close()
        if lost:
            await self._close_waiting()

    async def _close_waiting(self) -> None:
        open_ones = [self.waiting.get_nowait() for _ in range(self.waiting.qsize())]
        for one in open_ones:
            self.waiting.put_nowait(None)
            if one:
                await one.close()

    async def close(self) -> None:
        await self._close_waiting()


class Database:
    """Pools of connections to one database. `read()` and `write()` give a connection in a transaction.

    Glances have a pool of their own: a request that looked something up may hold its connection while it waits for one to write with,
    and as many requests as there are connections would wait for each other. Who writes holds no glance: the tests refuse it.
    """

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        self.url = make_url(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        options: dict[str, Any] = {"pool_size": pool_size, "max_overflow": 4, "pool_use_lifo": True}
        options["hide_parameters"] = True  # errors go into logs
        if not self.sqlite:  # a connection rolls back what it did not commit when it is closed; a second time would cost as much as a query
            options["pool_reset_on_return"] = None
        self.engine: AsyncEngine = create_async_engine(self.url, **options)
        self._writers = self.engine.execution_options(writes=True)
        self._kept: _Kept | None = None
        if not self.sqlite:  # setting AUTOCOMMIT and taking it back would cost as much as a query each time
            options |= {"isolation_level": "AUTOCOMMIT", "skip_autocommit_rollback": True}
        self.glances: AsyncEngine = create_async_engine(self.url, **options)
        if self.sqlite:
            for engine in (self.engine, self.glances):
                sqlite.prepare(engine.sync_engine)
        else:
            self._kept = _Kept(self.glances, pool_size)

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection for reading, in a transaction; what it changes is rolled back."""
        async with self.engine.connect() as connection:
            yield connection

    @contextlib.asynccontextmanager
    async def glance(self) -> AsyncIterator[AsyncConnection]:
        """A connection for a few short queries: on PostgreSQL without the round trips of BEGIN and ROLLBACK, so without cursors."""
        async with self._kept.one() if self._kept else self.glances.connect() as connection:
            yield connection

    @contextlib.asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A connection for writing; the caller commits, everything else is rolled back."""
        async with self._writers.connect() as connection:
            yield connection

    async def close(self) -> None:
        if self._kept:
            await self._kept.close()
        await self.glances.dispose()
        await self.engine.dispose()


def driver_of(connection: AsyncConnection) -> Any:
    """The driver's own connection, in a transaction of which SQLAlchemy knows, so that what is not committed is rolled back."""
    own = connection.sync_connection
    if own is None:
        raise RuntimeError("the connection is not open")
    if not own.in_transaction():
        own.begin()  # sends nothing
    return own.connection.driver_connection


def sync_url(url: str) -> URL:
    """The same database for a synchronous driver, which migrations use."""
    parsed = make_url(url)
    return parsed.set(drivername="sqlite") if parsed.get_backend_name() == "sqlite" else parsed


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


@contextlib.contextmanager
def _alone(url: str) -> Iterator[sa.Connection]:
    """A connection that migrates alone: an advisory lock on PostgreSQL, a lock file beside an SQLite file."""
    parsed = sync_url(url)
    engine = sa.create_engine(parsed, poolclass=sa.NullPool)
    with contextlib.ExitStack() as stack:
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            lock = stack.enter_context(open(f"{parsed.database}.lock", "w", encoding="ascii"))
            fcntl.flock(lock, fcntl.LOCK_EX)
        connection = stack.enter_context(engine.connect())
        if parsed.get_backend_name() == "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_lock(:key)"), {"key": UPGRADE_LOCK})
            connection.commit()
        try:
            yield connection
        finally:
            connection.rollback()
            if parsed.get_backend_name() == "postgresql":
                connection.execute(sa.text("SELECT pg_advisory_unlock(:key)"), {"key": UPGRADE_LOCK})
                connection.commit()
    engine.dispose()


def upgrade(url: str, revision: str = "head") -> None:
    """Bring a database, new or old, to a revision; waits while another process does the same."""
    with _alone(url) as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def downgrade(url: str, revision: str) -> None:
    with _alone(url) as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def revise(url: str, message: str) -> Path:
    """Write the migration that brings a database at the newest revision to the tables of today; to be read before it is kept."""
    with _alone(url) as connection:
        config = _config()
        config.attributes["connection"] = connection
        config.set_main_option("file_template", "%%(rev)s")
        script = command.revision(config, message, autogenerate=True, rev_id=f"{datetime.now(UTC):%Y%m%d}_{message.replace(' ', '_')}")
    return Path(script.path)  # type: ignore[union-attr]


def differences(url: str, metadata: sa.MetaData) -> list[str]:
    """Where the tables of a migrated database and the declared ones disagree; nothing if they are in step."""
    with _alone(url) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False, "include_object": ours})
        return [str(difference) for difference in compare_metadata(context, metadata)]


def ours(item: Any, name: str | None, kind: str, _reflected: bool, _compare_to: Any) -> bool:
    """Leaves out what the search index makes by itself: FTS5's shadow tables."""
    return not (kind == "table" and name is not None and name.startswith("search_text"))
