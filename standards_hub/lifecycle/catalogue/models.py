"""The tables of the catalogue and of its imports."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from standards_hub.kernel.database import Utc


class EntryRow(SQLModel, table=True):
    """A document or project of the world's catalogue."""

    __tablename__ = "catalogue_entry"
    __table_args__ = (
        sa.UniqueConstraint("project", "source"),
        sa.Index("catalogue_entry_docid", "docid", "id"),
        sa.Index("catalogue_entry_source", "source", "docid", "id"),
        sa.Index("catalogue_entry_committee", "committee", "docid", "id"),
    )
    id: UUID = Field(primary_key=True)
    source: str
    """Whose catalogue numbers it: iso, itu, 3gpp, cn …"""
    project: str | None = None
    """The source's own key of the project, which outlives its number."""
    docid: str
    identity: str = Field(index=True)
    """What the document is, however it is written; relations meet here."""
    series: str | None = Field(default=None, index=True)
    family: str | None = None
    canonical: str | None = None
    title: str = Field(sa_type=sa.Text)
    titles: str = Field(sa_type=sa.Text)
    """JSON: {language: title}"""
    doctype: str | None = None
    stage: str | None = None
    substage: str | None = None
    status: str | None = None
    """in-development, published, forthcoming, withdrawn or deleted; null if the source does not say"""
    edition: str | None = None
    published_on: date | None = None
    published_precision: str | None = None
    """day, month or year"""
    effective_on: date | None = None
    committee: str | None = None
    committees: str = Field(sa_type=sa.Text)
    """JSON: [{identifier, name}], the responsible one first"""
    ics: str
    """Codes, a space between"""
    verified: bool | None = None
    """Whether somebody checked a national standard's facts against its source."""
    last_committed: str | None = None
    digests: str = Field(sa_type=sa.Text)
    """Of every source line that this entry was made from"""
    extra: str = Field(sa_type=sa.Text)
    """JSON of what the source says besides"""


class RelationRow(SQLModel, table=True):
    """What an entry says of another document, which need not be in the catalogue."""

    __tablename__ = "catalogue_relation"
    entry_id: UUID = Field(primary_key=True, foreign_key="catalogue_entry.id")
    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    type: str
    docid: str
    identity: str = Field(index=True)
    degree: str | None = None


class IsoCommitteeRow(SQLModel, table=True):
    """A technical committee or subcommittee of ISO."""

    __tablename__ = "iso_committee"
    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    reference: str = Field(index=True)
    status: str | None = None
    title: str = Field(sa_type=sa.Text)
    secretariat: str | None = None
    created_on: date | None = None
    parent_id: int | None = Field(default=None, index=True)
    scope: str | None = Field(default=None, sa_type=sa.Text)
    liaisons: str = Field(sa_type=sa.Text)
    """JSON: {committees: [reference], organisations: [acronym]}"""
    sort_key: str
    digests: str


class IsoMemberRow(SQLModel, table=True):
    """A national body in an ISO committee: `P` takes part, `O` observes."""

    __tablename__ = "iso_committee_member"
    committee_id: int = Field(primary_key=True, foreign_key="iso_committee.id")
    body_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    acronym: str = Field(index=True)
    participation: str


class IcsRow(SQLModel, table=True):
    """A field, group or sub-group of the International Classification for Standards."""

    __tablename__ = "ics"
    code: str = Field(primary_key=True)
    level: str
    parent: str | None = Field(default=None, index=True)
    title_en: str
    title_fr: str | None = None
    scope_en: str | None = Field(default=None, sa_type=sa.Text)
    scope_fr: str | None = Field(default=None, sa_type=sa.Text)
    notes: str | None = Field(default=None, sa_type=sa.Text)
    see_also: str | None = None
    digests: str


class ImportRunRow(SQLModel, table=True):
    """One import of one file; `position` is the last line that was committed, so that a killed import goes on from there."""

    __tablename__ = "import_run"
    __table_args__ = (sa.Index("import_run_file", "sha256", "format"),)
    id: UUID = Field(primary_key=True)
    format: str
    filename: str
    sha256: str
    state: str
    """running or finished"""
    position: int
    counts: str = Field(sa_type=sa.Text)
    started_at: datetime = Field(sa_type=Utc)
    finished_at: datetime | None = Field(default=None, sa_type=Utc)


class ImportRejectRow(SQLModel, table=True):
    """A line that could not be used, and why."""

    __tablename__ = "import_reject"
    run_id: UUID = Field(primary_key=True, foreign_key="import_run.id")
    line: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    why_zh: str = Field(sa_type=sa.Text)
    why_en: str = Field(sa_type=sa.Text)
    content: str = Field(sa_type=sa.Text)
