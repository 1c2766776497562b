"""A standard that is no longer here because its import was undone: what the log keeps of it."""

from uuid import UUID

from msgspec import Struct

from standards_hub.committees import repository as committees
from standards_hub.kernel import frequent
from standards_hub.kernel.events import Replica
from standards_hub.kernel.work import Work, history
from standards_hub.lifecycle.entries import entries
from standards_hub.lifecycle.events import Erased
from standards_hub.lifecycle.models import StandardRow
from standards_hub.lifecycle.services import reading
from standards_hub.lifecycle.shown import Line
from standards_hub.lifecycle.telling import Known, decoded, named_in, told
from standards_hub.lifecycle.tracks import track
from standards_hub.lifecycle.values import Standard


class Gone(Struct, frozen=True):
    """What it was when it went, why it went, and its history, the newest first."""

    standard: Standard
    reason: str
    lines: list[Line]


async def gone(work: Work, standard_id: UUID) -> Gone | None:
    """A standard whose import was undone, for those who might have read it; nothing for others, and where there never was one."""
    rows = await history(work.connection, f"{Standard.stream_kind}:{standard_id}")
    if not rows or rows[-1].type != Erased.type_name():
        return None
    replica = Replica(partial=True)
    for row in rows[:-1]:
        replica.apply(row.model_dump())
    standard = next(Standard(**row) for row in replica.rows(StandardRow) if row["id"] == standard_id)
    if not work.actor.may("standard.read", standard):
        return None
    found = [(entry, decoded(entry.type, entry.payload)) for entry in reversed(await entries(work.connection, standard))]
    (names,) = await frequent.together(work.connection, committees.names_of({id for _, event in found for id in named_in(event)}))
    actors = await reading.actor_names(work, {entry.actor for entry, _ in found})
    known = Known(track(standard.track), names)
    lines = [Line(entry, told(event, known), actors.get(entry.actor, entry.actor)) for entry, event in found]
    return Gone(standard, found[0][0].payload["reason"], lines)
