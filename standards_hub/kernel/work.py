"""The unit of work: one connection, one actor, one business day, and everything of a change committed at once."""

import contextlib
from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.kernel import chain, events, jobs
from standards_hub.kernel.access.actor import Actor
from standards_hub.kernel.among import among
from standards_hub.kernel.clock import Clock
from standards_hub.kernel.database import Database
from standards_hub.kernel.events import Change, Event, EventRow, Stamp, changes_of, encode, table_of
from standards_hub.kernel.files import FilesOfWork, FileStore
from standards_hub.kernel.writing import write

EVENT = table_of(EventRow)


class Subject(Struct, kw_only=True):
    """Something with a stream of its own in the log; `version` is the number of its events so far."""

    stream_kind: ClassVar[str]
    id: UUID
    version: int = 0

    @property
    def stream(self) -> str:
        return f"{self.stream_kind}:{self.id}"


class Work:
    """What a service function is given. The caller commits once, or not at all."""

    def __init__(self, connection: AsyncConnection, actor: Actor, clock: Clock, files: FileStore) -> None:
        self.connection = connection
        self.actor = actor
        self.clock = clock
        self.files = files if isinstance(files, FilesOfWork) else FilesOfWork(files)
        self.today: date = clock.today()
        self.sqlite = connection.dialect.name == "sqlite"
        self._pending: list[dict[str, Any]] = []
        self._asked: list[Change] = []

    async def append(self, subject: Subject, event: Event, *, effective_on: date | None = None) -> None:
        """Record that something happened to a subject: its rows now, its link of the chain at commit.

        Raises `Conflict` when somebody else changed the subject since it was read.
        """
        at = Stamp(subject.stream, subject.version + 1, effective_on or self.today, self.clock.now(), self.actor.label)
        await write(self.connection, changes_of(event, at))
        self._pending.append(
            {
                "stream": at.stream,
                "seq": at.seq,
                "type": event.type_name(),
                "effective_on": at.effective_on,
                "recorded_at": at.recorded_at,
                "actor": at.actor,
                "payload": encode(event),
            }
        )
        subject.version = at.seq

    def pending(self, stream: str) -> list[dict[str, Any]]:
        """What this work did to a subject and the log does not have yet."""
        return [row for row in self._pending if row["stream"] == stream]

    async def enqueue(self, name: str, arguments: Mapping[str, Any], *, key: str | None = None, due_at: datetime | None = None) -> None:
        """Ask for a job that runs only if this work is committed; a `key` that was used before makes it a no-op."""
        self._asked.append(jobs.asked(name, arguments, key=key, due_at=due_at or self.clock.now(), now=self.clock.now()))

    async def commit(self) -> None:
        """Store the files, write the jobs, link the events to the chain and commit everything. The chain is locked only meanwhile."""
        await self.files.keep()
        asked, pending = self._asked, self._pending
        self._asked, self._pending = [], []
        await chain.commit(self.connection, pending, asked)


async def history(connection: AsyncConnection, stream: str, *, after: int = 0) -> list[EventRow]:
    """Every event of a stream, or those that followed a version of it, oldest first."""
    rows = await connection.execute(sa.select(EVENT).where(EVENT.c.stream == stream, EVENT.c.seq > after).order_by(EVENT.c.seq))
    return [EventRow(**row._mapping) for row in rows]


SAID = (
    sa.select(EVENT.c.stream, sa.func.max(EVENT.c.effective_on))
    .where(among(EVENT.c.stream, "streams"), EVENT.c.payload.contains(sa.bindparam("words")))
    .group_by(EVENT.c.stream)
)


async def last_said(connection: AsyncConnection, subjects: Iterable[Subject], words: str) -> dict[str, date]:
    """The last day on which the log of each stream has these words, such as a field with its value."""
    rows = await connection.execute(SAID, {"streams": [one.stream for one in subjects], "words": words})
    return {stream: day for stream, day in rows}


class Hub:
    """What outlives a request: the database, the files and the clock."""

    def __init__(self, database: Database, files: FileStore, clock: Clock) -> None:
        self.database = database
        self.files = files
        self.clock = clock

    @contextlib.asynccontextmanager
    async def work(self, actor: Actor) -> AsyncIterator[Work]:
        """A unit of work for writing, rolled back unless it is committed."""
        async with self.database.write() as connection:
            yield Work(connection, actor, self.clock, self.files)

    @contextlib.asynccontextmanager
    async def glancing(self, actor: Actor) -> AsyncIterator[Work]:
        """A unit of work for a few short reads, as the answer to a request needs them."""
        async with self.database.glance() as connection:
            yield Work(connection, actor, self.clock, self.files)

    @contextlib.asynccontextmanager
    async def reading(self, actor: Actor) -> AsyncIterator[Work]:
        """A unit of work that only reads."""
        async with self.database.read() as connection:
            yield Work(connection, actor, self.clock, self.files)


__all__ = ["Hub", "Subject", "Work", "events", "history", "last_said"]
