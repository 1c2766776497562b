"""Every query about divisions of targets. Reads only; rows come back as values."""

from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.committees.models import OrganisationRow
from standards_hub.kernel.events import table_of
from standards_hub.linkage.allotments.models import AllotmentRow
from standards_hub.linkage.allotments.values import Allotment

ALLOTMENT, ORGANISATION = table_of(AllotmentRow), table_of(OrganisationRow)


async def allotments(connection: AsyncConnection, plan_id: UUID) -> list[Allotment]:
    """All divisions of a plan's targets in all their versions, old ones first."""
    c = ALLOTMENT.c
    rows = await connection.execute(sa.select(ALLOTMENT).where(c.plan_id == plan_id).order_by(c.target_key, c.since, c.n, c.id))
    return [msgspec.convert({name: row._mapping[name] for name in Allotment.__struct_fields__}, Allotment) for row in rows]


async def units(connection: AsyncConnection, names: set[str]) -> set[str]:
    """Which of these names are those of organisations on the register."""
    query = sa.select(ORGANISATION.c.name_zh).where(ORGANISATION.c.name_zh.in_(sorted(names)))
    return set((await connection.execute(query)).scalars())
