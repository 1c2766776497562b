"""The table of imports of a portfolio. It serves the page between upload and acceptance; the record is the log."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from standards_hub.kernel.database import Utc


class IntakeRow(SQLModel, table=True):
    """An uploaded portfolio; the file is in the store under its hash."""

    __tablename__ = "intake"
    __table_args__ = (sa.Index("intake_by_file", "sha256"), sa.Index("intake_by_day", "created_at"))
    id: UUID = Field(primary_key=True)
    sha256: str
    name: str
    state: str
    """planned, accepting, accepted, undoing or undone"""
    options: str = Field(sa_type=sa.Text)
    corrections: str = Field(sa_type=sa.Text)
    """Cells that were put right in place, {row: {column: value}}."""
    counts: str = Field(sa_type=sa.Text)
    report: str | None = Field(sa_type=sa.Text)
    """The outcome of each row when it was last checked; at last, at acceptance."""
    created_at: datetime = Field(sa_type=Utc)
    created_by: str
    begun_at: datetime | None = Field(sa_type=Utc)
    """When acceptance or undoing was asked for, to be done by a job."""
    begun_by: str | None
    failure: str | None = Field(sa_type=sa.Text)
    """Why the last acceptance or undoing by a job changed nothing, in both languages."""
    accepted_at: datetime | None = Field(sa_type=Utc)
    accepted_by: str | None
    undone_at: datetime | None = Field(sa_type=Utc)
    undone_by: str | None
