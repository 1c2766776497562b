"""Slots of the schedules. Every process enqueues a slot under the same key, so it comes once however many processes tick."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from standards_hub.kernel.clock import ZONE
from standards_hub.kernel.jobs.queue import TABLE, enqueue
from standards_hub.kernel.jobs.registry import SCHEDULES, Schedule

if TYPE_CHECKING:
    from standards_hub.kernel.work import Hub

LOOK_BACK = (timedelta(hours=1), timedelta(days=1), timedelta(days=32), timedelta(days=367))
"""How far back the newest slot is looked for, nearest first, so that a schedule of minutes is not walked for a year."""


def newest_slot(schedule: Schedule, now: datetime) -> datetime | None:
    """The latest slot that has come; only this one is made up for when the hub was down."""
    for window in LOOK_BACK:
        found, following = None, schedule.next_after(now.astimezone(ZONE) - window)
        while following is not None and following <= now:
            found, following = following, schedule.next_after(following + timedelta(microseconds=1))
        if found is not None:
            return found
    return None


def slot_key(schedule: Schedule, slot: datetime) -> str:
    return f"schedule:{schedule.name}:{slot.astimezone(UTC).isoformat(timespec='minutes')}"


async def tick(hub: "Hub", known: set[str] | None = None) -> int:
    """Enqueue every slot that has come and is not there yet; `known` remembers keys that need not be asked for again.

    Returns how many slots this process found missing.
    """
    now = hub.clock.now()
    slots = {slot_key(s, slot): (s.name, slot) for s in SCHEDULES.values() if (slot := newest_slot(s, now))}
    wanted = slots.keys() - (known or set())
    if not wanted:
        return 0
    async with hub.database.read() as connection:
        present = set((await connection.execute(sa.select(TABLE.c.key).where(TABLE.c.key.in_(wanted)))).scalars())
    missing = sorted(wanted - present)
    if missing:
        async with hub.database.write() as connection:
            for key in missing:
                name, slot = slots[key]
                await enqueue(connection, name, {}, key=key, due_at=slot.astimezone(UTC), now=now)
            await connection.commit()
    if known is not None:
        known.clear()
        known.update(slots)
    return len(missing)
