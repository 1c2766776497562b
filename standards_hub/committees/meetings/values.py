"""Meetings as values in memory, and the words for what they may be."""

from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar, Literal, Self
from uuid import UUID

import msgspec
from msgspec import UNSET, Struct, UnsetType, field

from standards_hub.committees.values import Patch, Position
from standards_hub.kernel.access.actor import Body
from standards_hub.kernel.clock import ZONE
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.work import Subject

Kind = Literal["plenary", "review", "working"]
State = Literal["prepared", "called", "held", "minutes", "signed", "cancelled"]
Purpose = Literal["review", "proposal", "drafting", "comments", "systematic", "other"]
Presence = Literal["present", "proxy", "excused", "absent"]
DecisionKind = Literal["passed", "amended", "failed", "letter", "agreed", "noted", "postponed"]
Clock = str
"""09:00"""

KINDS: dict[str, Message] = {"plenary": say("全体会议"), "review": say("审查会"), "working": say("工作组会议")}
STATES: dict[str, Message] = {
    "prepared": say("准备中"),
    "called": say("已通知"),
    "held": say("已召开"),
    "minutes": say("纪要待签"),
    "signed": say("纪要已签"),
    "cancelled": say("已取消"),
}
PURPOSES: dict[str, Message] = {
    "review": say("审查送审稿"),
    "proposal": say("立项论证"),
    "drafting": say("起草进展"),
    "comments": say("意见处理"),
    "systematic": say("复审"),
    "other": say("其他事项"),
}
PRESENCES: dict[str, Message] = {"present": say("出席"), "proxy": say("代理出席"), "excused": say("请假"), "absent": say("缺席")}
DECISIONS: dict[str, Message] = {
    "passed": say("审查通过"),
    "amended": say("修改后通过"),
    "failed": say("审查不通过"),
    "letter": say("改为函审"),
    "agreed": say("同意"),
    "noted": say("知悉"),
    "postponed": say("下次再议"),
}
VERDICTS: dict[str, bool] = {"passed": True, "amended": True, "failed": False}
"""Decisions that say whether a review is passed."""
LENGTH = timedelta(hours=3)
"""How long a meeting takes in calendars where nobody said; a choice of this hub."""


class MeetingFacts(Patch, frozen=True, kw_only=True):
    """What is settled while a meeting is prepared."""

    kind: Kind | UnsetType = UNSET
    title: str | UnsetType = UNSET
    starts_on: date | UnsetType = UNSET
    starts_at: Clock | UnsetType = UNSET
    ends_on: date | None | UnsetType = UNSET
    ends_at: Clock | None | UnsetType = UNSET
    place: str | None | UnsetType = UNSET
    link: str | None | UnsetType = UNSET
    note: str | None | UnsetType = UNSET
    chaired_by: UUID | None | UnsetType = UNSET
    rule: str | None | UnsetType = UNSET


class Breach(Struct, frozen=True):
    """A time that was not kept, which stays on record."""

    rule: Literal["call", "papers"]
    latest: date
    on: date
    reason: str


class SignedFile(Struct, frozen=True):
    sha256: str
    filename: str
    media_type: str
    size: int


class Signed(Struct, frozen=True):
    """What came back signed."""

    minutes: SignedFile
    sheet: SignedFile | None = None
    refusals: str | None = None
    """Who refused to sign, and why."""


class Meeting(Subject, kw_only=True):
    """A meeting of a committee."""

    stream_kind: ClassVar[str] = "meeting"
    committee_id: UUID
    kind: Kind
    title: str
    starts_on: date
    starts_at: Clock
    ends_on: date | None = None
    ends_at: Clock | None = None
    place: str | None = None
    link: str | None = None
    note: str | None = None
    chaired_by: UUID | None = None
    rule: str | None = None
    state: State = "prepared"
    sequence: int = 0
    exemplar: bool = False
    prepared_on: date
    called_on: date | None = None
    papers_on: date | None = None
    held_on: date | None = None
    minutes_on: date | None = None
    signed_on: date | None = None
    reason: str | None = None
    unreached: list[str] = field(default_factory=list)
    breaches: list[Breach] = field(default_factory=list)
    signed: Signed | None = None

    def bodies(self) -> set[Body]:
        return {("committee", str(self.committee_id))}

    @property
    def last_day(self) -> date:
        return self.ends_on or self.starts_on

    @property
    def begins(self) -> datetime:
        return datetime.combine(self.starts_on, time.fromisoformat(self.starts_at), ZONE)

    @property
    def ends(self) -> datetime:
        """When it is over; some hours after it began where nobody said."""
        if self.ends_at is None:
            return datetime.combine(self.last_day, self.begins.time(), ZONE) + LENGTH
        return datetime.combine(self.last_day, time.fromisoformat(self.ends_at), ZONE)

    @property
    def where(self) -> str | None:
        return "　".join(filter(None, (self.place, self.link))) or None

    @classmethod
    def built(cls, row: Any) -> Self:
        return msgspec.convert(dict(row), cls)


class Item(Struct, frozen=True, kw_only=True):
    """An item of an agenda; `place` counts from 1."""

    id: UUID
    meeting_id: UUID
    place: int
    title: str
    purpose: Purpose = "other"
    subject_kind: str | None = None
    subject_id: UUID | None = None
    profile: str | None = None
    ballot_id: UUID | None = None
    discussion: str | None = None


class Tabled(Struct, frozen=True, kw_only=True):
    """A paper that lies before a meeting."""

    id: UUID
    meeting_id: UUID
    item_id: UUID
    title: str
    sha256: str
    filename: str
    media_type: str
    size: int
    source_id: UUID | None = None
    added_on: date


class Attendee(Struct, frozen=True, kw_only=True):
    """Somebody with a seat, or a guest, and whether they were there."""

    id: UUID
    person_id: UUID | None = None
    seat_id: UUID | None = None
    name: str
    organisation: str | None = None
    position: Position | None = None
    presence: Presence = "absent"
    proxy: str | None = None
    note: str | None = None


class Decision(Struct, frozen=True, kw_only=True):
    """What was decided on an item."""

    id: UUID
    meeting_id: UUID
    item_id: UUID
    kind: DecisionKind
    text: str
    form: Literal["meeting", "letter"] = "meeting"
    subject_kind: str | None = None
    subject_id: UUID | None = None
    subject_hash: str | None = None
    decided_on: date


class Duty(Struct, frozen=True, kw_only=True):
    """What somebody has to do by a day."""

    id: UUID
    meeting_id: UUID
    item_id: UUID
    person_id: UUID
    what: str
    due_on: date
    done_on: date | None = None
    done_by: str | None = None
    outcome: str | None = None
