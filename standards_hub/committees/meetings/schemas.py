"""What comes in and goes out of meetings."""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from standards_hub.committees.ballots.schemas import RuleId
from standards_hub.committees.ballots.tally import Tested
from standards_hub.committees.ballots.values import Form
from standards_hub.committees.meetings.rules import Line
from standards_hub.committees.meetings.values import (
    Attendee,
    Decision,
    DecisionKind,
    Duty,
    Item,
    Kind,
    Meeting,
    Presence,
    Purpose,
    Tabled,
)
from standards_hub.committees.schemas import LongText, Text
from standards_hub.kernel.complaints import INK, SHA256, worded
from standards_hub.kernel.http import Said
from standards_hub.kernel.messages import say

HOUR = worded(r"^([01]\d|2[0-3]):[0-5]\d$", say("应为 24 小时制的时刻，如 09:00"))
LINK = worded(r"^https?://\S+$", say("应为网址，以 http:// 或 https:// 开头"))
Hour = Annotated[str, Meta(pattern=HOUR, description="The hour in Asia/Shanghai, `09:00`.")]
Link = Annotated[str, Meta(max_length=500, pattern=LINK, description="Where one joins, `https://…`.")]
Sha256 = Annotated[str, Meta(pattern=SHA256, description="A file that was stored before.")]
Because = Annotated[str, Meta(min_length=2, max_length=300, pattern=INK)]


class NewMeeting(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A meeting to prepare."""

    committee_id: UUID
    kind: Kind
    title: Text
    starts_on: date
    starts_at: Hour = "09:00"
    ends_on: date | None = None
    ends_at: Hour | None = None
    place: Text | None = None
    link: Link | None = None
    chaired_by: UUID | None = None
    rule: RuleId | None = None
    """The vote rule by which its quorum is told."""
    note: LongText | None = None
    exemplar: bool = False


class MeetingChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is unset stays. Day, hour and place of a meeting that was called are changed by moving it."""

    kind: Kind | UnsetType = UNSET
    title: Text | UnsetType = UNSET
    starts_on: date | UnsetType = UNSET
    starts_at: Hour | UnsetType = UNSET
    ends_on: date | None | UnsetType = UNSET
    ends_at: Hour | None | UnsetType = UNSET
    place: Text | None | UnsetType = UNSET
    link: Link | None | UnsetType = UNSET
    chaired_by: UUID | None | UnsetType = UNSET
    rule: RuleId | None | UnsetType = UNSET
    note: LongText | None | UnsetType = UNSET


class Excuse(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a time is not kept, where it is not."""

    exception: Because | None = None


class Relocation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another day, hour or place for a meeting that was called."""

    reason: Because
    starts_on: date | UnsetType = UNSET
    starts_at: Hour | UnsetType = UNSET
    ends_on: date | None | UnsetType = UNSET
    ends_at: Hour | None | UnsetType = UNSET
    place: Text | None | UnsetType = UNSET
    link: Link | None | UnsetType = UNSET
    exception: Because | None = None
    """Why the call comes later than it should for the new day."""


class NewItem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An item: a subject, or a matter that its title says."""

    title: Text | None = None
    """The subject's label where it is not said."""
    purpose: Purpose = "other"
    subject_kind: Annotated[str, Meta(max_length=40)] | None = None
    subject_id: UUID | None = None


class NewItems(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    items: Annotated[list[NewItem], Meta(min_length=1, max_length=50)]


class Order(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All items of the agenda in their new order."""

    items: Annotated[list[UUID], Meta(max_length=500)]


class Discussion(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    discussion: LongText


class NewPaper(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A paper for an item: one of the subject's dossier, or a stored file."""

    source_id: UUID | None = None
    title: Text | None = None
    sha256: Sha256 | None = None
    filename: Text | None = None


class NewPapers(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    papers: Annotated[list[NewPaper], Meta(min_length=1, max_length=50)]


class Attending(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How somebody with a seat, or a guest who is on the list, was there."""

    id: UUID
    """The seat's, or of a guest the place on the list."""
    presence: Presence
    proxy: Text | None = None
    note: Text | None = None


class Guest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody without a seat who is there."""

    name: Text
    organisation: Text | None = None
    person_id: UUID | None = None
    note: Text | None = None


class Attendance(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    rows: Annotated[list[Attending], Meta(max_length=500)] = []
    guests: Annotated[list[Guest], Meta(max_length=100)] = []


class NewDecision(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    kind: DecisionKind
    text: Annotated[str, Meta(min_length=2, max_length=20_000, pattern=INK)]


class NewDuty(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who has to do what by when."""

    person_id: UUID
    what: Annotated[str, Meta(min_length=2, max_length=2000, pattern=INK)]
    due_on: date


class Done(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    outcome: Annotated[str, Meta(max_length=2000)] | None = None


class ItemBallot(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A ballot on an item's subject: one that is there already, or a new one by a rule."""

    ballot_id: UUID | None = None
    rule: RuleId | None = None
    closes_on: date | None = None
    form: Form = "meeting"


class StoredFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    sha256: Sha256
    filename: Text


class SignedPapers(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The signed minutes, and the signature sheet where it is a paper of its own."""

    minutes: StoredFile
    sheet: StoredFile | None = None
    refusals: Annotated[str, Meta(max_length=2000)] | None = None
    """Who refused to sign, and why."""


class MeetingBrief(Struct, frozen=True):
    """A meeting in a list."""

    id: UUID
    committee_id: UUID
    kind: Kind
    title: str
    starts_on: date
    starts_at: str
    place: str | None
    link: str | None
    state: str
    exemplar: bool


class AttendeeOut(Struct, frozen=True):
    """Somebody on the list; `own_id` is what attendance is recorded by."""

    own_id: UUID
    recorded: bool
    attendee: Attendee


class DutyOut(Struct, frozen=True):
    """A duty with whose it is, of which meeting, and whether the actor may tick it off."""

    duty: Duty
    person: str
    meeting: str
    committee_id: UUID
    may_do: bool


class MeetingOut(Struct):
    """A meeting with everything on it that the actor may see, and what the actor may do now."""

    meeting: Meeting
    items: list[Item]
    papers: list[Tabled]
    attendees: list[AttendeeOut]
    decisions: list[Decision]
    duties: list[DutyOut]
    times: list[Line]
    quorum: list[Tested]
    inside: bool
    """Whether the actor may read papers, discussions and attendance."""
    acts: list[str]


class OfferedOut(Struct, frozen=True):
    """A subject of the work programme that wants a meeting."""

    kind: str
    id: UUID
    label: str
    purpose: Purpose
    why: Said
    on_agenda: bool
