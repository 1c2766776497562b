"""Enquiries and comments as values in memory. Rows become these; nothing here does I/O."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from msgspec import Struct

from standards_hub.committees.comments.disposing import Rule
from standards_hub.committees.comments.values import AuthorKind, CommentType, Disposition, Language
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.kernel.work import Subject

Status = Literal["open", "disposed", "merged"]
STATUSES: dict[str, Message] = {"open": say("待处理"), "disposed": say("已处理"), "merged": say("已合并")}
STANDINGS: dict[str, Message] = {
    "open": say("正在征求意见"),
    "replaced": say("文本已更换，须重新计算期限"),
    "over": say("征求意见已截止"),
    "closed": say("已结束"),
}


class Enquiry(Subject, kw_only=True):
    """A draft version out for comment."""

    stream_kind: ClassVar[str] = "enquiry"
    subject_kind: str
    subject_id: UUID
    draft: str
    filename: str
    media_type: str
    label: str
    title_zh: str
    title_en: str
    public: bool
    state: Literal["open", "closed"]
    opened_on: date
    closes_on: date
    days: int
    rule: Rule
    sent: int
    comments: int
    restarts: int
    exemplar: bool

    @property
    def title(self) -> Name:
        return Name(self.title_zh, self.title_en or self.title_zh)


class Comment(Struct, frozen=True, kw_only=True):
    """A comment on a clause of one version of a draft, and what became of it."""

    id: UUID
    number: int
    draft: str
    author_kind: AuthorKind
    author: str
    made_on: date
    text: str
    clause: str = ""
    clause_key: str = "0"
    line: str = ""
    element: str = ""
    type: CommentType | None = None
    proposed: str = ""
    author_id: UUID | None = None
    email: str | None = None
    disposition: Disposition | None = None
    reason: str = ""
    reply: str = ""
    remark: str = ""
    status: Status = "open"
    merged_into: UUID | None = None
    sheet_id: UUID | None = None
    sheet_row: int | None = None
    attachment: str | None = None
    attachment_name: str | None = None
    exemplar: bool = False
    language: Language | None = None
    told: str | None = None
    """The digest of the answer that was mailed to its author last, and the day."""
    told_on: date | None = None


class TakenSheet(Struct, frozen=True, kw_only=True):
    """A sheet that came back."""

    id: UUID
    author: str
    filename: str
    sha256: str
    cells: str | None
    form: str
    taken: int
    repeated: int
    taken_on: date
    silent: list[str] | None = None
    """Who says in it that they have no comments; a table that somebody collated has the replies of many."""
