"""One thing happens to a committee on its way: an act moves it on. Pure."""

from collections.abc import Iterable
from uuid import UUID

import msgspec

from standards_hub.committees.founding.models import CourseRow, MilestoneRow
from standards_hub.committees.founding.values import Course
from standards_hub.committees.models import CommitteeRow, SeatRow
from standards_hub.committees.values import CommitteeFacts, CommitteeState
from standards_hub.kernel.events import Change, Event, Stamp, insert, named, projection, update
from standards_hub.kernel.messages import say

projection(CourseRow, MilestoneRow)


class CourseMoved(Event, frozen=True, kw_only=True):
    """An act on the way of a committee: where it stands then, and what the register says of it."""

    act: str
    before: Course | None
    after: Course
    state: CommitteeState
    facts: CommitteeFacts = CommitteeFacts()
    """Its number and day of founding, where the act gives them."""
    reference: str | None = None
    reason: str | None = None
    exception: str | None = None
    ended: list[UUID] = msgspec.field(default_factory=list)
    """Seats that end with it."""

    def changes(self, at: Stamp) -> Iterable[Change]:
        values = msgspec.structs.asdict(self.after)
        if self.before is None:
            yield insert(CourseRow, **values)
        else:
            yield update(CourseRow, {"committee_id": values.pop("committee_id")}, **values)
        yield insert(
            MilestoneRow, committee_id=at.subject, seq=at.seq, act=self.act, step=self.after.step, on=at.effective_on,
            reference=self.reference, reason=self.reason, exception=self.exception,
            outcome=self.after.outcome if self.act == "evaluate" else None,
        )  # fmt: skip
        yield update(CommitteeRow, at.subject, state=self.state, **self.facts.said())
        for seat in self.ended:
            yield update(SeatRow, seat, until=at.effective_on)


named({CourseMoved: say("委员会组建与届期")})
