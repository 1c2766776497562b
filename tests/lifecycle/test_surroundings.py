"""What hangs on a standard, read by one query, is what the queries of each table say, on both engines."""

from datetime import date

from standards_hub.kernel.access.actor import PUBLIC, SYSTEM
from standards_hub.kernel.work import Hub
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.schemas import Because, ExtensionRequest, Move, RelationIn, Team
from standards_hub.lifecycle.services import facts, moving, reading, relating, timing, tracking
from standards_hub.lifecycle.surroundings import PARTS, whole
from standards_hub.lifecycle.values import Drafter, DraftingUnit
from tests.lifecycle.driving import a_person, an_organisation, driven, holding, on_day, proposed


async def test_one_query_finds_what_each_table_holds_in_the_same_order(hub: Hub) -> None:
    standard, day = await driven(hub, (await proposed(hub)).id, "40.60")
    other = await proposed(hub, "local-db32")
    follower = holding("member")
    async with on_day(hub, day).work(SYSTEM) as work:
        units = [DraftingUnit(await an_organisation(work), 2), DraftingUnit(await an_organisation(work), 1, True)]
        team = Team(drafting_units=units, drafters=[Drafter(await a_person(work), 1)])
        await facts.set_team(work, standard.id, team)
        await relating.relate(work, standard.id, RelationIn(kind="adopts", identifier="ISO 14687:2025", degree="IDT", edition="2025"))
        await relating.relate(work, other.id, RelationIn(kind="references", target_id=standard.id))
        await timing.ask_extension(work, standard.id, ExtensionRequest(months=3, reason="试验未完"))
        await moving.move(work, standard.id, Move(act="return", to="20.20", reason="指标不清"))
        await work.commit()
    async with hub.work(follower) as work:
        await tracking.watch(work, standard.id, True)
        await work.commit()
    async with hub.reading(SYSTEM) as work:
        c, (itself, found) = work.connection, await whole(work.connection, standard.id)
        assert itself == await repository.standard(c, standard.id)
        for name in set(PARTS) - {"watchers"}:
            expected = await getattr(repository, name)(c, standard.id)
            assert (getattr(found, name) == expected and expected) or name == "waivers", name
        assert [watcher.account_id for watcher in found.watchers] == [follower.account]
        assert any(paper.stale_on for paper in found.papers) and found.relations_to[0].standard_id == other.id


async def test_the_whole_of_a_past_day_is_what_the_whole_was_that_day(hub: Hub) -> None:
    standard, day = await driven(hub, (await proposed(hub)).id, "20.20")
    async with on_day(hub, day).reading(SYSTEM) as work:
        then = await reading.whole(work, standard.id)
    later = date(2025, 12, 1)
    async with on_day(hub, later).work(SYSTEM) as work:
        await relating.relate(work, standard.id, RelationIn(kind="references", identifier="ISO 14687:2025"))
        await timing.suspend(work, standard.id, Because(reason="等待"))
        await work.commit()
    async with on_day(hub, later).reading(SYSTEM) as work:
        assert await reading.whole_on(work, standard.id, day) == then
        now = await reading.whole_on(work, standard.id, later)
        assert now.standard.status == "suspended" and len(now.relations) == 1 and now == await reading.whole(work, standard.id)


async def test_the_newest_of_its_history_comes_with_a_standard(hub: Hub) -> None:
    standard, _ = await driven(hub, (await proposed(hub)).id, "40.60")
    async with hub.reading(SYSTEM) as work:
        every = await reading.history(work, standard.id)
        whole, newest = await reading.whole_and_newest(work, standard.id, 3, ["moved"])
        assert whole == await reading.whole(work, standard.id)
        assert newest == [entry for entry in every if entry.seq > every[-1].seq - 3 or entry.type == "moved"]
        assert 3 < len(newest) < len(every)
    async with hub.reading(PUBLIC) as work:
        assert (await reading.whole_and_newest(work, standard.id, 3, []))[1] == []
