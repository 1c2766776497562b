"""The table of jobs. It is run from, not replayed: what jobs do stands in the log."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from standards_hub.kernel.database import Utc


class JobRow(SQLModel, table=True):
    """One job. `key` is unique where it is set: a deadline's consequence or a schedule's slot happens once."""

    __tablename__ = "job"
    __table_args__ = (sa.Index("job_due", "state", "due_at"),)
    id: UUID = Field(primary_key=True)
    name: str
    arguments: str = Field(sa_type=sa.Text)
    key: str | None = Field(default=None, unique=True)
    state: str
    """waiting, running, done or failed"""
    due_at: datetime = Field(sa_type=Utc)
    """By the hub's clock, which may be pinned to a day."""
    attempts: int = 0
    leased_until: datetime | None = Field(default=None, sa_type=Utc)
    """By the machine's own clock: a lease measures how long its holder has been silent."""
    worker: str | None = None
    error: str | None = Field(default=None, sa_type=sa.Text)
    created_at: datetime = Field(sa_type=Utc)
    finished_at: datetime | None = Field(default=None, sa_type=Utc)
