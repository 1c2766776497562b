"""When standards that entered in mid-life came into sight: before that day nobody here could have seen them stay or go."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from msgspec import structs
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.kernel.clock import ZONE
from standards_hub.kernel.events import EventRow, table_of
from standards_hub.lifecycle.models import StandardRow
from standards_hub.linkage.forecast.histories import History

CHUNK = 500


async def in_sight(connection: AsyncConnection, histories: Sequence[History]) -> list[History]:
    """The same, each that entered in mid-life with the day on which its first event was recorded."""
    event, standard = table_of(EventRow), table_of(StandardRow)
    days = {}
    for start in range(0, len(histories), CHUNK):
        ids = [UUID(one.id) for one in histories[start : start + CHUNK]]
        entered = sa.select(standard.c.id).where(standard.c.id.in_(ids), standard.c.entered_mid_life)
        streams = [f"standard:{id}" for id in (await connection.execute(entered)).scalars()]
        first = sa.select(event.c.stream, event.c.recorded_at).where(event.c.stream.in_(streams), event.c.seq == 1)
        for stream, recorded_at in await connection.execute(first):
            days[stream.partition(":")[2]] = recorded_at.astimezone(ZONE).date()
    return [structs.replace(one, seen=days[one.id]) if one.id in days else one for one in histories]
