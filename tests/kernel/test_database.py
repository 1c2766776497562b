"""Both engines: instants, writers that do not lose updates, and readers that change nothing."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.kernel.database import Database, Utc, sync_url

METADATA = sa.MetaData()
INSTANT = sa.Table("sample_instant", METADATA, sa.Column("id", sa.Integer, primary_key=True), sa.Column("at", Utc))
COUNTER = sa.Table("sample_counter", METADATA, sa.Column("id", sa.Integer, primary_key=True), sa.Column("value", sa.Integer))
PARENT = sa.Table("sample_parent", METADATA, sa.Column("id", sa.Integer, primary_key=True))
CHILD = sa.Table(
    "sample_child", METADATA, sa.Column("id", sa.Integer, primary_key=True), sa.Column("parent", sa.ForeignKey("sample_parent.id"))
)


@pytest.fixture
async def database(database_url: str):  # type: ignore[no-untyped-def]
    made = Database(database_url)
    async with made.write() as connection:
        await connection.run_sync(METADATA.create_all)
        await connection.commit()
    yield made
    await made.close()


async def test_an_instant_comes_back_aware_in_utc_to_the_microsecond(database: Database) -> None:
    shanghai = datetime(2026, 11, 24, 8, 30, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
    async with database.write() as connection:
        await connection.execute(sa.insert(INSTANT), [{"id": 1, "at": shanghai}, {"id": 2, "at": None}])
        await connection.commit()
    async with database.read() as connection:
        found = (await connection.execute(sa.select(INSTANT.c.at).order_by(INSTANT.c.id))).scalars().all()
        earlier = (await connection.execute(sa.select(sa.func.count()).where(INSTANT.c.at < shanghai + timedelta(microseconds=1)))).scalar()
    assert found == [shanghai, None]
    assert found[0].utcoffset() == timedelta(0)
    assert found[0].isoformat() == "2026-11-24T00:30:00.123456+00:00"
    assert earlier == 1


async def test_an_instant_without_zone_is_refused(database: Database) -> None:
    async with database.write() as connection:
        with pytest.raises(StatementError, match="time zone"):
            await connection.execute(sa.insert(INSTANT), {"id": 1, "at": datetime(2026, 11, 24)})


async def test_what_is_not_committed_is_gone(database: Database) -> None:
    async with database.write() as connection:
        await connection.execute(sa.insert(COUNTER), {"id": 1, "value": 0})
    async with database.read() as connection:
        await connection.execute(sa.insert(COUNTER), {"id": 2, "value": 0})
    async with database.read() as connection:
        assert (await connection.execute(sa.select(sa.func.count()).select_from(COUNTER))).scalar() == 0


async def test_writers_at_once_lose_no_update(database: Database) -> None:
    async with database.write() as connection:
        await connection.execute(sa.insert(COUNTER), {"id": 1, "value": 0})
        await connection.commit()

    async def add() -> None:
        async with database.write() as connection:
            query = sa.select(COUNTER.c.value).where(COUNTER.c.id == 1).with_for_update()
            value = (await connection.execute(query)).scalar_one()
            await asyncio.sleep(0)
            await connection.execute(sa.update(COUNTER).values(value=value + 1))
            await connection.commit()

    await asyncio.gather(*(add() for _ in range(30)))
    async with database.read() as connection:
        assert (await connection.execute(sa.select(COUNTER.c.value))).scalar() == 30


async def test_a_connection_that_wrote_reads_again_without_holding_the_writers_lock(database: Database) -> None:
    for _ in range(20):  # every connection of the pool has been a writer once
        async with database.write() as connection:
            await connection.execute(sa.select(COUNTER))
    async with database.read() as reading:
        await reading.execute(sa.select(COUNTER))
        async with asyncio.timeout(5), database.write() as writing:
            await writing.execute(sa.insert(COUNTER), {"id": 1, "value": 0})
            await writing.commit()


async def test_references_are_held_on_both_engines(database: Database) -> None:
    async with database.write() as connection:
        with pytest.raises(sa.exc.IntegrityError):
            await connection.execute(sa.insert(CHILD), {"id": 1, "parent": 99})


async def _pid(connection: AsyncConnection) -> int:
    return int((await connection.execute(sa.text("SELECT pg_backend_pid()"))).scalar_one())


@pytest.fixture
async def glancing(postgres_url: str) -> AsyncIterator[Database]:
    made = Database(postgres_url, pool_size=2)
    yield made
    await made.close()


async def test_a_connection_for_glances_stays_open_for_the_next(glancing: Database) -> None:
    async with glancing.glance() as first, glancing.glance() as second:
        pids = [await _pid(first), await _pid(second)]
    async with glancing.glance() as again:
        assert again is first and await _pid(again) == pids[0] != pids[1]


async def test_a_glance_sees_what_was_committed_since(glancing: Database) -> None:
    for n in range(3):
        async with glancing.write() as writing:
            await writing.run_sync(COUNTER.create, checkfirst=True)
            await writing.execute(sa.insert(COUNTER), {"id": n, "value": n})
            await writing.commit()
        async with glancing.glance() as reading:
            assert (await reading.execute(sa.select(sa.func.max(COUNTER.c.id)))).scalar() == n


async def test_what_goes_wrong_in_a_glance_closes_its_connection_and_the_next_is_whole(glancing: Database) -> None:
    for wrong in (sa.text("SELECT 1 / 0"), sa.text("SELECT pg_terminate_backend(pg_backend_pid())")):
        with pytest.raises(DBAPIError):
            async with glancing.glance() as broken:
                await broken.execute(wrong)
        assert broken.closed
        async with glancing.glance() as whole:
            assert whole is not broken and await _pid(whole)


async def test_when_the_server_went_away_only_whoever_asks_first_is_told(glancing: Database) -> None:
    async with glancing.glance() as first, glancing.glance() as second:
        pids = [await _pid(first), await _pid(second)]
    async with glancing.write() as other:
        await other.execute(sa.text("SELECT pg_terminate_backend(pid) FROM unnest(CAST(:pids AS int[])) AS pid"), {"pids": pids})
    with pytest.raises(DBAPIError):
        async with glancing.glance() as lost:
            await _pid(lost)
    for _ in range(3):
        async with glancing.glance() as one, glancing.glance() as two:
            assert not {await _pid(one), await _pid(two)} & set(pids)


async def test_a_lost_connection_is_not_kept_though_its_error_was_caught(glancing: Database) -> None:
    async with glancing.glance() as lost:
        with contextlib.suppress(DBAPIError):
            await lost.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))
    async with glancing.glance() as whole:
        assert whole is not lost and await _pid(whole)


async def test_a_cancelled_glance_gives_its_place_back(glancing: Database) -> None:
    async def long() -> None:
        async with glancing.glance() as connection:
            await connection.execute(sa.text("SELECT pg_sleep(60)"))

    for _ in range(3):
        task = asyncio.create_task(long())
        await asyncio.sleep(0.2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    async with glancing.glance() as one, glancing.glance() as two:
        assert await _pid(one) != await _pid(two)


async def test_more_glances_than_connections_wait_and_not_for_ever(glancing: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("standards_hub.kernel.database.WAIT_SECONDS", 0.2)

    async def short() -> int:
        async with glancing.glance() as connection:
            return await _pid(connection)

    assert len(set(await asyncio.gather(*(short() for _ in range(10))))) <= 2
    async with glancing.glance(), glancing.glance():
        with pytest.raises(sa.exc.TimeoutError, match="came free"):
            await short()
    assert await short()


def test_migrations_use_the_synchronous_driver() -> None:
    assert str(sync_url("sqlite+aiosqlite:////data/hub.sqlite")) == "sqlite:////data/hub.sqlite"
    assert str(sync_url("postgresql+psycopg://hub@db/hub")) == "postgresql+psycopg://hub@db/hub"


def test_utc_keeps_nothing() -> None:
    assert Utc().process_bind_param(None, sa.dialects.sqlite.dialect()) is None
    assert Utc().process_result_value(datetime(2026, 1, 1), sa.dialects.sqlite.dialect()) == datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.holds_a_glance
async def test_many_who_write_while_they_read_do_not_wait_for_one_another(database_url: str) -> None:
    made = Database(database_url, pool_size=2)

    async def read_then_write() -> None:
        async with made.glance() as reading:
            await reading.execute(sa.text("SELECT 1"))
            await asyncio.sleep(0.02)  # so that all of them read before one writes
            async with made.write() as writing:
                await writing.execute(sa.text("SELECT 1"))

    async with asyncio.timeout(10):
        await asyncio.gather(*(read_then_write() for _ in range(20)))
    await made.close()


async def test_whoever_writes_while_holding_a_glance_is_found_by_the_tests(database: Database) -> None:
    async with database.glance():
        with pytest.raises(AssertionError, match="one to read with is held"):
            async with database.write():
                pass
    async with database.write() as writing:
        await writing.execute(sa.text("SELECT 1"))
