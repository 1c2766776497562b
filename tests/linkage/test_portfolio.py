"""The standards of a plan on a past day: those that were tracked under it then, whatever became of them since."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest

from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.database import downgrade, upgrade
from standards_hub.kernel.work import Hub
from standards_hub.lifecycle.services import facts
from standards_hub.lifecycle.values import Patch
from standards_hub.linkage.portfolio import of_plan
from standards_hub.rooms import fill_ports
from tests.lifecycle.driving import on_day, proposed
from tests.support.hubs import proven

BEGUN, LEFT, BACK = date(2026, 1, 5), date(2026, 6, 1), date(2026, 9, 1)


@pytest.fixture
async def hub(database_url: str, tmp_path: Path) -> AsyncIterator[Hub]:
    """A hub on each engine; afterwards its log is proven and its tables are replayed."""
    fill_ports()
    async with proven(database_url, tmp_path) as hub:
        yield hub


async def track_under(hub: Hub, day: date, standard_id: UUID, plan: str | None) -> None:
    async with on_day(hub, day).work(SYSTEM) as work:
        await facts.edit(work, standard_id, Patch(plan_key=plan))
        await work.commit()


async def members(hub: Hub, day: date, plan: str = "plan") -> list[str]:
    async with hub.database.read() as connection:
        return [fact.id for fact in (await of_plan(connection, plan, day, datetime.now(UTC))).facts]


async def test_a_standard_that_left_the_plan_is_still_in_the_report_of_a_day_before(hub: Hub) -> None:
    standard = await proposed(hub, on=BEGUN, plan_key="plan")
    await track_under(hub, LEFT, standard.id, None)
    assert await members(hub, date(2026, 5, 31)) == [str(standard.id)]
    assert await members(hub, LEFT) == []


async def test_a_standard_that_left_for_another_plan_and_came_back_is_counted_where_it_was(hub: Hub) -> None:
    standard = await proposed(hub, on=BEGUN, plan_key="plan")
    await track_under(hub, LEFT, standard.id, "other")
    await track_under(hub, BACK, standard.id, "plan")
    days = (BEGUN, date(2026, 5, 31), LEFT, date(2026, 8, 31), BACK)
    assert [len(await members(hub, day)) for day in days] == [1, 1, 0, 0, 1]
    assert [len(await members(hub, day, "other")) for day in days] == [0, 0, 1, 1, 0]


async def test_a_standard_that_never_had_a_plan_is_in_no_report(hub: Hub) -> None:
    await proposed(hub, on=BEGUN)
    assert await members(hub, BACK) == []


async def test_the_migration_finds_past_members_of_a_plan_in_the_log(hub: Hub, database_url: str) -> None:
    gone, without = await proposed(hub, on=BEGUN, plan_key="plan"), await proposed(hub, on=BEGUN)
    await track_under(hub, LEFT, gone.id, None)
    await track_under(hub, LEFT, without.id, "plan")
    await hub.database.close()  # before the tables change, as every new release does
    downgrade(database_url, "20261124_search")
    upgrade(database_url)
    assert await members(hub, BEGUN) == [str(gone.id)]
    assert await members(hub, LEFT) == [str(without.id)]
