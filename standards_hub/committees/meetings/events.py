"""What can happen to a meeting, and the rows each of it writes. All pure."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

import msgspec

from standards_hub.committees.meetings.models import AttendeeRow, DecisionRow, DutyRow, ItemRow, MeetingRow, TabledRow
from standards_hub.committees.meetings.values import Attendee, Breach, Decision, Duty, Item, MeetingFacts, Signed, Tabled
from standards_hub.kernel.events import Change, Event, Stamp, delete, insert, named, projection, update
from standards_hub.kernel.messages import say

projection(MeetingRow, ItemRow, TabledRow, AttendeeRow, DecisionRow, DutyRow, stream="meeting")


def _plain(breaches: list[Breach]) -> list[dict[str, str]]:
    """As a JSON column gives them back."""
    made: list[dict[str, str]] = msgspec.json.decode(msgspec.json.encode(breaches))
    return made


class MeetingPrepared(Event, frozen=True, kw_only=True):
    committee_id: UUID
    facts: MeetingFacts
    exemplar: bool = False

    def changes(self, at: Stamp) -> Iterable[Change]:
        empty: dict[str, object] = {"sequence": 0, "unreached": [], "breaches": [], "state": "prepared"}
        yield insert(
            MeetingRow, id=at.subject, version=at.seq, committee_id=self.committee_id, exemplar=self.exemplar, prepared_on=at.effective_on,
            **self.facts.said(), **empty,
        )  # fmt: skip


class MeetingEdited(Event, frozen=True, kw_only=True):
    before: MeetingFacts
    after: MeetingFacts

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(MeetingRow, at.subject, **self.after.said())


class MeetingCalled(Event, frozen=True, kw_only=True):
    """The call went out. `breaches` are all there are now."""

    breaches: list[Breach]
    unreached: list[str]

    def changes(self, at: Stamp) -> Iterable[Change]:
        said = {"state": "called", "called_on": at.effective_on, "unreached": self.unreached, "breaches": _plain(self.breaches)}
        yield update(MeetingRow, at.subject, **said)


class MeetingMoved(Event, frozen=True, kw_only=True):
    """Another day, hour or place after the call; those who were called are told."""

    before: MeetingFacts
    after: MeetingFacts
    reason: str
    sequence: int
    breaches: list[Breach]
    unreached: list[str]

    def changes(self, at: Stamp) -> Iterable[Change]:
        said = {"reason": self.reason, "sequence": self.sequence, "breaches": _plain(self.breaches), "unreached": self.unreached}
        yield update(MeetingRow, at.subject, **self.after.said(), **said)


class MeetingCancelled(Event, frozen=True, kw_only=True):
    reason: str
    sequence: int

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(MeetingRow, at.subject, state="cancelled", reason=self.reason, sequence=self.sequence)


class ItemsAdded(Event, frozen=True, kw_only=True):
    items: list[Item]

    def changes(self, at: Stamp) -> Iterable[Change]:
        for item in self.items:
            yield insert(ItemRow, **msgspec.structs.asdict(item))


class ItemsOrdered(Event, frozen=True, kw_only=True):
    """The agenda in another order."""

    order: list[UUID]

    def changes(self, at: Stamp) -> Iterable[Change]:
        for place, item in enumerate(self.order, 1):
            yield update(ItemRow, item, place=place)


class ItemRemoved(Event, frozen=True, kw_only=True):
    """An item goes, its papers with it; those below move up."""

    item: UUID
    title: str
    papers: list[UUID]
    order: list[UUID]

    def changes(self, at: Stamp) -> Iterable[Change]:
        for paper in self.papers:
            yield delete(TabledRow, paper)
        yield delete(ItemRow, self.item)
        for place, item in enumerate(self.order, 1):
            yield update(ItemRow, item, place=place)


class ItemDiscussed(Event, frozen=True, kw_only=True):
    """What was said on an item, for the minutes."""

    item: UUID
    discussion: str

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(ItemRow, self.item, discussion=self.discussion)


class ItemVotedOn(Event, frozen=True, kw_only=True):
    """An item refers to a ballot."""

    item: UUID
    ballot: UUID

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(ItemRow, self.item, ballot_id=self.ballot)


class PapersTabled(Event, frozen=True, kw_only=True):
    """More papers, so that what went out is no longer all."""

    papers: list[Tabled]

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(MeetingRow, at.subject, papers_on=None)
        for paper in self.papers:
            yield insert(TabledRow, **msgspec.structs.asdict(paper))


class PaperTakenOff(Event, frozen=True, kw_only=True):
    paper: UUID
    title: str

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield delete(TabledRow, self.paper)


class PapersSent(Event, frozen=True, kw_only=True):
    """The papers went out to those who were called."""

    breaches: list[Breach]

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(MeetingRow, at.subject, papers_on=at.effective_on, breaches=_plain(self.breaches))


class AttendanceRecorded(Event, frozen=True, kw_only=True):
    added: list[Attendee] = []
    changed: list[Attendee] = []

    def changes(self, at: Stamp) -> Iterable[Change]:
        for one in self.added:
            yield insert(AttendeeRow, meeting_id=at.subject, **msgspec.structs.asdict(one))
        for one in self.changed:
            yield update(AttendeeRow, one.id, presence=one.presence, proxy=one.proxy, note=one.note)


class MeetingHeld(Event, frozen=True, kw_only=True):
    breaches: list[Breach]

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(MeetingRow, at.subject, state="held", held_on=at.effective_on, breaches=_plain(self.breaches))


class MeetingDecided(Event, frozen=True, kw_only=True):
    decision: Decision

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield insert(DecisionRow, **msgspec.structs.asdict(self.decision))


class DecisionStruck(Event, frozen=True, kw_only=True):
    """A decision that was noted in error."""

    decision: UUID
    text: str
    reason: str

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield delete(DecisionRow, self.decision)


class DutyGiven(Event, frozen=True, kw_only=True):
    duty: Duty

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield insert(DutyRow, **msgspec.structs.asdict(self.duty))


class DutyDone(Event, frozen=True, kw_only=True):
    duty: UUID
    what: str
    due_on: date
    outcome: str | None = None

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(DutyRow, self.duty, done_on=at.effective_on, done_by=at.actor, outcome=self.outcome)


class MinutesIssued(Event, frozen=True, kw_only=True):
    """The minutes are written and go round for signature."""

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(MeetingRow, at.subject, state="minutes", minutes_on=at.effective_on)


class MinutesSigned(Event, frozen=True, kw_only=True):
    """Minutes and signature sheet came back signed, known by their hashes."""

    signed: Signed

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(MeetingRow, at.subject, state="signed", signed_on=at.effective_on, signed=msgspec.to_builtins(self.signed))


named(
    {
        MeetingPrepared: say("准备会议"),
        MeetingEdited: say("修改会议安排"),
        MeetingCalled: say("发出会议通知"),
        MeetingMoved: say("会议改期或改地点"),
        MeetingCancelled: say("取消会议"),
        ItemsAdded: say("列入议程"),
        ItemsOrdered: say("调整议程次序"),
        ItemRemoved: say("移出议程"),
        ItemDiscussed: say("记录讨论情况"),
        ItemVotedOn: say("就议题组织表决"),
        PapersTabled: say("提交会议材料"),
        PaperTakenOff: say("撤下会议材料"),
        PapersSent: say("发出会议材料"),
        AttendanceRecorded: say("登记出席"),
        MeetingHeld: say("会议召开"),
        MeetingDecided: say("会议决定"),
        DecisionStruck: say("更正会议决定"),
        DutyGiven: say("交办事项"),
        DutyDone: say("办结交办事项"),
        MinutesIssued: say("形成会议纪要"),
        MinutesSigned: say("纪要签回"),
    }
)
