"""The queue in the table: asking, claiming with a lease, finishing, failing. The same statements on both engines.

On PostgreSQL claimers step past each other's rows (SKIP LOCKED); on SQLite a writer's transaction is alone anyway.
Whoever finishes must still hold the lease it began under, so a worker thought dead cannot finish a second time.
"""

import traceback
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import sqlalchemy as sa
from msgspec import Struct, structs
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel

from standards_hub.kernel.among import among
from standards_hub.kernel.errors import Conflict, HubError, NotFound
from standards_hub.kernel.events import Change
from standards_hub.kernel.jobs.models import JobRow
from standards_hub.kernel.jobs.registry import WITHHELD
from standards_hub.kernel.messages import say
from standards_hub.kernel.writing import write

MOST_ATTEMPTS = 5
LEASE = timedelta(seconds=60)
"""How long a silent worker keeps its job. Machines' clocks must agree better than this."""
FIRST_PAUSE = timedelta(seconds=30)
"""The pause before the second attempt; each later one is four times as long."""
LONGEST_ERROR = 8000

TABLE = SQLModel.metadata.tables[str(JobRow.__tablename__)]


STATE_NAMES = {"waiting": say("等待"), "running": say("进行中"), "done": say("已完成"), "failed": say("失败")}


class Claim(Struct, frozen=True):
    """A job in the hands of a worker."""

    id: UUID
    name: str
    arguments: dict[str, Any]
    attempt: int
    worker: str


class JobState(Struct, frozen=True):
    """A job as its keeper sees it: without the arguments that its handler withholds."""

    id: UUID
    name: str
    arguments: str
    key: str | None
    state: str
    due_at: datetime
    attempts: int
    error: str | None
    created_at: datetime
    finished_at: datetime | None


def _told(row: sa.Row[Any]) -> JobState:
    state = JobState(**row._mapping)
    if not (withheld := WITHHELD.get(state.name)):
        return state
    given: dict[str, Any] = msgspec.json.decode(state.arguments)
    told = {name: value for name, value in given.items() if name not in withheld}
    return structs.replace(state, arguments=msgspec.json.encode(told).decode())


def _wall() -> datetime:
    return datetime.now(UTC)


def asked(name: str, arguments: Mapping[str, Any], *, key: str | None, due_at: datetime, now: datetime) -> Change:
    """A job as a row to write; nothing happens if its key was used before."""
    row = {"name": name, "arguments": msgspec.json.encode(arguments).decode(), "key": key, "state": "waiting", "attempts": 0}
    return Change("ask", TABLE.name, {"id": uuid4()}, {**row, "due_at": due_at, "created_at": now})


async def enqueue(
    connection: AsyncConnection, name: str, arguments: Mapping[str, Any], *, key: str | None, due_at: datetime, now: datetime
) -> None:
    """Put a job into the table; nothing happens if its key was used before."""
    await write(connection, [asked(name, arguments, key=key, due_at=due_at, now=now)])


def _takeable(names: Collection[str], now: datetime) -> sa.ColumnElement[bool]:
    waiting = sa.and_(TABLE.c.state == "waiting", TABLE.c.due_at <= now)
    abandoned = sa.and_(TABLE.c.state == "running", TABLE.c.leased_until < _wall())
    return sa.and_(sa.or_(waiting, abandoned), TABLE.c.name.in_(names))


async def any_due(connection: AsyncConnection, names: Collection[str], now: datetime) -> bool:
    """Whether there is something to claim; asked first, so that an idle runner never takes the writer's lock."""
    return (await connection.execute(sa.select(TABLE.c.id).where(_takeable(names, now)).limit(1))).first() is not None


async def claim(connection: AsyncConnection, worker: str, names: Collection[str], now: datetime, lease: timedelta = LEASE) -> Claim | None:
    """Take the job that has waited longest. The caller commits at once, or others cannot see the lease.

    A job whose workers died time after time is given up here, for it may be what kills them.
    """
    due = sa.select(TABLE).where(_takeable(names, now)).order_by(TABLE.c.due_at, TABLE.c.id).limit(1).with_for_update(skip_locked=True)
    while row := (await connection.execute(due)).mappings().first():
        here = sa.update(TABLE).where(TABLE.c.id == row["id"])
        if row["attempts"] >= MOST_ATTEMPTS:
            gone = say("办理该任务的进程 {times} 次中断", times=row["attempts"]).both
            await connection.execute(here.values(state="failed", error=row["error"] or gone, finished_at=now, leased_until=None))
            continue
        attempt = row["attempts"] + 1
        await connection.execute(here.values(state="running", worker=worker, attempts=attempt, leased_until=_wall() + lease))
        return Claim(row["id"], row["name"], msgspec.json.decode(row["arguments"], type=dict[str, Any]), attempt, worker)
    return None


def _held(claimed: Claim) -> sa.Update:
    c = TABLE.c
    held = sa.and_(c.id == claimed.id, c.state == "running", c.worker == claimed.worker, c.attempts == claimed.attempt)
    return sa.update(TABLE).where(held)


async def renew(connection: AsyncConnection, claimed: Claim, lease: timedelta = LEASE) -> bool:
    """Keep the job for longer; false if it has been given to somebody else."""
    return (await connection.execute(_held(claimed).values(leased_until=_wall() + lease))).rowcount == 1


async def finish(connection: AsyncConnection, claimed: Claim, now: datetime) -> None:
    """Mark it done, in the transaction of what it did. Raises `Conflict` if the lease was lost meanwhile."""
    ended = _held(claimed).values(state="done", finished_at=now, leased_until=None, error=None)
    if (await connection.execute(ended)).rowcount != 1:
        raise Conflict(say("任务已由其他进程接手"), code="lease-lost")


async def fail(connection: AsyncConnection, claimed: Claim, error: BaseException, now: datetime) -> str | None:
    """Keep the error and try again later, or give up after the last attempt. Tells the new state, none if the lease was lost."""
    text = str(error) if isinstance(error, HubError) else "".join(traceback.format_exception(error))
    state = "failed" if claimed.attempt >= MOST_ATTEMPTS else "waiting"
    pause = FIRST_PAUSE * 4 ** (claimed.attempt - 1)
    values = {"due_at": now + pause} if state == "waiting" else {"finished_at": now}
    done = await connection.execute(_held(claimed).values(state=state, error=text[-LONGEST_ERROR:], leased_until=None, **values))
    return state if done.rowcount == 1 else None


async def retry(connection: AsyncConnection, id: UUID, now: datetime) -> None:
    """Let a failed job start afresh. Raises `NotFound`, or `Conflict` if it has not failed."""
    if (await connection.execute(_afresh(now).where(TABLE.c.id == id, TABLE.c.state == "failed"))).rowcount == 1:
        return
    state = (await connection.execute(sa.select(TABLE.c.state).where(TABLE.c.id == id))).scalar()
    if state is None:
        raise NotFound(say("没有任务 {id}", id=id))
    raise Conflict(say("任务 {id} 的状态是 {state}，只有失败的任务可以重试", id=id, state=STATE_NAMES[state]))


async def retry_all(connection: AsyncConnection, name: str, now: datetime) -> int:
    """Let every failed job of a name start afresh; how many there are."""
    return (await connection.execute(_afresh(now).where(TABLE.c.name == name, TABLE.c.state == "failed"))).rowcount


def _afresh(now: datetime) -> sa.Update:
    return sa.update(TABLE).values(state="waiting", attempts=0, due_at=now, finished_at=None, worker=None)


async def forget(connection: AsyncConnection, keys: Collection[str]) -> None:
    """Take jobs that are done out of the table, so that the same may be asked for anew."""
    await connection.execute(sa.delete(TABLE).where(among(TABLE.c.key, "keys"), TABLE.c.state == "done"), {"keys": keys})


async def forget_arguments(connection: AsyncConnection, key: str, kept: Mapping[str, Any]) -> None:
    """Keep only these arguments of a job that is as good as done, for the others were of use to nobody but its handler."""
    await connection.execute(sa.update(TABLE).where(TABLE.c.key == key).values(arguments=msgspec.json.encode(kept).decode()))


def later_than(query: sa.Select[Any], table: sa.Table, after: UUID | None) -> sa.Select[Any]:
    """The page of a list, ordered by `created_at` downwards and then `id`, that begins behind a row."""
    if after is None:
        return query
    when = sa.select(table.c.created_at).where(table.c.id == after).scalar_subquery()
    return query.where(sa.or_(table.c.created_at < when, sa.and_(table.c.created_at == when, table.c.id > after)))


async def jobs(
    connection: AsyncConnection, *, state: str | None = None, name: str | None = None, after: UUID | None = None, limit: int = 50
) -> list[JobState]:
    """The jobs that were asked for last; `after` is the id of the last one of the page before."""
    columns = [TABLE.c[name] for name in JobState.__struct_fields__]
    query = sa.select(*columns).order_by(TABLE.c.created_at.desc(), TABLE.c.id).limit(limit)
    query = query.where(TABLE.c.state == state) if state else query
    query = query.where(TABLE.c.name == name) if name else query
    rows = await connection.execute(later_than(query, TABLE, after))
    return [_told(row) for row in rows]


async def by_key(connection: AsyncConnection, key: str) -> JobState | None:
    """The job that was asked for under a key."""
    return (await by_keys(connection, [key])).get(key)


async def by_keys(connection: AsyncConnection, keys: Collection[str]) -> dict[str, JobState]:
    """The jobs that were asked for under these keys, by key."""
    columns = [TABLE.c[name] for name in JobState.__struct_fields__]
    rows = await connection.execute(sa.select(*columns).where(among(TABLE.c.key, "keys")), {"keys": keys})
    return {row.key: _told(row) for row in rows}


async def keys(connection: AsyncConnection, *, name: str, state: str) -> list[str]:
    """The keys of all jobs of a name in a state."""
    wanted = sa.select(TABLE.c.key).where(TABLE.c.name == name, TABLE.c.state == state, TABLE.c.key.is_not(None))
    return list((await connection.execute(wanted)).scalars())


async def counts(connection: AsyncConnection) -> dict[str, int]:
    """How many jobs there are in each state."""
    rows = await connection.execute(sa.select(TABLE.c.state, sa.func.count()).group_by(TABLE.c.state))
    return {"waiting": 0, "running": 0, "done": 0, "failed": 0} | {state: count for state, count in rows}
