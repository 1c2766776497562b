"""What can happen to an enquiry and its comments, and the rows each of it writes. All pure."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from msgspec import structs

from standards_hub.committees.comments.models import CommentRow, CommentSheetRow, EnquiryRow
from standards_hub.committees.comments.subjects import Comment, TakenSheet
from standards_hub.committees.comments.values import Disposition
from standards_hub.kernel.events import Change, Event, Stamp, insert, named, projection, update
from standards_hub.kernel.messages import say

projection(EnquiryRow, CommentSheetRow, CommentRow, stream="enquiry")


def _comment(at: Stamp, comment: Comment) -> Change:
    return insert(CommentRow, enquiry_id=at.subject, **structs.asdict(comment))


class EnquiryOpened(Event, frozen=True, kw_only=True):
    """A text went out for comment."""

    subject_kind: str
    subject_id: UUID
    draft: str
    filename: str
    media_type: str
    label: str
    title_zh: str
    title_en: str
    public: bool
    closes_on: date
    days: int
    source: str
    """Where the least days of the window stand."""
    rule: str
    sent: int = 0
    exemplar: bool = False

    def changes(self, at: Stamp) -> Iterable[Change]:
        facts = structs.asdict(self)
        facts.pop("source")
        yield insert(EnquiryRow, id=at.subject, version=at.seq, state="open", opened_on=at.effective_on, comments=0, restarts=0, **facts)


class EnquiryEdited(Event, frozen=True, kw_only=True):
    """To how many it was sent, whether the public may read it, or its last day, which never falls below what the rule wants."""

    sent: int
    public: bool
    closes_on: date

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(EnquiryRow, at.subject, sent=self.sent, public=self.public, closes_on=self.closes_on)


class EnquiryRestarted(Event, frozen=True, kw_only=True):
    """The text was replaced within the window, which was invalid and begins anew; the comments stay."""

    before: str
    draft: str
    filename: str
    media_type: str
    closes_on: date
    restarts: int

    def changes(self, at: Stamp) -> Iterable[Change]:
        text = {"draft": self.draft, "filename": self.filename, "media_type": self.media_type}
        yield update(EnquiryRow, at.subject, opened_on=at.effective_on, closes_on=self.closes_on, restarts=self.restarts, **text)


class EnquiryClosed(Event, frozen=True, kw_only=True):
    """Nothing more is taken from the public; sheets that come late may still be taken in."""

    reason: str

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(EnquiryRow, at.subject, state="closed")


class CommentMade(Event, frozen=True, kw_only=True):
    withheld: ClassVar[frozenset[str]] = frozenset({"comment.email"})
    comment: Comment

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield _comment(at, self.comment)
        yield update(EnquiryRow, at.subject, comments=self.comment.number)


class CommentSheetTaken(Event, frozen=True, kw_only=True):
    """A sheet came back; rows that were there already are not taken twice."""

    sheet: TakenSheet
    comments: list[Comment]
    numbered: int
    """How many comments were numbered so far."""

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield insert(CommentSheetRow, enquiry_id=at.subject, **structs.asdict(self.sheet))
        for comment in self.comments:
            yield _comment(at, comment)
        yield update(EnquiryRow, at.subject, comments=self.numbered)


class CommentsDisposed(Event, frozen=True, kw_only=True):
    """Comments, and those merged into them, were decided on; without a decision they are open again."""

    comments: list[UUID]
    merged: list[UUID]
    disposition: Disposition | None
    reason: str
    reply: str

    def changes(self, at: Stamp) -> Iterable[Change]:
        said = {"disposition": self.disposition, "reason": self.reason, "reply": self.reply}
        status: Literal["open", "disposed"] = "disposed" if self.disposition else "open"
        for id in self.comments:
            yield update(CommentRow, id, status=status, **said)
        for id in self.merged:
            yield update(CommentRow, id, **said)


class CommentsMerged(Event, frozen=True, kw_only=True):
    """Comments that say the same went into one, and share what is decided on it. Their own remarks stay."""

    into: UUID
    comments: list[UUID]
    disposition: Disposition | None
    reason: str
    reply: str
    remark: str | None = None
    """What took the place of their remarks, when that was so; which one they went into is told from the comments themselves."""

    def changes(self, at: Stamp) -> Iterable[Change]:
        said = {"disposition": self.disposition, "reason": self.reason, "reply": self.reply, **_remark(self.remark)}
        for id in self.comments:
            yield update(CommentRow, id, status="merged", merged_into=self.into, **said)


class CommentsParted(Event, frozen=True, kw_only=True):
    """Comments that were merged in error stand on their own again, and are to be decided on."""

    comments: list[UUID]
    remark: str | None = ""
    """As above; nothing said took their place, when merging had written over them."""

    def changes(self, at: Stamp) -> Iterable[Change]:
        for id in self.comments:
            yield update(CommentRow, id, status="open", merged_into=None, disposition=None, reason="", reply="", **_remark(self.remark))


class CommentsAnswered(Event, frozen=True, kw_only=True):
    """What was decided was mailed to those who left an address. `told` has the digest of the answer for each comment."""

    comments: list[UUID]
    told: list[str]

    def changes(self, at: Stamp) -> Iterable[Change]:
        for id, answer in zip(self.comments, self.told, strict=True):
            yield update(CommentRow, id, told=answer, told_on=at.effective_on)


def _remark(said: str | None) -> dict[str, str]:
    return {} if said is None else {"remark": said}


named(
    {
        EnquiryOpened: say("开始征求意见"),
        EnquiryEdited: say("修改征求意见安排"),
        EnquiryRestarted: say("文本更换，重新计算征求意见期限"),
        EnquiryClosed: say("结束征求意见"),
        CommentMade: say("提出意见"),
        CommentSheetTaken: say("收入意见表"),
        CommentsDisposed: say("处理意见"),
        CommentsMerged: say("合并意见"),
        CommentsParted: say("拆开合并的意见"),
        CommentsAnswered: say("寄送处理结果"),
    }
)
