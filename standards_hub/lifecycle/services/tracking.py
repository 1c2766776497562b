"""Following standards, and moving it to a newer version of its track."""

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa

from standards_hub.kernel.errors import BadInput, NotFound, Unmet
from standards_hub.kernel.events import table_of
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.events import TrackMoved
from standards_hub.lifecycle.models import WatchRow
from standards_hub.lifecycle.schemas import TrackChange
from standards_hub.lifecycle.services import facts
from standards_hub.lifecycle.values import Standard


async def move_track(work: Work, standard_id: UUID, given: TrackChange) -> Standard:
    """Let a standard follow another version of its track from now on: an act of its own, with a reason."""
    standard = await repository.standard(work.connection, standard_id, lock=True)
    work.actor.require("standard.move_track", standard)
    new = facts.track_called(given.track)
    unmet = []
    if new.key != standard.track.partition("@")[0]:
        unmet.append(Unmet("track.key", say("只能换到同一轨道的另一版本"), "track"))
    if new.id == standard.track:
        unmet.append(Unmet("track.same", say("已在该版本上"), "track"))
    if standard.step not in {step.key for step in new.steps}:
        unmet.append(Unmet("track.step", say("新版本没有现处步骤 {step}", step=standard.step), "track"))
    if unmet:
        raise BadInput(say("不能换轨道版本"), unmet=unmet)
    await work.append(standard, TrackMoved(before=standard.track, after=new.id, reason=given.reason))
    standard.track = new.id
    return standard


async def watch(work: Work, standard_id: UUID, on: bool) -> None:
    """Follow a standard, or stop."""
    await watch_several(work, [standard_id], on)


async def watch_several(work: Work, ids: Collection[UUID], on: bool) -> int:
    """Follow several standards, or stop: all of them or, where one cannot be found, none. Returns how many."""
    wanted = dict.fromkeys(ids)
    known = await repository.standards(work.connection, wanted)
    if missing := next((id for id in wanted if id not in known), None):
        raise NotFound(say("找不到标准 {id}", id=missing))
    for standard in known.values():
        work.actor.require("standard.watch", standard)
    table = table_of(WatchRow)
    await work.connection.execute(sa.delete(table).where(table.c.standard_id.in_(list(wanted)), table.c.account_id == work.actor.account))
    if on:
        rows = [{"standard_id": id, "account_id": work.actor.account} for id in wanted]
        await work.connection.execute(sa.insert(table), rows)
    return len(wanted)
