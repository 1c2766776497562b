"""Standards of the example office."""

import sqlalchemy as sa

from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.work import Hub
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.values import Standard


async def standards(hub: Hub) -> list[Standard]:
    async with hub.reading(SYSTEM) as work:
        return repository.build(Standard, await work.connection.execute(sa.select(repository.STANDARD)))


async def standard_with(hub: Hub, **wanted: object) -> Standard:
    return next(s for s in await standards(hub) if all(getattr(s, name) == value for name, value in wanted.items()))
