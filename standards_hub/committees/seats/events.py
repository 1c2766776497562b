"""What can happen to seats beside taking and ending them: another goes on, a new term begins, a side is said, an interest is declared or lifted. All pure."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from msgspec import Struct

from standards_hub.committees.models import SeatRow
from standards_hub.committees.seats.models import InterestRow
from standards_hub.committees.seats.values import Relation
from standards_hub.committees.values import Position, Side
from standards_hub.kernel.events import Change, Event, Stamp, insert, named, projection, update
from standards_hub.kernel.messages import say

projection(InterestRow)


class SeatReplaced(Event, frozen=True, kw_only=True):
    """Somebody goes on from a seat: the one before ends the day before `since`."""

    seat: UUID
    person_id: UUID
    successor_seat: UUID
    successor_id: UUID
    position: Position
    since: date
    until: date | None
    side: Side | None
    reason: str

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(SeatRow, self.seat, until=self.since - timedelta(days=1))
        yield insert(
            SeatRow, id=self.successor_seat, committee_id=at.subject, person_id=self.successor_id, position=self.position,
            since=self.since, until=self.until, side=self.side, replaces=self.seat,
        )  # fmt: skip


class Staying(Struct, frozen=True, kw_only=True):
    """Somebody who stays for another term: the seat of the term before, and the new one."""

    seat: UUID
    person_id: UUID
    new: UUID
    position: Position
    side: Side | None


class TermRenewed(Event, frozen=True, kw_only=True):
    """A new term begins: who stays has a seat of the new term, and what is left of the term before ends the day before `since`."""

    since: date
    until: date
    staying: list[Staying]
    ended: list[UUID]
    reason: str

    def changes(self, at: Stamp) -> Iterable[Change]:
        for seat in self.ended:
            yield update(SeatRow, seat, until=self.since - timedelta(days=1))
        for one in self.staying:
            yield insert(
                SeatRow, id=one.new, committee_id=at.subject, person_id=one.person_id, position=one.position, since=self.since,
                until=self.until, side=one.side,
            )  # fmt: skip


class SideSaid(Event, frozen=True, kw_only=True):
    """Whose interest a member stands for, said or put right."""

    seat: UUID
    person_id: UUID
    before: Side | None
    after: Side | None

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(SeatRow, self.seat, side=self.after)


class InterestDeclared(Event, frozen=True, kw_only=True):
    interest: UUID
    person_id: UUID
    subject_kind: str | None
    subject_id: UUID | None
    subject: str
    relation: Relation
    note: str | None
    since: date

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield insert(
            InterestRow, id=self.interest, committee_id=at.subject, person_id=self.person_id, subject_kind=self.subject_kind,
            subject_id=self.subject_id, subject=self.subject, relation=self.relation, note=self.note, since=self.since,
        )  # fmt: skip


class InterestLifted(Event, frozen=True, kw_only=True):
    interest: UUID
    person_id: UUID
    until: date
    reason: str

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(InterestRow, self.interest, until=self.until)


named(
    {
        SeatReplaced: say("更换委员"),
        TermRenewed: say("换届续任"),
        SideSaid: say("写明利益方"),
        InterestDeclared: say("申报利益关系"),
        InterestLifted: say("利益关系解除"),
    }
)
