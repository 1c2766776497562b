"""Jobs: once, in spite of killed workers and many clocks."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from standards_hub.kernel import jobs
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.clock import Clock
from standards_hub.kernel.errors import Conflict, NotFound
from standards_hub.kernel.jobs import queue, schedules
from standards_hub.kernel.jobs.registry import BEFORE, HANDLERS, SCHEDULES, Schedule
from standards_hub.kernel.work import Hub, Work

ROOT = Path(__file__).parents[2]


class Done(SQLModel, table=True):
    """What the test's jobs write."""

    __tablename__ = "done_by_test"
    id: int = Field(primary_key=True)
    what: str


DONE = SQLModel.metadata.tables["done_by_test"]


@pytest.fixture(autouse=True)
def only_our_jobs() -> Iterator[None]:
    """The registries as this test fills them."""
    handlers, scheduled = dict(HANDLERS), dict(SCHEDULES)
    HANDLERS.clear()
    SCHEDULES.clear()

    @jobs.job("note")
    async def note(work: Work, what: str) -> None:
        await work.connection.execute(sa.insert(DONE).values(what=what))

    @jobs.job("break")
    async def broken(work: Work, what: str) -> None:
        await work.connection.execute(sa.insert(DONE).values(what=what))
        raise RuntimeError("机器坏了")

    yield
    HANDLERS.clear()
    HANDLERS.update(handlers)
    SCHEDULES.clear()
    SCHEDULES.update(scheduled)


async def ask(hub: Hub, name: str = "note", key: str | None = None, due_at: datetime | None = None, **arguments: Any) -> None:
    async with hub.work(SYSTEM) as work:
        await work.enqueue(name, arguments or {"what": "x"}, key=key, due_at=due_at)
        await work.commit()


async def written(hub: Hub) -> list[str]:
    async with hub.database.read() as connection:
        return list((await connection.execute(sa.select(DONE.c.what).order_by(DONE.c.id))).scalars())


async def the_job(hub: Hub) -> queue.JobState:
    async with hub.database.read() as connection:
        (found,) = await jobs.jobs(connection)
        return found


async def test_what_comes_before_a_job_keeps_no_writer_waiting_and_is_given_to_it(hub: Hub) -> None:
    async def compute(hub: Hub, what: str) -> str:
        await ask(hub, "note", what="asked meanwhile")  # another writer, who would wait for ever within the job's transaction
        return what.upper()

    @jobs.job("long", before=compute)
    async def long(work: Work, what: str, prepared: str) -> None:
        await work.connection.execute(sa.insert(DONE).values(what=f"{what} {prepared}"))

    try:
        await ask(hub, "long", what="x")
        assert await jobs.drain(hub) == jobs.Drained(done=2)
    finally:
        del BEFORE["long"]
    assert await written(hub) == ["x X", "asked meanwhile"]


async def test_a_job_is_done_once_and_only_after_the_commit(hub: Hub) -> None:
    async with hub.work(SYSTEM) as work:
        await work.enqueue("note", {"what": "never"})
    assert (await jobs.drain(hub)).done == 0
    await ask(hub, what="甲")
    assert (await jobs.drain(hub)).done == 1
    assert (await jobs.drain(hub)).done == 0
    assert await written(hub) == ["甲"]
    assert (await the_job(hub)).state == "done"


async def test_a_key_makes_it_once(hub: Hub) -> None:
    for what in ("first", "second"):
        await ask(hub, key="expire:1", what=what)
    await jobs.drain(hub)
    await ask(hub, key="expire:1", what="third")
    await jobs.drain(hub)
    assert await written(hub) == ["first"]


async def test_a_job_waits_until_it_is_due(hub: Hub) -> None:
    await ask(hub, due_at=hub.clock.now() + timedelta(hours=1))
    assert (await jobs.drain(hub)).done == 0
    later = Hub(hub.database, hub.files, Clock(date.today() + timedelta(days=2)))
    assert (await jobs.drain(later)).done == 1


async def test_a_failing_job_leaves_nothing_waits_longer_each_time_and_is_kept_with_its_error(hub: Hub) -> None:
    await ask(hub, "break", what="x")
    pauses = []
    for attempt in range(1, queue.MOST_ATTEMPTS + 1):
        drained = await jobs.drain(hub)
        assert (drained.done, len(drained.errors)) == (0, 1)
        row = await the_job(hub)
        assert row.attempts == attempt
        pauses.append(round((row.due_at - hub.clock.now()).total_seconds() / 30))
        async with hub.database.write() as connection:
            await connection.execute(sa.update(queue.TABLE).values(due_at=hub.clock.now()))
            await connection.commit()
    assert pauses[:4] == [1, 4, 16, 64]
    assert row.state == "failed"
    assert row.error and "RuntimeError: 机器坏了" in row.error
    assert (await jobs.drain(hub)).errors == []
    assert await written(hub) == []


async def test_a_failed_job_can_be_retried_and_nothing_else_can(hub: Hub) -> None:
    await ask(hub, "break", what="x")
    id = (await the_job(hub)).id
    async with hub.database.write() as connection:
        with pytest.raises(Conflict):
            await jobs.retry(connection, id, hub.clock.now())
        with pytest.raises(NotFound):
            await jobs.retry(connection, type(id)(int=1), hub.clock.now())
        await connection.execute(sa.update(queue.TABLE).values(state="failed", attempts=5, finished_at=hub.clock.now()))
        await jobs.retry(connection, id, hub.clock.now())
        await connection.commit()
    HANDLERS["break"] = HANDLERS["note"]
    assert (await jobs.drain(hub)).done == 1
    assert (await the_job(hub)).state == "done"


async def test_a_job_of_a_newer_release_is_left_for_those_who_know_it(hub: Hub) -> None:
    await ask(hub, "not.known.here")
    assert (await jobs.drain(hub)).done == 0
    assert (await the_job(hub)).state == "waiting"


async def test_who_lost_the_lease_cannot_finish(hub: Hub) -> None:
    await ask(hub)
    async with hub.database.write() as connection:
        slow = await queue.claim(connection, "slow", {"note"}, hub.clock.now(), timedelta(seconds=-1))
        await connection.commit()
    assert slow
    async with hub.database.write() as connection:
        second = await queue.claim(connection, "second", {"note"}, hub.clock.now())
        await connection.commit()
    assert second and (second.id, second.attempt) == (slow.id, 2)
    async with hub.database.write() as connection:
        assert not await queue.renew(connection, slow)
        assert await queue.fail(connection, slow, RuntimeError(), hub.clock.now()) is None
        with pytest.raises(Conflict):
            await queue.finish(connection, slow, hub.clock.now())
        await queue.finish(connection, second, hub.clock.now())
        await connection.commit()
    assert (await the_job(hub)).state == "done"


async def test_a_job_that_kills_its_workers_is_given_up(hub: Hub) -> None:
    await ask(hub)
    for _ in range(queue.MOST_ATTEMPTS):
        async with hub.database.write() as connection:
            assert await queue.claim(connection, "dies", {"note"}, hub.clock.now(), timedelta(seconds=-1))
            await connection.commit()
    assert (await jobs.drain(hub)).done == 0
    row = await the_job(hub)
    assert row.state == "failed" and row.error and "5 times" in row.error


async def test_a_lease_is_renewed_while_the_handler_is_busy(hub: Hub) -> None:
    @jobs.job("slow")
    async def slow(work: Work, what: str) -> None:
        await asyncio.sleep(1.5)
        await work.connection.execute(sa.insert(DONE).values(what="slow"))

    await ask(hub, "slow", key="slow")
    lease = timedelta(seconds=0.6)
    first = asyncio.create_task(jobs.drain(hub, lease=lease))
    await asyncio.sleep(1.0)
    second = await jobs.drain(hub, lease=lease)
    assert (second.done, (await first).done) == (0, 1)
    assert await written(hub) == ["slow"]


async def test_many_workers_share_the_jobs_without_doing_one_twice(hub: Hub) -> None:
    for n in range(20):
        await ask(hub, what=str(n))
    results = await asyncio.gather(*(jobs.drain(hub) for _ in range(4)))
    assert sum(r.done for r in results) == 20
    assert sorted(await written(hub), key=int) == [str(n) for n in range(20)]


# Schedules


def at(text: str) -> datetime:
    return datetime.fromisoformat(text + "+08:00")


@pytest.mark.parametrize(
    ("cron", "now", "slot"),
    [
        ("5 0 * * *", "2026-10-31T00:04:59", "2026-10-30T00:05"),
        ("5 0 * * *", "2026-10-31T00:05:00", "2026-10-31T00:05"),
        ("5 0 * * *", "2026-10-31T23:59:59", "2026-10-31T00:05"),
        ("*/10 * * * *", "2026-10-31T12:39:00", "2026-10-31T12:30"),
        ("0 8 1 1 *", "2026-10-31T12:39:00", "2026-01-01T08:00"),
    ],
)
def test_the_newest_slot_is_by_the_clock_of_shanghai(cron: str, now: str, slot: str) -> None:
    jobs.every("note", cron=cron)(HANDLERS["note"])
    assert schedules.newest_slot(SCHEDULES["note"], at(now).astimezone(UTC)) == at(slot)


def test_only_a_job_can_be_scheduled() -> None:
    with pytest.raises(TypeError, match="no job nothing"):
        jobs.every("nothing", cron="* * * * *")(HANDLERS["note"])


def test_two_handlers_cannot_share_a_name() -> None:
    async def other(work: Work) -> None: ...

    with pytest.raises(TypeError, match="two handlers"):
        jobs.job("note")(other)


async def test_after_days_of_silence_only_the_newest_slot_is_made_up(hub: Hub) -> None:
    @jobs.every("daily", cron="5 0 * * *")
    @jobs.job("daily")
    async def daily(work: Work) -> None:
        await work.connection.execute(sa.insert(DONE).values(what=str(work.today)))

    for day in (date(2026, 10, 1), date(2026, 10, 20)):
        there = Hub(hub.database, hub.files, Noon(day))
        known: set[str] = set()
        assert [await jobs.tick(there, known), await jobs.tick(there, known), await jobs.tick(there)] == [1, 0, 0]
        await jobs.drain(there)
    assert await written(hub) == ["2026-10-01", "2026-10-20"]


class Noon(Clock, frozen=True):
    """Twelve o'clock of a day."""

    def now(self) -> datetime:
        return datetime.combine(self.today(), datetime.min.time(), UTC).replace(hour=4)


async def test_the_runner_ticks_and_stops(hub: Hub) -> None:
    SCHEDULES["note"] = Schedule("note", schedules_trigger())
    HANDLERS["note"] = slot_note
    runner = jobs.Runner(hub)
    await runner.start()
    await ask(hub, "break", what="x")
    for _ in range(60):
        await asyncio.sleep(0.1)
        async with hub.database.read() as connection:
            counts = await jobs.counts(connection)
            attempts = [job.attempts for job in await jobs.jobs(connection) if job.name == "break"]
        if counts["done"] == 1 and attempts == [1]:
            break
    await runner.stop()
    assert await written(hub) == ["slot"]
    assert attempts == [1]


def schedules_trigger() -> Any:
    jobs.every("note", cron="* * * * *")(HANDLERS["note"])
    return SCHEDULES["note"].trigger


async def slot_note(work: Work) -> None:
    await work.connection.execute(sa.insert(DONE).values(what="slot"))


# Real processes

PRELUDE = """
import asyncio, sys, time
import sqlalchemy as sa
from datetime import timedelta
from pathlib import Path
from standards_hub.kernel import jobs
from standards_hub.kernel.clock import Clock
from standards_hub.kernel.database import Database
from standards_hub.kernel.files import FileStore
from standards_hub.kernel.work import Hub
hub = Hub(Database(sys.argv[1]), FileStore(Path(sys.argv[2])), Clock())
async def write(work, what):
    await work.connection.execute(sa.text("INSERT INTO done_by_test (what) VALUES (:what)"), {"what": what})
"""
DIES = (
    PRELUDE
    + """
@jobs.job("note")
async def note(work, what):
    await write(work, "half")
    print("half way", flush=True)
    time.sleep(60)
asyncio.run(jobs.drain(hub, lease=timedelta(seconds=1)))
"""
)
TICKS = (
    PRELUDE
    + """
@jobs.every("slot", cron="* * * * *")
@jobs.job("slot")
async def slot(work):
    await write(work, "slot")
async def ticking():
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(5):
        await jobs.tick(hub)
        await jobs.drain(hub)
    await hub.database.close()
asyncio.run(ticking())
"""
)


def start(code: str, url: str, folder: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code, url, str(folder)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)


async def test_the_job_of_a_killed_worker_is_taken_up_again(hub: Hub, database_url: str, tmp_path: Path) -> None:
    await ask(hub, what="whole")
    with start(DIES, database_url, tmp_path) as process:
        assert process.stdout and await asyncio.to_thread(process.stdout.readline) == "half way\n"
        process.send_signal(signal.SIGKILL)
        process.wait()
    deadline = time.monotonic() + 10
    while not (await jobs.drain(hub)).done:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.1)
    assert await written(hub) == ["whole"]
    assert (await the_job(hub)).attempts == 2


async def test_a_slot_comes_once_however_many_processes_tick(hub: Hub, database_url: str, tmp_path: Path) -> None:
    processes = [start(TICKS, database_url, tmp_path) for _ in range(4)]
    for process in processes:
        assert process.stdout and await asyncio.to_thread(process.stdout.readline) == "ready\n"
    minutes = {datetime.now(UTC).minute}
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        assert await asyncio.to_thread(process.wait) == 0
        for pipe in (process.stdin, process.stdout):
            assert pipe
            pipe.close()
    minutes.add(datetime.now(UTC).minute)
    assert 1 <= len(await written(hub)) <= len(minutes)
