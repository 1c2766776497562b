"""Following a standard, and moving it to a newer version of its track."""

from uuid import UUID

import sqlalchemy as sa

from standards_hub.kernel.errors import BadInput, Unmet
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
    standard = await repository.standard(work.connection, standard_id)
    work.actor.require("standard.watch", standard)
    table = table_of(WatchRow)
    mine = (table.c.standard_id == standard_id, table.c.account_id == work.actor.account)
    await work.connection.execute(sa.delete(table).where(*mine))
    if on:
        await work.connection.execute(sa.insert(table).values(standard_id=standard_id, account_id=work.actor.account))
