"""Things whose log the tests of the kernel write, forge and replay."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field, SQLModel

from standards_hub.kernel import audit
from standards_hub.kernel.events import Change, Event, EventRow, Stamp, delete, insert, table_of, update
from standards_hub.kernel.work import Hub, Subject

LOG = table_of(EventRow)


class SampleRow(SQLModel, table=True):
    __tablename__ = "sample_thing"
    id: UUID = Field(primary_key=True)
    version: int
    title: str
    due_on: date | None = None


class SamplePartRow(SQLModel, table=True):
    __tablename__ = "sample_part"
    thing_id: UUID = Field(primary_key=True, foreign_key="sample_thing.id")
    position: int = Field(primary_key=True)
    text: str


SAMPLE, PART = table_of(SampleRow), table_of(SamplePartRow)


class Thing(Subject, kw_only=True):
    stream_kind: ClassVar[str] = "sample"


class Loose(Subject, kw_only=True):
    """A stream without a row, so that only the log itself can tell two writers apart."""

    stream_kind: ClassVar[str] = "loose"


class SampleOpened(Event, frozen=True):
    title: str
    due_on: date | None = None
    parts: tuple[str, ...] = ()

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield insert(SampleRow, id=at.subject, version=at.seq, title=self.title, due_on=self.due_on)
        for position, text in enumerate(self.parts):
            yield insert(SamplePartRow, thing_id=at.subject, position=position, text=text)


class SampleRenamed(Event, frozen=True):
    name: str

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(SampleRow, at.subject, title=self.name)


class SamplePartTaken(Event, frozen=True):
    position: int

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield delete(SamplePartRow, {"thing_id": at.subject, "position": self.position})


class SamplePartAdded(Event, frozen=True):
    position: int

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield insert(SamplePartRow, thing_id=at.subject, position=self.position, text="added")


class SampleNoted(Event, frozen=True):
    note: str


class SampleReplaced(Event, frozen=True):
    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(SampleRow, at.subject, title="一")
        yield delete(SamplePartRow, {"thing_id": at.subject, "position": 1})
        yield update(SampleRow, at.subject, title="二")
        yield insert(SamplePartRow, thing_id=at.subject, position=1, text="new")


async def proof(hub: Hub) -> audit.Audit:
    async with hub.database.read() as connection:
        return await audit.verify(connection)


async def tamper(hub: Hub, query: sa.Executable) -> audit.Audit:
    async with hub.database.write() as connection:
        await connection.execute(query)
        await connection.commit()
    return await proof(hub)


async def one(connection: AsyncConnection, table: sa.Table) -> dict[str, object]:
    return dict((await connection.execute(sa.select(table))).one()._mapping)
