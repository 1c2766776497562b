"""What the queries of the lifecycle give, on both engines: the course of a standard, and pages by every kind of filter."""

import asyncio
from datetime import date
from uuid import UUID

import pytest

from standards_hub.kernel.access.actor import PUBLIC, SYSTEM
from standards_hub.kernel.work import Hub
from standards_hub.lifecycle import queries, repository
from standards_hub.lifecycle.repository import Filter
from standards_hub.lifecycle.schemas import PaperIn
from standards_hub.lifecycle.services import dossier
from tests.lifecycle.driving import driven, proposed


async def test_the_course_of_a_standard_is_its_three_lists(hub: Hub) -> None:
    standard, _ = await driven(hub, (await proposed(hub)).id, "30.20")
    async with hub.reading(SYSTEM) as work:
        c = work.connection
        course = await repository.course(c, standard.id)
        assert course.papers == await repository.papers(c, standard.id) != []
        assert course.deadlines == await repository.deadlines(c, standard.id) != []
        assert course.visits == await repository.visits(c, standard.id) != []


async def test_who_waits_for_the_lock_sees_the_papers_that_were_filed_meanwhile(hub: Hub) -> None:
    standard = await proposed(hub)

    async def waiting() -> tuple[int, int]:
        async with hub.work(SYSTEM) as work:
            found, course = await repository.to_move(work.connection, standard.id)
            return found.version, len(course.papers)

    async with hub.work(SYSTEM) as work:
        held = await repository.standard(work.connection, standard.id, lock=True)
        other = asyncio.create_task(waiting())
        await asyncio.sleep(0.3)
        await dossier.attach(
            work, held, PaperIn(kind="termination_decision", dated=date(2025, 1, 6), reference="示例"), on=date(2025, 1, 6)
        )
        await work.commit()
    assert await other == (held.version, 1)


FILTERS = {
    "none": (Filter(), 3),
    "one value": (Filter(level=("national",)), 2),
    "two values": (Filter(level=("national", "local")), 3),
    "a whole stage": (Filter(stage=("30", "50")), 1),
    "a code and a whole stage": (Filter(stage=("30.20", "10")), 1),
    "a plan": (Filter(plan="plan"), 1),
    "a flag": (Filter(fills_gap=False), 3),
    "days of publication": (Filter(published_from=date(2025, 1, 1), published_to=date(2026, 1, 1)), 0),
    "overdue": (Filter(overdue_on=date(2099, 1, 1), level=("national",)), 1),
    "no ids": (Filter(ids=()), 0),
    "an unknown id": (Filter(ids=(UUID(int=1),)), 0),
    "unknown ids": (Filter(ids=(UUID(int=1), UUID(int=2))), 0),
}


@pytest.mark.parametrize("wanted, expected", FILTERS.values(), ids=list(FILTERS))
async def test_a_page_holds_what_its_filter_says(hub: Hub, wanted: Filter, expected: int) -> None:
    await driven(hub, (await proposed(hub, plan_key="plan")).id, "30.20")
    await proposed(hub)
    await proposed(hub, "local-db32")
    async with hub.reading(SYSTEM) as work:
        c, names = work.connection, ("id", "stage")
        rows = (await queries.page(c, SYSTEM, wanted, "moved", names, at=None, limit=10)).rows
        assert (len(rows), (await queries.counts(c, SYSTEM, wanted, "moved", None))[0]) == (expected, expected)
        first = await queries.page(c, SYSTEM, wanted, "moved", names, at=None, limit=1)
        rest = await queries.page(c, SYSTEM, wanted, "moved", names, at=queries.place("moved", first.after, None), limit=10)
        assert [*first.rows, *rest.rows] == rows or len(rows) < 2
        public = (await queries.page(c, PUBLIC, wanted, "moved", names, at=None, limit=9)).rows
        assert all(row.stage in repository.PUBLIC_STAGES for row in public)
