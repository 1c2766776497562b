"""Opening a number of a kept report: the standards it counts, as of the report's day and from what was known when it was made."""

from uuid import UUID

from standards_hub.documents import repository
from standards_hub.documents.overview.build import changed, views
from standards_hub.documents.overview.model import LineView
from standards_hub.documents.overview.selections import Selection
from standards_hub.documents.report.lists import overdue_items
from standards_hub.documents.schemas import Report
from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work
from standards_hub.linkage.services import tallies


async def report(work: Work, id: UUID) -> Report:
    found = await repository.report(work.connection, id)
    if found is None:
        raise NotFound(say("找不到报告 {id}", id=id))
    return found


async def lines(work: Work, id: UUID, chosen: Selection) -> list[LineView]:
    """The standards behind a number of a report. Raises `NotFound`."""
    work.actor.require("report.read")
    found = await report(work, id)
    tally = await tallies.tally(work, found.plan_key, found.as_of, known_at=found.known_at)
    if chosen.overdue:
        late = {item.standard.id for item in overdue_items(tally.counted)}
        return views([line for line in tally.counted.lines if line.standard.id in late], counts=True)
    if chosen.change:
        if found.since is None:
            return []
        before = await tallies.tally(work, found.plan_key, found.since, known_at=found.known_at)
        return views(changed(tally.counted, before.counted, chosen), counts=True)
    return views([line for line in tally.counted.lines if chosen.holds(line)], counts=True)
