"""The log: typed, written together with the tables, by many at once."""

import asyncio
from datetime import date
from uuid import UUID, uuid4

import pytest

from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.errors import Conflict
from standards_hub.kernel.events import REPLAYED, Event, Replica, Stamp, changes_of, decode, encode, insert
from standards_hub.kernel.work import Hub, history
from tests.kernel.log.sample import PART, SAMPLE, SampleNoted, SampleOpened, SampleRenamed, SampleReplaced, SampleRow, Thing, one, proof


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
