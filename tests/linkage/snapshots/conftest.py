"""A hub with the plan, and a national standard of it that is approved and not published."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import msgspec
import pytest

from standards_hub.committees.schemas import NewOrganisation
from standards_hub.committees.services import organisations
from standards_hub.demo import fixtures
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.work import Hub
from standards_hub.lifecycle.schemas import PaperIn, Publication
from standards_hub.lifecycle.services import moving
from standards_hub.lifecycle.values import DraftingUnit, Standard
from standards_hub.linkage.services import plans
from standards_hub.linkage.snapshots import service
from standards_hub.linkage.snapshots.values import Snapshot
from standards_hub.rooms import fill_ports
from tests.lifecycle.driving import advance, driven, on_day, proposed
from tests.support.hubs import proven

PLAN = "jiangsu-5x100"
YEAR_END, ENTERED = date(2026, 12, 31), date(2027, 1, 8)


@pytest.fixture
async def hub(database_url: str, tmp_path: Path) -> AsyncIterator[Hub]:
    """A hub on each engine in January 2027, with the plan; afterwards its log is proven and its tables are replayed."""
    fill_ports()
    async with proven(database_url, tmp_path, date(2027, 1, 31)) as hub:
        async with on_day(hub, date(2024, 1, 2)).work(SYSTEM) as work:
            await plans.register(work, msgspec.structs.replace(fixtures.plan(), committees=[]))
            await work.commit()
        yield hub


@pytest.fixture
async def standard(hub: Hub) -> Standard:
    async with on_day(hub, date(2024, 1, 2)).work(SYSTEM) as work:
        unit = await organisations.register(work, NewOrganisation(name_zh="示例单位", kind="enterprise", in_province=True))
        await work.commit()
    made = await proposed(hub, on=date(2026, 1, 5), plan_key=PLAN, drafting_units=[DraftingUnit(unit.id, 1)])
    await driven(hub, made.id, "50.20", date(2026, 1, 6))
    return await advance(hub, made.id, date(2026, 12, 20))


async def published(hub: Hub, standard: Standard, on: date, *, recorded: date) -> None:
    """Its publication on one day, recorded on another."""
    papers = [PaperIn(kind=kind, dated=on, reference="示例") for kind in ("publication_notice", "published_text")]
    given = Publication(number="GB/T 90001-2026", published_on=on, effective_on=date(2027, 7, 1), papers=papers)
    async with on_day(hub, recorded).work(SYSTEM) as work:
        await moving.publish(work, standard.id, given)
        await work.commit()


async def signed(hub: Hub, as_of: date, *, on: date | None = None) -> Snapshot:
    async with (on_day(hub, on) if on else hub).work(SYSTEM) as work:
        made = await service.sign(work, PLAN, as_of)
        await work.commit()
    return made
