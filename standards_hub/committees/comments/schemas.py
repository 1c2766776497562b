"""What comes in and goes out of enquiries and comments."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from standards_hub.committees.comments.disposing import Standing
from standards_hub.committees.comments.subjects import Enquiry, Status
from standards_hub.committees.comments.values import AuthorKind, CommentType, Disposition, Language
from standards_hub.kernel.complaints import EMAIL, INK, SHA256
from standards_hub.kernel.http import Said

Text = Annotated[str, Meta(min_length=1, max_length=300, pattern=INK)]
Word = Annotated[str, Meta(max_length=300)]
LongText = Annotated[str, Meta(max_length=10_000)]
Said_ = Annotated[str, Meta(min_length=1, max_length=10_000, pattern=INK)]
Email = Annotated[str, Meta(max_length=254, pattern=EMAIL)]
Sent = Annotated[int, Meta(ge=0, le=100_000)]
Format = Literal["docx", "xlsx"]


class NewEnquiry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Put the text of a subject out for comment. Without a last day, the least window of its track."""

    subject_id: UUID
    subject_kind: Text = "standard"
    public: bool = True
    closes_on: date | None = None
    sent: Sent = 0


class EnquiryChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    public: bool | UnsetType = UNSET
    closes_on: date | UnsetType = UNSET
    sent: Sent | UnsetType = UNSET


class Because(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    reason: Text


class NewComment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A comment on a clause. Whoever has an account sees the name; the address is seen by those who dispose of comments only."""

    author: Text
    text: Said_
    author_kind: AuthorKind = "public"
    email: Email | None = None
    clause: Word = ""
    element: Word = ""
    type: CommentType | None = None
    proposed: LongText = ""
    draft: Annotated[str, Meta(pattern=SHA256)] | None = None
    """The version that was read; refused if the text has been replaced since."""
    language: Language | None = None
    """In which the answer is read; it is mailed in both where none is said."""


class Disposal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is decided on comments, one or many; without a decision they are open again."""

    comments: Annotated[list[UUID], Meta(min_length=1, max_length=5000)]
    disposition: Disposition | None = None
    reason: LongText = ""
    reply: LongText = ""


class Merging(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Let comments that say the same go into one of them."""

    into: UUID
    comments: Annotated[list[UUID], Meta(min_length=1, max_length=1000)]


class Parting(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Let merged comments stand on their own again."""

    comments: Annotated[list[UUID], Meta(min_length=1, max_length=1000)]


class Reply(Struct, frozen=True):
    """What goes by mail to who left an address: what each of their comments said, what was decided, and why."""

    email: str
    comments: list[int]
    """The numbers of the comments it answers."""
    again: bool
    """Whether an earlier answer to one of them is put right."""
    subject: str
    body: str


class Replies(Struct, frozen=True):
    """The replies that wait to be sent, and what stands in the way: comments with an address that are not decided on."""

    waiting: list[Reply]
    undecided: list[int]
    told: int
    """How many comments were answered by mail before."""


class RepliesOut(Struct, frozen=True):
    """How many mails were sent, and how many comments they answer."""

    mails: int
    comments: int


class CommentFilter(Struct, frozen=True, kw_only=True):
    status: Status | None = None
    disposition: Disposition | None = None
    type: CommentType | None = None
    author_kind: AuthorKind | None = None
    author: str | None = None
    clause: str | None = None
    q: str | None = None


class EnquiryOut(Struct, frozen=True):
    """An enquiry and how it stands today; `summary` only for those who may see comments."""

    enquiry: Enquiry
    standing: Standing


class Receipt(Struct, frozen=True):
    """What somebody who commented keeps."""

    enquiry_id: UUID
    number: int
    made_on: date


class SentFile(Struct, frozen=True):
    name: str
    sha256: str


class CellFault(Struct, frozen=True):
    """Something wrong at a cell of a file, and the mend."""

    row: int | None
    column: Said | None
    why: Said
    fatal: bool


class FileResult(Struct, kw_only=True):
    """What became of one file."""

    name: str
    form: str | None = None
    author: str = ""
    taken: int = 0
    repeated: int = 0
    decided: int = 0
    """Comments, new ones and those that were there already, whose decision came with this sheet."""
    silent: list[str] = []
    """Who says in it that they have no comments."""
    error: Said | None = None
    """Why the file as a whole could not be used."""
    faults: list[CellFault] = []


class Import(Struct, kw_only=True):
    """Sheets that were sent together, and what became of each."""

    id: UUID
    enquiry_id: UUID
    state: Literal["waiting", "done", "failed"]
    files: list[SentFile]
    results: list[FileResult]
    asked_by: str
    asked_at: datetime
    done_at: datetime | None = None
