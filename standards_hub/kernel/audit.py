"""Proof that the log is whole and that the tables are what it says; and the view of a past day."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from operator import itemgetter
from typing import Any, NamedTuple

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel

from standards_hub.kernel.events import GENESIS, REPLAYED, Change, EventRow, Replica, Stamp, link, table_of, written
from standards_hub.kernel.memory import Memory
from standards_hub.kernel.messages import Message, say

MOST_DIFFERENCES = 20
CHUNK = 500
"""Streams that are asked for at once."""
MOST_EVENTS = 40_000
"""Kept in memory, at 4 kB each; what is over that is read anew."""


class Head(NamedTuple):
    """The last event of a log, or of a part of it; it covers all that is before it."""

    position: int
    hash: str


NOTHING = Head(0, GENESIS)


class Broken(Struct, frozen=True):
    """The first link that does not hold."""

    event: int
    stream: str
    why: Message


class Audit(Struct, frozen=True):
    events: int
    head: str
    broken: Broken | None
    differences: list[Message]

    @property
    def sound(self) -> bool:
        return self.broken is None and not self.differences


async def _log(connection: AsyncConnection) -> AsyncIterator[Mapping[str, Any]]:
    table = table_of(EventRow)
    async with connection.stream(sa.select(table).order_by(table.c.id)) as result:
        names = tuple(result.keys())
        async for row in result:
            yield dict(zip(names, row, strict=True))


async def verify(connection: AsyncConnection, tell: Callable[[int], Awaitable[None]] | None = None, step: int = 1000) -> Audit:
    """Walk the chain from its first link, replay it into empty tables and compare every column of every row.

    `tell` hears after every so many links how far the walk is.
    """
    previous, count, replica = GENESIS, 0, Replica()
    seqs: dict[str, int] = {}
    async for row in _log(connection):
        broken = _broken(previous, count, seqs.get(row["stream"], 0), row)
        if broken is None:
            try:
                replica.apply(row)
            except Exception as error:  # whatever a forged payload makes replay raise, it is this link that is wrong
                broken = Broken(row["id"], row["stream"], say("第 {id} 条事件无法重放：{error}", id=row["id"], error=repr(error)))
        if broken:
            return Audit(count, previous, broken, [])
        previous, count = row["hash"], count + 1
        seqs[row["stream"]] = row["seq"]
        if tell and count % step == 0:
            await tell(count)
    return Audit(count, previous, None, [d async for d in _differences(connection, replica)])


def _broken(previous: str, count: int, seq: int, row: Mapping[str, Any]) -> Broken | None:
    if row["id"] != count + 1:
        return Broken(count + 1, "", say("缺少第 {id} 条事件", id=count + 1))
    if row["seq"] != seq + 1:
        return Broken(row["id"], row["stream"], say("第 {id} 条事件在 {stream} 中的次序不对", id=row["id"], stream=row["stream"]))
    if link(previous, row) != row["hash"]:
        return Broken(row["id"], row["stream"], say("第 {id} 条事件（{stream}）的内容与散列不符", id=row["id"], stream=row["stream"]))
    return None


async def _differences(connection: AsyncConnection, replica: Replica) -> AsyncIterator[Message]:
    found = 0
    for name in sorted(REPLAYED):
        table = SQLModel.metadata.tables[name]
        expected = dict(replica.tables[name])
        names = [column.name for column in table.primary_key]
        async with connection.stream(sa.select(table)) as result:
            async for row in result:
                actual = dict(row._mapping)
                key = tuple(actual[n] for n in names)
                wanted = expected.pop(key, None)
                for message in _row_differences(name, key, wanted, actual):
                    yield message
                    found += 1
                    if found >= MOST_DIFFERENCES:
                        return
        for key in list(expected)[: MOST_DIFFERENCES - found]:
            yield say("表 {table} 缺少 {key}", table=name, key=_text(key))
            found += 1


def _row_differences(table: str, key: tuple[Any, ...], wanted: Mapping[str, Any] | None, actual: Mapping[str, Any]) -> Iterable[Message]:
    if wanted is None:
        yield say("表 {table} 的 {key} 在事件中没有来历", table=table, key=_text(key))
        return
    for column, value in actual.items():
        if wanted.get(column) != value:
            yield say(
                "表 {table} 的 {key}，列 {column}：表中为 {actual}，重放得 {wanted}",
                table=table, key=_text(key), column=column, actual=value, wanted=wanted.get(column),
            )  # fmt: skip


def _text(key: tuple[Any, ...]) -> str:
    return "/".join(str(part) for part in key)


async def newest(connection: AsyncConnection, known_at: datetime | None = None) -> Head:
    """The last event of the log, or the last that was known at an instant."""
    table = table_of(EventRow)
    query = sa.select(table.c.id, table.c.hash).order_by(table.c.id.desc()).limit(1)
    row = (await connection.execute(query if known_at is None else query.where(table.c.recorded_at <= known_at))).first()
    return Head(row[0], row[1]) if row else NOTHING


async def as_of(
    connection: AsyncConnection, day: date, *, streams: Iterable[str] | None = None, known_at: datetime | None = None, entered: bool = False
) -> Replica:
    """The tables as they were true on a day, from what was known at an instant; of some streams, or of all.

    A thing is not there before the day of its first event, even if a later one is dated earlier; unless with `entered`, for things
    that were there long before somebody put them on the register: of those the first event always holds.
    """
    table = table_of(EventRow)
    then = table.c.effective_on <= day
    query = sa.select(table).where(sa.or_(then, table.c.seq == 1) if entered else then).order_by(table.c.id)
    if known_at is not None:
        query = query.where(table.c.recorded_at <= known_at)
    return await _played(connection, query, streams)


async def _played(connection: AsyncConnection, query: sa.Select[Any], streams: Iterable[str] | None) -> Replica:
    """What a query finds of some streams, or of all, replayed."""
    table, replica, begun = table_of(EventRow), Replica(partial=True), set[str]()
    chunks: list[list[str] | None] = [None] if streams is None else _chunks(list(streams), CHUNK)
    for chunk in chunks:
        rows = await connection.execute(query if chunk is None else query.where(table.c.stream.in_(chunk)))
        _replay(replica, begun, map(written, _dicts(rows)))
    return replica


class _Written(NamedTuple):
    """An event of the log with what it writes."""

    position: int
    at: Stamp
    changes: list[Change]


class _Log(NamedTuple):
    """All events up to a head of those streams that were asked for. It is shared, so nobody writes into it."""

    head: Head
    streams: Mapping[str, list[_Written]]


LOGS: Memory[_Log] = Memory(2)
"""By database."""


async def as_of_head(connection: AsyncConnection, day: date, streams: Iterable[str], head: Head) -> Replica:
    """What `as_of` gives for some streams from the log up to `head`; the log is read once for all days and plans."""
    of_these = list(streams)
    log, replica = await _log_of(connection, of_these, head), Replica(partial=True)
    then = [one for stream in of_these for one in log[stream] if one.at.effective_on <= day]
    _replay(replica, set(), ((one.at, one.changes) for one in sorted(then, key=itemgetter(0))))
    return replica


async def _log_of(connection: AsyncConnection, streams: list[str], head: Head) -> Mapping[str, list[_Written]]:
    """The events of some streams up to `head`. A log only grows, so what was read is kept and only what came since is added.

    That it is the same log is seen by the hash at the place where the last reading ended.
    """
    place, table = (connection.engine.url,), table_of(EventRow)
    last = LOGS.get(place)
    if last is None or not (last.head == head or await _covers(connection, head, last.head)):
        last = _Log(head, {})
    kept = dict(last.streams)
    query = sa.select(table).where(table.c.id <= head.position).order_by(table.c.id)
    if kept and last.head != head:
        for row in _dicts(await connection.execute(query.where(table.c.id > last.head.position))):  # few, so streams are told apart here
            if row["stream"] in kept:
                kept[row["stream"]] = [*kept[row["stream"]], _Written(row["id"], *written(row))]
    new: dict[str, list[_Written]] = {stream: [] for stream in streams if stream not in kept}
    for chunk in _chunks(list(new), CHUNK):
        for row in _dicts(await connection.execute(query.where(table.c.stream.in_(chunk or ())))):
            new[row["stream"]].append(_Written(row["id"], *written(row)))
    found = kept | new
    if sum(map(len, found.values())) > MOST_EVENTS:
        found = {stream: found[stream] for stream in streams}
    if sum(map(len, found.values())) <= MOST_EVENTS:
        LOGS.put(place, _Log(head, found))
    return found


async def _covers(connection: AsyncConnection, head: Head, earlier: Head) -> bool:
    """Whether an earlier head is a part of this log, and of what `head` covers."""
    table = table_of(EventRow)
    if earlier.position > head.position:
        return False
    return bool(await connection.scalar(sa.select(table.c.hash).where(table.c.id == earlier.position)) == earlier.hash)


async def on_days(
    connection: AsyncConnection, wanted: Mapping[date, Iterable[str]], *, known_at: datetime | None = None
) -> dict[date, Replica]:
    """Some streams as they were true on some days, from what was known at an instant; the log is read once for all of them."""
    of_day = {day: sorted(set(streams)) for day, streams in wanted.items()}
    table, held = table_of(EventRow), dict[str, list[dict[str, Any]]]()
    query = sa.select(table).where(table.c.effective_on <= max(of_day, default=date.min)).order_by(table.c.id)
    if known_at is not None:
        query = query.where(table.c.recorded_at <= known_at)
    for chunk in _chunks(sorted(set().union(*of_day.values())), CHUNK):
        for row in _dicts(await connection.execute(query.where(table.c.stream.in_(chunk or ())))):
            held.setdefault(row["stream"], []).append(row)
    found = {day: Replica(partial=True) for day in of_day}
    for day, streams in of_day.items():
        of_these = (row for stream in streams for row in held.get(stream, ()) if row["effective_on"] <= day)
        _replay(found[day], set(), map(written, of_these))
    return found


def _dicts(result: sa.CursorResult[Any]) -> Iterator[dict[str, Any]]:
    """Rows by the names of their columns; a replay reads thousands, and a row's own mapping makes that a tenth dearer."""
    names = tuple(result.keys())
    return (dict(zip(names, row, strict=True)) for row in result)


def _replay(replica: Replica, begun: set[str], events: Iterable[tuple[Stamp, list[Change]]]) -> None:
    """Write what the events of streams wrote whose first event is among them."""
    for at, changes in events:
        if at.seq == 1:
            begun.add(at.stream)
        if at.stream in begun:
            replica.write(at, changes)


def _chunks(items: list[str], size: int) -> list[list[str] | None]:
    return [items[i : i + size] for i in range(0, len(items), size)]
