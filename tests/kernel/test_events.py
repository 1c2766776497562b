"""The log: typed, chained, replayed, and told from the tables when somebody tampers with either."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import ClassVar
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field, SQLModel

from standards_hub.kernel import audit
from standards_hub.kernel.access.actor import PUBLIC, SYSTEM
from standards_hub.kernel.clock import Clock
from standards_hub.kernel.database import Database
from standards_hub.kernel.errors import Conflict
from standards_hub.kernel.events import (
    GENESIS,
    PROJECTIONS,
    REPLAYED,
    Change,
    Event,
    EventRow,
    Replica,
    Stamp,
    changes_of,
    decode,
    delete,
    encode,
    insert,
    link,
    projection,
    table_of,
    update,
)
from standards_hub.kernel.files import FileStore
from standards_hub.kernel.work import Hub, Subject, history

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


@pytest.fixture(autouse=True)
def _samples_are_replayed() -> Iterator[None]:
    """Only here: elsewhere the audit would look for tables that no migration makes."""
    projection(SampleRow, SamplePartRow, stream="sample")
    yield
    REPLAYED.difference_update((SAMPLE.name, PART.name))
    del PROJECTIONS["sample"]


@pytest.fixture
async def hub(database_url: str, tmp_path: Path) -> AsyncIterator[Hub]:
    made = Hub(Database(database_url), FileStore(tmp_path), Clock(date(2026, 11, 24)))
    async with made.database.write() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
        await connection.commit()
    yield made
    await made.database.close()


@pytest.fixture
async def thing(hub: Hub) -> Thing:
    """A thing with a history of five events, one of them of a past day."""
    made = Thing(id=uuid4())
    async with hub.work(SYSTEM) as work:
        await work.append(made, SampleOpened("甲", date(2026, 12, 31), ("a", "b")), effective_on=date(2026, 1, 1))
        await work.append(made, SampleRenamed("乙"), effective_on=date(2026, 6, 1))
        await work.append(made, SamplePartTaken(0))
        await work.append(made, SampleNoted("无"))
        await work.commit()
    async with hub.work(PUBLIC) as work:
        await work.append(made, SampleRenamed("丙"))
        await work.commit()
    return made


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


async def test_the_tables_and_the_log_are_written_together(hub: Hub, thing: Thing) -> None:
    async with hub.database.read() as connection:
        row, part = await one(connection, SAMPLE), await one(connection, PART)
        log = await history(connection, thing.stream)
    assert row == {"id": thing.id, "version": 5, "title": "丙", "due_on": date(2026, 12, 31)}
    assert part == {"thing_id": thing.id, "position": 1, "text": "b"}
    assert [(e.id, e.seq, e.type, e.actor) for e in log] == [
        (1, 1, "sample-opened", "system"), (2, 2, "sample-renamed", "system"), (3, 3, "sample-part-taken", "system"),
        (4, 4, "sample-noted", "system"), (5, 5, "sample-renamed", "public"),
    ]  # fmt: skip
    assert [e.effective_on for e in log] == [date(2026, 1, 1), date(2026, 6, 1), *[date(2026, 11, 24)] * 3]


async def test_an_untouched_log_is_sound(hub: Hub, thing: Thing) -> None:
    found = await proof(hub)
    assert found.sound
    assert found.events == 5
    async with hub.database.read() as connection:
        rows = (await connection.execute(sa.select(LOG).order_by(LOG.c.id))).all()
    previous = GENESIS
    for row in rows:
        assert row.hash == link(previous, row._mapping)
        previous = row.hash
    assert found.head == previous


async def test_an_empty_log_is_sound(hub: Hub) -> None:
    assert await proof(hub) == audit.Audit(0, GENESIS, None, [])


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("payload", '{"name":"丁"}'), ("payload", "{}"), ("type", "sample-noted"), ("actor", "system:forged"), ("hash", "f" * 64),
        ("effective_on", date(2026, 6, 2)), ("recorded_at", datetime(2026, 1, 1, tzinfo=UTC)), ("stream", "sample:" + str(UUID(int=7))),
    ],
)  # fmt: skip
async def test_a_forged_link_is_named(hub: Hub, thing: Thing, column: str, value: object) -> None:
    found = await tamper(hub, sa.update(LOG).where(LOG.c.id == 2).values({column: value}))
    assert not found.sound
    assert found.broken is not None
    assert found.broken.event == 2
    assert found.events == 1


async def test_a_missing_link_is_named(hub: Hub, thing: Thing) -> None:
    found = await tamper(hub, sa.delete(LOG).where(LOG.c.id == 3))
    assert found.broken is not None
    assert found.broken.event == 3


async def test_a_forged_chain_that_cannot_be_replayed_is_named(hub: Hub, thing: Thing) -> None:
    async with hub.database.write() as connection:
        rows = [dict(r._mapping) for r in await connection.execute(sa.select(LOG).order_by(LOG.c.id))]
        rows[2]["payload"] = '{"position":"first"}'
        previous = rows[1]["hash"]
        for row in rows[2:]:
            row["hash"] = previous = link(previous, row)
            await connection.execute(sa.update(LOG).where(LOG.c.id == row["id"]).values(payload=row["payload"], hash=row["hash"]))
        await connection.commit()
    found = await proof(hub)
    assert found.broken is not None
    assert found.broken.event == 3
    assert "重放" in str(found.broken.why)


async def test_a_row_changed_behind_the_log_is_told_by_column(hub: Hub, thing: Thing) -> None:
    found = await tamper(hub, sa.update(SAMPLE).values(due_on=date(2027, 1, 1)))
    assert found.broken is None
    (told,) = found.differences
    assert all(part in str(told) for part in ("sample_thing", str(thing.id), "due_on", "2027-01-01", "2026-12-31"))


async def test_a_row_added_or_taken_behind_the_log_is_told(hub: Hub, thing: Thing) -> None:
    found = await tamper(hub, sa.insert(PART).values(thing_id=thing.id, position=9, text="x"))
    assert [str(d) for d in found.differences] == [f"表 sample_part 的 {thing.id}/9 在事件中没有来历"]
    found = await tamper(hub, sa.delete(PART))
    assert [str(d) for d in found.differences] == [f"表 sample_part 缺少 {thing.id}/1"]


async def test_differences_are_told_up_to_a_number(hub: Hub, thing: Thing) -> None:
    rows = [{"thing_id": thing.id, "position": n, "text": "x"} for n in range(100, 200)]
    async with hub.database.write() as connection:
        await connection.execute(sa.insert(PART), rows)
        await connection.commit()
    assert len((await proof(hub)).differences) == audit.MOST_DIFFERENCES


async def test_what_was_true_on_a_past_day_and_what_was_known_then(hub: Hub, thing: Thing) -> None:
    async with hub.database.read() as connection:
        log = await history(connection, thing.stream)

        async def title(day: date, known_at: datetime | None = None) -> list[object]:
            found = await audit.as_of(connection, day, streams=[thing.stream], known_at=known_at)
            return [row["title"] for row in found.rows(SampleRow)]

        assert await title(date(2025, 12, 31)) == []
        assert await title(date(2026, 1, 1)) == ["甲"]
        assert await title(date(2026, 6, 1)) == ["乙"]
        assert await title(date(2026, 11, 24)) == ["丙"]
        assert await title(date(2026, 11, 24), log[3].recorded_at) == ["乙"]
        assert await title(date(2026, 11, 24), log[0].recorded_at.replace(year=2025)) == []


async def test_an_act_dated_before_its_things_opening_does_not_hide_the_past(hub: Hub) -> None:
    early, late = Thing(id=uuid4()), Thing(id=uuid4())
    async with hub.work(SYSTEM) as work:
        await work.append(late, SampleOpened("晚"), effective_on=date(2026, 5, 1))
        await work.append(late, SampleRenamed("补录"), effective_on=date(2026, 4, 1))
        await work.append(late, SamplePartAdded(1), effective_on=date(2026, 4, 1))
        await work.append(early, SampleOpened("早"), effective_on=date(2026, 4, 1))
        await work.commit()
        found = await audit.as_of(work.connection, date(2026, 4, 15))
        later = await audit.as_of(work.connection, date(2026, 5, 1))
    assert [row["title"] for row in found.rows(SampleRow)] == ["早"]
    assert list(found.rows(SamplePartRow)) == []
    assert {row["title"] for row in later.rows(SampleRow)} == {"早", "补录"}


async def test_a_stale_copy_is_a_conflict(hub: Hub, thing: Thing) -> None:
    mine, theirs = Thing(id=thing.id, version=5), Thing(id=thing.id, version=5)
    async with hub.work(SYSTEM) as work:
        await work.append(mine, SampleRenamed("我"))
        await work.commit()
    async with hub.work(SYSTEM) as work:
        with pytest.raises(Conflict) as refused:
            await work.append(theirs, SampleRenamed("他"))
    assert refused.value.code == "changed"
    assert (await proof(hub)).sound


async def test_of_many_at_once_one_wins_and_the_chain_stays_whole(hub: Hub, thing: Thing) -> None:
    async def rename(n: int) -> bool:
        try:
            async with hub.work(SYSTEM) as work:
                await work.append(Thing(id=thing.id, version=5), SampleRenamed(str(n)))
                await work.commit()
        except Conflict:
            return False
        return True

    assert sum(await asyncio.gather(*(rename(n) for n in range(12)))) == 1
    assert (await proof(hub)).sound


async def test_many_things_at_once_make_one_chain(hub: Hub) -> None:
    async def open_one(n: int) -> None:
        async with hub.work(SYSTEM) as work:
            made = Thing(id=uuid4())
            await work.append(made, SampleOpened(str(n)))
            await work.append(made, SampleRenamed(f"{n}'"))
            await work.commit()

    await asyncio.gather(*(open_one(n) for n in range(20)))
    found = await proof(hub)
    assert found.sound
    assert found.events == 40


async def test_what_exists_already_is_a_conflict(hub: Hub, thing: Thing) -> None:
    async with hub.work(SYSTEM) as work:
        with pytest.raises(Conflict) as refused:
            await work.append(Thing(id=thing.id), SampleOpened("again"))
    assert refused.value.code in ("exists", "changed")


async def test_work_that_is_not_committed_leaves_no_trace(hub: Hub) -> None:
    async with hub.work(SYSTEM) as work:
        await work.append(Thing(id=uuid4()), SampleOpened("x"))
    async with hub.reading(SYSTEM) as work:
        await work.append(Thing(id=uuid4()), SampleOpened("x"))
    found = await proof(hub)
    assert found.sound
    assert found.events == 0


async def test_nothing_may_be_committed_twice(hub: Hub) -> None:
    async with hub.work(SYSTEM) as work:
        await work.append(Thing(id=uuid4()), SampleOpened("x"))
        await work.commit()
        await work.commit()
    assert (await proof(hub)).events == 1


def test_an_event_prints_and_reads_back_whatever_its_fields_are_called() -> None:
    for event in (SampleOpened("甲", date(2026, 1, 1), ("a",)), SampleRenamed("name"), SampleNoted("{}\n\u2028")):
        assert decode(event.type_name(), encode(event)) == event
    assert SampleRenamed.type_name() == "sample-renamed"


def test_a_row_says_every_column() -> None:
    with pytest.raises(TypeError, match=r"sample_thing\.title is not said"):
        insert(SampleRow, id=uuid4(), version=1)
    with pytest.raises(TypeError, match="has no colour"):
        insert(SampleRow, id=uuid4(), version=1, title="x", colour="red")
    assert insert(SampleRow, id=UUID(int=1), version=1, title="x").values == {"version": 1, "title": "x", "due_on": None}


def test_two_events_of_one_name_are_refused() -> None:
    with pytest.raises(TypeError, match="two events named"):
        type("SampleOpened", (Event,), {"__module__": "elsewhere", "__annotations__": {}})


class SampleReplaced(Event, frozen=True):
    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(SampleRow, at.subject, title="一")
        yield delete(SamplePartRow, {"thing_id": at.subject, "position": 1})
        yield update(SampleRow, at.subject, title="二")
        yield insert(SamplePartRow, thing_id=at.subject, position=1, text="new")


async def test_changes_to_one_row_are_one_and_a_row_may_be_replaced(hub: Hub, thing: Thing) -> None:
    at = Stamp(thing.stream, 6, hub.clock.today(), hub.clock.now(), "system")
    assert [c.values for c in changes_of(SampleReplaced(), at) if c.table == "sample_thing"] == [{"version": 6, "title": "二"}]
    async with hub.work(SYSTEM) as work:
        await work.append(thing, SampleReplaced())
        await work.commit()
        assert (await one(work.connection, PART))["text"] == "new"
    assert (await proof(hub)).sound


def test_a_replica_knows_every_projected_table() -> None:
    assert set(Replica().tables) == REPLAYED
    assert {"sample_thing", "sample_part"} <= REPLAYED


async def test_whatever_a_text_holds_the_database_and_we_compute_the_same_hashes(hub: Hub) -> None:
    """On PostgreSQL the hashes are made by SQL from quoted values; here are the characters that quoting and JSON treat in their own ways."""
    texts = ["'", "''; COMMIT; --", '"', "\\", "\\'", "%", "%s", "%(a)s", "$1", "\t\n\r", "\u2028", "𠮷", "é", "\u007f", "氢能 'x' \\n"]
    async with hub.work(SYSTEM) as work:
        thing = Thing(id=uuid4())
        await work.append(thing, SampleOpened("first", parts=("one",)))
        for text in texts:
            await work.append(thing, SampleNoted(text))
        await work.enqueue("sample.job", {"text": "'%s\\"}, key="'%s\\")
        await work.commit()
    async with hub.reading(SYSTEM) as work:
        found = await audit.verify(work.connection)
        rows = await history(work.connection, thing.stream)
    assert found.broken is None and found.events == len(rows) == len(texts) + 1
    previous = GENESIS
    for row in rows:
        assert row.hash == (previous := link(previous, row.model_dump()))
    assert [decode(row.type, row.payload) for row in rows[1:]] == [SampleNoted(text) for text in texts]


async def test_what_cannot_be_linked_leaves_nothing_behind(hub: Hub) -> None:
    id = uuid4()
    async with hub.work(SYSTEM) as work:
        await work.append(Loose(id=id), SampleNoted("first"))
        await work.commit()
    async with hub.work(SYSTEM) as work:
        await work.append(Loose(id=uuid4()), SampleNoted("another"))
        await work.append(Loose(id=id), SampleNoted("the first place again"))
        await work.enqueue("sample.job", {}, key="once")
        with pytest.raises(Conflict):
            await work.commit()
    async with hub.reading(SYSTEM) as work:
        assert (await work.connection.execute(sa.select(sa.func.count()).select_from(LOG))).scalar() == 1
        assert (await work.connection.execute(sa.text("SELECT count(*) FROM job"))).scalar() == 0
