"""The tables of enquiries, the sheets that came back and the comments in them: projections of the log. Imports are run from."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from standards_hub.kernel.database import Utc

ENQUIRY = "enquiry.id"


class EnquiryRow(SQLModel, table=True):
    """A draft version out for comment; with a new text the window begins anew and the comments stay."""

    __tablename__ = "enquiry"
    __table_args__ = (sa.Index("enquiry_of_subject", "subject_kind", "subject_id"), sa.Index("enquiry_running", "state", "closes_on"))
    id: UUID = Field(primary_key=True)
    version: int
    subject_kind: str
    subject_id: UUID
    draft: str
    """SHA-256 of the text that is out for comment."""
    filename: str
    media_type: str
    label: str
    title_zh: str
    title_en: str
    public: bool
    """Whether people without an account may read the text and comment."""
    state: str
    """open or closed"""
    opened_on: date
    closes_on: date
    """The last day of the window, which ends at 24:00."""
    days: int
    """The least length of the window by the rule of its track when it was opened."""
    rule: str
    sent: int
    """To how many the draft was sent."""
    comments: int
    """How many comments were numbered so far."""
    restarts: int
    exemplar: bool


class CommentSheetRow(SQLModel, table=True):
    """A sheet that came back; the file itself and its cells with markup are in the store under their hashes."""

    __tablename__ = "comment_sheet"
    id: UUID = Field(primary_key=True)
    enquiry_id: UUID = Field(foreign_key=ENQUIRY, index=True)
    author: str
    filename: str
    sha256: str
    cells: str | None
    form: str
    taken: int
    repeated: int
    taken_on: date
    silent: list[str] | None = Field(sa_type=sa.JSON(none_as_null=True))
    """Who replied in it without comments."""


class CommentRow(SQLModel, table=True):
    """A comment on a clause of one version of a draft, and what became of it."""

    __tablename__ = "comment"
    __table_args__ = (sa.Index("comment_by_clause", "enquiry_id", "clause_key", "number"),)
    id: UUID = Field(primary_key=True)
    enquiry_id: UUID = Field(foreign_key=ENQUIRY)
    number: int
    draft: str
    """SHA-256 of the text that it was made on."""
    author_kind: str
    """person, organisation, member_body or public"""
    author: str
    author_id: UUID | None
    """The organisation or person of the register, where it is one."""
    email: str | None
    line: str
    clause: str
    clause_key: str
    element: str
    type: str | None
    """ge, te or ed"""
    text: str = Field(sa_type=sa.Text)
    proposed: str = Field(sa_type=sa.Text)
    disposition: str | None
    """adopted, partly, not_adopted or noted; none as long as it is open"""
    reason: str = Field(sa_type=sa.Text)
    reply: str = Field(sa_type=sa.Text)
    remark: str
    status: str
    """open, disposed or merged"""
    merged_into: UUID | None
    sheet_id: UUID | None
    sheet_row: int | None
    attachment: str | None
    attachment_name: str | None
    made_on: date
    exemplar: bool
    language: str | None
    """In which its author reads the answer; both where it is not known."""
    told: str | None
    """The digest of the answer that was mailed to its author last."""
    told_on: date | None


class CommentImportRow(SQLModel, table=True):
    """Sheets that were sent to be merged. It is run from, not replayed; what was taken in stands in the log."""

    __tablename__ = "comment_import"
    id: UUID = Field(primary_key=True)
    enquiry_id: UUID = Field(index=True)
    state: str
    """waiting, done or failed"""
    files: str = Field(sa_type=sa.Text)
    results: str | None = Field(sa_type=sa.Text)
    asked_by: str
    asked_at: datetime = Field(sa_type=Utc)
    done_at: datetime | None = Field(sa_type=Utc)
