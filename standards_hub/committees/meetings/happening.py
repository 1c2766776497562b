"""What meetings tell of a committee: which are to come, and who was called to those that took place and came."""

from datetime import date
from uuid import UUID

from standards_hub.committees.meetings import repository
from standards_hub.committees.meetings.values import KINDS
from standards_hub.committees.ports import Open
from standards_hub.committees.seats.ports import Occasion
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work

KIND = say("会议")


async def to_come(work: Work, committee_id: UUID) -> list[Open]:
    """The meetings of a committee that are called."""
    if not work.actor.may("meeting.read"):
        return []
    found = await repository.of_committees(work.connection, [committee_id], work.today)
    return [Open(KINDS[one.kind], one.title, f"/meetings/{one.id}", one.starts_on) for one in found if one.state == "called"]


async def occasions(work: Work, committee_id: UUID, since: date) -> list[Occasion]:
    """The meetings of a committee that took place; somebody whose deputy came was represented."""
    found: list[Occasion] = []
    for one, called in await repository.attendance_since(work.connection, committee_id, since):
        people = {attendee.person_id: attendee.presence for attendee in called if attendee.person_id}
        came = {id for id, presence in people.items() if presence in ("present", "proxy")}
        found.append(Occasion(KIND, one.title, f"/meetings/{one.id}", one.starts_on, frozenset(people), frozenset(came)))
    return found
