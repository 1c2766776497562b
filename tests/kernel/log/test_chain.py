"""Every link is proven, and whoever tampers with the log or the tables is told."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from standards_hub.kernel import audit
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.errors import Conflict
from standards_hub.kernel.events import GENESIS, decode, link
from standards_hub.kernel.work import Hub, history
from tests.kernel.log.sample import LOG, PART, SAMPLE, Loose, SampleNoted, SampleOpened, Thing, proof, tamper


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


async def test_a_forged_event_on_a_thing_that_never_was_is_named(hub: Hub, thing: Thing) -> None:
    async with hub.database.write() as connection:
        last = dict((await connection.execute(sa.select(LOG).order_by(LOG.c.id.desc()).limit(1))).one()._mapping)
        row = {**last, "id": last["id"] + 1, "stream": f"sample:{uuid4()}", "seq": 1, "type": "sample-noted", "payload": '{"note":"x"}'}
        await connection.execute(sa.insert(LOG).values({**row, "hash": link(last["hash"], row)}))
        await connection.commit()
    found = await proof(hub)
    assert found.broken is not None and found.broken.event == row["id"] and "重放" in str(found.broken.why)


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
